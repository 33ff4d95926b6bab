/// Which way joints go, found out by moving one after the other by a little.
public struct DirectionCheck: Equatable, Sendable {
    /// One joint was told to go so far, and this is how far every joint went meanwhile.
    public struct Nudge: Equatable, Sendable {
        public let joint: Int
        public let told: Double
        public let moved: [Double]

        public init(joint: Int, told: Double, moved: [Double]) {
            self.joint = joint
            self.told = told
            self.moved = moved
        }
    }

    public let findings: [JointFinding]
    /// For each joint that was moved: how far it went for a radian that it was told.
    public let ratios: [Int: Double]

    /// Of what it is told a joint goes at least this share, or it counts as standing still; friction and the play of its
    /// gear take a part of a small motion.
    static let leastShare = 0.3
    /// Farther from 1 a ratio is no play any more.
    static let ratioRange = 0.6...1.6

    /// - Parameter soft: joints that a spring moves. Friction and load keep them from going all the way, and let go of them
    ///   for more than that, as a foot that slips does; and since the spring pulls at what is measured, no gear shows in it.
    public init(_ nudges: [Nudge], soft: Set<Int> = []) {
        var (findings, ratios): ([JointFinding], [Int: Double]) = ([], [:])
        for nudge in nudges where nudge.told != 0 && nudge.joint < nudge.moved.count {
            let shares = nudge.moved.map { $0 / nudge.told }
            let own = shares[nudge.joint]
            ratios[nudge.joint] = own
            let others = shares.indices.filter { $0 != nudge.joint && abs(shares[$0]) >= Self.leastShare }
            if abs(own) < Self.leastShare {
                // The one that went farthest, if any did.
                let farthest = others.max { abs(shares[$0]) < abs(shares[$1]) }
                findings.append(farthest.map { .swapped(joint: nudge.joint, with: $0) } ?? .stuck(joint: nudge.joint))
            } else if own < 0 {
                findings.append(.reversed(joint: nudge.joint))
            } else if !Self.ratioRange.contains(own), !soft.contains(nudge.joint) {
                findings.append(.wrongGear(joint: nudge.joint, ratio: own))
            }
        }
        self.findings = findings
        self.ratios = ratios
    }
}

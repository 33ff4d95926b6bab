/// Whether joints carry what they should by what their robot weighs: what one that is swapped with another, or goes the
/// other way, gives away where it agrees with itself in everything else.
///
/// A world seen in a mirror is not told from ours: a lone pendulum, or a joint that carries nothing, may be reversed
/// unseen.
public struct LoadCheck: Equatable, Sendable {
    /// What a joint carried on a slow way, with all others at their places.
    public struct Sweep: Sendable {
        public let joint: Int
        /// Where all joints were said to be.
        public let poses: [[Double]]
        /// Newton metres for each of them.
        public let loads: [Double]
        /// Of its friction, which hides a load that is smaller.
        public let friction: Double

        /// - Parameter rest: where the joints stand that do not move.
        public init(joint: Int, _ friction: FrictionSweep, rest: [Double], pieces: Int = 9) {
            self.joint = joint
            self.friction = friction.dry.value
            let (low, high) = (friction.range.lowerBound, friction.range.upperBound)
            let places = (0..<pieces).map { low + (high - low) * Double($0) / Double(pieces - 1) }
            poses = places.map { place in
                var pose = rest
                pose[joint] = place
                return pose
            }
            loads = places.map(friction.load)
        }
    }

    public let findings: [JointFinding]
    /// How many times what it should carry each joint carries, by place; those that carry less than they rub are left
    /// out.
    public let scales: [Int: Measured]

    /// What joints are wired to, in place of themselves.
    private enum Wiring {
        case right
        case swapped(Int, Int)
        case reversed(Int)

        func pose(_ said: [Double]) -> [Double] {
            var pose = said
            switch self {
            case .right: break
            case .swapped(let one, let other): pose.swapAt(one, other)
            case .reversed(let joint): pose[joint] = -pose[joint]
            }
            return pose
        }

        /// What the electronics of a joint feel of what all joints carry.
        func load(of joint: Int, _ loads: [Double]) -> Double {
            switch self {
            case .right: loads[joint]
            case .swapped(let one, let other): loads[joint == one ? other : joint == other ? one : joint]
            case .reversed(let reversed): joint == reversed ? -loads[joint] : loads[joint]
            }
        }

        var reversed: Int? { if case .reversed(let joint) = self { joint } else { nil } }
    }

    /// Another wiring has to leave less than this share of what the right one leaves unexplained.
    static let leastGain = 0.5
    /// And what the right one leaves unexplained has to be at least this share of all that was carried.
    static let leastMisfit = 0.3
    /// How far what an actuator says of its effort may be from newton metres.
    static let scaleRange = 0.4...2.5

    /// - Parameter expected: what every joint carries in a pose, by the weights of the robot's links; in newton metres, as an
    ///   actuator pushes that holds it.
    public init(_ sweeps: [Sweep], expected: (_ pose: [Double]) -> [Double]) {
        let joints = sweeps.map(\.joint)
        let pairs = joints.enumerated().flatMap { place, one in joints[(place + 1)...].map { Wiring.swapped(one, $0) } }
        let wirings = pairs + joints.map { Wiring.reversed($0) }
        let all = sweeps.flatMap(\.loads)
        let carried = (all.reduce(0) { $0 + $1 * $1 } / Double(max(all.count, 1))).squareRoot()
        let right = Self.misfit(sweeps, .right, expected)
        let others = wirings.map { (wiring: $0, misfit: Self.misfit(sweeps, $0, expected)) }
        let best = others.min { $0.misfit < $1.misfit }
        if let best, right > Self.leastMisfit * carried, best.misfit < Self.leastGain * right {
            let equals = others.filter { $0.misfit < best.misfit + Self.leastMisfit * (right - best.misfit) }
            findings = Self.findings(best.wiring, equals.map(\.wiring))
        } else {
            findings = []
        }
        var scales: [Int: Measured] = [:]
        for sweep in sweeps where findings.isEmpty { scales[sweep.joint] = Self.scale(sweep, expected) }
        self.scales = scales
    }

    /// A shoulder that goes the other way looks like an elbow that does, in a mirror: both are named.
    private static func findings(_ best: Wiring, _ equals: [Wiring]) -> [JointFinding] {
        switch best {
        case .right: return []
        case .swapped(let one, let other):
            return [.swapped(joint: one, with: other), .swapped(joint: other, with: one)]
        case .reversed(let joint):
            let all = equals.compactMap(\.reversed).sorted()
            return [.carriesReversed(joint: all.first ?? joint, or: Array(all.dropFirst()))]
        }
    }

    /// The root of the mean square of what is left, with one scale for all joints.
    private static func misfit(
        _ sweeps: [Sweep], _ wiring: Wiring, _ expected: (_ pose: [Double]) -> [Double]
    ) -> Double {
        let pairs = sweeps.flatMap { sweep in
            zip(sweep.poses, sweep.loads).map { pose, load in
                (seen: load, wanted: wiring.load(of: sweep.joint, expected(wiring.pose(pose))))
            }
        }
        let (cross, square) = pairs.reduce((0.0, 0.0)) { ($0.0 + $1.seen * $1.wanted, $0.1 + $1.wanted * $1.wanted) }
        let fitted = square > 0 ? cross / square : 1
        let scale = min(max(fitted, scaleRange.lowerBound), scaleRange.upperBound)
        let squares = pairs.reduce(0) { $0 + ($1.seen - scale * $1.wanted) * ($1.seen - scale * $1.wanted) }
        return (squares / Double(max(pairs.count, 1))).squareRoot()
    }

    /// Beside a constant, which is no weight: an encoder's or a current's zero.
    private static func scale(
        _ sweep: Sweep, _ expected: (_ pose: [Double]) -> [Double]
    ) -> Measured? {
        let wanted = sweep.poses.map { expected($0)[sweep.joint] }
        guard let low = wanted.min(), let high = wanted.max(), high - low > 1.5 * sweep.friction,
            let fit = LeastSquares(wanted.map { [$0, 1] }, sweep.loads)
        else { return nil }
        return fit.weights[0]
    }
}

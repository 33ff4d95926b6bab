/// Dry and viscous friction and the load of gravity, from slow motions over the same range in both directions.
///
/// At a steady speed what a joint pushes is what it carries, and friction on top, against the motion: the mean of both
/// directions is the load, half of their difference the friction.
public struct FrictionSweep: Equatable, Sendable {
    /// Newton metres, whatever the speed.
    public let dry: Measured
    /// Newton metres for each radian a second; nil when all motions had one speed.
    public let viscous: Measured?
    /// Kilogram square metres, rotor and link: what a joint pushes while it gets quicker, which would otherwise pass for a
    /// load; nil when it was told to go evenly.
    public let inertia: Measured?
    /// The load is `sine · sin(position) + cosine · cos(position) + constant`.
    public let sine: Measured
    public let cosine: Measured
    public let constant: Measured
    public let residual: Double
    /// Where the joint went steadily.
    public let range: ClosedRange<Double>
    public let findings: [JointFinding]

    /// The load of a position.
    public func load(at position: Double) -> Double {
        let (sine, cosine) = trigonometry(position)
        return self.sine.value * sine + self.cosine.value * cosine + constant.value
    }

    /// How many times the effort one place may take that others take at its speed, before it is named.
    static let stickyTimes = 2.0

    /// Nil when there is too little of a steady motion: in both directions, over at least a third of a radian.
    ///
    /// - Parameter slowest: below this speed a joint may stand, and its friction is anything.
    public init?(joint: Int, _ track: JointTrack, slowest: Double) {
        let accelerations = Self.accelerations(track)
        let all = track.positions.indices.filter { place in
            track.positions[place].isFinite && abs(track.speeds[place]) > slowest && track.efforts[place].isFinite
        }
        let known = all.filter { accelerations[$0].isFinite }
        let steady = known.count > all.count / 2 ? known : all
        let positions = steady.map { track.positions[$0] }
        let isBothWays = steady.contains { track.speeds[$0] > 0 } && steady.contains { track.speeds[$0] < 0 }
        guard isBothWays, let low = positions.min(), let high = positions.max(), high - low > 0.3 else { return nil }
        let law = Law(track, steady, accelerations, mayBeUneven: steady == known)
        guard let found = law.fit(steady) else { return nil }
        dry = found.weights[0]
        (sine, cosine, constant) = (found.weights[1], found.weights[2], found.weights[3])
        viscous = law.hasSpeeds ? found.weights[4] : nil
        inertia = law.isUneven ? found.weights.last : nil
        residual = found.residual
        range = low...high
        findings = law.sticky(joint, found, within: low...high, times: Self.stickyTimes)
    }

    /// Radians per second squared, of what the joint was told; NaN where it was told to go from one course to another.
    private static func accelerations(_ track: JointTrack) -> [Double] {
        let reach = 4
        let steps = zip(track.times.dropFirst(), track.times).map { $0 - $1 }
        guard let step = median(steps), step > 0 else { return track.times.map { _ in .nan } }
        return track.times.indices.map { place in
            guard place >= reach, place + reach < track.count,
                track.times[place + reach] - track.times[place - reach] < 2.5 * Double(reach) * step
            else { return .nan }
            let (before, now, after) = (
                track.commands[place - reach], track.commands[place], track.commands[place + reach]
            )
            return (after - 2 * now + before) / (Double(reach * reach) * step * step)
        }
    }
}

/// What a joint pushes at a steady speed, as a sum: against its motion, against gravity, with its speed, and to get quicker.
private struct Law {
    let hasSpeeds: Bool
    let isUneven: Bool
    private let track: JointTrack
    private let steady: [Int]
    private let accelerations: [Double]

    init(_ track: JointTrack, _ steady: [Int], _ accelerations: [Double], mayBeUneven: Bool) {
        let sizes = steady.map { abs(track.speeds[$0]) }
        hasSpeeds = (sizes.max() ?? 0) / max(sizes.min() ?? 1, 1e-9) > 1.5
        isUneven = mayBeUneven && steady.contains { abs(accelerations[$0]) > 0.01 }
        (self.track, self.steady, self.accelerations) = (track, steady, accelerations)
    }

    func fit(_ places: [Int]) -> LeastSquares? { LeastSquares(places.map(row), places.map { track.efforts[$0] }) }

    private func row(_ place: Int) -> [Double] {
        let (sine, cosine) = trigonometry(track.positions[place])
        return [track.speeds[place] > 0 ? 1 : -1, sine, cosine, 1] + (hasSpeeds ? [track.speeds[place]] : [])
            + (isUneven ? [accelerations[place]] : [])
    }

    /// How many pieces the range is looked at in.
    private static let pieces = 12
    /// A place that sticks reaches into the pieces beside it.
    private static let reach = 2
    /// How many times as far beside the law as others a piece is that is named.
    private static let standsOut = 4.0

    private func piece(_ place: Int, _ range: ClosedRange<Double>) -> Int {
        let share = (track.positions[place] - range.lowerBound) / (range.upperBound - range.lowerBound)
        return min(max(Int(share * Double(Self.pieces)), 0), Self.pieces - 1)
    }

    /// Of every piece, how much more it takes against the motion than this says; NaN where it was gone through one way only.
    private func excess(_ found: LeastSquares, _ range: ClosedRange<Double>) -> [Double] {
        var sums = [[(sum: Double, count: Double)]](repeating: [(0, 0), (0, 0)], count: Self.pieces)
        for place in steady {
            let side = track.speeds[place] > 0 ? 0 : 1
            let expected = zip(row(place), found.weights).reduce(0) { $0 + $1.0 * $1.1.value }
            sums[piece(place, range)][side].sum += track.efforts[place] - expected
            sums[piece(place, range)][side].count += 1
        }
        return sums.map { sides in
            guard sides.allSatisfy({ $0.count > 0 }) else { return .nan }
            return (sides[0].sum / sides[0].count - sides[1].sum / sides[1].count) / 2
        }
    }

    /// What it takes against the motion there, as this says: as much as it rubs, and with the speed.
    private func against(_ found: LeastSquares, _ places: [Int]) -> Double {
        let speeds = places.reduce(0) { $0 + abs(track.speeds[$1]) } / Double(max(places.count, 1))
        return found.weights[0].value + (hasSpeeds ? found.weights[4].value * speeds : 0)
    }

    /// The place that stands out, held against what all places but that one and its neighbours say.
    ///
    /// - Parameter times: of what it takes elsewhere at that speed, from which on a place is named.
    func sticky(
        _ joint: Int, _ found: LeastSquares, within range: ClosedRange<Double>, times: Double
    ) -> [JointFinding] {
        let first = excess(found, range)
        guard let worst = first.indices.filter({ first[$0].isFinite }).max(by: { first[$0] < first[$1] }) else {
            return []
        }
        let others = steady.filter { abs(piece($0, range) - worst) > Self.reach }
        guard let usual = fit(others) else { return [] }
        let whole = against(usual, steady.filter { piece($0, range) == worst })
        let more = excess(usual, range)
        // A joint without a load hunts in its play, so that any piece is beside the law by as much as its whole friction.
        let noise = median(more.indices.filter { $0 != worst }.map { abs(more[$0]) }) ?? 0
        let share = 1 + more[worst] / whole
        guard whole > 0, share > times, more[worst] > Self.standsOut * noise else { return [] }
        let place =
            range.lowerBound + (Double(worst) + 0.5) / Double(Self.pieces) * (range.upperBound - range.lowerBound)
        return [.sticky(joint: joint, at: place, times: share)]
    }
}

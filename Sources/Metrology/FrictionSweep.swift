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

    /// How much more friction one place may have than others before it is named.
    static let stickyTimes = 2.5

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
        let sizes = steady.map { abs(track.speeds[$0]) }
        let spread = (sizes.max() ?? 0) / max(sizes.min() ?? 1, 1e-9)
        let plain = steady.map { place in
            let (sine, cosine) = trigonometry(track.positions[place])
            let direction = track.speeds[place] > 0 ? 1.0 : -1.0
            return [direction, sine, cosine, 1] + (spread > 1.5 ? [track.speeds[place]] : [])
        }
        let isUneven = steady == known && steady.contains { abs(accelerations[$0]) > 0.01 }
        let rows = isUneven ? zip(plain, steady).map { $0 + [accelerations[$1]] } : plain
        guard let found = LeastSquares(rows, steady.map { track.efforts[$0] }) else { return nil }
        dry = found.weights[0]
        (sine, cosine, constant) = (found.weights[1], found.weights[2], found.weights[3])
        viscous = spread > 1.5 ? found.weights[4] : nil
        inertia = isUneven ? found.weights.last : nil
        residual = found.residual
        range = low...high
        findings = Self.sticky(joint, track, steady, low, high)
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

    /// A place where half the difference of both directions stands out.
    private static func sticky(
        _ joint: Int, _ track: JointTrack, _ steady: [Int], _ low: Double, _ high: Double
    ) -> [JointFinding] {
        let pieces = 12
        var sums = [[(sum: Double, count: Double)]](repeating: [(0, 0), (0, 0)], count: pieces)
        for place in steady {
            let share = (track.positions[place] - low) / (high - low)
            let piece = min(max(Int(share * Double(pieces)), 0), pieces - 1)
            let side = track.speeds[place] > 0 ? 0 : 1
            sums[piece][side].sum += track.efforts[place]
            sums[piece][side].count += 1
        }
        let frictions = sums.map { sides -> Double in
            guard sides.allSatisfy({ $0.count > 0 }) else { return .nan }
            return (sides[0].sum / sides[0].count - sides[1].sum / sides[1].count) / 2
        }
        guard let usual = median(frictions), usual > 0 else { return [] }
        let worst = frictions.indices.filter { frictions[$0].isFinite }.max { frictions[$0] < frictions[$1] }
        guard let worst, frictions[worst] > stickyTimes * usual else { return [] }
        let place = low + (Double(worst) + 0.5) / Double(pieces) * (high - low)
        return [.sticky(joint: joint, at: place, times: frictions[worst] / usual)]
    }
}

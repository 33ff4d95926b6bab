/// How long a command is under way, from steps in what a joint is told: until its actuator obeys, and until the joint goes.
///
/// The actuator is known by the effort that it measures. A joint goes later than that where its gear has play or it stands
/// on its friction, which are no delay of any command.
public struct CommandDelay: Equatable, Sendable {
    /// Seconds, from the tick of the command until the actuator obeys; where nothing measures efforts, until the joint goes.
    public let delay: Measured
    /// Seconds until the joint goes; nil where no step was followed by a clear motion.
    public let motion: Measured?
    /// So many steps were clear enough.
    public let steps: Int
    public let findings: [JointFinding]

    /// Nil when no step was followed by a clear effort or motion.
    ///
    /// - Parameters:
    ///   - expected: how long it should take.
    ///   - tolerance: how much longer is still no finding.
    ///   - window: seconds after a step in which it has to be obeyed.
    public init?(
        joint: Int, _ track: JointTrack, expected: Double, tolerance: Double, window: Double = 0.1
    ) {
        let steps = Self.steps(track)
        let obeyed = steps.compactMap { Self.obeyed(track, at: $0, window) }
        let moved = steps.compactMap { Self.onset(track, at: $0, window) }
        motion = Self.middle(moved)
        guard let found = Self.middle(obeyed.map(\.time)) ?? motion else { return nil }
        // All steps begin with a tick: what lies between two samples stays unknown, however many there are.
        let unknown = obeyed.map(\.doubt).max() ?? 0
        delay = Measured(found.value, uncertainty: max(found.uncertainty, unknown))
        self.steps = obeyed.isEmpty ? moved.count : obeyed.count
        let late = delay.value - expected
        findings = late > tolerance + delay.uncertainty ? [.lateCommands(joint: joint, by: late)] : []
    }

    /// Without what is far from the others: such a step met something else.
    private static func middle(_ times: [Double]) -> Measured? {
        guard let middle = median(times) else { return nil }
        return Measured(mean: times.filter { abs($0 - middle) < max(0.5 * middle, 0.01) })
    }

    /// Ticks on which the command jumps away by a good part of the largest jump, after it has been the same for a while. A
    /// command that is taken back is none: the joint goes already.
    private static func steps(_ track: JointTrack) -> [Int] {
        let jumps = track.commands.indices.map { $0 == 0 ? 0 : abs(track.commands[$0] - track.commands[$0 - 1]) }
        let largest = jumps.filter(\.isFinite).max() ?? 0
        guard largest > 0 else { return [] }
        return jumps.indices.filter { place in
            guard place >= 5, jumps[place] > 0.5 * largest, stands(track, before: place) else { return false }
            return jumps[place - 4..<place].allSatisfy { $0 < 0.1 * largest }
        }
    }

    /// Whether the joint goes by much less than afterwards; an encoder's step or two is nothing.
    private static func stands(_ track: JointTrack, before place: Int) -> Bool {
        let end = min(place + 20, track.count - 1)
        guard end > place else { return false }
        let before = abs(track.positions[place] - track.positions[place - 5])
        let after = abs(track.positions[end] - track.positions[place]) * 5 / Double(end - place)
        return before < after / 3 + 0.002
    }

    /// Between which samples the measured effort has come half of the way to its largest.
    private static func obeyed(_ track: JointTrack, at step: Int, _ window: Double) -> (time: Double, doubt: Double)? {
        let usual = track.efforts[step - 4...step]
        guard usual.allSatisfy(\.isFinite) else { return nil }
        let middle = usual.reduce(0, +) / Double(usual.count)
        let noise = usual.map { abs($0 - middle) }.max() ?? 0
        let start = track.times[step]
        let later = (step + 1..<track.count).prefix { track.times[$0] - start <= window }
        let changes = later.map { abs(track.efforts[$0] - middle) }
        guard let largest = changes.filter(\.isFinite).max(), largest > 5 * noise, largest > 0,
            let first = later.first(where: { abs(track.efforts[$0] - middle) > 0.5 * largest })
        else { return nil }
        let (low, high) = (track.times[first - 1] - start, track.times[first] - start)
        return ((low + high) / 2, (high - low) / 2)
    }

    /// When the motion begins: the bend of the curve that is straight before it and a parabola behind, less and less of one as
    /// load and friction grow; by least squares over all bends.
    private static func onset(_ track: JointTrack, at step: Int, _ window: Double) -> Double? {
        let start = track.times[step]
        let before = max(0, step - 5)
        var end = step
        while end < track.count, track.times[end] - start <= window { end += 1 }
        guard end - step >= 6 else { return nil }
        let places = before..<end
        let times = places.map { track.times[$0] - start }
        let positions = places.map { track.positions[$0] }
        var best: (delay: Double, squares: Double, bend: Double)?
        for candidate in stride(from: 0.0, through: window * 0.5, by: 0.000_5) {
            let rows = times.map { time in
                let since = max(0, time - candidate)
                return [1, time, since * since, since * since * since]
            }
            guard let fit = LeastSquares(rows, positions) else { continue }
            if fit.residual < best?.squares ?? .infinity { best = (candidate, fit.residual, fit.weights[2].value) }
        }
        guard let best else { return nil }
        // Clear is what moves by many times of what is left unexplained.
        let bent = abs(best.bend) * (window - best.delay) * (window - best.delay)
        let moved = abs((positions.last ?? 0) - (positions.first ?? 0))
        return min(bent, moved) > 8 * best.squares ? best.delay : nil
    }
}

/// How fast a device's clock runs beside the host's.
public struct ClockSkew: Equatable, Sendable {
    /// Seconds that the device gains in a second.
    public let rate: Measured
    /// Root of the mean square of what a steady rate leaves.
    public let jitter: Double

    /// Nil for fewer than four stamps, or stamps of one moment.
    public init?(host: [Double], device: [Double]) {
        guard host.count > 3, host.count == device.count, let start = host.first, let first = device.first else {
            return nil
        }
        let rows = host.map { [1, $0 - start] }
        let ahead = zip(device, host).map { ($0 - first) - ($1 - start) }
        guard let fit = LeastSquares(rows, ahead) else { return nil }
        rate = fit.weights[1]
        jitter = fit.residual
    }
}

/// How long a command is under way until the joint obeys it, from steps in what it is told.
public struct CommandDelay: Equatable, Sendable {
    /// Seconds, from the tick of the command.
    public let delay: Measured
    /// So many steps were clear enough.
    public let steps: Int
    public let findings: [JointFinding]

    /// Nil when no step was followed by a clear motion.
    ///
    /// - Parameters:
    ///   - expected: how long it should take.
    ///   - tolerance: how much longer is still no finding.
    ///   - window: seconds after a step in which the motion has to begin.
    public init?(
        joint: Int, _ track: JointTrack, expected: Double, tolerance: Double, window: Double = 0.15
    ) {
        let delays = Self.steps(track).compactMap { Self.onset(track, at: $0, window) }
        guard let middle = median(delays) else { return nil }
        // A step that met a motion of another cause is far from the others.
        let near = delays.filter { abs($0 - middle) < max(0.5 * middle, 0.01) }
        guard let mean = Measured(mean: near) else { return nil }
        delay = mean
        steps = near.count
        let late = mean.value - expected
        findings = late > tolerance + mean.uncertainty ? [.lateCommands(joint: joint, by: late)] : []
    }

    /// Ticks on which the command jumps by a good part of the largest jump, after it has been the same for a while.
    private static func steps(_ track: JointTrack) -> [Int] {
        let jumps = track.commands.indices.map { $0 == 0 ? 0 : abs(track.commands[$0] - track.commands[$0 - 1]) }
        let largest = jumps.filter(\.isFinite).max() ?? 0
        guard largest > 0 else { return [] }
        return jumps.indices.filter { place in
            guard place >= 5, jumps[place] > 0.5 * largest else { return false }
            return jumps[place - 4..<place].allSatisfy { $0 < 0.02 * largest }
        }
    }

    /// When the motion begins: the bend of the curve that is straight before it and a parabola behind, less and less of
    /// one as load and friction grow; by least squares over all bends.
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
        for candidate in stride(from: 0.0, through: window * 0.7, by: 0.000_5) {
            let rows = times.map { time in
                let since = max(0, time - candidate)
                return [1, time, since * since, since * since * since]
            }
            guard let fit = LeastSquares(rows, positions) else { continue }
            if fit.residual < best?.squares ?? .infinity { best = (candidate, fit.residual, fit.weights[2].value) }
        }
        guard let best else { return nil }
        // Clear is what moves by many times of what is left unexplained.
        let moved = abs(best.bend) * (window - best.delay) * (window - best.delay)
        return moved > 8 * best.squares ? best.delay : nil
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

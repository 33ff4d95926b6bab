/// How long a command is under way, from steps in what a joint is told: until its actuator obeys, and until the joint goes.
///
/// The actuator is known by the effort that it measures. A joint goes later than that where its gear has play or it stands
/// on its friction, which are no delay of any command.
public struct CommandDelay: Equatable, Sendable {
    /// Seconds, from the tick of the command until the actuator obeys; where nothing measures efforts, until the joint goes.
    public let delay: Measured
    /// Seconds until the joint goes; nil where no step was followed by a clear motion.
    public let motion: Measured?
    /// So many steps were clear enough; none where it is known without them.
    public let steps: Int
    public let findings: [JointFinding]

    /// Nil when no step was followed by a clear effort or motion.
    ///
    /// - Parameters:
    ///   - starts: on which ticks it is told something else, after a while of the same.
    ///   - most: so many seconds are no finding.
    ///   - window: seconds after a step in which it has to be obeyed.
    public init?(joint: Int, _ track: JointTrack, starts: [Int], most: Double, window: Double = 0.15) {
        let steps = starts.compactMap { Step(track, at: $0, window) }
        let obeyed = steps.compactMap(\.obeyed)
        let moved = steps.compactMap(\.onset)
        motion = Self.middle(moved)
        guard let found = Self.middle(obeyed.map(\.time)) ?? motion else { return nil }
        // All steps begin with a tick: what lies between two samples stays unknown, however many there are.
        let unknown = obeyed.map { $0.between + $0.growing }.max() ?? 0
        delay = Measured(found.value, uncertainty: max(found.uncertainty, unknown))
        self.steps = obeyed.isEmpty ? moved.count : obeyed.count
        // A command that grows by and by makes a joint seem quicker than it is, and never slower.
        let least = delay.value - max(found.uncertainty, obeyed.map(\.between).max() ?? 0)
        findings = least > most ? [.lateCommands(joint: joint, after: delay.value, most: most)] : []
    }

    /// From all that a joint was told and its actuator gave: by how much the one comes behind the other. This needs no
    /// steps, so it tells of a flight as well that was stopped before them.
    ///
    /// Nil where efforts are no image of what was told, or the same for so long that any delay is as good.
    ///
    /// - Parameters:
    ///   - track: of a joint that is told efforts.
    ///   - ages: how old each of its measurements was, in seconds.
    ///   - most: so many seconds are no finding.
    ///   - window: no delay is looked for beyond it.
    public init?(joint: Int, following track: JointTrack, ages: [Double], most: Double, window: Double = 0.06) {
        let grain = 0.000_5
        let delays = stride(from: 0, through: window, by: grain)
            .map { (time: $0, misfit: Misfit(track, ages, delay: $0)) }
            .filter { $0.misfit.count > 20 }
        let shares = delays.map(\.misfit.share)
        guard let best = shares.min(), best < 0.1 else { return nil }
        // A command stands for a tick, so neighbours are as good; what is as good over a long while tells nothing.
        let alike = delays.filter { $0.misfit.share < 2 * best + 1e-4 }.map(\.time)
        guard let low = alike.min(), let high = alike.max(), high - low < window / 4 else { return nil }
        delay = Measured((low + high) / 2, uncertainty: (high - low) / 2 + grain)
        (motion, steps) = (nil, 0)
        findings = low - grain > most ? [.lateCommands(joint: joint, after: delay.value, most: most)] : []
    }

    /// Without what is far from the others: such a step met something else.
    private static func middle(_ times: [Double]) -> Measured? {
        guard let middle = median(times) else { return nil }
        return Measured(mean: times.filter { abs($0 - middle) < max(0.5 * abs(middle), 0.01) })
    }
}

/// What a joint was told so long ago, against what its actuator gave.
private struct Misfit {
    private var (squares, power) = (0.0, 0.0)
    private(set) var count = 0

    /// Of what it gave, so much is unlike what it was told.
    var share: Double { power > 0 ? squares / power : .infinity }

    init(_ track: JointTrack, _ ages: [Double], delay: Double) {
        var place = 0
        for tick in track.times.indices where track.efforts[tick].isFinite && ages[tick].isFinite {
            let moment = track.times[tick] - ages[tick] - delay
            while place > 0, track.times[place] > moment { place -= 1 }
            while place < tick, track.times[place + 1] <= moment { place += 1 }
            guard track.times[place] <= moment, track.commands[place].isFinite else { continue }
            let error = track.commands[place] - track.efforts[tick]
            squares += error * error
            power += track.efforts[tick] * track.efforts[tick]
            count += 1
        }
    }
}

/// One step of what a joint was told, and what followed.
private struct Step {
    private let track: JointTrack
    private let ticks: Range<Int>
    private let first: Int
    /// When the command has gone half of its way; at once, unless the supervisor keeps it from jumping.
    private let told: Int
    private let window: Double

    init?(_ track: JointTrack, at first: Int, _ window: Double) {
        guard first >= 5, first < track.count else { return nil }
        let end = track.times[first...].firstIndex { $0 - track.times[first] > window } ?? track.count
        guard end - first >= 6 else { return nil }
        (self.track, self.first, self.window) = (track, first, window)
        ticks = first..<end
        guard let told = Self.halfway(track.commands, from: first, in: ticks)?.place else { return nil }
        self.told = told
    }

    /// Where numbers have come half of the way to what is farthest from what they were before, and how far that is.
    private static func halfway(
        _ numbers: [Double], from first: Int, in ticks: Range<Int>
    ) -> (place: Int, way: Double, noise: Double)? {
        let usual = numbers[first - 5..<first]
        let middle = usual.reduce(0, +) / Double(usual.count)
        let ways = ticks.map { abs(numbers[$0] - middle) }
        guard middle.isFinite, let way = ways.filter(\.isFinite).max(), way > 0,
            let place = ways.firstIndex(where: { $0 > 0.5 * way })
        else { return nil }
        return (ticks.lowerBound + place, way, usual.map { abs($0 - middle) }.max() ?? 0)
    }

    /// Between which samples the measured effort has come half of its way. A sample is taken before the command of its tick.
    var obeyed: (time: Double, between: Double, growing: Double)? {
        let later = first + 1..<ticks.upperBound
        guard let found = Self.halfway(track.efforts, from: first, in: later), found.way > 5 * found.noise else {
            return nil
        }
        let (low, high) = (
            track.times[found.place - 1] - track.times[told], track.times[found.place] - track.times[told]
        )
        // Where the command grows by and by a joint goes before all of it is there, and needs less than that.
        let growing = (track.times[told] - track.times[first]) / 2
        return (max((low + high) / 2, 0), (high - low) / 2, growing)
    }

    /// When the motion begins: the bend of the curve that is straight before it and a parabola behind, less and less of one
    /// as load and friction grow; by least squares over all bends.
    var onset: Double? {
        let places = first - 5..<ticks.upperBound
        let times = places.map { track.times[$0] - track.times[told] }
        let positions = places.map { track.positions[$0] }
        var best: (delay: Double, squares: Double, bend: Double)?
        for candidate in stride(from: 0.0, through: window * 0.4, by: 0.000_5) {
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

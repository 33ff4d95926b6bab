/// What one joint did, tick by tick, as somebody measures it: plain numbers in SI units, NaN where nothing was measured.
public struct JointTrack: Equatable, Sendable {
    /// Seconds, when each sample was taken, as the host counts them.
    public var times: [Double]
    /// What the joint was told: radians, radians per second or newton metres, by its drive.
    public var commands: [Double]
    public var positions: [Double]
    public var speeds: [Double]
    /// What its actuator believes to push with, in newton metres.
    public var efforts: [Double]

    public init(
        times: [Double], commands: [Double], positions: [Double], speeds: [Double], efforts: [Double]
    ) {
        guard times.count == commands.count, times.count == positions.count, times.count == speeds.count,
            times.count == efforts.count
        else { preconditionFailure("every column has a number for each tick") }
        self.times = times
        self.commands = commands
        self.positions = positions
        self.speeds = speeds
        self.efforts = efforts
    }

    public var count: Int { times.count }

    /// Some ticks in a row.
    public func only(_ ticks: Range<Int>) -> JointTrack {
        JointTrack(
            times: Array(times[ticks]), commands: Array(commands[ticks]), positions: Array(positions[ticks]),
            speeds: Array(speeds[ticks]), efforts: Array(efforts[ticks]))
    }
}

/// A number with how well it is known.
public struct Measured: Equatable, Sendable {
    public let value: Double
    /// Half of the interval in which the true value lies in 95 of 100 cases.
    public let uncertainty: Double

    public init(_ value: Double, uncertainty: Double) {
        self.value = value
        self.uncertainty = uncertainty
    }

    /// The mean of several measurements; nil of none.
    init?(mean values: [Double]) {
        guard !values.isEmpty else { return nil }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = values.count > 1 ? (squares / (count - 1)).squareRoot() : 0
        self.init(mean, uncertainty: 2 * deviation / count.squareRoot())
    }
}

/// What is wrong with a joint, or what somebody should know of it before it is trusted.
public enum JointFinding: Equatable, Sendable {
    /// It goes the other way than it is told.
    case reversed(joint: Int)
    /// By what it carries it, or one of these, goes the other way than its file says.
    case carriesReversed(joint: Int, or: [Int])
    /// It is told and another one goes, or it carries what another one should.
    case swapped(joint: Int, with: Int)
    /// It does not go at all.
    case stuck(joint: Int)
    /// It goes so many times as far as it should.
    case wrongGear(joint: Int, ratio: Double)
    /// Its encoder begins anew inside the range: at this position it jumps by a turn.
    case wrapInside(joint: Int, at: Double)
    /// Its zero is so far from where its stops say that it is.
    case wrongZero(joint: Int, by: Double)
    /// From end to end it is so many times as far as between its stops.
    case wrongSpan(joint: Int, ratio: Double)
    /// At this position it takes so many times the effort that it takes elsewhere.
    case sticky(joint: Int, at: Double, times: Double)
    /// Commands take so long, and at most that long is as it should be; in seconds.
    case lateCommands(joint: Int, after: Double, most: Double)
    /// It does not come back to the same place: so far apart, in radians.
    case notRepeatable(joint: Int, spread: Double)

    /// Whether a robot with it must not be flown by policies. One that comes back a little beside its place still may.
    public var isFault: Bool { if case .notRepeatable = self { false } else { true } }

    public var joint: Int {
        switch self {
        case .reversed(let joint), .carriesReversed(let joint, _), .swapped(let joint, _), .stuck(let joint),
            .wrongGear(let joint, _),
            .wrapInside(let joint, _), .wrongZero(let joint, _), .wrongSpan(let joint, _), .sticky(let joint, _, _),
            .lateCommands(let joint, _, _), .notRepeatable(let joint, _):
            joint
        }
    }
}

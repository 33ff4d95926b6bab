public import Quantities

/// The rungs of the stop ladder above clamping, from staying in place to everything off. A higher rung always wins.
public enum Rung: UInt8, Comparable, Sendable {
    /// Slow down, then stay in place under power; the episode may go on.
    case hold = 1
    /// Slow down; the episode is over.
    case slowStop = 2
    /// Go to the park position at park speed.
    case park = 3
    /// Every output off.
    case limp = 4

    public static func < (left: Rung, right: Rung) -> Bool { left.rawValue < right.rawValue }
}

/// What must happen before the robot may move again after a stop.
public enum Clearing: UInt8, Comparable, Sendable {
    /// The episode goes on by itself after enough healthy ticks; on rung `hold` only.
    case whenHealthy = 0
    /// An operator resumes while the robot still holds; later than that a new permit is needed.
    case byOperator = 1
    /// Only a new permit brings motion.
    case byNewPermit = 2
    /// Latched: a person clears it after the robot has been read back as stopped, and everything is verified anew.
    case byPersonAndVerification = 3

    public static func < (left: Clearing, right: Clearing) -> Bool { left.rawValue < right.rawValue }
}

/// The time-outs of the ladder. Everything that waits, waits for one of these.
public struct LadderTimes: Equatable, Sendable {
    /// The longest hold before it becomes a slow stop.
    public let hold: Ticks
    /// The longest slow stop before the robot counts as not stopping.
    public let slowStop: Ticks
    /// The longest way to the park position before the outputs go off anyway.
    public let park: Ticks
    /// The longest time until a robot whose outputs are off must be at rest.
    public let limp: Ticks
    /// Resting ticks in a row before a joint counts as at rest; at the top of a swing it only seems so.
    public let rest: Ticks
    /// Healthy ticks in a row before a hold ends by itself.
    public let recovery: Ticks
    /// How long a permit waits to be used.
    public let permit: Ticks

    public init(
        hold: Ticks, slowStop: Ticks, park: Ticks, limp: Ticks, rest: Ticks, recovery: Ticks, permit: Ticks
    ) {
        self.hold = hold
        self.slowStop = slowStop
        self.park = park
        self.limp = limp
        self.rest = rest
        self.recovery = recovery
        self.permit = permit
    }
}

/// One row of the stop ladder: what a fault does and how it ends.
public struct LadderRow: Equatable, Sendable {
    /// Where the fault enters the ladder.
    public let rung: Rung
    public let clearing: Clearing
    /// Whether the robot drives to its park position between the slow stop and limp.
    public let parks: Bool

    /// Whether it takes a person to come back.
    public var latches: Bool { clearing == .byPersonAndVerification }
}

extension Fault {
    /// The stop ladder as a table. `understudy explain ladder` prints it; changing a row is a safety change.
    public var row: LadderRow {
        switch self {
        case .commandRate, .lateTicks:
            LadderRow(rung: .hold, clearing: .whenHealthy, parks: true)
        case .deadManReleased:
            LadderRow(rung: .hold, clearing: .byOperator, parks: true)
        // The robot is well; the learner, the plan or the operator ended this episode.
        case .stoppingDistance, .thermalForecast, .overPower, .overEnergy, .commandRateSustained, .commandNotFinite,
            .commandKind, .tubeMissing, .operatorStop, .horizonExceeded:
            LadderRow(rung: .slowStop, clearing: .byNewPermit, parks: true)
        // Something is wrong, but the joints still hear and can be driven to park.
        case .overTemperature, .lostTicks, .leftTube:
            LadderRow(rung: .slowStop, clearing: .byPersonAndVerification, parks: true)
        // The joints can brake, but driving on could push into whatever is in the way.
        case .positionOutside, .overspeed, .overEffort, .underVoltage, .trackingError, .hostSilent:
            LadderRow(rung: .slowStop, clearing: .byPersonAndVerification, parks: false)
        // Braking needs a sensor, a clock, a device or a supply that can no longer be trusted.
        case .overVoltage, .staleSensor, .clockFault, .sensorNotFinite, .encoderJump, .emergencyStop, .deviceFault,
            .deviceLost, .identityChanged, .verificationFailed, .watchdogUnproven, .didNotStop, .movesWhileOff:
            LadderRow(rung: .limp, clearing: .byPersonAndVerification, parks: false)
        }
    }

    /// Whether this fault decides when both are present: the higher rung, then the latch, then the lower number.
    public func outranks(_ other: Fault?) -> Bool {
        guard let other else { return true }
        if row.rung > other.row.rung { return true }
        if row.rung < other.row.rung { return false }
        if row.latches != other.row.latches { return row.latches }
        return rawValue < other.rawValue
    }
}

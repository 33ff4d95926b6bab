/// The rungs of the stop ladder, from nothing to everything off. A higher rung always wins.
public enum Rung: UInt8, Comparable, Sendable {
    /// The command goes through, clamped into the envelope where it has to be.
    case drive = 0
    /// Slow down, then stay in place under power; the episode may go on.
    case hold = 1
    /// Slow down; the episode is over.
    case slowStop = 2
    /// Go to the park position at park speed.
    case park = 3
    /// Every output off.
    case limp = 4

    @inlinable public static func < (left: Rung, right: Rung) -> Bool { left.rawValue < right.rawValue }
}

/// What must happen before the robot may move again after a stop.
public enum Clearing: UInt8, Sendable {
    /// The episode goes on by itself after enough healthy ticks; on rung `hold` only.
    case whenHealthy = 0
    /// An operator resumes while the robot still holds; later than that a new permit is needed.
    case byOperator = 1
    /// Only a new permit brings motion.
    case byNewPermit = 2
    /// Latched: a person clears it after the robot has been read back as stopped, and everything is verified anew.
    case byPersonAndVerification = 3
}

/// One row of the stop ladder: what a fault does and how it ends.
public struct LadderRow: Equatable, Sendable {
    /// Where the fault enters the ladder.
    public let rung: Rung
    public let clearing: Clearing
    /// Whether the robot drives to its park position between the slow stop and limp.
    public let parks: Bool

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
    public func outranks(_ other: Fault) -> Bool {
        if row.rung != other.row.rung { return row.rung > other.row.rung }
        if row.latches != other.row.latches { return row.latches }
        return rawValue < other.rawValue
    }
}

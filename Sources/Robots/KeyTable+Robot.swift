import Quantities
import Supervision

extension Key where Value: NamedUnit {
    /// A number with a unit that concerns the whole robot.
    fileprivate init(
        _ name: String, _ low: Float, _ high: Float, sets: EnvelopeKey, standard: Float? = nil, _ help: String
    ) {
        let kind = KeyRow.Kind.number(symbol: Value.symbol, low: low, high: high)
        let presence = standard.map(KeyRow.Presence.standard) ?? .required
        self.init(row: KeyRow(name: name, scope: .robot, kind: kind, presence: presence, sets: sets, help: help))
    }
}

extension Key<Ticks> {
    /// A count of ticks that concerns the whole robot.
    fileprivate init(
        _ name: String, _ low: Int32, _ high: Int32, sets: EnvelopeKey, standard: Float, _ help: String
    ) {
        let kind = KeyRow.Kind.whole(low: low, high: high)
        self.init(
            row: KeyRow(name: name, scope: .robot, kind: kind, presence: .standard(standard), sets: sets, help: help))
    }
}

/// What the file is, and which joints it speaks of.
enum FileKeys {
    static let format = structure("format", .whole(low: 1, high: 1), .required, "The version of this file's format.")
    static let robot = structure("robot", .name, .required, "The robot's name, as in the name of this file.")
    static let joints = structure("joints", .joints, .required, "One object for each joint, in the order of the robot.")
    static let everyJoint = structure(
        "every_joint", .everyJoint, .optional, "Keys that hold for all joints; a joint cannot repeat or change them.")

    static let group = KeyGroup(title: "The file", rows: [format, robot, joints, everyJoint])

    private static func structure(
        _ name: String, _ kind: KeyRow.Kind, _ presence: KeyRow.Presence, _ help: String
    ) -> KeyRow {
        KeyRow(name: name, scope: .robot, kind: kind, presence: presence, sets: nil, help: help)
    }
}

enum TimeKeys {
    static let period = Key<Seconds>(
        "period_s", 0.000_2, 0.1, sets: .period, "The planned time from one tick to the next.")
    static let deadline = Key<Seconds>(
        "deadline_s", 0.000_2, 0.5, sets: .deadline, "A tick that comes later than this after the one before is late.")
    static let lateToHold = Key<Ticks>(
        "late_ticks_to_hold", 1, 1000, sets: .lateTicksToHold, standard: 3,
        "So many late ticks in a row make the robot hold.")
    static let lateToStop = Key<Ticks>(
        "late_ticks_to_stop", 2, 1000, sets: .lateTicksToStop, standard: 10,
        "So many late ticks in a row make the robot stop.")
    static let reaction = Key<Seconds>(
        "reaction_s", 0.000_2, 1, sets: .reaction,
        "The time from a measurement until the joint obeys the command that answers it.")
    static let horizon = Key<Seconds>(
        "horizon_s", 0.1, 3600, sets: .horizon, "The longest episode that a permit may allow.")

    static let group = KeyGroup(
        title: "Time",
        rows: [period.row, deadline.row, lateToHold.row, lateToStop.row, reaction.row, horizon.row])
}

/// Limits of all joints together.
enum TogetherKeys {
    static let power = Key<Watts>(
        "power_limit_w", 0.01, 5_000, sets: .power, "The mechanical power of all joints together.")
    static let energyBurst = Key<Joules>(
        "energy_burst_j", 0.001, 10_000, sets: .energyCapacity,
        "The mechanical energy that all joints together may give at once.")
    static let energySustained = Key<Watts>(
        "energy_sustained_w", 0.001, 5_000, sets: .energyDrain,
        "The mechanical power that all joints together may give for ever.")
    static let commandStep = Key<Ranges>(
        "command_step_ranges", 0.000_1, 16, sets: .commandRate,
        "How much all commands together may change in one tick.")
    static let commandBurst = Key<Ranges>(
        "command_burst_ranges", 0.001, 100, sets: .commandTravelCapacity,
        "How much all commands together may change at once, in real time.")
    static let commandSustained = Key<RangesPerSecond>(
        "command_sustained_ranges_s", 0.001, 1_000, sets: .commandTravelDrain,
        "How much all commands together may change for ever, in real time.")
    static let tubeHysteresis = Key<Radians>(
        "tube_hysteresis_rad", 0.000_1, 1, sets: .tubeHysteresis,
        "A joint has left its approved band only when it is this far outside.")
    static let tubePatience = Key<Ticks>(
        "tube_patience_ticks", 1, 1_000, sets: .tubePatience, standard: 3,
        "So many ticks outside the approved band are a fault.")

    static let group = KeyGroup(
        title: "All joints together",
        rows: [
            power.row, energyBurst.row, energySustained.row, commandStep.row, commandBurst.row, commandSustained.row,
            tubeHysteresis.row, tubePatience.row,
        ])
}

/// The time-outs of the stop ladder.
enum LadderKeys {
    static let parkSpeed = Key<RadiansPerSecond>(
        "park_speed_rad_s", 0.001, 10, sets: .parkSpeed, "How quickly a joint drives to its park position.")
    static let hold = Key<Seconds>(
        "hold_time_s", 0.01, 60, sets: .holdTime, standard: 2, "The longest hold before it becomes a slow stop.")
    static let slowStop = Key<Seconds>(
        "slow_stop_time_s", 0.01, 30, sets: .slowStopTime, standard: 1,
        "The longest slow stop before the robot counts as not stopping.")
    static let park = Key<Seconds>(
        "park_time_s", 0.1, 120, sets: .parkTime, standard: 10,
        "The longest way to the park position before the outputs go off anyway.")
    static let limp = Key<Seconds>(
        "limp_time_s", 0.01, 60, sets: .limpTime, standard: 3,
        "A robot whose outputs are off must be at rest after this time.")
    static let rest = Key<Seconds>(
        "rest_time_s", 0.01, 5, sets: .restTime, standard: 0.2,
        "So long a joint must rest before it counts as at rest; at the top of a swing it only seems so.")
    static let recovery = Key<Seconds>(
        "recovery_time_s", 0.01, 10, sets: .recoveryTime, standard: 0.2,
        "Without a fault for this long, a hold that ends by itself ends.")
    static let permit = Key<Seconds>(
        "permit_time_s", 0.1, 3_600, sets: .permitTime, standard: 60, "How long a permit waits to be used.")

    static let group = KeyGroup(
        title: "The stop ladder",
        rows: [parkSpeed.row] + times.map(\.row))

    /// What the supervisor counts in ticks.
    static let times = [hold, slowStop, park, limp, rest, recovery, permit]
}

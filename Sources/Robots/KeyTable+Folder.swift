import Quantities
import Supervision

extension KeyRow {
    /// A row of a robot file; the envelope knows nothing of it.
    static func of(
        _ scope: Scope, _ name: String, _ kind: Kind, _ presence: Presence = .optional, _ help: String
    ) -> KeyRow {
        KeyRow(name: name, scope: scope, kind: kind, presence: presence, sets: nil, help: help)
    }

    static func count(
        _ scope: Scope, _ name: String, _ low: Int32, _ high: Int32, _ presence: Presence = .optional, _ help: String
    ) -> KeyRow {
        .of(scope, name, .whole(low: low, high: high), presence, help)
    }

    /// A number without a unit.
    static func share(
        _ scope: Scope, _ name: String, _ low: Float, _ high: Float, _ presence: Presence, _ help: String
    ) -> KeyRow {
        .of(scope, name, .number(symbol: "", low: low, high: high), presence, help)
    }
}

extension Key where Value: NamedUnit {
    /// A number with a unit in a robot file.
    init(
        in scope: KeyRow.Scope, _ name: String, _ low: Float, _ high: Float, _ presence: KeyRow.Presence = .optional,
        _ help: String
    ) {
        self.init(row: .of(scope, name, .number(symbol: Value.symbol, low: low, high: high), presence, help))
    }
}

/// What the robot is.
enum FolderKeys {
    static let format = KeyRow.count(.folder, "format", 1, 1, .required, "The version of this file's format.")
    static let robot = KeyRow.of(.folder, "robot", .name, .required, "The robot's name, as its folder is called.")
    static let about = KeyRow.of(
        .folder, "about", .sentence, .optional, "What the robot does, in a sentence for people.")
    static let envelope = KeyRow.of(
        .folder, "envelope", .name, .optional, "The envelope that guards it, by name; without it the robot's own name.")
    static let period = Key<Seconds>(
        in: .folder, "period_s", 0.000_2, 0.1, .required, "The time from one tick to the next, as in the envelope.")
    static let bus = KeyRow.of(.folder, "bus", .object(.bus), .required, "How the servos are reached.")
    static let joints = KeyRow.of(
        .folder, "joints", .objects(.mount), .required, "One object for each joint, in the order of the envelope.")
    static let everyJoint = KeyRow.of(
        .folder, "every_joint", .everyJoint, .optional,
        "Keys that hold for all joints; a joint cannot repeat or change them.")
    static let sensors = KeyRow.of(
        .folder, "sensors", .named(.sensor), .optional, "What is measured beside the joints, by names of your choice.")
    static let deadMan = KeyRow.of(
        .folder, "dead_man", .sentence, .optional,
        "The switch that has to be held while the robot moves: usb:VENDOR:PRODUCT[:SERIAL]@BYTE.BIT."
    )
    static let calibrationDays = KeyRow.count(
        .folder, "calibration_days", 1, 365, .standard(30),
        "So many days a calibration of this robot holds: fewer where gears wear or the room changes.")
    static let task = KeyRow.of(.folder, "task", .object(.task), .required, "What the robot is to learn.")
    static let start = KeyRow.of(
        .folder, "start", .named(.start), .optional, "Where episodes begin, by joint; without it at zero and exactly.")
    static let reset = KeyRow.of(
        .folder, "reset", .object(.reset), .required, "How the robot gets back to its start by itself.")
    static let models = KeyRow.of(
        .folder, "models", .named(.model), .required, "Reduced models that rehearse with the robot, by name.")
    static let body = KeyRow.of(.folder, "body", .object(.body), .optional, "The robot when there is none.")
    static let policy = KeyRow.of(.folder, "policy", .object(.policy), .optional, "The shape of what is learned.")
    static let learning = KeyRow.of(.folder, "learning", .object(.learning), .optional, "How it is learned.")
    static let budget = KeyRow.of(
        .folder, "budget", .object(.budget), .optional, "What episodes cost, and how much may be spent.")

    static let group = KeyGroup(
        title: "The robot",
        rows: [
            format, robot, about, envelope, period.row, bus, joints, everyJoint, sensors, deadMan, calibrationDays,
            task, start,
            reset, models, body, policy, learning, budget,
        ])
}

/// What the servos hang on. Robots knows the drivers by name only; the door holds the names against the drivers.
public enum DriverName: String, CaseIterable, Sendable { case dynamixel, feetech, moteus, board }

enum BusKeys {
    static let driver = KeyRow.of(
        .bus, "driver", .choice(DriverName.allCases.map(\.rawValue)), .required, "Which language the servos speak.")
    static let port = KeyRow.of(
        .bus, "port", .port, .optional, "The port by a name that stays, as 'understudy scan' prints it.")
    static let baud = KeyRow.count(
        .bus, "baud", 9_600, 10_000_000, .optional,
        "The rate of the line; without it 1000000, for moteus 921600; not for the driver board.")
    static let watchdog = Key<Seconds>(
        in: .bus, "watchdog_s", 0.02, 2.5, .optional,
        "So much silence and the servos stop by themselves; without it 0.1; feetech has none.")

    static let group = KeyGroup(title: "The bus", rows: [driver, port, baud, watchdog.row])
}

enum MountKeys {
    static let name = KeyRow.of(.mount, "name", .word, .required, "The joint's name, as in the envelope and the body.")
    static let model = KeyRow.of(
        .mount, "model", .name, .required, "The servo's product, as 'understudy virtual --servos' spells it.")
    static let id = KeyRow.count(.mount, "id", 0, 253, .required, "The servo's number on the bus.")
    static let drive = KeyRow.of(
        .mount, "drive", .choice(DriveName.allCases.map(\.rawValue)), .required,
        "What the servo follows, as in the envelope: a position, a speed or an effort.")
    static let direction = KeyRow.of(
        .mount, "direction", .choice(["same", "opposite"]), .usual("same"),
        "Whether the servo turns the way that the joint counts.")
    static let zero = Key<Radians>(
        in: .mount, "zero_rad", -1_000, 1_000, .standard(0), "What the servo reads while the joint is at zero.")
    static let gear = KeyRow.share(
        .mount, "gear", 0.001, 1_000, .standard(1), "How often the servo's output turns while the joint turns once.")
    static let torquePerAmpere = KeyRow.of(
        .mount, "torque_per_ampere_nm_a", .number(symbol: "N·m/A", low: 0.000_1, high: 100), .optional,
        "The torque at the servo's output for each ampere; dynamixel needs this or the next.")
    static let torqueAtFullDuty = Key<NewtonMetres>(
        in: .mount, "torque_at_full_duty_nm", 0.001, 1_000, .optional,
        "The torque at rest with the whole supply on the motor; for servos that know no current.")
    static let currentLimit = Key<Amperes>(
        in: .mount, "current_limit_a", 0.001, 200, .optional, "The limit that is written into the servo itself.")
    static let stopLow = Key<Radians>(
        in: .mount, "stop_low_rad", -1_000, 1_000, .optional,
        "Where the metal ends, if it ends; a person takes it there to calibrate.")
    static let stopHigh = Key<Radians>(
        in: .mount, "stop_high_rad", -1_000, 1_000, .optional, "Where the metal ends on the other side.")

    static let group = KeyGroup(
        title: "A joint",
        rows: [
            name, model, id, drive, direction, zero.row, gear, torquePerAmpere, torqueAtFullDuty.row, currentLimit.row,
            stopLow.row, stopHigh.row,
        ])
}

enum SensorKeys {
    static let unit = KeyRow.of(.sensor, "unit", .unit, .required, "The unit of the value, such as m or rad/s.")
    static let channel = KeyRow.count(
        .sensor, "channel", 0, 3, .optional,
        "The input of our board that it hangs on; without it only the body has it.")
    static let scale = KeyRow.of(.sensor, "scale", .plain, .standard(1), "The value for each count of the input.")
    static let offset = KeyRow.of(.sensor, "offset", .plain, .standard(0), "The value while the input reads nothing.")
    static let low = KeyRow.of(.sensor, "low", .plain, .required, "The smallest value that can be true.")
    static let high = KeyRow.of(.sensor, "high", .plain, .required, "The largest value that can be true.")
    static let bodySensor = KeyRow.of(
        .sensor, "body_sensor", .word, .optional, "Its name in the virtual body; without it its name here.")

    static let start = KeyRow.of(
        .sensor, "start", .formula, .optional,
        "Its value where an episode begins, from position.elbow and the like; without it 0.")

    static let group = KeyGroup(
        title: "A sensor", rows: [unit, channel, scale, offset, low, high, start, bodySensor])
}

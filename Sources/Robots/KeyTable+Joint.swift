import Quantities
import Supervision

extension Key where Value: NamedUnit {
    /// A number with a unit that each joint has.
    fileprivate init(
        _ name: String, _ low: Float, _ high: Float, sets: EnvelopeKey?, only drive: DriveName? = nil, _ help: String
    ) {
        let kind = KeyRow.Kind.number(symbol: Value.symbol, low: low, high: high)
        let presence = drive.map(KeyRow.Presence.only) ?? .required
        self.init(row: KeyRow(name: name, scope: .joint, kind: kind, presence: presence, sets: sets, help: help))
    }
}

enum DriveKeys {
    static let name = KeyRow(
        name: "name", scope: .joint, kind: .name, presence: .required, sets: nil,
        help: "The joint's name; no two joints have the same.")
    static let drive = KeyRow(
        name: "drive", scope: .joint, kind: .choice(DriveName.allCases.map(\.rawValue)), presence: .required,
        sets: nil, help: "What the actuator follows: a position, a speed or an effort.")
    static let following = Key<PerSecond>(
        "following_per_s", 0.1, 200, sets: .following, only: .speed,
        "While stopping: the speed asked for each radian of distance from the stopping trajectory.")
    static let stiffness = Key<NewtonMetresPerRadian>(
        "hold_stiffness_nm_rad", 0.001, 10_000, sets: .stiffness, only: .effort,
        "While stopping: the spring that holds the joint.")
    static let damping = Key<NewtonMetreSecondsPerRadian>(
        "hold_damping_nm_s_rad", 0.000_1, 1_000, sets: .damping, only: .effort,
        "The damper that holds the joint and brakes it before a limit.")

    static let group = KeyGroup(
        title: "The joint and its drive", rows: [name, drive, following.row, stiffness.row, damping.row])
}

enum PositionKeys {
    static let low = Key<Radians>(
        "position_low_rad", -1_000, 1_000, sets: nil, "The lowest measured position that is no fault.")
    static let high = Key<Radians>(
        "position_high_rad", -1_000, 1_000, sets: nil, "The highest measured position that is no fault.")
    static let softening = Key<Radians>(
        "softening_rad", 0.000_5, 10, sets: .softening,
        "Commands stay inside the position limits by this, and efforts fade out over it.")
    static let lead = Key<Radians>(
        "command_lead_rad", 0.000_5, 10, sets: .lead, "How far a position command may be ahead of the measurement.")
    static let tracking = Key<Radians>(
        "tracking_limit_rad", 0.000_5, 20, sets: .tracking,
        "A measurement further than this from where the joint was sent, or dragged from, is a fault.")
    static let jump = Key<Radians>(
        "jump_allowance_rad", 0.000_5, 1, sets: .jumpAllowance,
        "What a position may change between two ticks beside what its speed explains.")
    static let park = Key<Radians>(
        "park_position_rad", -1_000, 1_000, sets: .park, "Where the joint is parked before its outputs go off.")
    static let parkTolerance = Key<Radians>(
        "park_tolerance_rad", 0.000_5, 1, sets: .parkTolerance, "So near to the park position the joint is parked.")

    static let group = KeyGroup(
        title: "Position",
        rows: [
            low.row, high.row, softening.row, lead.row, tracking.row, jump.row, park.row, parkTolerance.row,
        ])
}

enum MotionKeys {
    static let speed = Key<RadiansPerSecond>(
        "speed_limit_rad_s", 0.01, 100, sets: .speed, "The highest speed that is commanded or supported.")
    static let overspeed = Key<RadiansPerSecond>(
        "overspeed_rad_s", 0.01, 200, sets: .overspeed, "The measured speed that is a fault.")
    static let acceleration = Key<RadiansPerSecondSquared>(
        "acceleration_limit_rad_s2", 0.1, 10_000, sets: .acceleration,
        "How quickly a commanded speed may change.")
    static let stopping = Key<RadiansPerSecondSquared>(
        "stopping_deceleration_rad_s2", 0.1, 10_000, sets: .stoppingDeceleration,
        "The deceleration that the joint's brake surely reaches, whatever it carries.")
    static let rest = Key<RadiansPerSecond>(
        "rest_speed_rad_s", 0.000_5, 1, sets: .rest, "Below this measured speed the joint is at rest.")

    static let group = KeyGroup(
        title: "Motion", rows: [speed.row, overspeed.row, acceleration.row, stopping.row, rest.row])
}

enum EffortKeys {
    static let effort = Key<NewtonMetres>(
        "effort_limit_nm", 0.001, 1_000, sets: .effort, "The highest effort that is commanded.")
    static let overEffort = Key<NewtonMetres>(
        "over_effort_nm", 0.001, 2_000, sets: .overEffort, "The measured effort that is a fault.")
    static let slew = Key<NewtonMetresPerSecond>(
        "effort_slew_nm_s", 0.01, 1_000_000, sets: .effortSlew, "How quickly a commanded effort may change.")

    static let group = KeyGroup(title: "Effort", rows: [effort.row, overEffort.row, slew.row])
}

enum SupplyKeys {
    static let voltageLow = Key<Volts>(
        "voltage_low_v", 1, 100, sets: nil, "The lowest supply voltage at which the joint may be driven.")
    static let voltageHigh = Key<Volts>(
        "voltage_high_v", 1, 100, sets: nil, "The highest supply voltage at which the joint may be driven.")
    static let motionAge = Key<Seconds>(
        "motion_age_s", 0.000_5, 1, sets: .oldestMotion, "A measured position or speed older than this is stale.")
    static let temperatureAge = Key<Seconds>(
        "temperature_age_s", 0.01, 60, sets: .oldestTemperature, "A measured temperature older than this is stale.")
    static let voltageAge = Key<Seconds>(
        "voltage_age_s", 0.01, 60, sets: .oldestVoltage, "A measured voltage older than this is stale.")

    static let group = KeyGroup(
        title: "Supply and sensors",
        rows: [voltageLow.row, voltageHigh.row, motionAge.row, temperatureAge.row, voltageAge.row])
}

/// The motor as two stores of heat: its winding and its housing.
enum MotorKeys {
    static let hottest = Key<Celsius>(
        "temperature_limit_c", 20, 120, sets: .hottest, "The measured temperature that is a fault.")
    static let resistance = Key<Ohms>(
        "winding_resistance_ohm", 0.01, 100, sets: .resistance, "The electrical resistance of the winding.")
    static let windingCapacity = Key<JoulesPerKelvin>(
        "winding_capacity_j_k", 0.1, 1_000, sets: .windingCapacity, "The heat that warms the winding by one kelvin.")
    static let housingCapacity = Key<JoulesPerKelvin>(
        "housing_capacity_j_k", 0.5, 10_000, sets: .housingCapacity, "The heat that warms the housing by one kelvin.")
    static let windingToHousing = Key<KelvinsPerWatt>(
        "winding_to_housing_k_w", 0.01, 100, sets: .windingToHousing,
        "How much warmer the winding gets than the housing for each watt.")
    static let housingToAmbient = Key<KelvinsPerWatt>(
        "housing_to_ambient_k_w", 0.01, 100, sets: .housingToAmbient,
        "How much warmer the housing gets than the air for each watt.")
    static let ambient = Key<Celsius>(
        "ambient_c", -20, 60, sets: .ambient, "The warmest air that the robot works in.")
    static let windingLimit = Key<Celsius>(
        "winding_limit_c", 30, 180, sets: .windingLimit,
        "Where the winding must never come; below the point at which the servo shuts itself down.")
    static let leastTimeLeft = Key<Seconds>(
        "least_time_left_s", 0.5, 3_600, sets: .leastTimeLeft,
        "The episode ends when the winding would reach its limit sooner than this.")

    static let group = KeyGroup(
        title: "Heat",
        rows: [
            hottest.row, resistance.row, windingCapacity.row, housingCapacity.row, windingToHousing.row,
            housingToAmbient.row, ambient.row, windingLimit.row, leastTimeLeft.row,
        ])
}

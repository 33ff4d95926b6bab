/// A number that makes one servo what it is. The raw value is its name in files, with its unit at the end.
///
/// Everything is seen from the output: the gear ratio is in the constants and not a number of its own.
public enum MetalParameter: String, CaseIterable, Hashable, Sendable {
    // The motor.
    case windingResistance = "winding_resistance_ohm"
    case torqueConstant = "torque_constant_nm_a"
    case windingTemperatureCoefficient = "winding_temperature_coefficient_per_k"
    case magnetTemperatureCoefficient = "magnet_temperature_coefficient_per_k"
    // The gear.
    case rotorInertia = "rotor_inertia_kg_m2"
    case gearStiffness = "gear_stiffness_nm_rad"
    case gearDamping = "gear_damping_nm_s_rad"
    case backlash = "backlash_rad"
    // Friction.
    case coulombFriction = "coulomb_friction_nm"
    case stribeckFriction = "stribeck_friction_nm"
    case stribeckSpeed = "stribeck_speed_rad_s"
    case stribeckExponent = "stribeck_exponent"
    case viscousFriction = "viscous_friction_nm_s_rad"
    case viscousTemperatureCoefficient = "viscous_temperature_coefficient_per_k"
    case motorLoadFriction = "motor_load_friction"
    case outputLoadFriction = "output_load_friction"
    // Heat.
    case windingCapacity = "winding_capacity_j_k"
    case housingCapacity = "housing_capacity_j_k"
    case windingToHousing = "winding_to_housing_k_w"
    case housingToAmbient = "housing_to_ambient_k_w"
    case temperatureSensorShare = "temperature_sensor_share"
    // Sensors.
    case encoderSteps = "encoder_steps"
    case encoderNoise = "encoder_noise_rad"
    case encoderOffset = "encoder_offset_rad"
    case encoderDelay = "encoder_delay_s"
    case encoderRotorShare = "encoder_rotor_share"
    case speedFilter = "speed_filter_s"
    case speedNoise = "speed_noise_rad_s"
    case currentGain = "current_gain"
    case currentNoise = "current_noise_a"
    // Wear.
    case frictionWear = "friction_wear_per_rad"
    case backlashWear = "backlash_wear_rad_per_rad"
    case wearHeat = "wear_heat_k"
}

/// How far the same parameter of two servos from one box may lie apart.
public enum MetalSpread: Equatable, Sendable {
    /// Up to this share of its value, either way.
    case share(Float)
    /// Up to this much, either way, in the parameter's own unit.
    case amount(Float)

    /// Set by a design and not by its making.
    public static let none = MetalSpread.share(0)
}

extension MetalParameter {
    /// What a parameter may be set to, how much it differs between servos of one kind, and what it means.
    public struct Row: Equatable, Sendable {
        public let range: ClosedRange<Float>
        public let spread: MetalSpread
        public let help: String

        init(_ range: ClosedRange<Float>, _ spread: MetalSpread, _ help: String) {
            self.range = range
            self.spread = spread
            self.help = help
        }
    }

    public var range: ClosedRange<Float> { row.range }
    public var spread: MetalSpread { row.spread }
    public var help: String { row.help }
}

import Quantities
import Supervision

/// The virtual robot.
enum BodyKeys {
    static let file = KeyRow.of(
        .body, "file", .file, .usual("body.xml"), "The links and joints as MJCF, in the folder of this file.")
    static let supply = Key<Volts>(
        in: .body, "supply_v", 1, 100, .optional, "The voltage of the supply; without it the one of the servos' makers."
    )
    static let resistance = Key<Ohms>(
        in: .body, "supply_resistance_ohm", 0, 10, .standard(0.1), "The resistance of supply and cable together.")
    static let ambient = Key<Celsius>(in: .body, "ambient_c", -20, 60, .standard(25), "The air around the robot.")
    static let spread = KeyRow.share(
        .body, "spread", 0, 3, .standard(1), "How far virtual robots differ: 0 not at all, 1 as bought ones do.")
    static let metal = KeyRow.of(
        .body, "metal", .named(.metal), .optional, "Servos that are not as their product usually is, by joint.")

    static let group = KeyGroup(
        title: "The virtual body", rows: [file, supply.row, resistance.row, ambient.row, spread, metal])
}

/// The numbers of a virtual servo, as the room of the bodies has them; a test of the door holds the two lists together.
enum MetalKeys {
    static let product = KeyRow.of(
        .metal, "product", .name, .optional,
        "The product whose numbers hold where none is given; without it the joint's.")

    static let numbers: [KeyRow] = [
        row("winding_resistance_ohm", "Ω", 0.005, 200, "The winding at 25 °C, with cable and bridge."),
        row("torque_constant_nm_a", "N·m/A", 0.001, 50, "The torque of the motor for each ampere, before friction."),
        row(
            "winding_temperature_coefficient_per_k", "1/K", 0, 0.01,
            "How much resistance the winding gains with each kelvin; copper 0.00393."),
        row(
            "magnet_temperature_coefficient_per_k", "1/K", 0, 0.01,
            "How much of its torque constant the motor loses with each kelvin."),
        row("rotor_inertia_kg_m2", "kg·m²", 1e-6, 1, "The inertia of rotor and gear."),
        row(
            "gear_stiffness_nm_rad", "N·m/rad", 0.5, 2_000,
            "The spring of the gear between rotor and output, once its teeth touch."),
        row("gear_damping_nm_s_rad", "N·m·s/rad", 0, 10, "The damper of the gear, while its teeth touch."),
        row("backlash_rad", "rad", 0, 0.2, "How far the output can be turned with the rotor held."),
        row("coulomb_friction_nm", "N·m", 0, 10, "The friction that is always there."),
        row("stribeck_friction_nm", "N·m", 0, 10, "What friction is greater by at rest."),
        row("stribeck_speed_rad_s", "rad/s", 0.01, 100, "Where that has fallen to a third."),
        row("stribeck_exponent", "", 0.5, 20, "How suddenly it falls."),
        row("viscous_friction_nm_s_rad", "N·m·s/rad", 0, 10, "The friction for each rad/s, at 25 °C."),
        row(
            "viscous_temperature_coefficient_per_k", "1/K", 0, 0.1,
            "How much of the viscous friction goes with each kelvin."),
        row("motor_load_friction", "", 0, 0.9, "Friction as a share of the torque of the motor."),
        row("output_load_friction", "", 0, 0.9, "Friction as a share of the torque at the output."),
        row("winding_capacity_j_k", "J/K", 0.01, 1_000, "The heat that warms the winding by one kelvin."),
        row("housing_capacity_j_k", "J/K", 0.1, 10_000, "The heat that warms the rest by one kelvin."),
        row(
            "winding_to_housing_k_w", "K/W", 0.01, 200,
            "What the winding is warmer by than the housing, for each watt in it."),
        row("housing_to_ambient_k_w", "K/W", 0.01, 200, "What the housing is warmer by than the air, for each watt."),
        row("temperature_sensor_share", "", 0, 1, "Where the sensor of heat sits: 0 is the housing, 1 the winding."),
        row("encoder_steps", "", 64, 1_048_576, "The steps of the encoder in a turn."),
        row("encoder_noise_rad", "rad", 0, 0.1, "The standard deviation of a reading, before it becomes steps."),
        row("encoder_offset_rad", "rad", -0.5, 0.5, "What the encoder reads while its joint is at zero."),
        row("encoder_delay_s", "s", 0, 0.015, "The age of the position and speed that the servo knows."),
        row("encoder_rotor_share", "", 0, 1, "Where the encoder sits: 0 is the output, 1 the rotor."),
        row("speed_filter_s", "s", 0, 0.2, "The time constant of the filter behind the servo's speed."),
        row("speed_noise_rad_s", "rad/s", 0, 1, "The standard deviation of a measured speed."),
        row("current_gain", "", 0.5, 2, "What the sensor of current says of one ampere."),
        row("current_noise_a", "A", 0, 1, "The standard deviation of a measured current."),
        row("friction_wear_per_rad", "1/rad", 0, 0.01, "The share of its friction that a radian of travel adds."),
        row("backlash_wear_rad_per_rad", "rad/rad", 0, 0.001, "The backlash that a radian of travel adds."),
        row("wear_heat_k", "K", 1, 1_000, "So far above 40 °C a servo wears twice as fast."),
    ]

    static let group = KeyGroup(title: "The metal of a virtual servo", rows: [product] + numbers)

    private static func row(_ name: String, _ symbol: String, _ low: Float, _ high: Float, _ help: String) -> KeyRow {
        .of(.metal, name, .number(symbol: symbol, low: low, high: high), .optional, help)
    }
}

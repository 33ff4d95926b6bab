/// What `conf enumerate` lists: numbers by name, some of which outlive a power cut.
struct MoteusConfiguration: Equatable, Sendable {
    private(set) var numbers: [Float]

    /// The firmware's defaults.
    init() { numbers = Self.table.map(\.number) }

    static var names: [String] { table.map(\.name) }

    subscript(name: Name) -> Double {
        get { Double(numbers[name.rawValue]) }
        set { numbers[name.rawValue] = Float(newValue) }
    }

    /// The number as the console prints it; nil for a name that is not there.
    func text(of name: String) -> String? {
        guard let place = Self.table.firstIndex(where: { $0.name == name }) else { return nil }
        let number = numbers[place]
        return Self.table[place].isWhole && number.isFinite ? "\(Int(number))" : "\(number)"
    }

    /// Says whether there is such a name.
    mutating func set(_ name: String, to number: Float) -> Bool {
        guard let place = Self.table.firstIndex(where: { $0.name == name }) else { return false }
        numbers[place] = number
        return true
    }

    /// In the order of the table.
    enum Name: Int, CaseIterable, Sendable {
        case id, prefix, stiffness, integral, damping, integralLimit, velocityLimit, accelerationLimit
        case timeout, timeoutTorque, timeoutMode, current, velocity, velocityDerate, voltage, power
        case temperature, temperatureMargin, motorTemperatureEnabled, motorTemperature, positionError, velocityError
        case zeroCapture, lowest, highest, rpmPerVolt, winding, poles, outputRatio
    }

    private static let table: [(name: String, number: Float, isWhole: Bool)] = [
        ("id.id", 1, true), ("can.prefix", 0, true),
        ("servo.pid_position.kp", 4, false), ("servo.pid_position.ki", 1, false),
        ("servo.pid_position.kd", 0.05, false), ("servo.pid_position.ilimit", 0, false),
        ("servo.default_velocity_limit", .nan, false), ("servo.default_accel_limit", 50, false),
        ("servo.default_timeout_s", 0.1, false), ("servo.timeout_max_torque_Nm", 5, false),
        ("servo.timeout_mode", 12, true), ("servo.max_current_A", 100, false),
        ("servo.max_velocity", 500, false), ("servo.max_velocity_derate", 2, false),
        ("servo.max_voltage", 46, false), ("servo.max_power_W", .nan, false),
        ("servo.fault_temperature", 75, false), ("servo.temperature_margin", 25, false),
        ("servo.enable_motor_temperature", 0, true), ("servo.motor_fault_temperature", .nan, false),
        ("servo.fault_position_error", .nan, false), ("servo.fault_velocity_error", .nan, false),
        ("servo.velocity_zero_capture_threshold", 0.05, false),
        ("servopos.position_min", -0.01, false), ("servopos.position_max", 0.01, false),
        ("motor.Kv", 0, false), ("motor.resistance_ohm", 0, false), ("motor.poles", 0, true),
        ("motor_position.rotor_to_output_ratio", 1, false),
    ]
}

public import Quantities

/// A motor with its gear and what hangs on it, everything seen from the output.
public struct MotorSettings: Equatable, Sendable {
    public var inertia: KilogramSquareMetres
    public var torqueConstant: NewtonMetresPerAmpere
    public var winding: Ohms
    public var viscousFriction: NewtonMetreSecondsPerRadian
    public var coulombFriction: NewtonMetres
    /// What gravity pulls with when the link is level. It hangs down at zero.
    public var gravityMoment: NewtonMetres = .zero
    /// Hard ends.
    public var stops: Limit<Radians>?
    public var heatCapacity: JoulesPerKelvin
    public var heatResistance: KelvinsPerWatt
}

extension MotorSettings {
    /// An XL330-M288 with nothing on it. Data sheet at 5 V: 0.52 N·m and 1.47 A stalled, 103 rpm free.
    public static let xl330 = MotorSettings(
        inertia: KilogramSquareMetres(1.2e-3), torqueConstant: NewtonMetresPerAmpere(0.42), winding: Ohms(3.4),
        viscousFriction: NewtonMetreSecondsPerRadian(0.002), coulombFriction: NewtonMetres(0.08),
        heatCapacity: JoulesPerKelvin(12), heatResistance: KelvinsPerWatt(14))

    /// An STS3215 with nothing on it. Data sheet at 7.4 V: 1.9 N·m and 2.5 A stalled, about 52 rpm free.
    public static let sts3215 = MotorSettings(
        inertia: KilogramSquareMetres(4e-3), torqueConstant: NewtonMetresPerAmpere(1.1), winding: Ohms(3),
        viscousFriction: NewtonMetreSecondsPerRadian(0.01), coulombFriction: NewtonMetres(0.3),
        heatCapacity: JoulesPerKelvin(35), heatResistance: KelvinsPerWatt(9))

    /// A brushless motor of 304 rpm a volt without a gear, as moteus kits have it, with a short arm on it.
    public static let moteusKit = MotorSettings(
        inertia: KilogramSquareMetres(4e-4), torqueConstant: NewtonMetresPerAmpere(0.024_5), winding: Ohms(0.05),
        viscousFriction: NewtonMetreSecondsPerRadian(0.005), coulombFriction: NewtonMetres(0.003),
        heatCapacity: JoulesPerKelvin(35), heatResistance: KelvinsPerWatt(9))

    /// An XM430-W350 with nothing on it. Data sheet at 12 V: 4.1 N·m and 2.3 A stalled, 46 rpm free.
    public static let xm430 = MotorSettings(
        inertia: KilogramSquareMetres(9e-3), torqueConstant: NewtonMetresPerAmpere(2.2), winding: Ohms(5.2),
        viscousFriction: NewtonMetreSecondsPerRadian(0.02), coulombFriction: NewtonMetres(0.5),
        heatCapacity: JoulesPerKelvin(50), heatResistance: KelvinsPerWatt(7))
}

/// What feeds the motors of one bus.
public struct SupplySettings: Equatable, Sendable {
    public var voltage: Volts
    /// Of the cable and the supply together: the voltage sags when the motors pull.
    public var resistance: Ohms
    public var ambient: Celsius

    public init(voltage: Volts, resistance: Ohms = Ohms(0.1), ambient: Celsius = Celsius(25)) {
        self.voltage = voltage
        self.resistance = resistance
        self.ambient = ambient
    }
}

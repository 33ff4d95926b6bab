public import Quantities

/// What is known of one joint at this tick, and how old that is.
public struct JointReading: Equatable, Sendable {
    public var position: Radians
    public var speed: RadiansPerSecond
    public var effort: NewtonMetres
    public var current: Amperes
    public var temperature: Celsius
    public var voltage: Volts
    /// Since position, speed, effort and current were sampled.
    public var motionAge: Seconds
    public var temperatureAge: Seconds
    public var voltageAge: Seconds

    public init(
        position: Radians, speed: RadiansPerSecond, effort: NewtonMetres, current: Amperes, temperature: Celsius,
        voltage: Volts, motionAge: Seconds, temperatureAge: Seconds, voltageAge: Seconds
    ) {
        self.position = position
        self.speed = speed
        self.effort = effort
        self.current = current
        self.temperature = temperature
        self.voltage = voltage
        self.motionAge = motionAge
        self.temperatureAge = temperatureAge
        self.voltageAge = voltageAge
    }

    /// Ages are not asked: one that is not a number is not below its limit, and so stale.
    var isFinite: Bool {
        position.isFinite && speed.isFinite && effort.isFinite && current.isFinite && temperature.isFinite
            && voltage.isFinite
    }
}

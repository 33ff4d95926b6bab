public import Quantities

/// The limits of one joint. Every name that says nothing else bounds the command; measured bounds are wider.
public struct JointEnvelope: Equatable, Sendable {
    public var drive: Drive
    /// Measured; commands stay inside it by `softening`.
    public var position: Limit<Radians>
    /// Over this distance before a limit, commands towards it fade out.
    public var softening: Radians
    public var speed: RadiansPerSecond
    /// The measured speed that is a fault.
    public var overspeed: RadiansPerSecond
    public var acceleration: RadiansPerSecondSquared
    /// What the joint's brake surely reaches; at most `acceleration`.
    public var stoppingDeceleration: RadiansPerSecondSquared
    public var effort: NewtonMetres
    /// The measured effort that is a fault.
    public var overEffort: NewtonMetres
    public var effortSlew: NewtonMetresPerSecond
    /// How far a position command may lead the measurement.
    public var lead: Radians
    /// How far a measurement may be from the last position command; beyond it is a fault.
    public var tracking: Radians
    /// What a position may change between two ticks beside what speed explains.
    public var jumpAllowance: Radians
    /// Below this measured speed the joint rests.
    public var rest: RadiansPerSecond
    public var park: Radians
    public var parkTolerance: Radians
    public var hottest: Celsius
    public var voltage: Limit<Volts>
    public var oldestMotion: Seconds
    public var oldestTemperature: Seconds
    public var oldestVoltage: Seconds
    public var motor: MotorHeat

    public init(
        drive: Drive, position: Limit<Radians>, softening: Radians, speed: RadiansPerSecond,
        overspeed: RadiansPerSecond, acceleration: RadiansPerSecondSquared,
        stoppingDeceleration: RadiansPerSecondSquared, effort: NewtonMetres, overEffort: NewtonMetres,
        effortSlew: NewtonMetresPerSecond, lead: Radians, tracking: Radians, jumpAllowance: Radians,
        rest: RadiansPerSecond, park: Radians, parkTolerance: Radians, hottest: Celsius, voltage: Limit<Volts>,
        oldestMotion: Seconds, oldestTemperature: Seconds, oldestVoltage: Seconds, motor: MotorHeat
    ) {
        self.drive = drive
        self.position = position
        self.softening = softening
        self.speed = speed
        self.overspeed = overspeed
        self.acceleration = acceleration
        self.stoppingDeceleration = stoppingDeceleration
        self.effort = effort
        self.overEffort = overEffort
        self.effortSlew = effortSlew
        self.lead = lead
        self.tracking = tracking
        self.jumpAllowance = jumpAllowance
        self.rest = rest
        self.park = park
        self.parkTolerance = parkTolerance
        self.hottest = hottest
        self.voltage = voltage
        self.oldestMotion = oldestMotion
        self.oldestTemperature = oldestTemperature
        self.oldestVoltage = oldestVoltage
        self.motor = motor
    }

    /// The positions that may be commanded.
    public var commanded: (low: Radians, high: Radians) { (position.low + softening, position.high - softening) }
}

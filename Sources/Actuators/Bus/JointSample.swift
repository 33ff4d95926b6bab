public import Ports
public import Quantities

/// What a joint is to do. To let go of it is no goal: that is `disarm`.
public enum JointGoal: Equatable, Sendable {
    case position(Radians)
    case speed(RadiansPerSecond)
    case effort(NewtonMetres)
}

/// What an actuator said of its joint, in one answer.
public struct JointSample: Equatable, Sendable {
    public var position: Radians
    public var speed: RadiansPerSecond
    public var pull: ActuatorPull
    public var effort: NewtonMetres
    public var voltage: Volts
    public var temperature: Celsius
    /// The goal that the actuator says it follows; nil when it does not tell.
    public var acknowledged: JointGoal?
    /// Whether the motor is driven. A robot that is limp although it should not be is found here.
    public var isDriven: Bool
    public var watchdog: WatchdogState
    /// What the actuator complains about, as its maker numbers it; 0 is nothing.
    public var alarm: UInt32
    /// The actuator's own clock; it wraps, and it starts again with the actuator.
    public var deviceClock: Seconds?
    /// When the actuator sampled this: half way between the end of the request and the first byte of the answer.
    public var instant: MonotonicInstant

    public init(
        position: Radians, speed: RadiansPerSecond, pull: ActuatorPull, effort: NewtonMetres, voltage: Volts,
        temperature: Celsius, acknowledged: JointGoal? = nil, isDriven: Bool, watchdog: WatchdogState,
        alarm: UInt32 = 0, deviceClock: Seconds? = nil, instant: MonotonicInstant
    ) {
        self.position = position
        self.speed = speed
        self.pull = pull
        self.effort = effort
        self.voltage = voltage
        self.temperature = temperature
        self.acknowledged = acknowledged
        self.isDriven = isDriven
        self.watchdog = watchdog
        self.alarm = alarm
        self.deviceClock = deviceClock
        self.instant = instant
    }
}

extension JointSample {
    /// Before the first answer: nothing in it is a number, and nothing compares well with that.
    public static let unknown = JointSample(
        position: Radians(.nan), speed: RadiansPerSecond(.nan), pull: .load(Duty(.nan)), effort: NewtonMetres(.nan),
        voltage: Volts(.nan), temperature: Celsius(.nan), isDriven: false, watchdog: .off, instant: .past)
}

/// Whether an actuator would stop by itself if it heard nothing more.
public enum WatchdogState: Equatable, Sendable {
    /// It has none.
    case absent
    case off
    case armed
    /// It has stopped the actuator.
    case tripped
}

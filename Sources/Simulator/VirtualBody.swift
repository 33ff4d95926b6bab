public import Quantities

/// What a servo's electronics make of its motor for the next moment.
public enum MotorDrive: Equatable, Sendable {
    /// The bridge is open: the motor turns freely.
    case off
    /// The motor's own current, as far as the supply allows it.
    case current(Amperes)
    /// A share of the supply voltage.
    case duty(Duty)
}

/// What a servo's own sensors find at its motor and output, without any fault of theirs.
public struct MotorState: Equatable, Sendable {
    /// Of the output, whole turns included.
    public var position: Radians
    public var speed: RadiansPerSecond
    public var current: Amperes
    public var voltage: Volts
    public var temperature: Celsius

    public init(
        position: Radians, speed: RadiansPerSecond, current: Amperes, voltage: Volts, temperature: Celsius
    ) {
        self.position = position
        self.speed = speed
        self.current = current
        self.voltage = voltage
        self.temperature = temperature
    }
}

/// What is wrong with the metal of one joint.
public struct MetalCondition: OptionSet, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The output does not move, whatever pulls at it.
    public static let stuck = MetalCondition(rawValue: 1)
    /// The teeth of the gear do not meet: the motor turns and the output does not feel it.
    public static let slipping = MetalCondition(rawValue: 2)
}

/// The metal behind a virtual bus: motors, gears and whatever hangs on them. It alone knows physics.
public protocol VirtualBody: Sendable {
    var jointCount: Int { get }

    func state(of joint: Int) -> MotorState

    /// What a sensor beside the servos measures: metres or radians. Nil where there is none.
    func measurement(of sensor: Int) -> Float?

    /// Lets time pass with every motor driven as said; one drive for each joint.
    mutating func advance(by time: Seconds, drives: Span<MotorDrive>)

    /// Breaks or mends a joint, from now on.
    mutating func set(_ condition: MetalCondition, of joint: Int)

    /// Lays hands on a joint, or dirt into it, from now on.
    mutating func set(_ touch: JointTouch, of joint: Int)
}

extension VirtualBody {
    /// Bodies of servos only.
    public func measurement(of sensor: Int) -> Float? { nil }
}

public import BoardLink
public import Quantities

/// What the sensors of one joint say at one tick.
public struct JointMeasurement: Equatable, Sendable {
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

    /// Before anything was measured.
    static var nothing: JointMeasurement {
        JointMeasurement(
            position: .zero, speed: .zero, current: Amperes(0), voltage: Volts(0), temperature: Celsius(25))
    }
}

/// Everything that a board measures at one tick.
public struct BoardMeasurement: Sendable {
    private var joints = InlineArray<4, JointMeasurement>(repeating: .nothing)
    private var counts = InlineArray<4, Int32?>(repeating: nil)
    /// The level of the emergency stop input.
    public var isStopPressed = false
    /// The power stage says that it is broken.
    public var isStageBroken = false

    public init() {}

    public subscript(joint: BoardJoint) -> JointMeasurement { joints[Int(joint.rawValue)] }
    public subscript(input: BoardInput) -> Int32? { counts[Int(input.rawValue)] }

    public mutating func set(_ joint: BoardJoint, to measured: JointMeasurement) {
        joints[Int(joint.rawValue)] = measured
    }

    public mutating func set(_ input: BoardInput, to count: Int32?) { counts[Int(input.rawValue)] = count }
}

/// How the power stage of one joint is driven until the next tick.
public enum StageDrive: Equatable, Sendable {
    /// The bridge is open: the motor turns freely.
    case off
    case current(Amperes)
}

/// One drive for each joint.
public struct StageDrives: Sendable {
    private var drives = InlineArray<4, StageDrive>(repeating: .off)

    public init() {}

    public subscript(joint: BoardJoint) -> StageDrive { drives[Int(joint.rawValue)] }

    public mutating func set(_ joint: BoardJoint, to drive: StageDrive) { drives[Int(joint.rawValue)] = drive }

    public static var off: StageDrives { StageDrives() }
}

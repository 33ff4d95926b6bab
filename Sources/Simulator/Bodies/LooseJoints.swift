public import Quantities

/// Motors that have nothing to do with each other but the supply: the body of a bus on a bench.
///
/// The same steps give the same bits on every machine.
public struct LooseJoints: VirtualBody {
    private let supply: SupplySettings
    private var joints: [LooseJoint]
    private var voltage: Double

    public init(_ motors: [MotorSettings], supply: SupplySettings) {
        self.supply = supply
        voltage = Double(supply.voltage.value)
        joints = motors.map { LooseJoint($0, at: 0, temperature: Double(supply.ambient.value)) }
    }

    /// XL330 on the 5 V of their board.
    public static func xl330(_ count: Int) -> LooseJoints {
        LooseJoints([MotorSettings](repeating: .xl330, count: count), supply: SupplySettings(voltage: Volts(5)))
    }

    /// STS3215 of the 7.4 V kind.
    public static func sts3215(_ count: Int) -> LooseJoints {
        LooseJoints([MotorSettings](repeating: .sts3215, count: count), supply: SupplySettings(voltage: Volts(7.4)))
    }

    public var jointCount: Int { joints.count }

    public func state(of joint: Int) -> MotorState {
        let joint = joints[joint]
        return MotorState(
            position: Radians(Float(joint.position)), speed: RadiansPerSecond(Float(joint.speed)),
            current: Amperes(Float(joint.current)), voltage: Volts(Float(voltage)),
            temperature: Celsius(Float(joint.temperature)))
    }

    public mutating func advance(by time: Seconds, drives: Span<MotorDrive>) {
        guard drives.count == joints.count else { preconditionFailure("one drive for each joint") }
        let ambient = Double(supply.ambient.value)
        for joint in joints.indices {
            joints[joint].advance(by: Double(time.value), drive: drives[joint], supply: voltage, ambient: ambient)
        }
        // What they drew in this step is missing in the next one.
        let drawn = joints.reduce(0) { $0 + $1.drawn }
        voltage = max(0, Double(supply.voltage.value) - Double(supply.resistance.value) * drawn)
    }

    public mutating func set(_ condition: MetalCondition, of joint: Int) { joints[joint].condition = condition }

    public mutating func set(_ touch: JointTouch, of joint: Int) { joints[joint].touch = touch }
}

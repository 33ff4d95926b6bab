public import Quantities
public import Robots
internal import Supervision

/// What the loop knows of its robot beside the envelope.
public struct LoopSettings: Sendable {
    /// The current of each motor at full duty and at rest, for actuators that tell a load and no current. The load of a
    /// turning motor draws less, so the heat model errs on the hot side.
    public var currentAtFullDuty: PerJoint<Amperes>
    /// What an ampere comes to at each joint, for actuators that tell their effort and no current.
    public var torquePerAmpere: PerJoint<NewtonMetres>
    /// What is measured beside the joints, in the order of the robot's file.
    public var sensors: [LoopSensor]
    /// Whether a dead-man switch has to be held while the robot moves.
    public var needsDeadMan: Bool
    /// What a tick may spend on reading, as a share of its period; the rest is for the answer.
    public var readingShare: Double
    /// The SCHED_FIFO priority; nil for a loop that runs as an ordinary thread.
    public var priority: Int32?
    /// How long, in the machine's time, a tick waits for whoever takes ticks out, and everybody behind it for the next one.
    /// Zero for a robot whose time goes on by itself: there what finds no room is left out, and counted. In lockstep the
    /// robot stands still meanwhile, and nothing has to be lost.
    public var patience = Duration.zero

    public init(
        currentAtFullDuty: PerJoint<Amperes> = PerJoint(repeating: Amperes(.nan)),
        torquePerAmpere: PerJoint<NewtonMetres> = PerJoint(repeating: NewtonMetres(.nan)), sensors: [LoopSensor] = [],
        needsDeadMan: Bool = false, readingShare: Double = 0.6, priority: Int32? = nil
    ) {
        guard readingShare > 0, readingShare < 1 else { preconditionFailure("a share lies between 0 and 1") }
        self.currentAtFullDuty = currentAtFullDuty
        self.torquePerAmpere = torquePerAmpere
        self.sensors = Array(sensors.prefix(SensorReadings.count))
        self.needsDeadMan = needsDeadMan
        self.readingShare = readingShare
        self.priority = priority
    }
}

extension LoopSettings {
    /// What a robot's files say. The current of a motor at full duty is the most that the envelope's supply can drive
    /// through its winding.
    public init(for robot: Robot, needsDeadMan: Bool = false, priority: Int32? = nil) {
        self.init(sensors: robot.file.sensors.map { LoopSensor($0) }, needsDeadMan: needsDeadMan, priority: priority)
        let envelope = robot.envelope.envelope
        for (place, joint) in zip(UInt8(0)..., robot.file.joints) {
            guard let index = envelope.count.joint(at: place) else { continue }
            switch joint.torque {
            case .perAmpere(let torque): torquePerAmpere[index] = torque
            case .atFullDuty:
                let limits = envelope.joints[index]
                currentAtFullDuty[index] = Amperes(limits.voltage.high.value / limits.motor.resistance.value)
            case .known: break
            }
        }
    }
}

/// A sensor beside the joints: which input of the bus it hangs on, and what its counts mean.
public struct LoopSensor: Equatable, Sendable {
    /// Nil for one that only a model or a virtual body has.
    public let channel: UInt8?
    private let scale: Double
    private let offset: Double
    private let range: ClosedRange<Double>

    public init(_ sensor: RobotFile.Sensor) {
        channel = sensor.channel
        (scale, offset, range) = (sensor.scale, sensor.offset, sensor.range)
    }

    /// Not a number for what cannot be true.
    @_noAllocation @_noLocks
    public func value(ofCounts counts: Int32) -> Float {
        let value = Double(counts) * scale + offset
        return value >= range.lowerBound && value <= range.upperBound ? Float(value) : .nan
    }
}

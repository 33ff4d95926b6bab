public import Quantities

/// The limits of the whole robot.
public struct RobotEnvelope: Equatable, Sendable {
    /// The time from one tick to the next, as planned.
    public var period: Seconds
    /// A tick that comes later than this after the one before is late.
    public var deadline: Seconds
    /// Late ticks in a row until the robot holds, and until it stops.
    public var lateTicksToHold: Ticks
    public var lateTicksToStop: Ticks
    /// From a measurement until the joint obeys the command that answers it.
    public var reaction: Seconds
    /// The mechanical power of all joints together.
    public var power: Watts
    /// The mechanical energy of all joints together, in joules.
    public var energy: Allowance
    /// How much all commands together may change in one tick, in full ranges of a joint.
    public var commandRate: Float
    /// The same in real time, in full ranges of a joint.
    public var commandTravel: Allowance
    public var parkSpeed: RadiansPerSecond
    public var tube: TubeRules
    public var times: LadderTimes
    /// The longest episode that a permit may allow.
    public var horizon: Ticks

    public init(
        period: Seconds, deadline: Seconds, lateTicksToHold: Ticks, lateTicksToStop: Ticks, reaction: Seconds,
        power: Watts, energy: Allowance, commandRate: Float, commandTravel: Allowance, parkSpeed: RadiansPerSecond,
        tube: TubeRules, times: LadderTimes, horizon: Ticks
    ) {
        self.period = period
        self.deadline = deadline
        self.lateTicksToHold = lateTicksToHold
        self.lateTicksToStop = lateTicksToStop
        self.reaction = reaction
        self.power = power
        self.energy = energy
        self.commandRate = commandRate
        self.commandTravel = commandTravel
        self.parkSpeed = parkSpeed
        self.tube = tube
        self.times = times
        self.horizon = horizon
    }
}

/// Everything that the supervisor knows of what a robot may do. One that exists makes sense; its identity is the hash
/// that approvals are bound to.
public struct Envelope: Sendable {
    public let identity: Digest
    public let robot: RobotEnvelope
    public let count: JointCount
    public let joints: PerJoint<JointEnvelope>

    /// Nil when any limit contradicts itself or another; `Defects` lists them all at once.
    public init?(identity: Digest, robot: RobotEnvelope, count: JointCount, joints: PerJoint<JointEnvelope>) {
        var isSound = Defects(of: robot).isEmpty
        var position: UInt8 = 0
        while let joint = count.joint(at: position) {
            isSound = Defects(of: joints[joint], on: robot).isEmpty && isSound
            position += 1
        }
        guard isSound else { return nil }
        self.identity = identity
        self.robot = robot
        self.count = count
        self.joints = joints
    }
}

public import Ports
public import Quantities

/// The actuators of one robot on one line, whatever language they speak.
///
/// A bus says what the wire said. It knows no limit and takes no decision about motion, with two exceptions that belong
/// to the wire: it sends no goal to an actuator that is not armed, and none that its numbers cannot express.
/// What is called every tick allocates nothing.
public protocol Bus: ~Copyable, Sendable {
    var joints: JointCount { get }
    var counters: BusCounters { get }
    /// The bytes behind the counters.
    var portCounters: PortCounters { get }
    var timing: BusTiming { get }
    /// The clock that deadlines are told by: the machine's, or that of a virtual robot in lockstep.
    var now: MonotonicInstant { get }
    /// What guards the actuators when their host falls silent.
    var watchdog: WatchdogKind { get }
    var isArmed: Bool { get }
    /// Joints whose actuator has complained since the last `clear`.
    var latched: JointSet { get }

    /// Looks at every device and lists everything that is wrong. Nothing moves.
    mutating func identify(by deadline: MonotonicInstant) throws(BusError) -> [DeviceFinding]

    /// Which devices answered at the last `identify`, one for each joint whose device did.
    var passports: [DevicePassport] { get }

    /// Refuses wrong devices, switches every motor off and sets the actuators up, so that their states can be read.
    mutating func prepare(by deadline: MonotonicInstant) throws(BusError)

    /// Asks all joints; what did not answer keeps its old sample. Says who answered.
    mutating func readStates(
        into samples: inout PerJoint<JointSample>, by deadline: MonotonicInstant
    ) throws(BusError) -> JointSet

    /// What an input beside the joints read at the last `readStates`; nil where there is none, or none that could tell.
    func reading(ofInput channel: UInt8) -> InputReading?

    /// Sends every joint its goal. That the goals arrived shows in the next samples.
    mutating func writeGoals(_ goals: borrowing PerJoint<JointGoal>, by deadline: MonotonicInstant) throws(BusError)

    /// Prepares every actuator, makes its present state its goal, switches it on and lets its watchdog prove itself.
    /// Every step is read back; whatever fails leaves the robot disarmed. Takes some tenths of a second.
    mutating func arm(by deadline: MonotonicInstant) throws(BusError)

    /// Lets time pass on that clock until the next tick; returns at once when the instant has passed.
    mutating func sleep(until instant: MonotonicInstant) throws(BusError)

    /// Switches every motor off and reads back that it is off.
    mutating func disarm(by deadline: MonotonicInstant) throws(BusError)

    /// Where it is in the numbers that go round from one request to the next: all that it carries from before into `arm`.
    var rotation: UInt32 { get }

    /// Goes on from there, to say again what was said then.
    mutating func resume(at rotation: UInt32)

    /// Takes complaints away, for a person who has seen them: the actuators start again, switched off.
    mutating func clear(by deadline: MonotonicInstant) throws(BusError)
}

extension Bus where Self: ~Copyable {
    /// Of a bus whose devices have nothing to say of themselves.
    public var passports: [DevicePassport] { [] }

    /// Of a bus whose requests bear no numbers.
    public var rotation: UInt32 { 0 }

    public mutating func resume(at rotation: UInt32) {}

    /// Buses of servos only.
    public func reading(ofInput channel: UInt8) -> InputReading? { nil }
}

/// What a sensor beside the joints has counted, and when; the robot's folder says what a count means.
public struct InputReading: Equatable, Sendable {
    public let counts: Int32
    public let instant: MonotonicInstant
}

/// What stops an actuator whose host has died.
public enum WatchdogKind: Equatable, Sendable {
    /// Each actuator stops by itself after so much silence.
    case actuators(Seconds)
    /// Nothing: the last goal stays in force. Such a bus needs a bridge board or a relay for unattended work.
    case none
}

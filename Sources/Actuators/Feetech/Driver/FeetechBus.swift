public import Ports
public import Quantities

/// A robot of Feetech servos with magnetic encoders on one line.
///
/// One request a tick brings the state and the goals of all joints, and one packet without an answer sends all goals.
/// These servos have no watchdog: whoever lets go of them leaves them driven.
public struct FeetechBus<Port: BytePort & ~Copyable>: Bus, ~Copyable {
    public let joints: JointCount
    let setup: [Feetech.Joint]
    var master: Feetech.Master<Port>
    /// What a step of speed is in each servo; known after `identify`.
    var units: [Feetech.Units]
    var trackers = PerJoint(repeating: Feetech.Tracker())
    var habits = PerJoint(repeating: Feetech.Habit())
    /// What the transaction under way has brought.
    var staged = PerJoint<Feetech.Window?>(repeating: nil)
    public internal(set) var passports: [DevicePassport] = []
    var isPrepared = false
    public internal(set) var isArmed = false
    public internal(set) var latched = JointSet()

    /// Nil without joints, with too many, or with two of one number.
    public init?(
        _ port: consuming Port, rate: BaudRate?, joints setup: [Feetech.Joint], patience: Duration = .milliseconds(20)
    ) {
        guard let joints = UInt8(exactly: setup.count).flatMap(JointCount.init),
            Set(setup.map(\.id)).count == setup.count
        else { return nil }
        self.joints = joints
        self.setup = setup
        units = Array(repeating: Feetech.Units(phase: 0), count: setup.count)
        master = Feetech.Master(port, rate: rate, patience: patience)
    }

    public var counters: BusCounters { master.counters }
    public var portCounters: PortCounters { master.portCounters }
    public var now: MonotonicInstant { master.now }

    public mutating func sleep(until instant: MonotonicInstant) throws(BusError) {
        do throws(PortError) { try master.sleep(until: instant) } catch { throw .port(error) }
    }

    public var rotation: UInt32 { master.rotation }
    public mutating func resume(at rotation: UInt32) { master.rotation = rotation }

    public var timing: BusTiming { master.timing }
    public var watchdog: WatchdogKind { .none }

    func servo(_ joint: JointIndex) -> Feetech.Joint { setup[Int(joint.rawValue)] }

    func units(_ joint: JointIndex) -> Feetech.Units { units[Int(joint.rawValue)] }

    func joint(of id: Feetech.ServoID) -> JointIndex? {
        var index: UInt8 = 0
        while let joint = joints.joint(at: index) {
            if servo(joint).id == id { return joint }
            index += 1
        }
        return nil
    }

    /// The same failure, with the joint instead of the number.
    func busError(_ failure: Feetech.MasterFailure) -> BusError {
        switch failure {
        case .port(let error): .port(error)
        case .tooLong: .tooLong
        case .silent(let id), .garbled(let id): joint(of: id).map { .silent(JointSet($0)) } ?? .silent(JointSet())
        case .forbidden(let id, _), .persistent(let id, _):
            joint(of: id).map(BusError.unsupported) ?? .silent(JointSet())
        case .notTaken(let id, let register, let wrote, let found):
            joint(of: id).map {
                .notTaken($0, register: UInt16(register), wrote: Int64(wrote), found: Int64(found))
            } ?? .silent(JointSet())
        }
    }

    /// Asks the master, and says what went wrong in terms of the robot.
    mutating func ask<Answer>(
        _ question: (inout Feetech.Master<Port>) throws(Feetech.MasterFailure) -> Answer
    ) throws(BusError) -> Answer {
        do throws(Feetech.MasterFailure) { return try question(&master) } catch { throw busError(error) }
    }

    mutating func set(
        _ item: Feetech.Item, of joint: JointIndex, to number: Int32, by deadline: MonotonicInstant
    ) throws(BusError) {
        let id = servo(joint).id
        try ask { (master) throws(Feetech.MasterFailure) in try master.set(number, in: item, of: id, by: deadline) }
    }
}

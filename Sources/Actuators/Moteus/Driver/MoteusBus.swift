public import Ports
public import Quantities

/// A robot of moteus controllers behind one adapter.
///
/// Every tick one frame asks each controller for everything and one commands it; all lines of a tick leave together.
/// Every command brings its own watchdog and torque limit.
public struct MoteusBus<Port: BytePort & ~Copyable>: Bus, ~Copyable {
    public let joints: JointCount
    let setup: [Moteus.Joint]
    let settings: Moteus.DriverSettings
    var master: Moteus.Master<Port>
    /// What the transaction under way has brought.
    var staged = PerJoint<Moteus.Payload?>(repeating: nil)
    /// Since when each controller has been running, as far as its clock says.
    var uptimes = PerJoint(repeating: Moteus.Uptime())
    /// The next command of each joint.
    var outgoing = PerJoint(repeating: Moteus.Payload())
    public internal(set) var passports: [DevicePassport] = []
    var isPrepared = false
    public internal(set) var isArmed = false
    public internal(set) var latched = JointSet()

    /// Nil without joints, with too many, or with two of one number.
    public init?(
        _ port: consuming Port, rate: BaudRate?, hasChecksum: Bool, joints setup: [Moteus.Joint],
        settings: Moteus.DriverSettings = .standard, patience: Duration = .milliseconds(20)
    ) {
        guard let joints = UInt8(exactly: setup.count).flatMap(JointCount.init),
            Set(setup.map(\.id)).count == setup.count
        else { return nil }
        self.joints = joints
        self.setup = setup
        self.settings = settings
        master = Moteus.Master(port, rate: rate, hasChecksum: hasChecksum, patience: patience)
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
    public var watchdog: WatchdogKind { .actuators(settings.watchdog) }

    func controller(_ joint: JointIndex) -> Moteus.Joint { setup[Int(joint.rawValue)] }

    func joint(of id: Moteus.ControllerID) -> JointIndex? {
        var index: UInt8 = 0
        while let joint = joints.joint(at: index) {
            if controller(joint).id == id { return joint }
            index += 1
        }
        return nil
    }

    /// The same failure, with the joint instead of the number.
    func busError(_ failure: Moteus.MasterFailure) -> BusError {
        switch failure {
        case .port(let error): .port(error)
        case .tooLong: .tooLong
        case .silent(let id), .garbled(let id): joint(of: id).map { .silent(JointSet($0)) } ?? .silent(JointSet())
        case .refused(let id, _, let code):
            joint(of: id).map { .refused($0, code: UInt8(truncatingIfNeeded: code)) } ?? .silent(JointSet())
        }
    }

    /// Asks the master, and says what went wrong in terms of the robot.
    mutating func ask<Answer>(
        _ question: (inout Moteus.Master<Port>) throws(Moteus.MasterFailure) -> Answer
    ) throws(BusError) -> Answer {
        do throws(Moteus.MasterFailure) { return try question(&master) } catch { throw busError(error) }
    }
}

extension Moteus.Master where Port: ~Copyable {
    /// Stops them all without waiting for any.
    mutating func stopAll(
        _ controllers: [Moteus.Joint], by deadline: MonotonicInstant
    ) throws(MasterFailure) {
        try writeStop(controllers, by: deadline)
        _ = try send(by: deadline)
    }

    /// Whoever lets go of an armed bus has met an error on the way; the motors do not stay on for it.
    mutating func stopAllInTheEnd(
        _ controllers: [Moteus.Joint], by deadline: MonotonicInstant
    ) throws(MasterFailure) {
        try writeStop(controllers, by: deadline)
        setLastWords()
    }

    private mutating func writeStop(
        _ controllers: [Moteus.Joint], by deadline: MonotonicInstant
    ) throws(MasterFailure) {
        let payload = try Self.payload(.stopped)
        begin(isRetry: true)
        for controller in controllers { try add(payload, to: controller.id, wantsReply: false, by: deadline) }
    }
}

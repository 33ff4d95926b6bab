public import Ports
public import Quantities

extension Dynamixel {
    /// What a robot's description says of one joint's servo.
    public struct Joint: Equatable, Sendable {
        public let id: ServoID
        public let model: Model
        public let mode: OperatingMode
        public let mounting: JointMounting
        /// The most that the servo may pull on its way to a position, in the mode that limits it.
        public let currentLimit: Amperes?

        /// Nil when the model does not know the mode, or cannot tell torque the way the mounting says.
        public init?(
            id: ServoID, model: Model, mode: OperatingMode, mounting: JointMounting, currentLimit: Amperes? = nil
        ) {
            let isPerAmpere = if case .perAmpere = mounting.torque { true } else { false }
            guard model.allows(mode), isPerAmpere == model.hasCurrentSensor else { return nil }
            guard mode != .currentBasedPosition || currentLimit.flatMap({ model.raw($0) }) != nil else { return nil }
            self.id = id
            self.model = model
            self.mode = mode
            self.mounting = mounting
            self.currentLimit = currentLimit
        }
    }

    /// A robot's servos on one line.
    public struct DriverSettings: Equatable, Sendable {
        /// How long the servos wait for a word from the host before they stop; 20 ms to 2.54 s.
        public var watchdog: BusWatchdog
        /// How long a servo takes to start again.
        public var bootTime: Duration

        public init(watchdog: BusWatchdog = .armed(steps: 5), bootTime: Duration = .milliseconds(500)) {
            self.watchdog = watchdog
            self.bootTime = bootTime
        }
    }
}

/// A robot of Dynamixel servos (Protocol 2.0).
///
/// One request a tick brings the state of all joints, and one packet without an answer sends all goals.
public struct DynamixelBus<Port: BytePort & ~Copyable>: Bus, ~Copyable {
    public let joints: JointCount
    let setup: [Dynamixel.Joint]
    let settings: Dynamixel.DriverSettings
    var master: Dynamixel.Master<Port>
    /// What the servos said they run; known after `identify`.
    var firmware: [Dynamixel.Firmware?]
    var plan = Dynamixel.CyclePlan()
    public internal(set) var isArmed = false
    public internal(set) var latched = JointSet()

    /// Nil without joints, with too many, or with two of one number.
    public init?(
        _ port: consuming Port, rate: BaudRate?, joints setup: [Dynamixel.Joint],
        settings: Dynamixel.DriverSettings = Dynamixel.DriverSettings(), patience: Duration = .milliseconds(20)
    ) {
        guard let joints = UInt8(exactly: setup.count).flatMap(JointCount.init),
            Set(setup.map(\.id)).count == setup.count
        else { return nil }
        self.joints = joints
        self.setup = setup
        self.settings = settings
        firmware = Array(repeating: nil, count: setup.count)
        master = Dynamixel.Master(port, rate: rate, patience: patience)
    }

    public var counters: BusCounters { master.counters }
    public var portCounters: PortCounters { master.portCounters }
    public var now: MonotonicInstant { master.now }

    public mutating func sleep(until instant: MonotonicInstant) throws(BusError) {
        do throws(PortError) { try master.sleep(until: instant) } catch { throw .port(error) }
    }

    public var timing: BusTiming { master.timing }
    public var watchdog: WatchdogKind { settings.watchdog.silence.map(WatchdogKind.actuators) ?? .none }

    func servo(_ joint: JointIndex) -> Dynamixel.Joint { setup[Int(joint.rawValue)] }

    func joint(of id: Dynamixel.ServoID) -> JointIndex? {
        setup.firstIndex { $0.id == id }.flatMap { JointIndex(UInt8($0)) }
    }

    /// The same failure, with the joint instead of the number.
    func busError(_ failure: Dynamixel.ServoFailure) -> BusError {
        switch failure {
        case .port(let error): .port(error)
        case .tooLong: .tooLong
        case .silent(let id), .garbled(let id), .wrongWidth(let id, _, _):
            joint(of: id).map { .silent(JointSet($0)) } ?? .silent(JointSet())
        case .refused(let id, let reason):
            joint(of: id).map { .refused($0, code: reason.code) } ?? .silent(JointSet())
        case .notTaken(let id, let register, let wrote, let found):
            joint(of: id).map { .notTaken($0, register: register, wrote: wrote, found: found) } ?? .silent(JointSet())
        }
    }

    /// Asks the master, and says what went wrong in terms of the robot.
    mutating func ask<Answer>(
        _ question: (inout Dynamixel.Master<Port>) throws(Dynamixel.ServoFailure) -> Answer
    ) throws(BusError) -> Answer {
        do throws(Dynamixel.ServoFailure) { return try question(&master) } catch { throw busError(error) }
    }
}

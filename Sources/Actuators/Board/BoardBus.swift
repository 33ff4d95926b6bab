public import BoardLink
public import Ports
public import Quantities

extension Board {
    /// What a robot's description says of its board.
    public struct Settings: Equatable, Sendable {
        /// The bounds that the board keeps by itself, and which of the robot's joints are its.
        public let configuration: Configure
        /// Which board it is; nil where any will do.
        public let chip: ChipIdentifier?

        /// Nil when the joints are not exactly the robot's first ones, in any order, or the board would stop at once.
        public init?(_ configuration: Configure, chip: ChipIdentifier? = nil) {
            guard configuration.silence >= Ticks(10), configuration.silence <= Ticks(10_000) else { return nil }
            var mapped = JointSet()
            var position: UInt8 = 0
            while let joint = configuration.joints.joint(at: position) {
                mapped.insert(configuration[joint].joint)
                position += 1
            }
            guard let count = JointCount(configuration.joints.rawValue), mapped == JointSet(all: count) else {
                return nil
            }
            self.configuration = configuration
            self.chip = chip
        }
    }

    /// What each joint was told under one number.
    struct Order: Sendable {
        let sequence: UInt16
        let command: Command
    }
}

/// A robot whose joints hang on a board of ours.
///
/// The board reports by itself and is told goals in numbered commands that end; it keeps its own bounds and stops by
/// itself when it hears nothing.
public struct BoardBus<Port: BytePort & ~Copyable>: Bus, ~Copyable {
    public let joints: JointCount
    let settings: Board.Settings
    var master: Board.Master<Port>
    /// Of the board; known after `identify`.
    var tickPeriod = Seconds(0.001)
    /// The state that was handed out last.
    var delivered: Tick?
    /// What its inputs read then.
    var readings = InlineArray<4, InputReading?>(repeating: nil)
    /// The newest commands, so that the board's number for one says which goals it follows.
    var orders = InlineArray<8, Board.Order?>(repeating: nil)
    var nextOrder = 0
    public internal(set) var passports: [DevicePassport] = []
    var isPrepared = false
    public internal(set) var isArmed = false
    public internal(set) var latched = JointSet()

    /// Nil when the board has no joints; it has.
    public init?(
        _ port: consuming Port, rate: BaudRate?, settings: Board.Settings, patience: Duration = .milliseconds(20)
    ) {
        guard let joints = JointCount(settings.configuration.joints.rawValue) else { return nil }
        self.joints = joints
        self.settings = settings
        master = Board.Master(port, rate: rate, patience: patience)
    }

    public func reading(ofInput channel: UInt8) -> InputReading? {
        Int(channel) < readings.count ? readings[Int(channel)] : nil
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

    public var watchdog: WatchdogKind {
        .actuators(Seconds(Float(settings.configuration.silence.rawValue) * tickPeriod.value))
    }

    var everyJoint: JointSet { JointSet(all: joints) }

    /// The board is one device: what it refuses, it refuses for all its joints, and the first stands for them.
    func busError(_ failure: Board.MasterFailure) -> BusError {
        switch failure {
        case .port(let error): .port(error)
        case .silent, .garbled: .silent(everyJoint)
        case .refused(_, let outcome): .refused(.first, code: outcome.rawValue)
        case .incompatible: .wrongDevices(everyJoint)
        case .tooLong: .tooLong
        }
    }

    /// Asks the master, and says what went wrong in terms of the robot.
    mutating func ask<Answer>(
        _ question: (inout Board.Master<Port>) throws(Board.MasterFailure) -> Answer
    ) throws(BusError) -> Answer {
        do throws(Board.MasterFailure) { return try question(&master) } catch { throw busError(error) }
    }
}

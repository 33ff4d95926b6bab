public import Simulator
/// Time on a virtual bus, in nanoseconds since it was switched on. Nobody here reads a clock.
public struct BusInstant: Hashable, Comparable, Sendable {
    public var nanoseconds: Int64

    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    public static let start = BusInstant(nanoseconds: 0)

    public static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }
}

/// What one slave sends: some bytes, some time after the request has arrived or the slave before it has finished.
public struct WireAnswer: Equatable, Sendable {
    /// The place of the sender in its wire's list of slaves.
    public let slave: Int
    /// The slave's return delay.
    public let delayNanoseconds: Int64
    public let bytes: [UInt8]

    public init(slave: Int, delayNanoseconds: Int64, bytes: [UInt8]) {
        self.slave = slave
        self.delayNanoseconds = delayNanoseconds
        self.bytes = bytes
    }
}

/// What goes wrong inside a slave, whatever protocol it speaks.
public enum SlaveFault: CaseIterable, Sendable {
    /// Its supply is gone: silent, and the motor is off. When it returns, the slave boots.
    case powerLoss
    /// Its overload guard has tripped. It stays tripped as the protocol has it, also when the fault is over.
    case overload
    /// Its program stands still: silent, and the motor is driven as it was in the last moment.
    case hang
    /// It answers under the number of another slave.
    case wrongIdentity
    /// Its own emergency stop input is pressed. Slaves without one lose their supply instead.
    case emergencyStop
}

/// All slaves of one protocol on one bus: bytes and instants in, answers out. Who paces, delays or damages the bytes is
/// `VirtualLine`; who moves is the body.
public protocol VirtualWire: Sendable {
    /// Slaves are numbered from 0 in the order in which the line reaches them.
    var slaveCount: Int { get }

    /// Whether slaves have an emergency stop input; those that have none sit behind a relay in their supply.
    var hasStopInput: Bool { get }

    /// How the electronics of every joint drive their motors now, in the order of the body's joints.
    var drives: [MotorDrive] { get }

    /// The rate each slave listens at; bytes at another rate are noise to it. nil where the rate does not matter.
    func bitsPerSecond(of slave: Int) -> UInt32?

    /// Bytes of the master, the last of which arrived at the instant. Only slaves in `listening` hear them.
    mutating func hear(_ bytes: Span<UInt8>, at instant: BusInstant, listening: (Int) -> Bool) -> [WireAnswer]

    /// The line was silent for longer than a packet may pause: whatever was begun is over.
    mutating func hearSilence()

    /// Firmware between packets: control loops, watchdogs, temperature and overload guards, boot times.
    mutating func advance(to instant: BusInstant, body: some VirtualBody)

    /// A fault begins, or is over.
    mutating func suffer(_ fault: SlaveFault, slave: Int, isPresent: Bool, at instant: BusInstant)

    /// From now on a slave acts so many milliseconds later on what moves its motor; what switches it off counts at once.
    mutating func delayCommands(of slave: Int, by milliseconds: Int)

    /// What slaves have sent without being asked since the last time; the line asks for it after every step.
    mutating func takeReports() -> [WireAnswer]

    /// What one slave sent, as the others hear it: on a bus that they share they must not take it for a request.
    mutating func overhear(_ bytes: Span<UInt8>, from slave: Int, listening: (Int) -> Bool)
}

extension VirtualWire {
    public var hasStopInput: Bool { false }

    /// Slaves that speak only when they are spoken to.
    public mutating func takeReports() -> [WireAnswer] { [] }

    /// Slaves that do not hear each other.
    public mutating func overhear(_ bytes: Span<UInt8>, from slave: Int, listening: (Int) -> Bool) {}
}

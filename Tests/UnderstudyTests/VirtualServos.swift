import Actuators
import Ports
import Quantities
import TestSupport
import VirtualRobot
import Simulator

@testable import understudy

/// Virtual servos in lockstep, for the program run in this process: their time goes on while it waits for them, so that
/// a busy machine changes nothing, and waiting costs nothing.
struct VirtualServos<Wire: VirtualWire> {
    static var path: String { "/dev/pts/1000000" }
    let line: Lockstep<Wire, LooseJoints>

    var path: String { Self.path }
    var bus: VirtualBus<Wire, LooseJoints> { line.bus }
    var wire: Wire { line.bus.wire }

    private init(
        _ wire: Wire, _ motor: MotorSettings, _ supply: Volts, _ faults: String, _ line: (inout LineSettings) -> Void
    ) throws {
        var settings = LineSettings(rate: nil)
        line(&settings)
        self.line = Lockstep(
            VirtualBus(
                wire: wire,
                body: LooseJoints(
                    [MotorSettings](repeating: motor, count: wire.drives.count), supply: SupplySettings(voltage: supply)
                ),
                line: settings, faults: try FaultPlan(parsing: faults, seed: 1)))
    }

    /// Runs the program with `PORT` in the words replaced by where the servos are.
    func understudy(
        _ words: String, in pretended: Pretended? = nil, state: String? = nil,
        isInterrupted: @escaping (String) -> Bool = { _ in false }
    ) -> Session {
        var session = Session()
        session.state = state
        session.port = line
        session.pretended = pretended
        session.run(words.replacing("PORT", with: path), isInterrupted: isInterrupted)
        return session
    }
}

/// One run of the program in this process, and what it said. Files are real ones.
struct Session {
    /// What is plugged in at the path of virtual servos.
    var port: (any SteppedLine)?
    /// What a person types, line by line; then nobody does any more.
    var typed: [String] = []
    /// Files that are none, instead of real ones, and what else there is beside the servos.
    var pretended: Pretended?
    /// Where the program keeps what it has to remember.
    var state: String?
    private(set) var output = ""
    private(set) var errors = ""
    private(set) var status: Int32 = 0

    private final class Desk {
        var typed: [String]
        var told = ""

        init(_ typed: [String]) { self.typed = typed }
    }

    /// - Parameter isInterrupted: asked with what was told so far, whenever the program wants to know.
    mutating func run(_ words: String, isInterrupted: @escaping (String) -> Bool = { _ in false }) {
        let desk = Desk(typed)
        let (port, state) = (port, state)
        let machine = Surroundings.ofThisProcess
        let devices = DeviceAccess(
            ports: { [pretended] in pretended?.ports ?? .success([]) },
            open: { address, rate in
                guard let port, address == .path(VirtualServos<DynamixelWire>.path) else { return OpenedLine(.missing) }
                return OpenedLine(DeviceLine(port, baudRate: rate))
            },
            deadMan: { [pretended] _ in pretended?.deadMan ?? .failure(.missing) }, tell: { desk.told += $0 },
            isWatched: false,
            isInterrupted: { isInterrupted(desk.told) },
            ask: { desk.typed.isEmpty ? nil : desk.typed.removeFirst() }, save: machine.devices.save,
            stateFolder: { state })
        let outcome = Verb.run(
            words.split(separator: " ").map { $0.filter { $0 != "'" } },
            in: pretended?.surroundings(with: devices) ?? Pretended().surroundings(with: devices, read: machine.read))
        (output, errors, status) = (outcome.output, desk.told + outcome.errors, outcome.status.rawValue)
    }
}

/// Virtual servos behind a pseudo terminal in real time, for the program as a process of its own.
///
/// What such a test shows is that processes, terminals and signals work. It asks only for servos that are there and
/// waits for them as long as it takes: how busy the machine is must not decide.
struct ServosInRealTime: ~Copyable {
    let path: String
    private let host: VirtualRobotHost<DynamixelWire, LooseJoints>

    init(_ servos: [DynamixelServo]) throws {
        let bus = VirtualBus(
            wire: DynamixelWire(servos), body: LooseJoints.xl330(servos.count), line: LineSettings(rate: nil))
        host = try VirtualRobotHost(bus, on: TerminalPort())
        path = host.path ?? ""
    }

    func understudy(_ words: String) throws -> ProcessRun {
        try ProcessRun.shell("./understudy " + words.replacing("PORT", with: path))
    }

    /// Ends the thread and says what the slaves went through.
    consuming func stop() -> DynamixelWire { host.stop().bus.wire }
}

extension VirtualServos where Wire == DynamixelWire {
    init(
        _ servos: [DynamixelServo], faults: String = "", line: (inout LineSettings) -> Void = { _ in }
    ) throws {
        try self.init(DynamixelWire(servos), .xl330, Volts(5), faults, line)
    }
}

/// Dynamixel servos that cannot be heard at one rate; they may hear what is said to them there all the same.
struct MuteWire: VirtualWire {
    var servos: DynamixelWire
    let rate: UInt32
    let hears: Bool

    var slaveCount: Int { servos.slaveCount }
    var drives: [MotorDrive] { servos.drives }

    func bitsPerSecond(of slave: Int) -> UInt32? { servos.bitsPerSecond(of: slave) }

    mutating func hear(
        _ bytes: Span<UInt8>, at instant: BusInstant, listening: (Int) -> Bool
    ) -> [WireAnswer] {
        let isMute = (0..<slaveCount).map { servos.bitsPerSecond(of: $0) == rate }
        let hears = hears
        let answers = servos.hear(bytes, at: instant) { listening($0) && (hears || !isMute[$0]) }
        return answers.filter { !isMute[$0.slave] && servos.bitsPerSecond(of: $0.slave) != rate }
    }

    mutating func hearSilence() { servos.hearSilence() }

    mutating func advance(to instant: BusInstant, body: some VirtualBody) { servos.advance(to: instant, body: body) }

    mutating func suffer(_ fault: SlaveFault, slave: Int, isPresent: Bool, at instant: BusInstant) {
        servos.suffer(fault, slave: slave, isPresent: isPresent, at: instant)
    }

    mutating func delayCommands(of slave: Int, by milliseconds: Int) {
        servos.delayCommands(of: slave, by: milliseconds)
    }
}

extension VirtualServos where Wire == MuteWire {
    init(_ servos: [DynamixelServo], muteAt rate: UInt32, hears: Bool) throws {
        let wire = MuteWire(servos: DynamixelWire(servos), rate: rate, hears: hears)
        try self.init(wire, .xl330, Volts(5), "", { _ in })
    }
}

/// Dynamixel servos that switch their motor on and do not say so.
struct SecretiveWire: VirtualWire {
    var servos: DynamixelWire
    /// Whether nothing is heard of them from then on.
    let fallsSilent: Bool
    private(set) var hasBeenOn = false

    var slaveCount: Int { servos.slaveCount }
    var drives: [MotorDrive] { servos.drives }

    func bitsPerSecond(of slave: Int) -> UInt32? { servos.bitsPerSecond(of: slave) }

    init(servos: DynamixelWire, fallsSilent: Bool) {
        self.servos = servos
        self.fallsSilent = fallsSilent
    }

    mutating func hear(
        _ bytes: Span<UInt8>, at instant: BusInstant, listening: (Int) -> Bool
    ) -> [WireAnswer] {
        let answers = servos.hear(bytes, at: instant, listening: listening)
        let isOn = servos.number(.torqueEnable, of: 0) == 1
        hasBeenOn = hasBeenOn || isOn
        return isOn || fallsSilent && hasBeenOn ? [] : answers
    }

    mutating func hearSilence() { servos.hearSilence() }

    mutating func advance(to instant: BusInstant, body: some VirtualBody) { servos.advance(to: instant, body: body) }

    mutating func suffer(_ fault: SlaveFault, slave: Int, isPresent: Bool, at instant: BusInstant) {
        servos.suffer(fault, slave: slave, isPresent: isPresent, at: instant)
    }

    mutating func delayCommands(of slave: Int, by milliseconds: Int) {
        servos.delayCommands(of: slave, by: milliseconds)
    }
}

extension VirtualServos where Wire == SecretiveWire {
    init(_ servos: [DynamixelServo], fallingSilent: Bool) throws {
        try self.init(
            SecretiveWire(servos: DynamixelWire(servos), fallsSilent: fallingSilent), .xl330, Volts(5), "", { _ in })
    }
}

extension VirtualServos where Wire == FeetechWire {
    /// STS3215 of the 7.4 V kind, as they leave the factory but for their numbers: at 1 000 000 baud.
    init(feetech ids: [UInt8], faults: String = "") throws {
        let servos = ids.compactMap(Feetech.ServoID.init).map {
            FeetechServo.Identity(id: $0, model: .sts3215, supply: .sevenVolts)
        }
        try self.init(FeetechWire(servos), .sts3215, Volts(7.4), faults, { _ in })
    }

    /// Servos with 12 V, most of them made for it.
    /// - Parameter odd: the number of one with an older program.
    init(
        feetech servos: [(id: UInt8, model: Feetech.Model)], supply: FeetechServo.Supply = .twelveVolts,
        odd: UInt8? = nil
    ) throws {
        let made = servos.compactMap { servo in
            Feetech.ServoID(servo.id).map {
                FeetechServo.Identity(
                    id: $0, model: servo.model, supply: supply, firmwareMinor: servo.id == odd ? 9 : 10)
            }
        }
        try self.init(FeetechWire(made), .sts3215, Volts(12), "", { _ in })
    }
}

extension VirtualServos where Wire == MoteusWire {
    /// Controllers 1, 2, … behind an adapter for USB.
    init(moteus count: UInt8) throws {
        let controllers = (1...count).compactMap {
            MoteusController.Identity(id: $0, rpmPerVolt: 6.145_6, winding: 2.676)
        }
        try self.init(MoteusWire(controllers, adapter: .usb), .xl330, Volts(24), "") { $0.isShared = false }
    }
}

extension DynamixelServo {
    /// An XL330 at a rate, answering at once.
    static func at(_ id: UInt8, _ rate: UInt32 = 1_000_000, _ model: Dynamixel.Model = .xl330M288) -> DynamixelServo {
        guard let id = Dynamixel.ServoID(id) else { preconditionFailure("no such number") }
        return DynamixelServo(model, id: id, bitsPerSecond: rate, returnDelay: 0)
    }
}

extension VirtualServos where Wire == BoardWire {
    init(_ board: BoardHardware, faults: String = "") throws {
        try self.init(BoardWire(board), .sts3215, Volts(24), faults) { $0.isShared = false }
    }
}

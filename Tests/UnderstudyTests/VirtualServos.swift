import Actuators
import Ports
import Quantities
import TestSupport
import VirtualRobot
import Simulator

/// Virtual servos on a pseudo terminal, for a program that runs as a process of its own.
struct VirtualServos<Wire: VirtualWire>: ~Copyable {
    let path: String
    private var host: VirtualRobotHost<Wire, LooseJoints>?

    private init(
        _ wire: Wire, _ motor: MotorSettings, _ supply: Volts, _ faults: String, _ line: (inout LineSettings) -> Void
    ) throws {
        var settings = LineSettings(rate: nil)
        line(&settings)
        let bus = VirtualBus(
            wire: wire,
            body: LooseJoints(
                [MotorSettings](repeating: motor, count: wire.slaveCount), supply: SupplySettings(voltage: supply)),
            line: settings, faults: try FaultPlan(parsing: faults, seed: 1))
        host = try VirtualRobotHost(bus, on: TerminalPort())
        switch host {
        case .some(let host): path = host.path ?? ""
        case .none: throw PortError.missing
        }
    }

    /// Runs the program with `PORT` in the words replaced by where the servos are.
    func understudy(_ words: String) throws -> ProcessRun {
        try ProcessRun.shell("./understudy " + words.replacing("PORT", with: path))
    }

    /// Ends the thread and says what the slaves went through.
    mutating func stop() throws -> VirtualBus<Wire, LooseJoints> {
        guard let host = host.take() else { throw PortError.missing }
        return host.stop().bus
    }
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
}

extension VirtualServos where Wire == MuteWire {
    init(_ servos: [DynamixelServo], muteAt rate: UInt32, hears: Bool) throws {
        let wire = MuteWire(servos: DynamixelWire(servos), rate: rate, hears: hears)
        try self.init(wire, .xl330, Volts(5), "", { _ in })
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

import Actuators
import Glibc
import Ports
import Quantities
import VirtualRobot
import Simulator

/// Virtual servos behind a pseudo terminal, for masters in other languages.
///
/// The first line on the standard output is what to open. It ends with its standard input, and then says in one line
/// how many answers it gave and how late the middle one of them was.
@main struct VirtualBench {
    static func main() {
        do {
            try run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            print("error: \(error)")
        }
    }

    private static func run(_ words: [String]) throws {
        switch words.first {
        case "feetech": try runFeetech(Array(words.dropFirst()))
        case "moteus": try runMoteus(Array(words.dropFirst()))
        default: try runDynamixel(words)
        }
    }

    /// - Parameter words: the model's number, the firmware or 0 for the newest, how many servos, the rate, the faults.
    private static func runDynamixel(_ words: [String]) throws {
        guard words.count >= 4, let model = UInt16(words[0]).flatMap(Dynamixel.Model.init),
            let firmware = UInt8(words[1]), let count = UInt8(words[2]), let rate = UInt32(words[3])
        else { throw Trouble.usage }
        var servos = DynamixelServo.set(model, count: count, bitsPerSecond: rate)
        for place in servos.indices where firmware > 0 { servos[place].firmware = Dynamixel.Firmware(firmware) }
        try host(
            DynamixelWire(servos), body(model, Int(count)), LineSettings(rate: BaudRate(rate)), words.dropFirst(4))
    }

    /// - Parameter words: how many servos, the faults.
    private static func runFeetech(_ words: [String]) throws {
        guard let count = words.first.flatMap(UInt8.init), count > 0 else { throw Trouble.usage }
        let servos = (1...count).compactMap(Feetech.ServoID.init).map {
            FeetechServo.Identity(id: $0, model: .sts3215, supply: .sevenVolts)
        }
        try host(
            FeetechWire(servos), .sts3215(servos.count), LineSettings(rate: BaudRate(1_000_000)), words.dropFirst())
    }

    /// - Parameter words: how many controllers, the faults.
    private static func runMoteus(_ words: [String]) throws {
        guard let count = words.first.flatMap(UInt8.init), count > 0 else { throw Trouble.usage }
        let controllers = (1...count).compactMap {
            MoteusController.Identity(id: $0, rpmPerVolt: 304, winding: 0.05)
        }
        let motors = [MotorSettings](repeating: .moteusKit, count: controllers.count)
        try host(
            MoteusWire(controllers, adapter: .serial),
            LooseJoints(motors, supply: SupplySettings(voltage: Volts(24), resistance: Ohms(0.01))),
            LineSettings(rate: BaudRate(921_600), isShared: false), words.dropFirst())
    }

    private static func host<Wire: VirtualWire>(
        _ wire: Wire, _ body: LooseJoints, _ line: LineSettings, _ faults: ArraySlice<String>
    ) throws {
        let plan = try FaultPlan(parsing: faults.joined(separator: " "))
        let host = try VirtualRobotHost(
            VirtualBus(wire: wire, body: body, line: line, faults: plan), on: TerminalPort())
        say(host.path ?? "error: no path")
        while readLine() != nil { continue }
        report(host.stop())
    }

    private static func body(_ model: Dynamixel.Model, _ count: Int) -> LooseJoints {
        switch model {
        case .xl330M077, .xl330M288: .xl330(count)
        default:
            LooseJoints([MotorSettings](repeating: .xm430, count: count), supply: SupplySettings(voltage: Volts(12)))
        }
    }

    private static func report<Wire>(_ outcome: HostOutcome<Wire, LooseJoints>) {
        let pacing = outcome.pacing
        let lateness = [0.5, 0.99].map { pacing.lateness(share: $0).map { "\($0 / .microseconds(1))" } ?? "-" }
        say("\(pacing.deliveries) answers, \(pacing.bytesLost) bytes lost, late by \(lateness) us (p50, p99)")
    }

    private enum Trouble: Error { case usage }

    /// Whole lines at once: a pipe keeps what the C library has not been told to let go.
    private static func say(_ line: String) {
        print(line)
        fflush(nil)
    }
}

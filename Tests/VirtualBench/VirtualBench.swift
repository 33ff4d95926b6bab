import Actuators
import Glibc
import Ports
import Quantities
import VirtualRobot

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

    /// - Parameter words: the model's number, the firmware or 0 for the newest, how many servos, the rate, the faults.
    private static func run(_ words: [String]) throws {
        guard words.count >= 4, let model = UInt16(words[0]).flatMap(Dynamixel.Model.init),
            let firmware = UInt8(words[1]), let count = UInt8(words[2]), let rate = UInt32(words[3])
        else { throw Trouble.usage }
        var servos = DynamixelServo.set(model, count: count, bitsPerSecond: rate)
        for place in servos.indices where firmware > 0 { servos[place].firmware = Dynamixel.Firmware(firmware) }
        let plan = try FaultPlan(parsing: words.dropFirst(4).joined(separator: " "))
        let bus = VirtualBus(
            wire: DynamixelWire(servos), body: body(model, Int(count)), line: LineSettings(rate: BaudRate(rate)),
            faults: plan)
        let host = try VirtualRobotHost(bus, on: TerminalPort())
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

    private static func report(_ outcome: HostOutcome<DynamixelWire, LooseJoints>) {
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

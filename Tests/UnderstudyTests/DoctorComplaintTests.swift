import Actuators
import BoardLink
import Ports
import Quantities
import Simulator
import TestSupport
import Testing
import VirtualRobot

@testable import understudy

/// Devices that are the right ones, and not in order.
@Suite("The doctor at a robot that is not well")
struct DoctorComplaintTests {
    private static let moteus = [
        ("driver: \"dynamixel\"", "driver: \"moteus\""), ("baud: 1000000,", ""),
        ("model: \"xl330-m288\"", "model: \"moteus\""), ("torque_per_ampere_nm_a: 0.366,", ""),
        ("current_limit_a: 1,", ""),
    ]

    /// What is said about a robot in the place of which these servos are, on one line.
    private func told<Wire: VirtualWire>(
        _ servos: VirtualServos<Wire>, of robot: String, _ changes: [(String, String)] = []
    ) throws -> (status: Int32, text: String) {
        var pretended = try Pretended.shipped()
        let path = "Calibration/\(robot)/robot.json5"
        let text = try #require(pretended.files[path])
        pretended.files[path] = changes.reduce(text) { $0.replacing($1.0, with: $1.1) }
        let run = servos.understudy("doctor \(robot) --port PORT", in: pretended)
        return (run.status, run.output.split { $0 == " " || $0 == "\n" }.joined(separator: " "))
    }

    @Test("hotter than it switches itself off is no warning any more, at the bound still one")
    func heat() throws {
        for (celsius, fails) in [(60, false), (61, false), (70, false), (71, true), (75, true)] {
            let run = try told(VirtualServos([.at(1)], faults: "overheating#1:\(celsius)"), of: "pendulum")
            let isTold = run.text.contains("it is \(celsius) °C warm")
            #expect(isTold == (celsius > 60), "\(celsius): \(run.text)")
            #expect(run.text.contains("fail joint swing (servo 1) it is \(celsius)") == fails, "\(run.text)")
        }
    }

    @Test("a board that somebody has stopped says with which fault, and is not well")
    func stopped() throws {
        let hardware = BoardHardware(joints: .two, torqueConstant: NewtonMetresPerAmpere(0.15))
        let run = try told(VirtualServos(hardware, faults: "e-stop"), of: "leg")
        #expect(run.status == 5 && run.text.contains("it has stopped with fault"), "\(run.text)")
        #expect(
            run.text.contains("fault 26 (emergencyStop)") && run.text.contains("understudy explain fault"),
            "\(run.text)")
        #expect(!run.text.contains("at rest"))
    }

    @Test("a controller whose motor is driven by nobody known is told of")
    func driven() throws {
        let servos = try VirtualServos(moteus: 1)
        #expect(try !told(servos, of: "pendulum", Self.moteus).text.contains("its motor is driven"))
        // Its maker's program, which says to register 0 of controller 1 what is mode 10: follow positions.
        var line = DeviceLine(servos.line, baudRate: try #require(BaudRate(921_600)))
        try line.write([UInt8]("can send 8001 01000a\n".utf8).span, by: MonotonicInstant(nanoseconds: .max))
        let run = try told(servos, of: "pendulum", Self.moteus)
        #expect(run.text.contains("its motor is driven, and nobody watches it"), "\(run.text)")
    }
}

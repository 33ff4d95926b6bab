import Ports
import Quantities
import Simulator
import TestSupport
import Testing
import VirtualRobot

@testable import understudy

@Suite("what a watcher sees and types") struct RobotPictureTests {
    private static func state(_ position: Float, _ speed: Float, _ current: Float, _ heat: Float) -> MotorState {
        MotorState(
            position: Radians(position), speed: RadiansPerSecond(speed), current: Amperes(current), voltage: Volts(5),
            temperature: Celsius(heat))
    }

    private static func snapshot(_ faults: String = "", stopped: Bool = false) throws -> RobotSnapshot {
        let states = [state(0, 0, 0, 25), state(1.570_796, -2.5, 0.123_4, 41.26), state(-0.785_398, 0.004, -1.2, .nan)]
        return RobotSnapshot(
            instant: BusInstant(nanoseconds: 12_034_567_890), states: states,
            drives: [.off, .duty(Duty(-0.5)), .current(Amperes(0.25))],
            outline: BodyOutline(dials: states.map(\.position)), faults: try FaultPlan(parsing: faults).faults,
            isPlugged: !stopped, isEmergencyStopped: stopped, isDeadManHeld: !stopped)
    }

    private func text(_ picture: RobotPicture, _ columns: Int, _ rows: Int) -> String {
        picture.lines(in: Console.Size(columns: columns, rows: rows)).map { "\($0)|\n" }.joined()
    }

    @Test("three joints, quiet and in trouble, are drawn as they stand")
    func drawn() throws {
        let quiet = RobotPicture(snapshot: try Self.snapshot())
        #expect(Golden.difference(text(quiet, 80, 24), from: "Golden/view-quiet.txt") == nil)
        let troubled = RobotPicture(
            snapshot: try Self.snapshot("stuck-joint#2,e-stop,dead-man,unplug", stopped: true), message: "stopped",
            style: Style(isColoured: true))
        #expect(Golden.difference(text(troubled, 60, 16), from: "Golden/view-troubled.txt") == nil)
    }

    @Test("whatever the size of the terminal, there is neither a line too many nor one too long")
    func sizes() throws {
        let faults = FaultName.allCases.map(\.rawValue).joined(separator: ",")
        let picture = RobotPicture(snapshot: try Self.snapshot(faults), message: String(repeating: "long ", count: 60))
        for (columns, rows) in [(1, 1), (10, 5), (20, 9), (80, 10), (80, 11), (200, 60)] {
            let lines = picture.lines(in: Console.Size(columns: columns, rows: rows))
            #expect(lines.count <= rows)
            #expect(lines.filter { $0.hasPrefix("faults") || $0.hasPrefix("long") }.allSatisfy { $0.count <= columns })
        }
    }

    @Test("without a terminal it is one line")
    func line() throws {
        #expect(
            RobotPicture(snapshot: try Self.snapshot("stuck-joint#2")).line
                == "12.034 s  1: 0.0° 0.00 rad/s 0.000 A 25.0 °C  2: 90.0° -2.50 rad/s 0.123 A 41.3 °C  "
                + "3: -45.0° 0.00 rad/s -1.200 A ? °C  stuck-joint#2")
    }

    @Test("a line of dots is where it should be, and nothing falls out of the picture")
    func canvas() {
        var canvas = BrailleCanvas(columns: 2, rows: 1)
        canvas.line(from: (0, 0), to: (3, 3), of: nil)
        canvas.line(from: (-50, 3), to: (0, 3), of: nil)
        canvas.dot(x: 4, y: 0, of: 1)
        canvas.dot(x: 0, y: -1, of: 1)
        #expect(canvas.lines(.plain) == ["\u{2851}\u{2884}"])
    }

    private func typed(_ text: String, _ keys: inout ViewKeys) -> [ViewKeys.Wish] {
        text.utf8.compactMap { keys.press($0, isStopped: false, isHeld: true) }
    }

    @Test("single keys press, hold, mend and end; the same key takes it back")
    func keys() {
        var keys = ViewKeys()
        #expect(
            typed(" dmq", &keys) == [.command(.pressStop), .command(.letGo), .command(.mend(nil, place: nil)), .quit])
        #expect(keys.press(0x20, isStopped: true, isHeld: true) == .command(.releaseStop))
        #expect(keys.press(0x64, isStopped: true, isHeld: false) == .command(.hold))
        #expect(typed("xyz\u{1B}[A", &keys).isEmpty)
    }

    @Test("a fault is typed, corrected and sent, and what is none is explained")
    func faults() throws {
        var keys = ViewKeys()
        #expect(typed("fstuck-joint#11\u{7F}", &keys).isEmpty)
        #expect(keys.message == ViewKeys.prompt + "stuck-joint#1_")
        #expect(typed("\n", &keys) == [.command(try LiveCommand(parsing: "stuck-joint#1"))])
        #expect(keys.typed == nil)
        #expect(typed("fpakket-loss\r", &keys).isEmpty)
        #expect(keys.message == "'pakket-loss': expected a fault, perhaps 'packet-loss'")
        #expect(typed("fq d\u{1B}", &keys).isEmpty)
        #expect(keys.message.isEmpty)
        #expect(typed("f\n", &keys).isEmpty)
        #expect(typed("f" + String(repeating: "a", count: 500), &keys).isEmpty)
        #expect(keys.typed?.count == 120)
    }
}

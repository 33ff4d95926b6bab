import Actuators
import Foundation
import Glibc
import Ports
import Quantities
import TestSupport
import Testing

@testable import understudy

/// A client of the side channel.
struct SideChannel: ~Copyable {
    private var link: SocketLink

    init(_ path: String) throws { link = try SocketLink(to: path) }

    /// Reads on until this text was there.
    mutating func hear(until wanted: String) throws {
        var text = ""
        while !text.contains(wanted) {
            var chunk = [UInt8](repeating: 0, count: 4_096)
            var room = chunk.mutableSpan
            let count = try link.read(into: &room, by: .now() + .seconds(60))
            text += String(decoding: chunk[..<count], as: UTF8.self)
        }
    }

    mutating func say(_ line: String) throws {
        let bytes = Array("\(line)\n".utf8)
        try link.write(bytes.span, by: .now() + .seconds(60))
    }
}

/// A terminal in front of which a test sits.
private struct WatchedTerminal: ~Copyable {
    private var terminal: PseudoTerminal

    init(_ terminal: consuming PseudoTerminal) { self.terminal = terminal }

    var path: String { terminal.path }

    /// Reads on until a program has written this text.
    mutating func read(until wanted: String) throws {
        let end = MonotonicInstant.now() + .seconds(60)
        var text = ""
        while !text.contains(wanted) {
            guard MonotonicInstant.now() < end else { throw VirtualProcessTrouble.neverCame }
            var chunk = [UInt8](repeating: 0, count: 4_096)
            do throws(PortError) {
                var room = chunk.mutableSpan
                let count = try terminal.read(into: &room, by: end)
                text = String(text.suffix(1_000)) + String(decoding: chunk[..<count], as: UTF8.self)
            } catch {
                // Nobody has it open yet, or any more.
                guard case .hungUp = error else { throw error }
                usleep(2_000)
            }
        }
    }

    mutating func type(_ keys: String) throws {
        let bytes = Array(keys.utf8)
        try terminal.write(bytes.span, by: .now() + .seconds(60))
    }
}

@Suite("a virtual robot as a process", .serialized) struct VirtualProcessTests {
    /// Arms servo 1, moves it and lets go, over whatever leads to it.
    private func drive(_ path: String) throws {
        let rate = try #require(BaudRate(1_000_000))
        var driver = try Self.present(
            Actuators.DynamixelBus(try LockstepLink(to: path), rate: rate, joints: [try Self.joint()]))
        try driver.arm(by: driver.now + .seconds(10))
        var samples = PerJoint(repeating: JointSample.unknown)
        for count in 0..<100 {
            let tick = driver.now + .milliseconds(5)
            // Some answers are lost on purpose.
            _ = try? driver.readStates(into: &samples, by: tick)
            try? driver.writeGoals(PerJoint(repeating: .position(Radians(3 + 0.01 * Float(count)))), by: tick)
            try driver.sleep(until: tick)
        }
        try? driver.disarm(by: driver.now + .seconds(5))
    }

    private static func joint() throws -> Dynamixel.Joint {
        let id = try #require(Dynamixel.ServoID(1))
        let mounting = try #require(JointMounting(torque: .perAmpere(NewtonMetres(0.4))))
        return try #require(Dynamixel.Joint(id: id, model: .xl330M288, mode: .position, mounting: mounting))
    }

    /// `#require` for what cannot be copied.
    private static func present<Thing: ~Copyable>(_ thing: consuming Thing?) throws -> Thing {
        guard let thing = thing.take() else { throw VirtualProcessTrouble.neverCame }
        return thing
    }

    private func record(seed: Int) throws -> Data {
        let robot = try VirtualProcess(
            "--servos xl330-m288:1 --lockstep HERE/socket --record HERE/run --seed \(seed) --spread 0.1 "
                + "--fault packet-loss@1s:0.05 --fault stuck-joint#1@900ms+50ms")
        let path = try robot.port()
        try drive(path)
        try robot.signal(SIGINT)
        let run = try robot.end()
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("1 masters"))
        #expect(robot.leftovers == ["run"])
        let check = try ProcessRun.shell("head -n -1 \(robot.folder)/run | sha256sum; tail -n 1 \(robot.folder)/run")
        let parts = check.output.split(whereSeparator: { $0 == " " || $0 == "\n" })
        #expect(parts.count == 3 && parts[2] == "{\"sha256\":\"\(parts[0])\"}")
        return try Data(contentsOf: URL(filePath: "\(robot.folder)/run"))
    }

    @Test("the same seed writes the same run, bit for bit, with its hash; another seed writes another one")
    func recordings() throws {
        let first = try record(seed: 5)
        #expect(try record(seed: 5) == first)
        #expect(try record(seed: 6) != first)
        #expect(first.count > 50_000)
    }

    @Test("however it is told to end, nothing is left behind", arguments: [SIGINT, SIGTERM, SIGHUP])
    func leavesNothing(signal: Int32) throws {
        let robot = try VirtualProcess("--servos sts3215:1 --link HERE/port --control HERE/side --speed 2")
        #expect(try robot.port() == "\(robot.folder)/port")
        #expect(robot.leftovers == ["port", "side"])
        try robot.signal(signal)
        let run = try robot.end()
        #expect(run.status == 0)
        #expect(run.errors.contains("2.0 times as fast"))
        #expect(robot.leftovers.isEmpty)
    }

    @Test("the side channel says what is pressed and held, does what it is told and explains what it does not")
    func sideChannel() throws {
        let robot = try VirtualProcess("--servos sts3215:1 --control HERE/side")
        _ = try robot.port()
        var side = try SideChannel("\(robot.folder)/side")
        try side.hear(until: "\"emergency_stop\":false,\"dead_man\":\"held\",\"plugged\":true,\"faults\":[]}\n")
        try side.say("stop")
        try side.hear(until: "{\"ok\":true}\n")
        try side.hear(until: "\"emergency_stop\":true,\"dead_man\":\"held\"")
        try side.say("let-go\nstuck-joint#1\nrelease")
        try side.hear(
            until: "\"emergency_stop\":false,\"dead_man\":\"released\",\"plugged\":true,\"faults\":[\"dead-man\"")
        try side.say("dance \"now\"")
        try side.hear(until: "{\"ok\":false,\"wrong\":\"dance\"}\n")
        try side.say("mend")
        try side.hear(until: "\"dead_man\":\"held\",\"plugged\":true,\"faults\":[]}\n")
        try robot.signal(SIGTERM)
        _ = try robot.end()
        #expect(robot.leftovers.isEmpty)
    }

    private func settings(of path: String) throws -> String { try ProcessRun.shell("stty -g <\(path)").output }

    @Test(
        "the view draws, obeys keys, and gives the terminal back however it ends",
        arguments: [0, SIGTERM, SIGHUP, SIGSEGV])
    func view(signal: Int32) throws {
        var terminal = WatchedTerminal(try PseudoTerminal())
        let path = terminal.path
        let before = try settings(of: path)
        let robot = try VirtualProcess("--servos xl330-m288:1-2 --view --link HERE/port", terminal: path)
        // Opened here too, so that the terminal stays when the process has ended.
        let keeper = try FileHandle(forUpdating: URL(filePath: path))
        try terminal.read(until: "\u{1B}[?1049h")
        try terminal.read(until: "e-stop released   dead-man held")
        try terminal.type(" ")
        try terminal.read(until: "E-STOP PRESSED")
        #expect(try settings(of: path) != before)
        if signal == 0 { try terminal.type("q") } else { try robot.signal(signal) }
        try terminal.read(until: "\u{1B}[?25h\u{1B}[?1049l")
        let run = Result { try robot.end() }
        #expect((try? run.get().status) == (signal == SIGSEGV ? nil : 0))
        if signal != SIGSEGV { #expect(robot.leftovers.isEmpty) }
        #expect(try settings(of: path) == before)
        try keeper.close()
    }

    @Test("where there is no terminal the view writes lines, without colours")
    func lines() throws {
        let robot = try VirtualProcess("--servos sts3215:1-2 --view")
        _ = try robot.port()
        let lines = try robot.waited {
            let lines = robot.said.split(separator: "\n")
            return lines.count >= 2 ? lines : nil
        }
        #expect(lines[1].contains(" s  1: 0.0° 0.00 rad/s 0.000 A 25.0 °C  2: 0.0°"))
        #expect(!robot.said.contains("\u{1B}"))
        try robot.signal(SIGINT)
        _ = try robot.end()
    }

    @Test("a file, socket or link that cannot be made is named, and nothing else is left")
    func refused() throws {
        for (words, expected) in [
            ("--record /nowhere/run", "cannot write the run to '/nowhere/run': No such file or directory"),
            ("--lockstep /nowhere/socket", "there is no place for a virtual robot"),
            ("--control /nowhere/socket", "there is no place for a virtual robot"),
        ] {
            let run = try ProcessRun.shell("./understudy virtual --servos sts3215:1 \(words)")
            #expect(run.status == 1 && run.errors.contains(expected), "\(run.errors)")
            #expect(run.output.isEmpty)
        }
        let full = try VirtualProcess("--servos sts3215:1 --record /dev/full")
        _ = try full.port()
        try full.signal(SIGINT)
        let run = try full.end()
        #expect(run.status == 1 && run.errors.contains("is not whole: No space left on device"), "\(run.errors)")
    }
}

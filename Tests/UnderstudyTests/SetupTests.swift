import Actuators
import Foundation
import Ports
import Simulator
import TestSupport
import Testing
import VirtualRobot

@testable import understudy

private func plan(_ text: String) throws -> SetupPlan { try #require(SetupPlan(text, .dynamixel)) }

@Suite("Setting up servos one after the other")
struct SetupTests {
    @Test("the number of new servos comes last, the others as they were written")
    func order() throws {
        #expect(try plan("1:shoulder,3:elbow,2:hand").order.map(\.id) == [3, 2, 1])
        #expect(try plan("5:a,4:b").order.map(\.id) == [5, 4])
    }

    @Test(
        "a plan has each number and each name once, and numbers that a servo may have",
        arguments: ["", "1", "1:", ":a", "1:a,", "1:a,1:b", "1:a,2:a", "253:a", "1:a b", "-1:a", "1:a:b", "1:é"])
    func noPlan(text: String) { #expect(SetupPlan(text, .dynamixel) == nil) }

    @Test("what is done survives as text, and the text of another plan is refused")
    func state() throws {
        let plan = try plan("1:a,2:b")
        var state = SetupState(plan)
        #expect(state.next?.id == 2 && SetupState(state.text, of: plan) == state)
        state.finish(.init(id: 2, name: "b"))
        #expect(state.next?.id == 1 && SetupState(state.text, of: plan) == state)
        #expect(SetupState(state.text, of: try self.plan2()) == nil)
        for broken in ["", "understudy", state.text + "done 3\n", state.text + "don\n", state.text + "done x\n"] {
            #expect(SetupState(broken, of: plan) == nil)
        }
        #expect(state.fileName != SetupState(try self.plan2()).fileName)
    }

    private func plan2() throws -> SetupPlan { try plan("1:a,3:b") }

    @Test("a servo that has its number keeps it, one that is done is known again, any other is new")
    func moves() throws {
        let plan = try plan("1:a,2:b,3:c")
        var state = SetupState(plan)
        state.finish(.init(id: 2, name: "b"))
        let place = try #require(state.next)
        #expect(place.id == 3)
        #expect(state.move(for: place, found: 3) == .keep)
        #expect(state.move(for: place, found: 2) == .isDone(.init(id: 2, name: "b")))
        #expect(state.move(for: place, found: 1) == .give && state.move(for: place, found: 77) == .give)
    }

    @Test("a dry run shows the order and the bytes, and opens nothing")
    func dryRun() throws {
        let run = Pretended().run(
            "servo setup --port /nowhere/at/all --family dynamixel --plan 1:shoulder,2:elbow --dry-run")
        #expect(run.status == .done)
        #expect(Golden.difference(run.output, from: "Golden/setup-dry-run.txt") == nil)
    }
}

/// A person who plugs in one virtual servo after the other and presses Enter.
@Suite("Setting up virtual servos")
struct VirtualSetupTests {
    /// A folder in which the program keeps what is done.
    private struct Desk: ~Copyable {
        let folder: String
        var plugged: Lockstep<DynamixelWire, LooseJoints>?

        init() throws {
            folder = FileManager.default.temporaryDirectory.appending(path: "desk-\(UUID().uuidString)").path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        mutating func plug(_ servos: [DynamixelServo]) throws { plugged = try VirtualServos(servos).line }

        /// Each of the lines is one Enter; after them nobody is there any more.
        func setup(
            _ typed: [String] = [""], _ plan: String = "1:shoulder,2:elbow,3:hand", state: String? = nil
        ) -> Session {
            var session = Session()
            session.port = plugged
            session.typed = typed
            let path = VirtualServos<DynamixelWire>.path
            session.run(
                "servo setup --port \(path) --family dynamixel --plan \(plan) --baud 1000000 --state "
                    + (state ?? "\(folder)/state"))
            return session
        }

        func number(of slave: Int) -> Int64? { plugged?.bus.wire.number(.id, of: slave) }
    }

    @Test("each run does what is plugged in, and the next one goes on; at the end all have their numbers")
    func resumed() throws {
        var desk = try Desk()
        try desk.plug([.at(1)])
        // One Enter, then nobody is there any more.
        let first = desk.setup()
        #expect(first.status == 1, "\(first.errors)")
        #expect(first.output == "  1  shoulder  to do\n  2  elbow     done\n  3  hand      to do\n")
        #expect(first.errors.contains("elbow has number 2 now; it had 1"))
        // The same servo again: somebody forgot to change it.
        let forgot = desk.setup()
        #expect(forgot.status == 1 && forgot.errors.contains("this is elbow (number 2), which is done"))
        try desk.plug([.at(9)])
        #expect(desk.setup().errors.contains("hand has number 3 now; it had 9"))
        #expect(desk.number(of: 0) == 3)
        try desk.plug([.at(1)])
        let last = desk.setup()
        #expect(last.status == 0 && last.errors.contains("shoulder has number 1 already"), "\(last.errors)")
        #expect(last.output == "  1  shoulder  done\n  2  elbow     done\n  3  hand      done\n")
        #expect(desk.setup([]).status == 0)
    }

    @Test("nothing is written while none or more than one answers")
    func notOne() throws {
        var desk = try Desk()
        try desk.plug([.at(1), .at(4)])
        let run = desk.setup()
        #expect(run.status == 1 && run.errors.contains("more than one servo answers (number 1, 4)"), "\(run.errors)")
        #expect(desk.number(of: 0) == 1 && desk.number(of: 1) == 4)
        try desk.plug([.at(1, 57_600)])
        #expect(desk.setup().errors.contains("no servo answers: check its supply"))
    }

    @Test("a run that was killed after the number was given, and before that was written down, goes on")
    func killed() throws {
        var desk = try Desk()
        // The servo has its number already, and nobody has written that down.
        try desk.plug([.at(2)])
        let run = desk.setup([""], "1:shoulder,2:elbow")
        #expect(run.errors.contains("elbow has number 2 already") && run.output.contains("2  elbow     done"))
    }

    @Test("what is kept of another plan, or cannot be kept, is named")
    func trouble() throws {
        var desk = try Desk()
        try desk.plug([.at(2)])
        try Data().write(to: URL(filePath: "\(desk.folder)/state"))
        let full = desk.setup([""], "1:a,2:b")
        #expect(full.status == 3 && full.errors.contains("Not a directory"), "\(full.errors)")
        // A folder in which nobody can make a file: the servo has its number, and that is said.
        let lost = desk.setup([""], "3:a", state: "/proc/none")
        #expect(lost.status == 1 && lost.errors.contains("servo 3 is done, and"), "\(lost.errors)")
        #expect(desk.number(of: 0) == 3)
    }

    @Test("the program reads what is typed, and ends when nobody is there any more")
    func process() throws {
        let line = "./understudy servo setup --port /dev/pts/99999 --family dynamixel --plan 1:a,2:b --state /nowhere"
        let asked = try ProcessRun.shell("printf '\\n' | \(line)")
        #expect(asked.status == 5 && asked.errors.contains("'/dev/pts/99999' is not there"), "\(asked.errors)")
        let left = try ProcessRun.shell(line)
        #expect(left.status == 1 && left.errors.contains("it was ended before all were done"), "\(left.errors)")
        #expect(left.output == "  1  a  to do\n  2  b  to do\n")
    }
}

import Actuators
import Ports
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

/// The program itself, with a person at standard input and servos that are plugged in one after the other.
@Suite("Setting up virtual servos", .serialized)
struct SetupProcessTests {
    /// A link that leads to one servo after the other, as hands plug them in.
    private struct Desk {
        let folder: String

        init() throws { folder = try ProcessRun.shell("mktemp -d | tr -d '\\n'").output }

        func plug(_ path: String) throws { _ = try ProcessRun.shell("ln -sfn \(path) \(folder)/port") }

        func setup(_ input: String, _ plan: String = "1:shoulder,2:elbow,3:hand") throws -> ProcessRun {
            try ProcessRun.shell(
                """
                printf '\(input)' | ./understudy servo setup --port \(folder)/port --family dynamixel --plan \(plan) \
                --baud 1000000 --state \(folder)/state
                """)
        }

        func clear() throws { _ = try ProcessRun.shell("rm -r \(folder)") }
    }

    @Test("each run does what is plugged in, and the next one goes on; at the end all have their numbers")
    func resumed() throws {
        let desk = try Desk()
        let servos = try VirtualServos([.at(1)])
        try desk.plug(servos.path)
        // One Enter, then nobody is there any more.
        let first = try desk.setup("\\n")
        #expect(first.status == 1, "\(first.errors)")
        #expect(first.output == "  1  shoulder  to do\n  2  elbow     done\n  3  hand      to do\n")
        #expect(first.errors.contains("elbow has number 2 now; it had 1"))
        // The same servo again: somebody forgot to change it.
        let forgot = try desk.setup("\\n")
        #expect(forgot.status == 1 && forgot.errors.contains("this is elbow (number 2), which is done"))
        let second = try VirtualServos([.at(9)])
        try desk.plug(second.path)
        #expect(try desk.setup("\\n").errors.contains("hand has number 3 now; it had 9"))
        let third = try VirtualServos([.at(1)])
        try desk.plug(third.path)
        let last = try desk.setup("\\n")
        #expect(last.status == 0 && last.errors.contains("shoulder has number 1 already"), "\(last.errors)")
        #expect(last.output == "  1  shoulder  done\n  2  elbow     done\n  3  hand      done\n")
        #expect(try desk.setup("").status == 0)
        try desk.clear()
    }

    @Test("nothing is written while none or more than one answers")
    func notOne() throws {
        let desk = try Desk()
        var servos = try VirtualServos([.at(1), .at(4)])
        try desk.plug(servos.path)
        let run = try desk.setup("\\n")
        #expect(run.status == 1 && run.errors.contains("more than one servo answers (number 1, 4)"), "\(run.errors)")
        let slaves = try servos.stop().wire
        #expect(slaves.number(.id, of: 0) == 1 && slaves.number(.id, of: 1) == 4)
        let other = try VirtualServos([.at(1, 57_600)])
        try desk.plug(other.path)
        #expect(try desk.setup("\\n").errors.contains("no servo answers: check its supply"))
        try desk.clear()
    }

    @Test("a run that was killed after the number was given, and before that was written down, goes on")
    func killed() throws {
        let desk = try Desk()
        // The servo has its number already, and nobody has written that down.
        let servos = try VirtualServos([.at(2)])
        try desk.plug(servos.path)
        let run = try desk.setup("\\n", "1:shoulder,2:elbow")
        #expect(run.errors.contains("elbow has number 2 already") && run.output.contains("2  elbow     done"))
        try desk.clear()
    }

    @Test("what is kept of another plan, or cannot be kept, is named")
    func trouble() throws {
        let desk = try Desk()
        var servos = try VirtualServos([.at(2)])
        try desk.plug(servos.path)
        _ = try ProcessRun.shell("touch \(desk.folder)/state")
        let full = try desk.setup("\\n", "1:a,2:b")
        #expect(full.status == 3 && full.errors.contains("Not a directory"), "\(full.errors)")
        // A folder in which nobody can make a file: the servo has its number, and that is said.
        let line = "servo setup --port PORT --family dynamixel --plan 3:a --baud 1000000 --state /proc/none"
        let lost = try ProcessRun.shell("printf '\\n' | ./understudy " + line.replacing("PORT", with: servos.path))
        #expect(lost.status == 1 && lost.errors.contains("servo 3 is done, and"), "\(lost.errors)")
        #expect(try servos.stop().wire.number(.id, of: 0) == 3)
        try desk.clear()
    }
}

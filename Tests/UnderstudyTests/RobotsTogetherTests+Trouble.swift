import Episodes
import Foundation
import Glibc
import Guard
import JSON
import Learning
import Ledger
import Supervision
import TestSupport
import Testing
import Varlink

@testable import understudy

// What becomes of a run when something happens to one of its robots.
extension RobotsTogetherTests {
    @Test(
        "a robot that latches in flight is named with what a person does next; a rank is lost, and the same command goes on with the same bits"
    )
    func latched() throws {
        let twins = try Twins(episodes: 4, seconds: "2", more: "--speed 2 --control HERE/side")
        defer { try? twins.end() }
        let far = twins.schools[1].house
        let learner = try twins.process("run")
        var fault = try unplugged(far)
        // What came too late for the first flight comes in the second.
        if try twins.ended(.stopped).isEmpty {
            try cleared(fault, far)
            fault = try unplugged(far)
        }
        let words = try learner.waited { () -> String? in
            let told = try Twins.told(by: learner)
            return told.contains("--clear \(fault) --why TEXT") || learner.hasEnded ? told : nil
        }
        #expect(words.contains("robot 2 (rank 1, on ") && words.contains("waits for a person"), "\(words)")
        #expect(words.contains("understudy resume pendulum --socket \(far.socket) --clear \(fault)"), "\(words)")

        let rank = try String(contentsOfFile: "\(learner.folder)/far", encoding: .utf8)
        kill(try #require(pid_t(rank.trimmingCharacters(in: .whitespacesAndNewlines))), SIGKILL)
        #expect(try learner.end().status != 0)
        let errors = try Twins.told(by: learner)
        #expect(errors.contains("process rank 1") && errors.contains("the same command goes on"), "\(errors)")

        try exchanged(twins)
        try cleared(fault, far)
        let again = try twins.learn("run")
        #expect(again.status == 0 && again.errors.contains("goes on after 2 episodes"), "\(again.errors)")
        try compare(twins, flown: [2, 2])
        let stopped = try twins.ended(.stopped)
        #expect(stopped.map(\.episode?.fault) == [.deviceLost])
        let entries = try CourseLog(decoding: Array(try twins.log("run").utf8)).entries
        let worst = entries.min { $0.worth < $1.worth }
        #expect(
            worst?.fault == 28 && worst?.robot == 2, "what was lost counts as the task says: \(entries.map(\.worth))")
        #expect(entries.filter { $0.fault != nil }.count == 1)
    }

    @Test(
        "a guard that is killed with a flight in the air is named and waited for; no episode is lost or counted twice")
    func guardKilled() throws {
        let twins = try Twins(episodes: 5, more: "--speed 4")
        defer { try? twins.end() }
        let far = twins.schools[1].house
        var client = try far.client()
        let learner = try twins.process("run")
        try client.wait(for: ["running"])
        try far.keeper.signal(SIGKILL)
        _ = try? far.keeper.end()
        let gone = "): its guard does not answer at '\(far.socket)'; it is looked for"
        let words = try learner.waited { () -> String? in
            let told = try Twins.told(by: learner)
            return told.contains(gone) || learner.hasEnded ? told : nil
        }
        #expect(words.contains("robot 2 (rank 1, on ") && words.contains(gone), "\(words)")
        try far.restart()
        #expect(try learner.end().status == 0)
        let errors = try Twins.told(by: learner)
        #expect(errors.contains("its guard answers again"), "\(errors)")
        #expect(try twins.ended(.lost).count == 1)
        try compare(twins, flown: [3, 2])
    }

    /// Pulls the adapter out while the policy is in command, which it is some two seconds after the motors are switched on,
    /// and for two seconds.
    ///
    /// - Returns: the number of the fault that has latched.
    private func unplugged(_ house: Household) throws -> Int64 {
        var client = try house.client()
        func ticks() throws -> Int64 {
            try client.ask("Status")["timing"]?.object?["ticks"]?.integer ?? 0
        }
        try client.wait(for: ["running"])
        let began = try ticks()
        _ = try house.robot.waited { try ticks() >= began + 400 ? true : nil }
        var side = try SideChannel("\(house.robot.folder)/side")
        try side.say("unplug")
        try client.wait(for: ["latched"])
        // Plugged in again it comes to rest soon; a person has to say so all the same.
        try side.say("mend")
        _ = try house.robot.waited { try house.stories.contains { $0.state == .running } ? nil : true }
        return try #require(try client.ask("Status")["fault"]?.object?["number"]?.integer)
    }

    private func cleared(_ fault: Int64, _ house: Household) throws {
        _ = try house.robot.waited {
            try house.operate("resume pendulum --clear \(fault) --why 'plugged in'").status == 0 ? true : nil
        }
    }

    /// Each guard in the place of the other one: what a robot was taught does not become the other's.
    private func exchanged(_ twins: Twins) throws {
        let words = [twins.schools[1], twins.schools[0]].map { school in
            let own = school.words("run").split(separator: " ").map(String.init)
            let run = own.firstIndex(of: "--run").map { own[$0 + 1] } ?? ""
            let first = "\(twins.schools[0].house.folder)/run"
            return "-n 1 ./understudy learn \(own.map { $0 == run ? first : $0 }.joined(separator: " ")) --guards 2"
        }
        let run = try ProcessRun.shell("\(Twins.rights) mpirun --oversubscribe \(words.joined(separator: " : "))")
        #expect(run.status == 3 && run.errors.contains("robot 1 of the run was robot 2 when it began"), "\(run.errors)")
    }

    /// What a run that nobody disturbed makes of the same flights has the same bits; each plan was flown once.
    private func compare(_ twins: Twins, flown: [Int]) throws {
        let plans = try twins.schools.map { try $0.house.stories.filter { [.finished, .stopped].contains($0.state) } }
        #expect(plans.map(\.count) == flown)
        #expect(Set(plans.joined().map(\.plan)).count == flown.reduce(0, +), "none twice")
        let whole = try twins.learn("whole")
        #expect(whole.status == 0, "\(whole.errors)")
        #expect(
            try twins.schools.map { try $0.house.stories.count { [.finished, .stopped].contains($0.state) } } == flown)
        let policy = try #require(try twins.schools[0].policy("whole"))
        #expect(try twins.schools[0].policy("run") == policy, "the same bits")
        #expect(try twins.log("run") == twins.log("whole"), "the same log, line by line")
    }
}

extension Twins {
    /// The plans of both ledgers that ended like this.
    fileprivate func ended(_ state: PlanState) throws -> [PlanStory] {
        try schools.flatMap { try $0.house.stories.filter { $0.state == state } }
    }
}

extension Household {
    fileprivate var stories: [PlanStory] {
        get throws { try LedgerReader(at: state).history.latestStories(1_000) }
    }
}

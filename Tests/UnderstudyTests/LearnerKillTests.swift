import Episodes
import Foundation
import Glibc
import JSON
import Learning
import Ledger
import TestSupport
import Testing

@testable import understudy

/// A robot with short episodes, its guard, a learner that is run again and again, and an operator who never sleeps.
final class School {
    let house: Household
    private let gone: String
    let episodes: Int

    /// - Parameters:
    ///   - record: of the robot's calibration; nil for the usual one.
    ///   - seconds: how long an episode is.
    ///   - more: options of the virtual robot.
    init(
        episodes: Int, record: String? = nil, seconds: String = "0.4", more: String = "", hasOperator: Bool = true
    ) throws {
        self.episodes = episodes
        house = try Household(record: record, more: more) {
            $0.replacing("horizon_s: 5", with: "horizon_s: \(seconds)")
        }
        var client = try house.client()
        try client.wait(for: ["observing"])
        try house.grant()
        guard hasOperator else {
            gone = ""
            return
        }
        // Whatever waits is approved by its hash, and more like it, until the house is left or whoever runs the tests is gone.
        let approve =
            "setpriv --reuid=2 --regid=2 --clear-groups ./understudy approve pendulum --socket \(house.socket)"
        let gone = "\(house.folder)/gone"
        self.gone = gone
        let script =
            "while [ -d \(house.folder) ] && [ ! -e \(gone) ] && [ -d /proc/$PPID ]; do "
            + "plan=$(\(approve) 2>/dev/null | sed -n 's/^.*Plan \\([0-9a-f]*\\).*/\\1/p'); "
            + "[ -n \"$plan\" ] && \(approve) $plan --batch 50 --why test >/dev/null 2>&1; sleep 0.05; done"
        Thread { _ = try? ProcessRun.shell(script) }.start()
    }

    func words(_ run: String, method: String = "unbiased", episodes: Int? = nil) -> String {
        "pendulum --run \(house.folder)/\(run) --episodes \(episodes ?? self.episodes) --method \(method) --seed 7 "
            + "--socket \(house.socket) --recordings \(house.folder)/state --robots \(house.folder)/robots "
            + Household.envelopes
    }

    func policy(_ run: String) throws -> [UInt8]? {
        let file = URL(filePath: "\(house.folder)/\(run)/policy")
        return FileManager.default.fileExists(atPath: file.path) ? Array(try Data(contentsOf: file)) : nil
    }

    /// How many episodes the ledger says were flown, or begun.
    func flown() throws -> Int {
        try LedgerReader(at: "\(house.folder)/state").history.budget().count { $0.approval != nil }
    }

    func end() throws {
        if !gone.isEmpty { try Data().write(to: URL(filePath: gone)) }
        try house.keeper.signal(SIGTERM)
        _ = try? house.keeper.end()
        try house.end()
    }
}

@Suite("A learner as a process", .serialized, .enabled(if: getuid() == 0, "only root can become others"))
struct LearnerKillTests {
    private static let isProof = ProcessInfo.processInfo.environment["UNDERSTUDY_CAMPAIGN"] != nil
    private static let kills = isProof ? 1_000 : 8

    @Test("killed at any moment it learns the same bits, and no episode is lost, flown twice or counted twice")
    func kill() throws {
        let school = try School(episodes: 17)
        defer { try? school.end() }
        var generator = Moments(state: 20_261_127)
        var kills = 0
        // First while the robot flies; then, with what was flown, from the very beginning again and again.
        for run in 0... where kills < Self.kills || run == 0 {
            while try school.policy("killed-\(run)") == nil {
                let learner = try VirtualProcess(school.words("killed-\(run)"), verb: "learn")
                usleep(60_000 + generator.next(below: run == 0 ? 2_500_000 : 1_200_000))
                try learner.signal(SIGKILL)
                if case .failure = Result(catching: { try learner.end() }) { kills += 1 }
            }
            if kills >= Self.kills { break }
        }
        let flown = try school.flown()
        #expect(flown == school.episodes, "each was flown once")
        let curves = "\(school.house.folder)/curves"
        let undisturbed = try ProcessRun.shell("./understudy learn \(school.words("whole")) --tensorboard \(curves)")
        #expect(undisturbed.status == 0, "\(undisturbed.errors)")
        let policy = try #require(try school.policy("whole"))
        #expect(try school.policy("killed-0") == policy, "the same bits")
        #expect(try school.flown() == flown, "what it asked for had been flown already")
        func log(_ run: String) throws -> String {
            try String(contentsOfFile: "\(school.house.folder)/\(run)/course.jsonl", encoding: .utf8)
        }
        #expect(try log("killed-0") == log("whole"), "the same log, line by line")
        let story = CourseStory(try CourseLog(decoding: Array(try log("whole").utf8)))
        let events = try Data(contentsOf: URL(filePath: "\(curves)/\(CourseStory.eventsFile)"))
        #expect(Array(events) == story.events, "the curves grew to the end")
        #expect(kills >= Self.kills / 2, "\(kills) kills")
        try begin(school)
        if Self.isProof { print("killed \(kills) times; \(flown) episodes flown") }
    }

    /// What was flown and what was learnt begin other runs.
    private func begin(_ school: School) throws {
        let (folder, policy) = (school.house.folder, "\(school.house.folder)/whole/policy")
        let state = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/state")
        let recordings = state.filter { $0.hasSuffix(".mcap") }.sorted().prefix(3).map { "\(folder)/state/\($0)" }
        let words = school.words("begun", episodes: 2)
        let from = recordings.map { " --from \($0)" }.joined()
        let begun = try ProcessRun.shell("./understudy learn \(words)\(from)")
        #expect(begun.status == 0 && begun.errors.contains("begins like 3 recordings, and would explain"), "\(begun)")
        let again = try ProcessRun.shell("./understudy learn \(words)")
        #expect(again.status == 0, "it goes on with what it began with: \(again.errors)")
        let same = try ProcessRun.shell("./understudy learn \(words)\(from)")
        #expect(same.status == 0 && !same.errors.contains("begins like"), "it has begun: \(same.errors)")
        let other = try ProcessRun.shell("./understudy learn \(words) --from \(policy)")
        #expect(other.status == 3 && other.errors.contains("was begun with --from files of hash"), "\(other.errors)")
        let dry = "pendulum --dry-run --episodes 1 --robots \(folder)/robots \(Household.envelopes)"
        #expect(try ProcessRun.shell("./understudy learn \(dry) --from \(policy)").status == 0)
        let foreign = try ProcessRun.shell("./understudy learn \(dry) --from \(folder)/whole/course.jsonl")
        #expect(foreign.status == 3 && foreign.errors.contains("is no policy"), "\(foreign.errors)")
        let alone = try ProcessRun.shell("./understudy learn \(dry) --from \(recordings[0]) --from \(policy)")
        #expect(alone.status == 3 && alone.errors.contains("is no episode of this task"), "\(alone.errors)")
    }

    @Test("when a person stops its robot it waits, says who lets it go on, and goes on with what was allowed")
    func stopped() throws {
        let school = try School(episodes: 6, hasOperator: false)
        defer { try? school.end() }
        let house = school.house
        let learner = try VirtualProcess(school.words("run") + " 2>HERE/errors", verb: "learn")
        func approveWaiting() throws -> Bool {
            let shown = try house.operate("approve pendulum")
            guard let plan = shown.output.firstMatch(of: /Plan ([0-9a-f]{64})/)?.1 else { return false }
            return try house.operate("approve pendulum \(plan) --batch 50 --why 'a morning'").status == 0
        }
        _ = try learner.waited { try approveWaiting() ? true : nil }
        var client = try house.client()
        try client.wait(for: ["running"])
        #expect(try house.operate("stop pendulum --why 'a hand'").status == 0)
        let words = try learner.waited { () -> String? in
            let told = try Twins.told(by: learner)
            return told.contains("understudy resume") || learner.hasEnded ? told : nil
        }
        #expect(words.contains("the robot was stopped by a person; what was allowed before waits"), "\(words)")
        #expect(words.contains("next: understudy resume pendulum --socket \(house.socket)"), "\(words)")
        let flown = try school.flown()
        #expect(flown < school.episodes, "\(flown) flown")
        #expect(try client.ask("Status")["stopped"]?.object?["why"]?.text == "a hand")
        #expect(try house.operate("resume pendulum --why 'nobody is near'").status == 0)
        // What no batch covers is approved by hand, such as the first plan once more, if it was stopped on its way there.
        _ = try learner.waited { () -> Bool? in
            if learner.hasEnded { return true }
            _ = try approveWaiting()
            return nil
        }
        #expect(try learner.end().status == 0)
        #expect(try school.policy("run") != nil)
        let paid = try school.flown()
        #expect(paid == school.episodes || paid == school.episodes + 1, "\(paid) paid")
    }

    @Test("what a person refuses ends the run, and what has changed since it began is named")
    func refusals() throws {
        let house = try Household { $0.replacing("horizon_s: 5", with: "horizon_s: 0.4") }
        defer { try? house.end() }
        var client = try house.client()
        try client.wait(for: ["observing"])
        let words =
            "pendulum --run \(house.folder)/run --socket \(house.socket) --recordings \(house.folder)/state "
            + "--robots \(house.folder)/robots \(Household.envelopes)"
        let learner = try VirtualProcess(words, verb: "learn")
        let plan = try learner.waited { () -> String? in
            let shown = try house.operate("approve pendulum")
            return shown.output.firstMatch(of: /Plan ([0-9a-f]{64})/).map { String($0.1) }
        }
        let second = try ProcessRun.shell("./understudy learn \(words)")
        #expect(second.status == 4 && second.errors.contains("another learner"), "\(second.errors)")
        #expect(try house.operate("deny pendulum \(plan) --why 'not today'").status == 0)
        let denied = try learner.end()
        #expect(denied.status == 4 && denied.errors.contains("denied: 'not today'"), "\(denied.errors)")
        let other = try ProcessRun.shell("./understudy learn \(words) --seed 9")
        #expect(other.status == 3 && other.errors.contains("has the seed 1, not 9"), "\(other.errors)")
        let way = try ProcessRun.shell("./understudy learn \(words) --reuse 2")
        #expect(way.status == 3 && way.errors.contains("with --reuse 0, not with --reuse 2"), "\(way.errors)")
        let path = "\(house.folder)/robots/pendulum/robot.json5"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try Data((text + "\n").utf8).write(to: URL(filePath: path))
        let changed = try ProcessRun.shell("./understudy learn \(words)")
        #expect(changed.status == 3 && changed.errors.contains("the robot's file"), "\(changed.errors)")
        let end = try house.dismiss()
        #expect(end.status == 0, "\(end.errors)")
    }
}

/// The same random moments every time.
private struct Moments {
    var state: UInt64

    mutating func next(below limit: UInt64) -> UInt32 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt32((state >> 33) % limit)
    }
}

import Episodes
import Foundation
import Glibc
import GuardSamples
import Learning
import Ledger
import Supervision
import TestSupport
import Testing

@testable import understudy

/// Two robots of a kind, each with its guard and its operator, and a learner with a process beside each of them.
struct Twins {
    let schools: [School]
    static let rights = "env OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 "

    /// - Parameters:
    ///   - seconds: how long an episode is.
    ///   - more: options of the second virtual robot.
    init(episodes: Int, seconds: String = "0.4", more: String = "", hasOperators: Bool = true) throws {
        let record = RobotSample.virtualRecord(of: "pendulum")
        let other = record.replacing("00:00:00Z", with: "00:00:01Z")
        schools = [
            try School(episodes: episodes, record: record, seconds: seconds, hasOperator: hasOperators),
            try School(
                episodes: episodes, record: other, seconds: seconds, more: more, hasOperator: hasOperators),
        ]
    }

    /// Behind `mpirun`: a command for each process, the first beside the first robot.
    ///
    /// - Parameter before: of each of them.
    func words(_ run: String, before: [String]) -> String {
        let words = zip(schools, before).map { school, before in
            "-n 1 \(before) ./understudy learn \(school.words(run)) --guards 2"
        }
        return "mpirun --oversubscribe \(words.joined(separator: " : "))"
    }

    func learn(_ run: String, before: [String] = ["", ""]) throws -> ProcessRun {
        try ProcessRun.shell(Self.rights + words(run, before: before))
    }

    /// Learns meanwhile. The process beside the second robot says in the file `far` which one it is.
    func process(_ run: String) throws -> VirtualProcess {
        let (first, second) = (schools[0].words(run), schools[1].words(run))
        return try VirtualProcess(
            "\(first) --guards 2 : -n 1 sh -c 'echo $$ >HERE/far; exec ./understudy learn \(second) --guards 2' "
                + "2>HERE/errors", verb: "learn",
            before: "\(Self.rights) mpirun --oversubscribe -n 1")
    }

    static func told(by learner: VirtualProcess) throws -> String {
        try String(contentsOfFile: "\(learner.folder)/errors", encoding: .utf8)
    }

    func log(_ run: String) throws -> String {
        try String(contentsOfFile: "\(schools[0].house.folder)/\(run)/\(CourseLog.fileName)", encoding: .utf8)
    }

    /// Of each ledger, the plans that were flown, or begun.
    func flown() throws -> [[Digest]] {
        try schools.map { school in
            try LedgerReader(at: school.house.state).history.latestStories(1_000)
                .filter { $0.permit != nil }.map(\.plan)
        }
    }

    func end() throws { for school in schools { try school.end() } }
}

@Suite("Robots that learn together", .serialized, .enabled(if: getuid() == 0, "only root can become others"))
struct RobotsTogetherTests {
    @Test(
        "two share the episodes, each in one ledger; killed again and again they learn the bits of an undisturbed run")
    func shared() throws {
        let twins = try Twins(episodes: 13)
        defer { try? twins.end() }
        var kills = 0
        while try twins.schools[0].policy("killed") == nil {
            // Now the one dies, now the other, and each time a little later.
            var before = ["", ""]
            before[kills % 2] = "timeout -s KILL \(1 + Double(kills) * 0.37)"
            let run = try twins.learn("killed", before: before)
            if run.status != 0 { kills += 1 }
            try #require(kills < 40, "\(run)")
        }
        #expect(kills > 1)
        let flown = try twins.flown()
        #expect(flown.map(\.count) == [7, 6], "every other one")
        #expect(Set(flown.joined()).count == 13, "each in one ledger")
        let whole = try twins.learn("whole")
        #expect(whole.status == 0 && whole.errors.contains("with 2 robots"), "\(whole.errors)")
        #expect(try twins.flown() == flown, "what it asked for had been flown already")
        let policy = try #require(try twins.schools[0].policy("whole"))
        #expect(try twins.schools[0].policy("killed") == policy, "the same bits")
        #expect(try twins.log("killed") == twins.log("whole"), "the same log, line by line")
        let entries = try CourseLog(decoding: Array(try twins.log("whole").utf8)).entries
        #expect(entries.map(\.robot) == (0..<13).map { $0 % 2 + 1 })
        for entry in entries where entry.robot == 2 {
            let path = "\(twins.schools[0].house.folder)/whole/\(entry.recording ?? "")"
            #expect(FileManager.default.fileExists(atPath: path), "\(path)")
        }
        try refuse(twins)
    }

    /// What does not go on with the run that is there.
    private func refuse(_ twins: Twins) throws {
        let words = twins.schools[0].words("whole")
        let alone = try ProcessRun.shell("./understudy learn \(words)")
        #expect(alone.status == 2 && alone.errors.contains("2 robots need as many processes"), "\(alone.errors)")
        let fewer = try ProcessRun.shell("./understudy learn \(words) --guards 1")
        #expect(fewer.status == 3 && fewer.errors.contains("begun with 2 robots, not with 1"), "\(fewer.errors)")
        let own = "-n 1 ./understudy learn \(twins.schools[0].words("other")) --guards 2"
        let twice = try ProcessRun.shell("\(Twins.rights) mpirun --oversubscribe \(own) : \(own)")
        #expect(twice.status == 3 && twice.errors.contains("robot 2 (rank 1, on "), "\(twice.errors)")
        #expect(twice.errors.contains("the same record of a calibration as that of robot 1"), "\(twice.errors)")
    }

    @Test("a plan that is denied at one robot ends the run and names the robot; no other moves")
    func denied() throws {
        let twins = try Twins(episodes: 4, hasOperators: false)
        defer { try? twins.end() }
        let learner = try twins.process("run")
        let house = twins.schools[1].house
        let plan = try learner.waited { () -> String? in
            try house.operate("approve pendulum").output.firstMatch(of: /Plan ([0-9a-f]{64})/).map { String($0.1) }
        }
        #expect(try house.operate("deny pendulum \(plan) --why 'not here'").status == 0)
        let (status, errors) = (try learner.end().status, try Twins.told(by: learner))
        #expect(status == ExitStatus.refused.rawValue && errors.contains("robot 2 (rank 1, on "), "\(errors)")
        #expect(errors.contains("was denied: 'not here'"), "\(errors)")
        #expect(try twins.flown() == [[], []])
    }
}

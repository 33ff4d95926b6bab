import Episodes
import Foundation
import Glibc
import Guard
import GuardSamples
import JSON
import Ledger
import Ports
import Quantities
import Supervision
import TestSupport
import Testing
import Varlink

@testable import understudy

/// Robot, guard, learner and operator as processes and users of their own, as an owner has them.
private final class Household {
    static let record = """
        { "format": 1, "robot": "pendulum", "made": "2026-01-01T00:00:00Z", "valid_days": 1,
          "calibration": "none needed" }
        """
    static let root = URL(filePath: #filePath).appending(path: "../../..").standardized.path
    let folder: String
    let robot: VirtualProcess
    private(set) var keeper: VirtualProcess
    private let words: String

    init() throws {
        folder = "/tmp/household-\(UUID().uuidString.prefix(8))"
        for name in ["state", "robots/pendulum"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        for file in ["robot.json5", "body.xml"] {
            let bytes = try PlanSamples.bytes(of: "Calibration/pendulum/\(file)")
            try Data(bytes).write(to: URL(filePath: "\(folder)/robots/pendulum/\(file)"))
        }
        try Data(Self.record.utf8).write(to: URL(filePath: "\(folder)/robots/pendulum/2026-01-01-virtual.json"))
        robot = try VirtualProcess("pendulum --lockstep HERE/robot --robots \(folder)/robots \(Self.envelopes)")
        let port = "lockstep:\(robot.folder)/robot"
        _ = try robot.port()
        // Who runs the tests proposes, and the user bin approves.
        words =
            "pendulum --port \(port) --robots \(folder)/robots \(Self.envelopes) --state \(folder)/state "
            + "--socket \(folder)/guard.sock --learners root --operators bin"
        keeper = try VirtualProcess(words, verb: "guard")
    }

    private static var envelopes: String { "--envelopes \(root)/safety/envelopes" }

    /// Another guard in the place of one that has ended.
    func restart() throws { keeper = try VirtualProcess(words, verb: "guard") }

    func client() throws -> VarlinkClient {
        try keeper.waited {
            do throws(ClientError) {
                return Held(try VarlinkClient(to: "\(self.folder)/guard.sock", by: .now() + .seconds(1)))
            } catch {
                return nil
            }
        }.take()
    }

    /// A verb as a user of the system.
    func operate(_ line: String) throws -> ProcessRun {
        try ProcessRun.shell(
            "setpriv --reuid=2 --regid=2 --clear-groups ./understudy \(line) --socket \(folder)/guard.sock")
    }

    func end() throws {
        try robot.signal(SIGTERM)
        _ = try? robot.end()
        try? FileManager.default.removeItem(atPath: folder)
    }
}

private final class Held {
    private var client: VarlinkClient?
    init(_ client: consuming VarlinkClient) { self.client = consume client }

    func take() throws -> VarlinkClient {
        guard let client = client.take() else { throw VirtualProcessTrouble.neverCame }
        return client
    }
}

extension VarlinkClient {
    fileprivate mutating func state(of plan: String? = nil) throws -> String {
        let method = plan == nil ? "Status" : "Await"
        let reply = try call(
            "\(GuardInterface.name).\(method)", plan.map { ["sha256": .text($0)] } ?? [:], by: .now() + .seconds(60))
        return (plan == nil ? reply["state"] : reply["summary"]?.object?["state"])?.text ?? ""
    }

    fileprivate mutating func wait(for states: Set<String>, of plan: String? = nil) throws {
        let end = MonotonicInstant.now() + .seconds(90)
        while true {
            let now = try state(of: plan)
            if states.contains(now) { return }
            try #require(MonotonicInstant.now() < end, "still \(now), not \(states)")
            usleep(5_000)
        }
    }

    fileprivate mutating func propose(_ number: UInt32, horizon: Int32 = 200) throws -> String {
        let facts = try PlanSamples.facts(Household.record, isVirtual: true)
        let position = facts.envelope.joints[.first].position
        let proposal = try PlanSamples.proposal(facts) {
            ($0.number, $0.horizon, $0.band) = (number, horizon, (position.low.value, position.high.value))
        }
        let hash = proposal.digest.text
        _ = try call(
            "\(GuardInterface.name).Propose",
            ["sha256": .text(hash), "proposal_base64": .text(Data(proposal.canonicalBytes).base64EncodedString())],
            by: .now() + .seconds(60))
        return hash
    }
}

@Suite("A guard as a process", .serialized, .enabled(if: getuid() == 0, "only root can become others"))
struct GuardProcessTests {
    @Test("propose, approve, run, recording, ledger; and SIGTERM ends with the robot read back as off")
    func story() throws {
        let house = try Household()
        defer { try? house.end() }
        var learner = try house.client()
        try learner.wait(for: ["observing"])
        let hash = try learner.propose(0)
        #expect(try house.operate("approve pendulum").status == ExitStatus.refused.rawValue)
        let poor = try house.operate("approve pendulum \(hash)")
        #expect(poor.status == ExitStatus.refused.rawValue && poor.errors.contains("costs more"), "\(poor.errors)")
        let granted = try house.operate(
            "grant pendulum --time 1000 --wear 100 --heat 1000 --attention 1000 --why 'a day'")
        #expect(granted.status == 0, "\(granted.errors)")
        let approved = try house.operate("approve pendulum \(hash.prefix(12)) --why 'looks well'")
        #expect(approved.status == 0 && approved.output.contains("█"), "\(approved.errors)")
        try learner.wait(for: ["finished", "stopped", "failed", "lost"], of: hash)
        #expect(try learner.state(of: hash) == "finished")
        let status = try house.operate("status pendulum")
        #expect(status.output.contains("pendulum: observing") && status.output.contains(".mcap"), "\(status.output)")
        try house.keeper.signal(SIGTERM)
        let end = try house.keeper.end()
        #expect(end.status == 0, "\(end.errors)")
        let report = try LedgerReader(at: "\(house.folder)/state").verify()
        #expect(report.isSound && report.recordings == 1)
        #expect(try house.operate("status pendulum").status == ExitStatus.notReachable.rawValue)
    }

    @Test("killed in an episode: it is lost, never flown again, and nothing that was approved besides is lost")
    func killed() throws {
        let house = try Household()
        defer { try? house.end() }
        var learner = try house.client()
        try learner.wait(for: ["observing"])
        _ = try house.operate("grant pendulum --time 1000 --wear 100 --heat 1000 --attention 1000 --why 'a day'")
        // In lockstep an episode takes no longer than its computation: a long one is caught more surely.
        let hashes = [try learner.propose(1, horizon: 4_000), try learner.propose(2)]
        for hash in hashes { #expect(try house.operate("approve pendulum \(hash)").status == 0) }
        try learner.wait(for: ["running", "finished"], of: hashes[0])
        try house.keeper.signal(SIGKILL)
        _ = try? house.keeper.end()
        try house.restart()
        var again = try house.client()
        try again.wait(for: ["lost", "finished"], of: hashes[0])
        try again.wait(for: ["finished", "lost"], of: hashes[1])
        try house.keeper.signal(SIGTERM)
        #expect(try house.keeper.end().status == 0)
        let report = try LedgerReader(at: "\(house.folder)/state").verify()
        #expect(report.isSound, "\(report.findings)")
    }
}

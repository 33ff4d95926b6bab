import Episodes
import Foundation
import Glibc
import GuardSamples
import JSON
import Ledger
import Ports
import Quantities
import Supervision
import TestSupport
import Testing
import Varlink

/// What the learner and the operator were told, to be held against the ledger in the end.
private struct Told {
    var approved: Set<String> = []
    var finished: Set<String> = []
    var kills: [String: Int] = [:]
}

@Suite("Processes that are killed", .serialized, .enabled(if: getuid() == 0, "only root can become others"))
struct GuardKillTests {
    private static let isProof = ProcessInfo.processInfo.environment["UNDERSTUDY_CAMPAIGN"] != nil
    private static let rounds = isProof ? 1_000 : 24

    @Test("guard, learner and operator die at any moment: nothing approved or finished is lost, nothing runs twice")
    func kill() throws {
        let house = try Household()
        defer { try? house.end() }
        var told = Told()
        var generator = Steps(state: 20_261_127)
        var learner = try house.client()
        try learner.wait(for: ["observing"])
        try house.grant()
        for round in 0..<Self.rounds {
            // Every third dies the guard, and a new one takes its place; the others are quicker to replace.
            let victim = ["guard", "operator", "learner"][round % 3]
            do {
                if round % 8 == 7 { try tidy(&learner, house) }
                let hash = try learner.propose(UInt32(round), horizon: 60, to: house)
                try act(victim, UInt32(round), on: hash, house, &generator, &told)
                told.kills[victim, default: 0] += 1
            } catch let error as ClientError {
                // The guard died under this call, as it may.
                try #require(victim == "guard", "round \(round): \(error)")
            }
            if victim != "operator" { learner = try reconnect(house, isGone: victim == "guard") }
        }
        try settle(&learner, &told)
        let end = try house.dismiss()
        #expect(end.status == 0, "\(end.errors)")
        try expectAll(told, house)
    }

    /// What nobody approved, because whoever wanted to was killed, is denied: one learner has only so many plans waiting.
    private func tidy(_ learner: inout VarlinkClient, _ house: Household) throws {
        let plans = (try learner.ask("Status")["plans"]?.list ?? []).compactMap(\.object)
        for plan in plans where plan["state"]?.text == "proposed" {
            _ = try house.operate("deny pendulum \(plan["sha256"]?.text ?? "") --why 'left behind'")
        }
    }

    /// Approves a plan and kills somebody after a while, or in the middle of that.
    private func act(
        _ victim: String, _ round: UInt32, on hash: String, _ house: Household, _ generator: inout Steps,
        _ told: inout Told
    ) throws {
        let pause = generator.next(below: 40_000)
        switch victim {
        case "operator":
            // It may have come through before it died: what the ledger says counts.
            let line =
                "setpriv --reuid=2 --regid=2 --clear-groups ./understudy approve pendulum \(hash) --socket \(house.socket)"
            _ = try ProcessRun.shell(
                "\(line) >/dev/null 2>&1 & sleep 0.0\(pause / 100); kill -9 $!; wait $! 2>/dev/null; true")
        case "learner":
            // A learner is whoever holds the other end: gone in the middle of a message, and of a call that lasts.
            try gone(from: house, round)
            if try house.operate("approve pendulum \(hash)").status == 0 { told.approved.insert(hash) }
        default:
            if try house.operate("approve pendulum \(hash)").status == 0 { told.approved.insert(hash) }
            usleep(UInt32(pause))
            try house.keeper.signal(SIGKILL)
            _ = try? house.keeper.end()
        }
    }

    /// One end asks and is gone before the answer, another is killed while it is told of every change.
    private func gone(from house: Household, _ number: UInt32) throws {
        var asking = try VarlinkClient(to: house.socket, by: .now() + .seconds(5))
        let proposal = try house.sample.proposal(house.sample.policy(), 60, number: 1_000_000 + number)
        try asking.send(
            "org.understudy.Guard.Propose",
            [
                "sha256": .text(proposal.digest.text),
                "proposal_base64": .text(Data(proposal.canonicalBytes).base64EncodedString()),
            ], by: .now() + .seconds(5))
        _ = consume asking
        _ = try ProcessRun.shell(
            "./understudy watch pendulum --socket \(house.socket) >/dev/null 2>&1 & "
                + "sleep 0.05; kill -9 $!; wait $!; true")
    }

    private func reconnect(_ house: Household, isGone: Bool) throws -> VarlinkClient {
        if isGone { try house.restart() }
        var client = try house.client()
        try client.wait(for: ["observing", "running", "permitted", "held"])
        return client
    }

    /// Waits until nothing is on its way any more, and notes what is finished.
    private func settle(_ learner: inout VarlinkClient, _ told: inout Told) throws {
        for hash in told.approved {
            try learner.wait(for: ["finished", "stopped", "failed", "lost", "expired"], of: hash)
            if try learner.state(of: hash) == "finished" { told.finished.insert(hash) }
        }
    }

    private func expectAll(_ told: Told, _ house: Household) throws {
        let state = "\(house.folder)/state"
        let reader = try LedgerReader(at: state)
        let report = try reader.verify()
        #expect(report.isSound, "\(report.findings)")
        var flown: [UInt64] = []
        for hash in told.approved {
            let digest = try #require(Digest(text: hash))
            let story = try #require(try reader.history.story(of: digest), "an approved plan is gone")
            let approval = try #require(story.approval, "an approval is gone")
            if told.finished.contains(hash) {
                #expect(story.episode?.step == .finished && story.episode?.recording != nil)
                flown.append(approval)
            }
        }
        #expect(Set(flown).count == flown.count && !told.finished.isEmpty && told.kills.count == 3, "\(told.kills)")
        let files = try FileManager.default.contentsOfDirectory(atPath: state).filter { $0.hasSuffix(".mcap") }
        #expect(files.count >= told.finished.count)
        guard Self.isProof else { return }
        print("killed \(told.kills): \(told.approved.count) approved, \(told.finished.count) finished")
    }
}

/// The same random moments every time.
private struct Steps {
    var state: UInt64

    mutating func next(below limit: UInt64) -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 33) % limit
    }
}

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

    @Test("a robot whose guard is killed in an episode stops by its own watchdog within 150 ms")
    func watchdog() throws {
        let house = try Household(more: "--record HERE/run")
        defer { try? house.end() }
        var learner = try house.client()
        try learner.wait(for: ["observing"])
        try house.grant()
        // A motion that pulls on every tick from the first one on.
        let wave = MotionScript.Wave(amplitude: Radians(0.5), rate: RadiansPerSecond(5))
        let script = try MotionScript(
            .calibration, steps: [.init(ticks: Ticks(6_000), fade: Ticks(20), motions: [.swing([wave])])])
        let proposal = try house.sample.proposal(script.payload, script.ticks.rawValue, number: 1, from: [.zero])
        let hash = try learner.propose(proposal)
        #expect(try house.operate("approve pendulum \(hash)").status == 0)
        try learner.wait(for: ["running"], of: hash)
        // Before the motion the motor is off for a while, to prove the watchdog: the robot's log says when it pulls.
        let log = URL(filePath: "\(house.robot.folder)/run")
        for _ in 0..<3_000 {
            if try Run(String(contentsOf: log, encoding: .utf8)).pulled > 0 { break }
            usleep(20_000)
        }
        try house.keeper.signal(SIGKILL)
        _ = try? house.keeper.end()
        // Its time went on with its guard only. Somebody else lets it go on now, without a word.
        let rate = try #require(BaudRate(1_000_000))
        let address = try DeviceAddress("lockstep:\(house.robot.folder)/robot")
        var line = try DeviceLine(address, baudRate: rate)
        try line.sleep(until: line.now + .milliseconds(600))
        _ = consume line
        try house.robot.signal(SIGTERM)
        _ = try? house.robot.end()
        let run = try Run(String(contentsOf: log, encoding: .utf8))
        #expect(run.pulled > 0 && run.heard > 0 && run.end > run.heard + 0.5, "\(run)")
        #expect(run.pulled > run.heard - 0.1, "it was not killed in a motion: \(run)")
        #expect(run.pulled <= run.heard + 0.15, "\(run.pulled - run.heard) s")
    }

    /// When the robot last heard its master, and when its motor was last driven, in its own log.
    private struct Run {
        private(set) var (heard, pulled, end) = (0.0, 0.0, 0.0)

        init(_ text: String) throws {
            for line in text.split(separator: "\n") {
                guard line.hasPrefix("{\"t\":"), let comma = line.firstIndex(of: ",") else { continue }
                end = (Double(line[line.index(line.startIndex, offsetBy: 5)..<comma]) ?? 0) / 1e9
                if line[comma...].hasPrefix(",\"in\"") { heard = end }
                guard let drive = line.range(of: "\"drive\":[\"") else { continue }
                let word = line[drive.upperBound...].prefix { $0 != "\"" }
                if word != "off", abs(Double(word.dropFirst()) ?? 0) > 0.002 { pulled = end }
            }
        }
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

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
import Testing
import Varlink

/// A service whose turns are made by hand, so that calls lie in its box together.
private final class SlowService {
    let folder: String
    let facts: RobotFacts
    let seat: RehearsalSeat
    var service: GuardService
    var client: VarlinkClient

    init() throws {
        (folder, facts, seat) = try Self.parts()
        service = try Self.service(folder, facts, seat)
        client = try VarlinkClient(to: "\(folder)/guard.sock", by: soon())
    }

    static func parts() throws -> (String, RobotFacts, RehearsalSeat) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "slow-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let made = ServiceBench.now().wall.advanced(by: -WallInstant.day)
        let record = PlanSamples.calibration.replacingOccurrences(of: "2026-11-26T06:00:00Z", with: made.description)
        let facts = try PlanSamples.facts(record)
        return (folder, facts, RehearsalSeat(facts.envelope, provenAt: made.advanced(by: 3_600_000)))
    }

    static func service(_ folder: String, _ facts: RobotFacts, _ seat: RehearsalSeat) throws -> GuardService {
        let ledger = try Ledger.open(at: "\(folder)/ledger.sqlite", program: "test", now: ServiceBench.now().wall)
        let desk = try Desk(
            facts, ledger: ledger, itself: PlanSamples.itself(), verification: PlanSamples.rules,
            measure: PolicyMeasure(reach: 3, states: 32), ruleFiles: { [] })
        var settings = GuardSettings(socket: "\(folder)/guard.sock", version: "test") { _ in
            [.anyone, .operator, .learner]
        }
        settings.limits = ServiceBench.quick
        return try GuardService(desk, seat: seat, settings)
    }

    func turn(_ turns: Int = 1) {
        for _ in 0..<turns { service.turn(at: ServiceBench.now()) }
    }

    /// Leaves a call in the box.
    func leave(_ method: String, _ parameters: JSONObject) throws {
        let before = service.statistics.calls
        try client.send("\(GuardInterface.name).\(method)", parameters, by: soon())
        let deadline = soon()
        while service.statistics.calls == before {
            try #require(MonotonicInstant.now() < deadline)
            MonotonicInstant.sleep(until: .now() + .milliseconds(1))
        }
    }

    func ask(_ method: String, _ parameters: JSONObject) throws -> JSONObject {
        try leave(method, parameters)
        return try answer()
    }

    func answer() throws -> JSONObject {
        let deadline = soon()
        while true {
            turn()
            do throws(ClientError) {
                return try client.receive(by: .now() + .milliseconds(20)).parameters
            } catch {
                guard error == .timedOut, MonotonicInstant.now() < deadline else { throw error }
            }
        }
    }

    func summary(of plan: String) throws -> PlanSummary {
        try service.desk.summary(plan, at: ServiceBench.now().wall)
    }

    /// A stop, which is answered whatever the desk does.
    static func stop(in folder: String) throws {
        var other = try VarlinkClient(to: "\(folder)/guard.sock", by: soon())
        _ = try other.call("\(GuardInterface.name).Stop", ["why": "the cat"], by: soon())
    }

    func stop() throws { try Self.stop(in: folder) }

    deinit { try? FileManager.default.removeItem(atPath: folder) }
}

@Suite("Calls and stops that come together")
struct StopOrderTests {
    enum Act: String, CaseIterable, Sendable {
        case approve = "Approve"
        case resume = "Resume"
    }

    @Test(
        "what allows something counts as before a stop if it came before it, also where both are heard on one turn",
        arguments: Act.allCases, [false, true])
    func together(act: Act, isStopFirst: Bool) throws {
        let slow = try SlowService()
        slow.turn(6)
        let amount: JSONValue = [
            "time_ms": 1_000_000, "wear_microlives": 1_000, "heat_mj": 10_000_000, "attention_ms": 1_000_000,
        ]
        _ = try slow.ask("Grant", ["amount": amount, "why": "a day"])
        let proposal = try PlanSamples.proposal(slow.facts)
        let hash = proposal.digest.text
        let bytes = Data(proposal.canonicalBytes).base64EncodedString()
        _ = try slow.ask("Propose", ["sha256": .text(hash), "proposal_base64": .text(bytes)])
        let approval: JSONObject = ["sha256": .text(hash), "mode": "each"]
        if act == .resume {
            // Approved, and kept down by a first stop.
            slow.seat.setAtRest(false)
            _ = try slow.ask("Approve", approval)
            try slow.stop()
            slow.turn()
            slow.seat.setAtRest(true)
        }
        if isStopFirst { try slow.stop() }
        try slow.leave(act.rawValue, act == .approve ? approval : [:])
        if !isStopFirst { try slow.stop() }
        _ = try slow.answer()
        slow.turn(20)
        let summary = try slow.summary(of: hash)
        #expect(summary.state == (isStopFirst ? .finished : .approved), "\(summary.waitsFor)")
        #expect(summary.waitsFor == (isStopFirst ? [] : ["resume"]))
        #expect(slow.seat.orders.contains("fly") == isStopFirst)
    }

    @Test("one that is pressed behind the last turn of a guard is known to the next one")
    func lastMoment() throws {
        let (folder, facts, seat) = try SlowService.parts()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var service = try SlowService.service(folder, facts, seat)
        service.turn(at: ServiceBench.now())
        try SlowService.stop(in: folder)
        service.end(at: ServiceBench.now())
        let open = try LedgerReader(at: folder).history.openFaults()
        #expect(open.map(\.fault) == [.operatorStop])
        #expect(open.first?.detail.hasSuffix(" (\(getuid())): the cat") == true, "\(open)")
        let next = try SlowService.service(folder, facts, seat)
        #expect(next.desk.stopped?.why == "the cat")
    }

    @Test("the last of more stops than are noted in a turn still keeps down what was approved before it")
    func many() throws {
        let slow = try SlowService()
        slow.turn(6)
        let proposal = try PlanSamples.proposal(slow.facts)
        let amount: JSONValue = [
            "time_ms": 1_000_000, "wear_microlives": 1_000, "heat_mj": 10_000_000, "attention_ms": 1_000_000,
        ]
        _ = try slow.ask("Grant", ["amount": amount, "why": "a day"])
        let (hash, bytes) = (proposal.digest.text, Data(proposal.canonicalBytes).base64EncodedString())
        _ = try slow.ask("Propose", ["sha256": .text(hash), "proposal_base64": .text(bytes)])
        for _ in 0..<70 { try slow.stop() }
        try slow.leave("Approve", ["sha256": .text(hash), "mode": "each"])
        try slow.stop()
        _ = try slow.answer()
        slow.turn(20)
        #expect(try slow.summary(of: hash).waitsFor == ["resume"])
        #expect(!slow.seat.orders.contains("fly"))
    }
}

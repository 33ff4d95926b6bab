import Episodes
import Foundation
import Guard
import GuardSamples
import JSON
import Ledger
import Ports
import Quantities
import Supervision
import Testing
import Varlink

@Suite("The guard's service")
struct ServiceTests {
    @Test("the interface that is served is the file beside the sources, and every error of the desk is in it")
    func contract() throws {
        let text = String(
            decoding: try PlanSamples.bytes(of: "Sources/Guard/org.understudy.Guard.varlink"), as: UTF8.self)
        #expect(GuardInterface.interface.description == text)
        let bench = try ServiceBench()
        defer { bench.end() }
        var client = try bench.client()
        #expect(try client.interface(GuardInterface.name, by: soon()).description == text)
    }

    @Test("from Propose to the end of the episode: Await tells every state, and Show, Status, Budget and Robot agree")
    func story() throws {
        let bench = try ServiceBench()
        defer { bench.end() }
        var person = try bench.client()
        var learner = try bench.client()
        try person.expectState("observing")
        try person.grant()
        bench.become(.learner)
        let proposal = try PlanSamples.proposal(bench.facts) { $0.horizon = 400 }
        let hash = try learner.propose(proposal)
        try learner.send("\(GuardInterface.name).Await", ["sha256": .text(hash)], .more, by: soon())
        #expect(try learner.receive(by: soon()).parameters["summary"]?.object?["state"] == "proposed")
        bench.become(.operator)
        let shown = try person.ask("Show", ["sha256": .text(hash)])
        #expect(shown["plan"]?.object?["sha256"]?.text == hash)
        #expect(shown["dossier"]?.object?["bands"]?.list?.count == 1)
        #expect(shown["dossier"]?.object?["measured"] == [])
        let permit = try person.ask("Approve", ["sha256": .text(hash), "mode": "each", "why": "looks well"])
        #expect((permit["permit"]?.integer ?? 0) > 0)
        var states: [String] = []
        while true {
            let reply = try learner.receive(by: soon())
            states.append(reply.parameters["summary"]?.object?["state"]?.text ?? "")
            if !reply.continues { break }
        }
        #expect(states.last == "finished" && Set(states).isSubset(of: ["approved", "running", "finished"]))
        #expect(try person.ask("Budget")["account"]?.object?["episodes"] == 1)
        let plans = try #require(try person.ask("Status")["plans"]?.list)
        #expect(plans.first?.object?["recording"]?.text == "\(permit["permit"]?.integer ?? 0).mcap")
        let robot = try person.ask("Robot")
        #expect(robot["checks"]?.list?.allSatisfy { $0.object?["passed"] == true } == true)
        #expect(robot["firmware"]?.object?["swing"] == "46")
        #expect(try LedgerReader(at: bench.folder).verify().isSound)
    }

    @Test("every refusal is an error of the interface with its numbers, and stands in the ledger")
    func refusals() throws {
        let bench = try ServiceBench()
        defer { bench.end() }
        var client = try bench.client()
        let zero = Digest.zero.text
        let none: JSONObject = ["sha256": .text(zero), "why": "x"]
        #expect(client.error(of: "Propose", ["sha256": "", "proposal_base64": ""]) == "NotAllowed")
        for method in ["Show", "Await"] { #expect(client.error(of: method, ["sha256": "x"]) == "UnknownPlan") }
        #expect(client.error(of: "Deny", none) == "UnknownPlan")
        #expect(client.error(of: "Approve", ["sha256": .text(zero), "mode": "each"]) == "UnknownPlan")
        #expect(client.error(of: "Approve", ["sha256": .text(zero), "mode": "standing"]) == "InvalidParameter")
        #expect(client.error(of: "Approve", ["sha256": .text(zero), "mode": "always"]) == "InvalidParameter")
        #expect(client.error(of: "Adopt", ["rule": "r", "sha256": "", "why": "x"]) == "UnknownGround")
        #expect(client.error(of: "Withdraw", ["ground": -1, "why": "x"]) == "UnknownGround")
        #expect(client.error(of: "ClearFault", ["number": 24, "why": "x"]) == "NotLatched")
        #expect(client.error(of: "Nonsense") == "MethodNotFound")
        bench.become(.learner)
        #expect(client.error(of: "Deny", none) == "NotAllowed")
        #expect(client.error(of: "Propose", ["sha256": "", "proposal_base64": "&"]) == "BadPlan")
        #expect(client.error(of: "Propose", ["sha256": "", "proposal_base64": "AAAA"]) == "HashDiffers")
        for change: (inout PlanSamples.Change) -> Void in [{ $0.horizon = 30_000 }, { $0.task = .zero }] {
            let proposal = try PlanSamples.proposal(bench.facts, change)
            let bytes = Data(proposal.canonicalBytes).base64EncodedString()
            let error = client.error(
                of: "Propose", ["sha256": .text(proposal.digest.text), "proposal_base64": .text(bytes)])
            #expect(error == "BadPlan" || error == "Outdated")
        }
        let report = try LedgerReader(at: bench.folder).verify()
        #expect(report.isSound && (report.counts[.refusal] ?? 0) >= 12)
    }

    @Test("anybody stops; a latched fault is cleared with why, and the answer comes after a new verification")
    func stops() throws {
        let bench = try ServiceBench()
        defer { bench.end() }
        var client = try bench.client()
        try client.expectState("observing")
        bench.seat.fault(.deviceLost)
        try client.expectState("latched")
        #expect(client.error(of: "Resume") == "Latched")
        #expect(client.error(of: "ClearFault", ["number": 28, "why": ""]) == "InvalidParameter")
        let cleared = try client.ask("ClearFault", ["number": 28, "why": "plugged in again"])
        #expect(cleared["state"] == "observing")
        #expect(try client.ask("Resume")["checks"]?.list?.isEmpty == false)
        bench.become(.anyone)
        #expect((try client.ask("Stop", ["why": "the cat"])["ordered_at_ns"]?.integer ?? 0) > 0)
        bench.become(.operator)
        bench.seat.exchange(SeatDevice(id: 1, model: "ax-12", firmware: "46", serial: nil))
        #expect(client.error(of: "Resume") == "NotVerified")
    }

    @Test("Watch tells what changes, and with a period how the joints are; without more it tells once")
    func watch() throws {
        let bench = try ServiceBench()
        defer { bench.end() }
        var client = try bench.client()
        try client.expectState("observing")
        #expect(try client.ask("Watch")["state"] == "observing")
        var watcher = try bench.client()
        try watcher.send("\(GuardInterface.name).Watch", [:], .more, by: soon())
        #expect(try watcher.receive(by: soon()).parameters["state"] == "observing")
        bench.seat.fault(.encoderJump)
        var last: JSONObject = [:]
        while last["state"] != "latched" { last = try watcher.receive(by: soon()).parameters }
        #expect(last["fault"]?.object?["number"] == 23)
        var periodic = try bench.client()
        try periodic.send("\(GuardInterface.name).Watch", ["period_ms": 1], .more, by: soon())
        for _ in 0..<3 {
            let joints = try periodic.receive(by: soon()).parameters["joints"]?.list
            #expect(joints?.first?.object?["temperature_celsius"]?.number == 30)
        }
    }

    @Test("what learners send is base64 with one text for each value")
    func base64() throws {
        let bench = try ServiceBench()
        defer { bench.end() }
        bench.become(.learner)
        var client = try bench.client()
        let proposal = try PlanSamples.proposal(bench.facts)
        let good = Data(proposal.canonicalBytes).base64EncodedString()
        let hash: JSONValue = .text(proposal.digest.text)
        for bad in [good + "=", good + "\n", "A" + good, String(good.dropLast()), "AA=A", "AB=="] {
            #expect(
                client.error(of: "Propose", ["sha256": hash, "proposal_base64": .text(bad)]) == "BadPlan", "\(bad)")
        }
        #expect(client.error(of: "Propose", ["sha256": hash, "proposal_base64": .text(good)]) == nil)
    }
}

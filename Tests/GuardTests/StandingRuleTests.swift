import Episodes
import Foundation
import Guard
import GuardSamples
import Ledger
import Quantities
import Robots
import Supervision
import Synchronization
import Testing

@Suite("Standing rules at the desk")
struct StandingRuleTests {
    private static func text(_ facts: RobotFacts, signer: String = "ada", perDay: Int = 2, more: String = "") -> String
    {
        """
        { format: 1, rule: "mornings", robot: "pendulum", envelope: "\(facts.envelope.identity.text)",
          least_margin_share: 0.1, policy_distance_nats: 0.5, hottest_c: 60, least_time_left_s: 10,
          episodes_per_day: \(perDay), \(more) until: "2026-12-31T18:00:00Z", signer: "\(signer)" }
        """
    }

    private static func rule(_ text: String) throws -> RuleOnFile {
        let name = try PlanSamples.name("mornings")
        guard let rule = RuleOnFile(name: name, bytes: Array(text.utf8)) else { throw PlanSamples.Impossible() }
        return rule
    }

    /// A desk whose rule folder can be changed, an adopted rule in it, and one episode that a person approved.
    private func bench(_ shelf: Shelf) throws -> DeskBench {
        var bench = try DeskBench(files: { shelf.files })
        try bench.grant()
        bench.turn(4)
        try bench.approve(try bench.propose())
        bench.turn(8)
        return bench
    }

    private final class Shelf: Sendable {
        private let held: Mutex<[RuleOnFile]>
        init(_ rule: RuleOnFile) { held = Mutex([rule]) }
        var files: [RuleOnFile] { held.withLock { $0 } }
        func put(_ rule: RuleOnFile) { held.withLock { $0 = [rule] } }
    }

    private func near(_ number: UInt32) throws -> (inout PlanSamples.Change) -> Void {
        let distance = PolicyDistance(from: try PlanSamples.policy().digest, value: 0.01)
        return { ($0.number, $0.bias, $0.distance) = (number, 0.1, distance) }
    }

    @Test("an adopted rule approves what fulfils it, so often a day, and nothing once it is withdrawn or edited")
    func covers() throws {
        let facts = try PlanSamples.facts()
        let shelf = Shelf(try Self.rule(Self.text(facts)))
        var bench = try bench(shelf)
        let ada = try PlanSamples.caller(.operator)
        let waiting = try bench.propose(near(1))
        #expect(try bench.state(waiting) == .proposed)
        let hash = shelf.files[0].file.digest.text
        let ground = try bench.desk.adopt("mornings", file: hash, by: ada, why: "looked through", at: bench.now)
        #expect(try bench.state(waiting) == .approved)
        let open = try bench.desk.openGrounds(at: bench.now.wall)
        #expect(open.map(\.serial) == [ground] && open.first?.rule?.text == "mornings")
        #expect(ApprovalMode(under: open) == .standing)
        #expect(try bench.state(try bench.propose(near(2))) == .approved)
        let third = try bench.propose(near(3))
        #expect(try bench.state(third) == .proposed)
        bench.turn(20)
        #expect(bench.seat.orders.filter { $0 == "fly" }.count == 3)
        shelf.put(try Self.rule(Self.text(facts, perDay: 10)))
        #expect(try bench.desk.openGrounds(at: bench.now.wall).isEmpty, "nobody has adopted this file")
        #expect(try bench.state(try bench.propose(near(4))) == .proposed)
        shelf.put(try Self.rule(Self.text(facts)))
        let last = WallInstant(milliseconds: open.first?.until.milliseconds ?? 0)
        #expect(try bench.desk.openGrounds(at: last.advanced(by: -1)).count == 1)
        #expect(try bench.desk.openGrounds(at: last).isEmpty, "a rule has ended at its hour")
        try bench.desk.withdraw(Int64(ground), by: ada, why: "enough", at: bench.now)
        bench.pass(86_000)
        #expect(try bench.state(try bench.propose(near(5))) == .proposed)
        #expect(try bench.verified())
    }

    @Test(
        "a plan with a band wider than its rule allows waits for a person; the same plan flies by a rule that is silent"
    )
    func band() throws {
        let facts = try PlanSamples.facts()
        let (narrow, silent) = ("widest_band_rad: 1.5,", "")
        for (more, state) in [(narrow, PlanState.proposed), (silent, .approved)] {
            let shelf = Shelf(try Self.rule(Self.text(facts, perDay: 9, more: more)))
            var bench = try bench(shelf)
            let ada = try PlanSamples.caller(.operator)
            let hash = shelf.files[0].file.digest.text
            _ = try bench.desk.adopt("mornings", file: hash, by: ada, why: "looked through", at: bench.now)
            // From -1 to 1 at every tick, and from -0.75 to 0.75.
            #expect(try bench.state(try bench.propose(near(1))) == state, "\(more)")
            let usual = try near(2)
            let second = try bench.propose { wish in
                usual(&wish)
                wish.band = (-0.75, 0.75)
            }
            #expect(try bench.state(second) == .approved, "\(more)")
        }
    }

    @Test("a rule that was adopted before a person's stop approves nothing more; adopted again behind it, it does")
    func afterStop() throws {
        let shelf = Shelf(try Self.rule(Self.text(try PlanSamples.facts(), perDay: 9)))
        var bench = try bench(shelf)
        let (ada, hash) = (try PlanSamples.caller(.operator), shelf.files[0].file.digest.text)
        _ = try bench.desk.adopt("mornings", file: hash, by: ada, why: "looked through", at: bench.now)
        let first = try bench.propose(near(1))
        #expect(try bench.state(first) == .approved)
        try bench.stop()
        let second = try bench.propose(near(2))
        bench.turn(20)
        #expect(bench.flights == 1, "the one that a person approved in the beginning")
        #expect(try bench.waits(first) == ["resume"])
        #expect(try bench.waits(second) == ["approval", "resume"])
        _ = try bench.desk.adopt("mornings", file: hash, by: ada, why: "nobody is near", at: bench.now)
        bench.turn(10)
        #expect(try bench.state(second) == .finished)
        #expect(try bench.state(first) == .expired, "the second was approved later and has flown")
        #expect(try bench.verified())
    }

    @Test("a rule asks for its signer, for exactly its bytes, and for a file that is there")
    func signing() throws {
        let facts = try PlanSamples.facts()
        let shelf = Shelf(try Self.rule(Self.text(facts, signer: "grace")))
        var bench = try DeskBench(files: { shelf.files })
        let (ada, file) = (try PlanSamples.caller(.operator), shelf.files[0].file.digest)
        let (grace, zero) = (try PlanSamples.name("grace"), Digest.zero.text)
        #expect(throws: GuardRefusal.wrongSigner(rule: "mornings", signer: grace, user: ada.author.name)) {
            try bench.desk.adopt("mornings", file: file.text, by: ada, why: "x", at: bench.now)
        }
        #expect(throws: GuardRefusal.hashDiffers(given: zero, computed: file)) {
            try bench.desk.adopt("mornings", file: zero, by: ada, why: "x", at: bench.now)
        }
        #expect(throws: GuardRefusal.unknownGround("evenings")) {
            try bench.desk.adopt("evenings", file: zero, by: ada, why: "x", at: bench.now)
        }
        #expect(throws: GuardRefusal.unknownGround("77")) {
            try bench.desk.withdraw(77, by: ada, why: "x", at: bench.now)
        }
    }

    @Test("files of a folder are rules only when they are whole and called like their rule")
    func folder() throws {
        let facts = try PlanSamples.facts()
        let folder = FileManager.default.temporaryDirectory.appending(path: "rules-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let text = Self.text(facts)
        for (name, text) in [("mornings.json5", text), ("other.json5", text), ("broken.json5", "{"), ("notes", "x")] {
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
        }
        #expect(RuleFolder(folder).read().map(\.name.text) == ["mornings"])
        #expect(RuleFolder("\(folder)/nowhere").read().isEmpty)
    }
}

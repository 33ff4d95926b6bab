import Episodes
import GuardSamples
import Ledger
import Quantities
import Supervision
import Testing

@testable import Guard

@Suite("Plans of motions")
struct MotionPlanTests {
    private static func directions(_ distance: Float = 0.3, moving: Int32 = 200) throws -> MotionScript {
        try MotionScript.directions(
            from: [.zero], distances: [Radians(distance)], moving: Ticks(moving), resting: Ticks(20))
    }

    private static func one(_ motion: MotionScript.Motion, ticks: Int32 = 100) throws -> MotionScript {
        try MotionScript(.calibration, steps: [.init(ticks: Ticks(ticks), fade: Ticks(10), motions: [motion])])
    }

    private func change(_ script: MotionScript, _ wish: inout PlanSamples.Change) {
        (wish.format, wish.policyBytes, wish.horizon) = (
            MotionScript.format, script.canonicalBytes, script.ticks.rawValue
        )
    }

    private func flaw(
        _ script: MotionScript, _ more: (inout PlanSamples.Change) -> Void = { _ in }
    ) throws -> MotionFlaw? {
        let facts = try PlanSamples.facts()
        let proposal = try PlanSamples.proposal(facts) {
            change(script, &$0)
            more(&$0)
        }
        do throws(GuardRefusal) {
            _ = try PlanCheck(facts).check(proposal)
            return nil
        } catch .badPlan(.motions(let flaw)) {
            return flaw
        } catch {
            throw error
        }
    }

    @Test("what leaves envelope, band, or the slowness of such a check is refused with its numbers")
    func flaws() throws {
        #expect(try flaw(Self.directions()) == nil)
        #expect(try flaw(Self.one(.move(to: Radians(0.9)))) == nil)
        #expect(try flaw(Self.directions()) { $0.horizon = 100 } == .ticks(460, horizon: 100))
        guard case .direction? = try flaw(Self.directions(0.3, moving: 20)) else {
            Issue.record("too fast, and not refused")
            return
        }
        guard case .band("swing", _, let value, -1, 1)? = try flaw(Self.one(.move(to: Radians(1.2)))), value > 1 else {
            Issue.record("outside of its band, and not refused")
            return
        }
        let wide = { (wish: inout PlanSamples.Change) in wish.band = (-12, 12) }
        guard case .position("swing", 0, _, _, 11.5)? = try flaw(Self.one(.move(to: Radians(11.9)), ticks: 6_000), wide)
        else {
            Issue.record("outside of the envelope, and not refused")
            return
        }
        guard case .speed("swing", 0, let speed, 12)? = try flaw(Self.one(.move(to: Radians(9))), wide), speed > 12
        else {
            Issue.record("too fast for the envelope, and not refused")
            return
        }
        let push = MotionScript.Wave(amplitude: NewtonMetres(0.15), rate: RadiansPerSecond(3))
        guard case .effort("swing", 0, _, _)? = try flaw(Self.one(.push(NewtonMetres(0.1), [push]))) else {
            Issue.record("stronger than the envelope, and not refused")
            return
        }
        #expect(try flaw(Self.one(.push(NewtonMetres(0.1), []))) == nil)
        let swing = try MotionScript(
            .direction,
            steps: [
                .init(
                    ticks: Ticks(100),
                    motions: [.swing([.init(amplitude: Radians(0.1), rate: RadiansPerSecond(1))])])
            ])
        #expect(try flaw(swing) == .together(step: 0))
        guard case .notCanonical? = try flaw(Self.directions(), { $0.policyBytes = [1, 2] }) else {
            Issue.record("no script, and not refused")
            return
        }
    }

    @Test("every flaw has words for its field, what it is and what it would have to be")
    func words() throws {
        let flaws: [MotionFlaw] = [
            .notCanonical(CanonicalReader([]).error(.notText)), .joints(2, needed: 1), .ticks(4, horizon: 5),
            .pushes(joint: "a", step: 1), .effort(joint: "a", step: 1, 2, most: 1),
            .position(joint: "a", step: 1, 3, low: 0, high: 1), .band(joint: "a", tick: 9, 3, low: 0, high: 1),
            .speed(joint: "a", step: 1, 5, most: 4), .direction(joint: "a", step: 1, 5, most: 4), .together(step: 3),
        ]
        for flaw in flaws {
            let plan = PlanFlaw.motions(flaw)
            #expect(!plan.field.isEmpty && !plan.given.isEmpty && !plan.needed.isEmpty)
        }
        #expect(Set(flaws.map { "\($0.field)\($0.given)\($0.needed)" }).count == flaws.count)
    }

    @Test("a new robot flies motions that measure it before it is calibrated, and nothing else")
    func uncalibrated() throws {
        var bench = try DeskBench(facts: try PlanSamples.facts(nil))
        try bench.grant()
        bench.turn(4)
        let policy = try bench.propose()
        let again = try MotionScript(
            .replay, steps: [.init(ticks: Ticks(100), motions: [.follow([.zero, Radians(0.1), .zero])])])
        let repeated = try PlanSamples.proposal(bench.desk.facts) { change(again, &$0) }
        #expect(bench.desk.checks(at: bench.now.wall).needed(for: repeated.plan).contains { $0.name == .calibration })
        let script = try Self.directions()
        let motions = try bench.propose { change(script, &$0) }
        #expect(throws: GuardRefusal.self) { try bench.approve(policy) }
        let missing = bench.desk.missing(for: try bench.desk.story(policy).open.proposal.plan, at: bench.now.wall)
        #expect(missing.map(\.name) == [.calibration])
        try bench.approve(motions)
        bench.turn(20)
        #expect(try bench.state(motions) == .finished)
        #expect(try bench.state(policy) == .proposed)
        #expect(try bench.desk.summary(policy, at: bench.now.wall).waitsFor.contains("calibration"))
    }

    @Test("a robot of metal flies a policy only after its joints were seen to turn the right way, restarts included")
    func directionFirst() throws {
        var bench = try DeskBench(verification: VerificationRules())
        try bench.grant()
        bench.turn(4)
        let policy = try bench.propose()
        #expect(throws: GuardRefusal.self) { try bench.approve(policy) }
        #expect(try bench.desk.summary(policy, at: bench.now.wall).waitsFor == ["approval", "direction"])
        let script = try Self.directions()
        let motions = try bench.propose { change(script, &$0) }
        #expect(throws: GuardRefusal.invalidParameter("mode")) {
            try bench.approve(motions, .batch(episodes: 3, nats: 1))
        }
        try bench.approve(motions)
        bench.turn(10)
        try bench.approve(policy)
        bench.turn(10)
        let states = (try bench.state(motions), try bench.state(policy))
        let waits = try bench.desk.summary(policy, at: bench.now.wall).waitsFor
        #expect(states == (.finished, .finished), "\(states) \(waits)")
        let folder = bench.folder
        _ = consume bench
        var again = try DeskBench(folder, verification: VerificationRules(), at: 100)
        again.turn(4)
        let check = try #require(again.desk.checks(at: again.now.wall).first { $0.name == .direction })
        #expect(check.passed, "\(check.reason)")
        // Motions are no policy that another one could be near to.
        let last = try LedgerReader(at: folder).history.lastApprovedPolicy()
        #expect(try last == PlanSamples.policy().digest)
    }

    @Test("a joint that turned the wrong way latches the robot until a person has seen to it")
    func wrong() throws {
        var bench = try DeskBench(verification: VerificationRules())
        try bench.grant()
        bench.turn(4)
        bench.seat.find("swing was to move 0.3 rad and moved -0.1 rad")
        let script = try Self.directions()
        let motions = try bench.propose { change(script, &$0) }
        try bench.approve(motions)
        bench.turn(20)
        #expect(try bench.state(motions) == .stopped)
        #expect(bench.desk.state == .latched && bench.desk.latched?.fault == .verificationFailed)
        let ada = try PlanSamples.caller(.operator)
        _ = try bench.desk.clear(30, by: ada, why: "the plug was turned", at: bench.now)
        bench.turn(10)
        #expect(bench.desk.state == .observing)
        let check = try #require(bench.desk.checks(at: bench.now.wall).first { $0.name == .direction })
        #expect(!check.passed)
        #expect(try bench.verified())
    }
}

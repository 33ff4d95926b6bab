import LedgerSamples
import Quantities
import Supervision
import Testing

@testable import Episodes

@Suite("Approval")
struct DecisionTests {
    private static let now = Samples.instant(1_000)

    private struct World {
        var policy = Digest(of: "approved policy")
        var claimed: Float = 0.25
        var measured: Float? = 0.5
        var margin: Float = 0.25
        var worst: Float = 0.125
        var crossings: UInt32 = 0
        var hottest: Celsius? = Celsius(40)
        var balance = Samples.cost
        var latest = Samples.instant(999)
        var uses: [Situation.Use] = []
        var file = Digest(of: "the rule")
        var adopter = "ada"
        var lastApproved: Digest? = Digest(of: "approved policy")
        var robot = "arm"
        var calibration = "arm-2026-11-27"
        var envelope = "arm-envelope"
        var longest = Ticks(400)
        var widest: Radians?

        func situation() throws -> Situation {
            Situation(
                robot: try Samples.name(robot), envelope: Digest(of: envelope), calibration: Digest(of: calibration),
                longestHorizon: longest, balance: balance, latest: latest, lastApproved: lastApproved,
                hottest: hottest, distances: measured.map { [PolicyDistance(from: policy, value: $0)] } ?? [],
                uses: uses)
        }

        func proposal() throws -> Proposal {
            let distance = PolicyDistance(from: Digest(of: "approved policy"), value: claimed)
            let dossier = try Samples.dossier(
                margin: margin, worst: worst, crossings: crossings, distance: distance)
            return try Proposal(plan: Samples.plan(), dossier: dossier)
        }

        func standing() throws -> ApprovalRules.Standing {
            let rule = StandingRule(
                name: try Samples.name("night"), robot: try Samples.name("arm"), envelope: Digest(of: "arm-envelope"),
                leastMargin: 0.125, greatestDistance: 0.5, hottest: Celsius(48), leastTimeLeft: Seconds(90),
                widestBand: widest, episodesPerDay: 2, until: DecisionTests.now, signer: try Samples.name("ada"))
            let adoption = Adoption(
                rule: rule.name, file: Digest(of: "the rule"), by: try Samples.author(adopter), at: Samples.instant())
            return ApprovalRules.Standing(serial: 4, adoption: adoption, rule: rule, file: file)
        }

        func batch() throws -> ApprovalRules.Batch {
            let approval = BatchApproval(
                robot: try Samples.name("arm"), task: Digest(of: "reach"), envelope: Digest(of: "arm-envelope"),
                policy: Digest(of: "approved policy"), episodes: 2, greatestDistance: 0.5, leastMargin: 0.125,
                until: DecisionTests.now)
            return ApprovalRules.Batch(serial: 3, approval: approval)
        }

        func decide(_ rules: ApprovalRules) throws -> Decision {
            try rules.decide(proposal(), in: situation(), at: DecisionTests.now)
        }

        func decideByRule() throws -> Decision { try decide(ApprovalRules(standing: [standing()])) }
        func decideByBatch() throws -> Decision { try decide(ApprovalRules(batches: [batch()])) }
    }

    /// What the only batch or rule lacks.
    private func unmet(_ decision: Decision) -> [Condition]? {
        guard case .asksPerson(let assessments) = decision, assessments.count == 1 else { return nil }
        return assessments[0].unmet
    }

    @Test("without a batch and a rule every plan asks a person")
    func each() throws {
        #expect(try World().decide(ApprovalRules()) == .asksPerson([]))
    }

    @Test("a batch and a rule cover a plan that meets every condition exactly at its limit")
    func covered() throws {
        guard case .approved(let batch) = try World().decideByBatch() else {
            Issue.record("the batch does not cover it")
            return
        }
        #expect(batch.ground == .batch(3) && batch.conditions.count == 9 && batch.unmet.isEmpty)
        var world = World()
        world.hottest = Celsius(48)
        guard case .approved(let rule) = try world.decideByRule() else {
            Issue.record("the rule does not cover it")
            return
        }
        #expect(rule.ground == .standing(4) && rule.conditions.count == 13)
        // A batch comes before a rule.
        let both = try world.decide(ApprovalRules(batches: [world.batch()], standing: [world.standing()]))
        guard case .approved(let first) = both else {
            Issue.record("neither covers it")
            return
        }
        #expect(first.ground == .batch(3))
    }

    @Test("each condition by itself sends the plan to a person, with its numbers")
    func conditions() throws {
        var world = World()
        world.margin = Float(0.125).nextDown
        var lacking: Condition = .margin(least: 0.125, expected: world.margin, worst: 0.125)
        #expect(try unmet(world.decideByRule()) == [lacking] && unmet(world.decideByBatch()) == [lacking])
        world = World()
        world.worst = 0.0625
        lacking = .margin(least: 0.125, expected: 0.25, worst: 0.0625)
        #expect(try unmet(world.decideByRule()) == [lacking] && unmet(world.decideByBatch()) == [lacking])
        world = World()
        world.crossings = 1
        lacking = .crossings(1, of: 64)
        #expect(try unmet(world.decideByRule()) == [lacking] && unmet(world.decideByBatch()) == [lacking])
        world = World()
        world.latest = Samples.instant(1_001)
        lacking = .clock(latest: world.latest, now: Self.now)
        #expect(try unmet(world.decideByRule()) == [lacking] && unmet(world.decideByBatch()) == [lacking])
        world = World()
        world.hottest = Celsius(48.5)
        lacking = .temperature(hottest: Celsius(48), expected: Celsius(48), measured: Celsius(48.5))
        #expect(try unmet(world.decideByRule()) == [lacking])
        world.hottest = nil
        lacking = .temperature(hottest: Celsius(48), expected: Celsius(48), measured: nil)
        #expect(try unmet(world.decideByRule()) == [lacking])
    }

    @Test("a rule that says how wide a band may be sends wider ones to a person; one that does not asks nothing of it")
    func band() throws {
        // The second joint's, at its last step.
        let found = Radians(2)
        #expect(try Samples.band().widest == found)
        var world = World()
        guard case .approved(let without) = try world.decideByRule() else {
            Issue.record("a rule without it does not cover it")
            return
        }
        #expect(!without.conditions.contains { if case .band = $0 { true } else { false } })
        world.widest = found
        guard case .approved(let exact) = try world.decideByRule() else {
            Issue.record("a band exactly as wide as allowed is not covered")
            return
        }
        #expect(exact.conditions == without.conditions + [.band(widest: found, found: found)])
        world.widest = Radians(found.value.nextDown)
        #expect(try unmet(world.decideByRule()) == [.band(widest: Radians(found.value.nextDown), found: found)])
        // What is no number is no width.
        #expect(!Condition.band(widest: found, found: nil).holds)
        #expect(!Condition.band(widest: Radians(.nan), found: found).holds)
        let (one, endless) = (try #require(JointCount(1)), try Samples.limit(-3e38, 3e38, Radians.self))
        #expect(try ApprovedBand(stride: Ticks(1), joints: one, limits: [endless]).widest == nil)
    }

    @Test("a policy is near only when the guard has measured it, from the policy that a person approved")
    func distance() throws {
        for change in [
            { (world: inout World) in world.claimed = 0.75 }, { $0.measured = 0.75 }, { $0.measured = nil },
            { $0.policy = Digest(of: "another policy") },
        ] {
            var world = World()
            change(&world)
            for decision in [try world.decideByRule(), try world.decideByBatch()] {
                let lacking = try #require(unmet(decision))
                #expect(lacking.count == 1)
                guard case .distance? = lacking.first else {
                    Issue.record("\(lacking)")
                    continue
                }
            }
        }
        var world = World()
        world.lastApproved = nil
        #expect(try unmet(world.decideByRule())?.count == 1)
        // A batch names its policy itself.
        #expect(try unmet(world.decideByBatch()) == nil)
    }

    @Test("an edited rule file, or one that another person adopted, covers nothing")
    func adoption() throws {
        var world = World()
        world.file = Digest(of: "the rule, edited")
        #expect(
            try unmet(world.decideByRule()) == [.file(adopted: Digest(of: "the rule"), found: world.file)])
        world = World()
        world.adopter = "eve"
        let lacking = Condition.signer(wanted: try Samples.name("ada"), adopted: try Samples.name("eve"))
        #expect(try unmet(world.decideByRule()) == [lacking])
    }

    @Test("a batch covers as many episodes as it says, a rule as many in any day, of the future too")
    func counts() throws {
        var world = World()
        world.uses = [
            Situation.Use(ground: .batch(3), at: Samples.instant()),
            Situation.Use(ground: .batch(9), at: Samples.instant()),
            Situation.Use(ground: .standing(1), at: Self.now.advanced(by: -WallInstant.day)),
            Situation.Use(ground: .standing(4), at: Self.now.advanced(by: -WallInstant.day + 1)),
        ]
        #expect(try unmet(world.decideByBatch()) == nil && unmet(world.decideByRule()) == nil)
        world.uses.append(Situation.Use(ground: .batch(3), at: Samples.instant()))
        #expect(try unmet(world.decideByBatch()) == [.episodes(most: 2, used: 2)])
        world.uses.append(Situation.Use(ground: .standing(2), at: Self.now.advanced(by: 5_000)))
        #expect(try unmet(world.decideByRule()) == [.episodesInDay(most: 2, used: 2)])
    }

    @Test("a plan for another robot, envelope or calibration, too long or too dear, nobody may approve")
    func refused() throws {
        let proposal = try World().proposal()
        let plan = proposal.plan
        let cases: [(change: (inout World) -> Void, reason: Condition)] = [
            ({ $0.robot = "leg" }, .robot(wanted: try Samples.name("leg"), found: plan.robot)),
            ({ $0.envelope = "other" }, .envelope(wanted: Digest(of: "other"), found: plan.envelope.digest)),
            ({ $0.calibration = "other" }, .calibration(wanted: Digest(of: "other"), found: plan.calibration.digest)),
            ({ $0.longest = Ticks(399) }, .horizon(longest: Ticks(399), found: Ticks(400))),
            (
                { $0.balance = Samples.cost - Cost(heat: Millijoules(1)) },
                .budget(balance: Samples.cost - Cost(heat: Millijoules(1)), cost: Samples.cost)
            ),
        ]
        for (change, reason) in cases {
            var world = World()
            change(&world)
            #expect(try world.decideByRule() == .refused([reason]))
            #expect(try world.decide(ApprovalRules()) == .refused([reason]))
        }
    }

    @Test("conditions that no test above turns hold up to their limit and not beyond")
    func limits() throws {
        let (early, late) = (Samples.instant(1), Samples.instant(2))
        #expect(Condition.until(late, now: late).holds && !Condition.until(early, now: late).holds)
        #expect(Condition.timeLeft(least: Seconds(1), expected: Seconds(1)).holds)
        #expect(!Condition.timeLeft(least: Seconds(1), expected: Seconds(0.5)).holds)
        #expect(!Condition.task(wanted: Digest(of: "a"), found: Digest(of: "b")).holds)
        let (night, day) = (try Samples.name("night"), try Samples.name("day"))
        #expect(!Condition.rule(wanted: night, adopted: day).holds)
        // A rule that asks for no margin does not mean that a limit may be crossed.
        #expect(!Condition.margin(least: -1, expected: 0.5, worst: 0).holds)
        let far = PolicyDistance(from: Digest(of: "a"), value: .nan)
        #expect(!Condition.distance(greatest: 1, from: Digest(of: "a"), claimed: far, measured: far).holds)
        #expect(!Condition.temperature(hottest: Celsius(.nan), expected: Celsius(1), measured: Celsius(1)).holds)
        #expect(!Assessment(ground: .person, conditions: []).covers)
    }
}

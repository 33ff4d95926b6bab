import Episodes
import Guard
import GuardSamples
import Policies
import Quantities
import Supervision
import Testing

@Suite("Checks of a plan")
struct PlanCheckTests {
    private func flaw(_ change: (inout PlanSamples.Change) -> Void) throws -> GuardRefusal? {
        let facts = try PlanSamples.facts()
        let proposal = try PlanSamples.proposal(facts, change)
        do throws(GuardRefusal) {
            _ = try PlanCheck(facts).read(proposal.canonicalBytes, claiming: proposal.digest.text)
            return nil
        } catch {
            return error
        }
    }

    @Test("a plan for this robot as it is now is taken, with its policy")
    func good() throws {
        let facts = try PlanSamples.facts()
        let proposal = try PlanSamples.proposal(facts)
        let checked = try PlanCheck(facts).read(proposal.canonicalBytes, claiming: proposal.digest.text)
        #expect(checked.proposal == proposal && checked.digest == proposal.digest)
        guard case .policy(let policy) = checked.content else {
            Issue.record("no policy: \(checked.content)")
            return
        }
        #expect(policy.encoded == proposal.plan.policy.bytes)
    }

    @Test("a hash that is not that of the bytes is refused before anything is read")
    func hash() throws {
        let check = PlanCheck(try PlanSamples.facts())
        #expect(throws: GuardRefusal.hashDiffers(given: "0", computed: Digest(of: [1, 2].span))) {
            try check.read([1, 2], claiming: "0")
        }
        let bytes = try PlanSamples.proposal(try PlanSamples.facts()).canonicalBytes
        for cut in stride(from: 0, to: bytes.count, by: 7) {
            let part = Array(bytes[..<cut])
            #expect(throws: GuardRefusal.self) { try check.read(part, claiming: Digest(of: part.span).text) }
        }
    }

    @Test("each field that cannot be is named with what it is and what it would have to be")
    func fields() throws {
        let facts = try PlanSamples.facts()
        let longest = facts.envelope.robot.horizon.rawValue
        let other = try PlanSamples.name("other")
        #expect(try flaw { $0.robot = "other" } == .badPlan(.robot(other, needed: facts.name)))
        #expect(try flaw { $0.joints = 2 } == .badPlan(.jointCount(2, needed: 1)))
        #expect(try flaw { $0.horizon = longest } == nil)
        #expect(
            try flaw { $0.horizon = longest + 1 } == .badPlan(.horizon(ticks: longest + 1, longest: longest)))
        #expect(try flaw { $0.format = other } == .badPlan(.policyFormat(other, needed: PolicyMeasure.format)))
        #expect(try flaw { $0.policyBytes = [1, 2, 3] } == .badPlan(.policy))
        for (inputs, outputs) in [(2, 1), (3, 2)] {
            let shape = try PolicyShape(
                inputs: inputs, hidden: [], outputs: outputs, squashes: false, deviationFloor: 0)
            let count = shape.parameterCount
            let bytes = try Policy(shape, parameters: [Float](repeating: 0, count: count)).encoded
            let wanted: PlanFlaw = inputs == 2 ? .policyInputs(2, needed: 3) : .policyOutputs(2, needed: 1)
            #expect(try flaw { $0.policyBytes = bytes } == .badPlan(wanted))
        }
    }

    @Test("the start lies where a command may lead, and no faster than the joint may be")
    func start() throws {
        let limits = try PlanSamples.facts().envelope.joints[.first]
        let (low, high) = limits.commanded
        let wide = (limits.position.low.value, limits.position.high.value)
        for (position, isGood) in [
            (low.value, true), (high.value, true), (low.value.nextDown, false), (high.value.nextUp, false),
        ] {
            let found = try flaw { ($0.position, $0.band) = (position, wide) }
            let wanted = PlanFlaw.start(joint: "swing", position, low: low.value, high: high.value)
            #expect(found == (isGood ? nil : .badPlan(wanted)))
        }
        let most = limits.speed.value
        #expect(try flaw { $0.speed = -most } == nil)
        #expect(
            try flaw { $0.speed = most.nextUp }
                == .badPlan(.startSpeed(joint: "swing", most.nextUp, most: most)))
    }

    @Test("the approved band stays inside the envelope, and the episode begins inside its band")
    func band() throws {
        let allowed = try PlanSamples.facts().envelope.joints[.first].position
        let (low, high) = (allowed.low.value, allowed.high.value)
        #expect(try flaw { $0.band = (low, high) } == nil)
        for band in [(low.nextDown, high), (low, high.nextUp)] {
            let wanted = PlanFlaw.band(
                joint: "swing", low: band.0, high: band.1, allowedLow: low, allowedHigh: high)
            #expect(try flaw { $0.band = band } == .badPlan(wanted))
        }
        #expect(try flaw { ($0.band, $0.position) = ((0.25, 1), 0.25) } == nil)
        #expect(
            try flaw { ($0.band, $0.position) = ((0.25, 1), Float(0.25).nextDown) }
                == .badPlan(.startOutsideBand(joint: "swing", Float(0.25).nextDown, low: 0.25, high: 1)))
    }

    @Test("a plan for another envelope, calibration or task is outdated, and it says which hash is in force")
    func outdated() throws {
        let facts = try PlanSamples.facts()
        let strange = Digest(of: "strange")
        let calibration = try #require(facts.calibration).digest
        #expect(
            try flaw { $0.envelope = strange }
                == .outdated(.envelope, planned: strange, current: facts.envelope.identity))
        #expect(
            try flaw { $0.calibration = strange } == .outdated(.calibration, planned: strange, current: calibration))
        #expect(try flaw { $0.task = strange } == .outdated(.task, planned: strange, current: facts.digest))
        let none = PlanCheck(try PlanSamples.facts(nil))
        let proposal = try PlanSamples.proposal(facts)
        #expect(throws: GuardRefusal.outdated(.calibration, planned: calibration, current: .zero)) {
            try none.check(proposal)
        }
    }
}

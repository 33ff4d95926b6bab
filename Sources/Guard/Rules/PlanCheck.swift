public import Episodes
public import Policies
import Quantities
public import Supervision

/// What a plan is held against: the robot as it is now.
public struct PlanCheck: Sendable {
    public let facts: RobotFacts

    public init(_ facts: RobotFacts) { self.facts = facts }

    /// What a plan wants to fly.
    public enum Content: Equatable, Sendable {
        case policy(Policy)
        case motions(MotionScript)
    }

    /// A plan that was understood, and what is in it.
    public struct Checked: Equatable, Sendable {
        public let proposal: Proposal
        public let content: Content
        public let digest: Digest
    }

    /// Reads a proposal. Its hash is computed here from the bytes; the one that was given only has to agree.
    public func read(_ bytes: [UInt8], claiming hash: String) throws(GuardRefusal) -> Checked {
        let computed = Digest(of: bytes.span)
        guard hash == computed.text else { throw .hashDiffers(given: hash, computed: computed) }
        let proposal: Proposal
        do throws(CanonicalError) { proposal = try Proposal(canonical: bytes) } catch {
            throw .badPlan(.notCanonical(error))
        }
        return Checked(proposal: proposal, content: try check(proposal), digest: computed)
    }

    /// Whether the plan is for this robot as it is now. What is outdated comes after what never fitted.
    @discardableResult
    public func check(_ proposal: Proposal) throws(GuardRefusal) -> Content {
        let plan = proposal.plan
        guard plan.robot == facts.name else { throw .badPlan(.robot(plan.robot, needed: facts.name)) }
        guard plan.start.count == facts.joints.count else {
            throw .badPlan(.jointCount(plan.start.count, needed: facts.joints.count))
        }
        let longest = facts.envelope.robot.horizon
        guard plan.horizon <= longest else {
            throw .badPlan(.horizon(ticks: plan.horizon.rawValue, longest: longest.rawValue))
        }
        let content: Content
        if plan.policy.format == MotionScript.format {
            content = .motions(try motions(of: proposal))
        } else {
            content = .policy(try policy(of: plan))
        }
        try checkMotion(proposal)
        try checkDates(plan)
        return content
    }

    /// Motions are known to the last tick, and so is whether they stay where they may.
    private func motions(of proposal: Proposal) throws(GuardRefusal) -> MotionScript {
        let script: MotionScript
        do throws(CanonicalError) { script = try MotionScript(canonical: proposal.plan.policy.bytes) } catch {
            throw .badPlan(.motions(.notCanonical(error)))
        }
        if let flaw = MotionCheck(facts).flaw(in: script, of: proposal) { throw .badPlan(.motions(flaw)) }
        return script
    }

    /// The plan was made for what is there now; a calibration that does not exist yet is none that it can be made for.
    public func checkDates(_ plan: EpisodePlan) throws(GuardRefusal) {
        let current = [
            (PlanField.envelope, plan.envelope.digest, facts.envelope.identity),
            (.calibration, plan.calibration.digest, facts.calibration?.digest ?? .zero),
        ]
        for (field, planned, now) in current where planned != now {
            throw .outdated(field, planned: planned, current: now)
        }
        if let task = facts.task, plan.task.digest != task {
            throw .outdated(.task, planned: plan.task.digest, current: task)
        }
    }

    private func policy(of plan: EpisodePlan) throws(GuardRefusal) -> Policy {
        guard plan.policy.format == PolicyMeasure.format else {
            throw .badPlan(.policyFormat(plan.policy.format, needed: PolicyMeasure.format))
        }
        guard let policy = PolicyMeasure.policy(plan.policy.bytes) else { throw .badPlan(.policy) }
        guard policy.shape.inputs == facts.observations else {
            throw .badPlan(.policyInputs(policy.shape.inputs, needed: facts.observations))
        }
        guard policy.shape.outputs == facts.actions else {
            throw .badPlan(.policyOutputs(policy.shape.outputs, needed: facts.actions))
        }
        return policy
    }

    private func checkMotion(_ proposal: Proposal) throws(GuardRefusal) {
        for (place, name) in facts.joints.enumerated() {
            guard let joint = facts.envelope.count.joint(at: UInt8(place)) else { continue }
            let (limits, start) = (facts.envelope.joints[joint], proposal.plan.start[place])
            let (low, high) = limits.commanded
            guard low <= start.position, start.position <= high else {
                throw .badPlan(.start(joint: name, start.position.value, low: low.value, high: high.value))
            }
            guard abs(start.speed.value) <= limits.speed.value else {
                throw .badPlan(.startSpeed(joint: name, start.speed.value, most: limits.speed.value))
            }
            try checkBand(proposal.dossier.band, of: joint, name, within: limits.position, start.position)
        }
    }

    private func checkBand(
        _ band: ApprovedBand, of joint: JointIndex, _ name: String, within allowed: Limit<Radians>, _ start: Radians
    ) throws(GuardRefusal) {
        let hull = band.hull(of: joint)
        guard allowed.low <= hull.low, hull.high <= allowed.high else {
            throw .badPlan(
                .band(
                    joint: name, low: hull.low.value, high: hull.high.value, allowedLow: allowed.low.value,
                    allowedHigh: allowed.high.value))
        }
        let first = band.limit(of: joint, step: 0)
        guard first.contains(start) else {
            throw .badPlan(
                .startOutsideBand(joint: name, start.value, low: first.low.value, high: first.high.value))
        }
    }
}

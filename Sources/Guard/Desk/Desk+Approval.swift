public import Episodes
import Ledger
import Quantities
import Robots
import Supervision

// Yes and no: by a person, by a batch, by a rule that a person adopted.
extension Desk {
    /// How an operator says yes.
    public enum Yes: Equatable, Sendable {
        case once
        /// This plan and so many more after it, each with a policy at most so many nats from this one's.
        case batch(episodes: Int64, nats: Double)
    }

    public struct Approved: Equatable, Sendable {
        public let permit: UInt64
        public let expires: WallInstant
    }

    /// Approves the plan with exactly this hash.
    public mutating func approve(
        _ hash: String, _ yes: Yes, by caller: Caller, why: String, at now: DeskTime
    ) throws(GuardRefusal) -> Approved {
        try demand(.operator, of: caller)
        let story = try story(hash)
        guard story.state == .proposed else { throw .notPending(story.plan, story.state) }
        let plan = story.open.proposal.plan
        if case .batch(let episodes, let nats) = yes {
            // Motions have no policy that others could be near to.
            guard plan.policy.format != MotionScript.format else { throw .invalidParameter("mode") }
            try checkBatch(episodes, nats, why)
        }
        // What was proposed before a restart is held against the robot of today.
        try check.check(story.open.proposal)
        let missing = missing(for: plan, at: now.wall)
        guard missing.isEmpty else { throw .notVerified(missing) }
        let left = try remaining()
        guard (left - plan.cost).isCovered else { throw .overBudget(price: plan.cost, remaining: left) }
        let approval = try write(about: story.plan) { ledger throws(LedgerError) in
            try ledger.approve(story.plan, by: caller.author, why: why, at: now.wall)
        }
        try refresh(story.plan)
        // After the plan itself: if this is cut off, one episode is approved and no more.
        if case .batch(let episodes, let nats) = yes, episodes > 1 {
            try allow(plan, episodes: UInt32(episodes - 1), nats: Float(nats), by: caller, why: why, at: now)
        }
        return Approved(permit: approval.serial, expires: now.wall.advanced(by: rules.approvalPatience))
    }

    /// What nobody can wait for within the time of an approval: permits are used in the order in which they were given,
    /// so a policy that waited for motions to be flown would keep them away.
    func missing(for plan: EpisodePlan, at now: WallInstant) -> [Check] {
        [verification.calibration(now), verification.direction(directionSeen)].needed(for: plan).failed
    }

    private func checkBatch(_ episodes: Int64, _ nats: Double, _ why: String) throws(GuardRefusal) {
        guard (1...rules.mostBatchEpisodes).contains(episodes) else { throw .invalidParameter("episodes") }
        guard nats > 0, nats <= 10 else { throw .invalidParameter("policy_distance") }
        guard !why.isEmpty else { throw .invalidParameter("why") }
    }

    private mutating func allow(
        _ plan: EpisodePlan, episodes: UInt32, nats: Float, by caller: Caller, why: String, at now: DeskTime
    ) throws(GuardRefusal) {
        let batch = BatchApproval(
            robot: plan.robot, task: plan.task.digest, envelope: plan.envelope.digest, policy: plan.policy.digest,
            episodes: episodes, greatestDistance: nats, leastMargin: rules.batchMargin,
            until: now.wall.advanced(by: rules.batchPatience))
        _ = try write { ledger throws(LedgerError) in
            try ledger.allow(batch, by: caller.author, why: why, at: now.wall)
        }
        try decideAll(at: now)
    }

    public mutating func deny(
        _ hash: String, by caller: Caller, why: String, at now: DeskTime
    ) throws(GuardRefusal) {
        try demand(.operator, of: caller)
        let story = try story(hash)
        guard story.state == .proposed else { throw .notPending(story.plan, story.state) }
        try write(about: story.plan) { ledger throws(LedgerError) in
            try ledger.deny(story.plan, by: caller.author, why: why, at: now.wall)
        }
        try refresh(story.plan)
    }

    /// Takes responsibility for a rule file; only the person whom the file names can.
    public mutating func adopt(
        _ name: String, file hash: String, by caller: Caller, why: String, at now: DeskTime
    ) throws(GuardRefusal) -> UInt64 {
        try demand(.operator, of: caller)
        guard let rule = ruleFiles().first(where: { $0.name.text == name }) else { throw .unknownGround(name) }
        guard rule.file.digest.text == hash else { throw .hashDiffers(given: hash, computed: rule.file.digest) }
        let signer = rule.file.rule.signer
        guard signer == caller.author.name else {
            throw .wrongSigner(rule: name, signer: signer, user: caller.author.name)
        }
        let ground = try write { ledger throws(LedgerError) in
            try ledger.adopt(
                rule.name, file: rule.file.digest, contents: rule.contents, by: caller.author, why: why, at: now.wall)
        }
        try decideAll(at: now)
        return ground
    }

    public mutating func withdraw(
        _ ground: Int64, by caller: Caller, why: String, at now: DeskTime
    ) throws(GuardRefusal) {
        try demand(.operator, of: caller)
        guard let serial = UInt64(exactly: ground) else { throw .unknownGround("\(ground)") }
        try write { ledger throws(LedgerError) in
            try ledger.withdraw(serial, by: caller.author, why: why, at: now.wall)
        }
    }

    public mutating func grant(
        _ amount: Cost, by caller: Caller, why: String, at now: DeskTime
    ) throws(GuardRefusal) -> Account {
        try demand(.operator, of: caller)
        _ = try write { ledger throws(LedgerError) in
            try ledger.grant(amount, by: caller.author, why: why, at: now.wall)
        }
        try decideAll(at: now)
        return try account()
    }

    /// The rights in force under which plans fly without a person: batches that are not used up, and rules whose file is
    /// still the one that was adopted.
    public func openGrounds(at now: WallInstant) throws(GuardRefusal) -> [OpenGround] {
        let rules = try grounds()
        let used = try read { history throws(LedgerError) in try history.uses() }
        let batches = rules.batches.map { batch in
            let left = Int(batch.approval.episodes) - used.count { $0.ground == .batch(batch.serial) }
            return OpenGround(serial: batch.serial, rule: nil, episodesLeft: left, until: batch.approval.until)
        }
        let standing = rules.standing.filter { $0.file == $0.adoption.file }.map {
            OpenGround(serial: $0.serial, rule: $0.rule.name, episodesLeft: nil, until: $0.rule.until)
        }
        return (batches + standing).filter { $0.until > now && $0.episodesLeft != 0 }
    }

    // MARK: Without a person

    /// Holds every plan that waits against the batches and rules in force, the oldest first.
    mutating func decideAll(at now: DeskTime) throws(GuardRefusal) {
        lastDecision = now
        let waiting = live.values.filter { $0.state == .proposed }.sorted { $0.open.serial < $1.open.serial }
        for story in waiting { try decide(story.plan, at: now) }
    }

    mutating func decide(_ plan: Digest, at now: DeskTime) throws(GuardRefusal) {
        guard let story = live[plan], story.state == .proposed else { return }
        let approvals = try grounds().behind(stopped)
        guard !approvals.batches.isEmpty || !approvals.standing.isEmpty else { return }
        let situation = try situation(of: story, approvals)
        guard case .approved(let assessment) = approvals.decide(story.open.proposal, in: situation, at: now.wall) else {
            return
        }
        try check.check(story.open.proposal)
        guard missing(for: story.open.proposal.plan, at: now.wall).isEmpty else { return }
        let author = itself
        _ = try write(about: plan) { ledger throws(LedgerError) in
            try ledger.approve(plan, on: assessment.ground, by: author, why: "", at: now.wall)
        }
        try refresh(plan)
    }

    private func grounds() throws(GuardRefusal) -> ApprovalRules {
        let files = ruleFiles()
        let (batches, adoptions) = try read { history throws(LedgerError) in
            (try history.batches(), try history.adoptions())
        }
        let standing = adoptions.compactMap { adopted in
            files.first { $0.name == adopted.adoption.rule }.map {
                ApprovalRules.Standing(
                    serial: adopted.serial, adoption: adopted.adoption, rule: $0.file.rule, file: $0.file.digest)
            }
        }
        return ApprovalRules(batches: batches, standing: standing)
    }

    private mutating func situation(
        of story: PlanStory, _ approvals: ApprovalRules
    ) throws(GuardRefusal) -> Situation {
        let (last, latest, uses) = try read { history throws(LedgerError) in
            (try history.lastApprovedPolicy(), try history.latest(), try history.uses())
        }
        var distances: [PolicyDistance] = []
        for policy in Set(approvals.batches.map(\.approval.policy) + [last].compactMap(\.self)) {
            if let found = try distance(of: story.open.proposal.plan.policy, from: policy) { distances.append(found) }
        }
        return Situation(
            robot: facts.name, envelope: facts.envelope.identity, calibration: facts.calibration?.digest ?? .zero,
            longestHorizon: facts.envelope.robot.horizon, balance: try remaining(), latest: latest,
            lastApproved: last, hottest: sight.mode.isWatched ? sight.hottest : nil, distances: distances, uses: uses)
    }
}

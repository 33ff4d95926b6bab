public import Episodes
public import Ledger
public import Supervision

// Plans: handing them in, and saying where they stand.
extension Desk {
    /// What became of a proposal.
    public struct Proposed: Equatable, Sendable {
        public let plan: Digest
        public let serial: UInt64
        public let state: PlanState
    }

    /// Takes a plan in, once. One that is known already keeps the number and the state that it has.
    public mutating func propose(
        _ bytes: [UInt8], claiming hash: String, by caller: Caller, at now: DeskTime
    ) throws(GuardRefusal) -> Proposed {
        try demand(.learner, of: caller)
        let checked = try check.read(bytes, claiming: hash)
        let plan = checked.digest
        let known = try read { history throws(LedgerError) in try history.story(of: plan) }
        if let known, !known.mayComeAgain {
            return Proposed(plan: plan, serial: known.open.serial, state: known.state)
        }
        let user = caller.author.userNumber
        let waiting = live.values.count { $0.state == .proposed && $0.by.userNumber == user }
        guard waiting < rules.waitingPlans else {
            throw .tooManyPlans(waiting: waiting, limit: rules.waitingPlans)
        }
        let serial = try write(about: plan) { ledger throws(LedgerError) in
            try ledger.propose(checked.proposal, by: caller.author, at: now.wall)
        }
        try refresh(plan)
        try decide(plan, at: now)
        return Proposed(plan: plan, serial: serial, state: live[plan]?.state ?? .proposed)
    }

    /// The story of a plan by its hash in digits.
    public func story(_ hash: String) throws(GuardRefusal) -> PlanStory {
        guard let plan = Digest(text: hash) else { throw .unknownPlan(hash) }
        if let story = live[plan] { return story }
        guard let story = try read({ history throws(LedgerError) in try history.story(of: plan) }) else {
            throw .unknownPlan(hash)
        }
        return story
    }

    public func summary(_ hash: String, at now: WallInstant) throws(GuardRefusal) -> PlanSummary {
        try summary(of: story(hash), at: now)
    }

    /// Every plan that is on its way, the oldest first, and behind them the latest that came to an end.
    public func summaries(at now: WallInstant, ended: Int = 8) throws(GuardRefusal) -> [PlanSummary] {
        let latest = try read { history throws(LedgerError) in try history.latestStories(ended + live.count) }
        let over = latest.filter { live[$0.plan] == nil }.suffix(ended)
        let stories = live.values.sorted { $0.open.serial < $1.open.serial } + over
        var all: [PlanSummary] = []
        for story in stories { all.append(try summary(of: story, at: now)) }
        return all
    }

    func summary(of story: PlanStory, at now: WallInstant) throws(GuardRefusal) -> PlanSummary {
        PlanSummary(story: story, state: story.state, expires: expiry(of: story), waitsFor: try waits(story, at: now))
    }

    func expiry(of story: PlanStory) -> WallInstant? {
        switch story.state {
        case .proposed: story.open.at.advanced(by: rules.proposalPatience)
        case .approved: story.decided?.at.advanced(by: rules.approvalPatience)
        case .running, .denied, .expired, .finished, .stopped, .lost, .failed: nil
        }
    }

    private func waits(_ story: PlanStory, at now: WallInstant) throws(GuardRefusal) -> [String] {
        switch story.state {
        case .proposed:
            let isCovered = (try remaining() - story.open.proposal.plan.cost).isCovered
            let missing = missing(for: story.open.proposal.plan, at: now).map(\.name.rawValue)
            let resume = try hasGroundKeptDown(at: now) ? [Self.resumption] : []
            return ["approval"] + resume + missing + (isCovered ? [] : ["budget"])
        case .approved: return hindrances(story, at: now)
        case .running, .denied, .expired, .finished, .stopped, .lost, .failed: return []
        }
    }

    /// What a plan waits for that was allowed before a person stopped the robot.
    static let resumption = "resume"

    /// What keeps an approved plan from being flown, as single words.
    private func hindrances(_ story: PlanStory, at now: WallInstant) -> [String] {
        if let fault = faults.first?.fault { return ["fault \(fault.rawValue)"] }
        var words = checks(at: now).needed(for: story.open.proposal.plan).failed.map(\.name.rawValue)
        if stopped?.allows(story) == false { words.insert(Self.resumption, at: 0) }
        if flight != nil || unwritten != nil { words.append("another episode") }
        if state != .observing, words.isEmpty { words.append("verification") }
        if !sight.isAtRest, words.isEmpty { words.append("rest") }
        return words
    }

    // MARK: The account

    public struct Account: Equatable, Sendable {
        public let granted: Cost
        public let spent: Cost
        /// Set aside for plans that were approved and have not ended.
        public let reserved: Cost
        public let episodes: Int

        public var remaining: Cost { granted - spent - reserved }
    }

    public func account() throws(GuardRefusal) -> Account {
        let entries = try read { history throws(LedgerError) in try history.budget() }
        let paid = entries.filter { $0.approval != nil }
        return Account(
            granted: entries.filter { $0.approval == nil }.reduce(.zero) { $0 + $1.amount },
            spent: paid.reduce(.zero) { $0 - $1.amount }, reserved: reserved, episodes: paid.count)
    }

    private var reserved: Cost {
        live.values.filter { [.approved, .running].contains($0.state) }
            .reduce(.zero) { $0 + $1.open.proposal.plan.cost }
    }

    /// What is left when everything that was approved has been paid.
    func remaining() throws(GuardRefusal) -> Cost {
        try read { history throws(LedgerError) in try history.balance() } - reserved
    }

    /// The guard's own measure of a plan's policy, from the one that a person approved last.
    public mutating func measured(_ story: PlanStory) throws(GuardRefusal) -> [PolicyDistance] {
        let last = try read { history throws(LedgerError) in try history.lastApprovedPolicy() }
        guard let last else { return [] }
        return try distance(of: story.open.proposal.plan.policy, from: last).map { [$0] } ?? []
    }

    /// Nil when the other policy is gone or of another shape; each pair is measured once.
    mutating func distance(of payload: PolicyPayload, from: Digest) throws(GuardRefusal) -> PolicyDistance? {
        let key = DistanceKey(policy: payload.digest, from: from)
        if let known = distances[key] { return known.map { PolicyDistance(from: from, value: Float($0)) } }
        let other = try read { history throws(LedgerError) in try history.policy(from) }
        let pair = (PolicyMeasure.policy(payload.bytes), other.flatMap { PolicyMeasure.policy($0.bytes) })
        var found: Double?
        if let near = pair.0, let far = pair.1 { found = measure.distance(of: near, from: far) }
        // Some hundred pairs are a few kilobytes; who measures for ever starts anew.
        if distances.count > 512 { distances = [:] }
        distances[key] = .some(found)
        return found.map { PolicyDistance(from: from, value: Float($0)) }
    }
}

public import Quantities
public import Supervision

/// One condition of a decision with the numbers that it was judged on. Whether it holds follows from them alone.
public enum Condition: Equatable, Sendable {
    case robot(wanted: Name, found: Name)
    case task(wanted: Digest, found: Digest)
    case envelope(wanted: Digest, found: Digest)
    case calibration(wanted: Digest, found: Digest)
    case horizon(longest: Ticks, found: Ticks)
    case budget(balance: Cost, cost: Cost)
    /// The clock may not stand before the ledger's last entry, or a rule that has ended would begin again.
    case clock(latest: WallInstant, now: WallInstant)
    case until(WallInstant, now: WallInstant)
    /// The file is still the one that was adopted.
    case file(adopted: Digest, found: Digest)
    /// The rule and the adoption are of one name.
    case rule(wanted: Name, adopted: Name)
    /// The person whom the file names has adopted it.
    case signer(wanted: Name, adopted: Name)
    /// No rollout leaves the envelope.
    case crossings(UInt32, of: UInt32)
    case margin(least: Float, expected: Float, worst: Float)
    case distance(greatest: Float, from: Digest?, claimed: PolicyDistance?, measured: PolicyDistance?)
    case temperature(hottest: Celsius, expected: Celsius, measured: Celsius?)
    case timeLeft(least: Seconds, expected: Seconds)
    /// The widest of all joints at any tick; nil where that is no number.
    case band(widest: Radians, found: Radians?)
    case episodes(most: UInt32, used: UInt32)
    case episodesInDay(most: UInt32, used: UInt32)

    public var holds: Bool {
        switch self {
        case .robot(let wanted, let found), .rule(let wanted, let found), .signer(let wanted, let found):
            wanted == found
        case .task(let wanted, let found), .envelope(let wanted, let found), .calibration(let wanted, let found),
            .file(let wanted, let found):
            wanted == found
        case .horizon(let longest, let found): found > .zero && found <= longest
        case .budget(let balance, let cost): (balance - cost).isCovered
        case .clock(let latest, let now): now >= latest
        case .until(let end, let now): now <= end
        case .crossings(let crossings, _): crossings == 0
        case .margin(let least, let expected, let worst): expected >= least && worst >= least && worst > 0
        case .distance(let greatest, let from, let claimed, let measured):
            Condition.isNear([claimed, measured], from, within: greatest)
        case .temperature(let hottest, let expected, let measured):
            expected <= hottest && (measured.map { $0 <= hottest } ?? false)
        case .timeLeft(let least, let expected): expected >= least
        case .band(let widest, let found): found.map { $0 <= widest } ?? false
        case .episodes(let most, let used), .episodesInDay(let most, let used): used < most
        }
    }

    /// What the learner claims is not enough, and what the guard measured must be from the same policy.
    private static func isNear(_ distances: [PolicyDistance?], _ from: Digest?, within greatest: Float) -> Bool {
        guard let from else { return false }
        return distances.allSatisfy { $0.map { $0.from == from && $0.value >= 0 && $0.value <= greatest } ?? false }
    }
}

/// How a plan stands to one batch or rule.
public struct Assessment: Equatable, Sendable {
    public let ground: Ground
    public let conditions: [Condition]

    public init(ground: Ground, conditions: [Condition]) {
        self.ground = ground
        self.conditions = conditions
    }

    public var covers: Bool { !conditions.isEmpty && conditions.allSatisfy(\.holds) }
    public var unmet: [Condition] { conditions.filter { !$0.holds } }
}

/// What becomes of a plan, with every reason.
public enum Decision: Equatable, Sendable {
    /// A batch or a rule covers it.
    case approved(Assessment)
    /// None does; a person decides. Empty when there is neither batch nor rule.
    case asksPerson([Assessment])
    /// Nobody may approve it as things are.
    case refused([Condition])
}

extension ApprovalRules {
    /// Decides about a proposal. The first batch that covers it counts, then the first rule, in the order given.
    public func decide(_ proposal: Proposal, in situation: Situation, at now: WallInstant) -> Decision {
        let plan = proposal.plan
        let basics: [Condition] = [
            .robot(wanted: situation.robot, found: plan.robot),
            .envelope(wanted: situation.envelope, found: plan.envelope.digest),
            .calibration(wanted: situation.calibration, found: plan.calibration.digest),
            .horizon(longest: situation.longestHorizon, found: plan.horizon),
            .budget(balance: situation.balance, cost: plan.cost),
        ]
        guard basics.allSatisfy(\.holds) else { return .refused(basics.filter { !$0.holds }) }
        let assessments =
            batches.map { $0.assess(proposal, in: situation, at: now) }
            + standing.map { $0.assess(proposal, in: situation, at: now) }
        return assessments.first(where: \.covers).map { .approved($0) } ?? .asksPerson(assessments)
    }
}

extension ApprovalRules.Batch {
    func assess(_ proposal: Proposal, in situation: Situation, at now: WallInstant) -> Assessment {
        let plan = proposal.plan
        let used = situation.uses.count { $0.ground == .batch(serial) }
        let common = proposal.common(
            margin: approval.leastMargin, distance: approval.greatestDistance, from: approval.policy,
            until: approval.until, in: situation, at: now)
        return Assessment(
            ground: .batch(serial),
            conditions: [
                .robot(wanted: approval.robot, found: plan.robot),
                .task(wanted: approval.task, found: plan.task.digest),
                .envelope(wanted: approval.envelope, found: plan.envelope.digest),
            ] + common + [.episodes(most: approval.episodes, used: UInt32(clamping: used))])
    }
}

extension ApprovalRules.Standing {
    func assess(_ proposal: Proposal, in situation: Situation, at now: WallInstant) -> Assessment {
        let (plan, dossier) = (proposal.plan, proposal.dossier)
        // Entries of the future count as well: a clock that jumps back gives nothing away.
        let dayAgo = now.advanced(by: -WallInstant.day)
        let used = situation.uses.count { $0.ground.isStanding && $0.at > dayAgo }
        let common = proposal.common(
            margin: rule.leastMargin, distance: rule.greatestDistance, from: situation.lastApproved, until: rule.until,
            in: situation, at: now)
        return Assessment(
            ground: .standing(serial),
            conditions: [
                .file(adopted: adoption.file, found: file), .rule(wanted: rule.name, adopted: adoption.rule),
                .signer(wanted: rule.signer, adopted: adoption.by.name),
                .robot(wanted: rule.robot, found: plan.robot),
                .envelope(wanted: rule.envelope, found: plan.envelope.digest),
            ] + common + [
                .temperature(hottest: rule.hottest, expected: dossier.hottest, measured: situation.hottest),
                .timeLeft(least: rule.leastTimeLeft, expected: dossier.thermal.timeLeft),
                .episodesInDay(most: rule.episodesPerDay, used: UInt32(clamping: used)),
            ] + (rule.widestBand.map { [.band(widest: $0, found: dossier.band.widest)] } ?? []))
    }
}

extension Ground {
    var isStanding: Bool { if case .standing = self { true } else { false } }
}

extension Proposal {
    /// What batches and rules ask alike.
    fileprivate func common(
        margin: Float, distance: Float, from policy: Digest?, until end: WallInstant, in situation: Situation,
        at now: WallInstant
    ) -> [Condition] {
        [
            .clock(latest: situation.latest, now: now), .until(end, now: now),
            .crossings(dossier.worst.crossings, of: dossier.worst.rollouts),
            .margin(least: margin, expected: dossier.nearest.margin, worst: dossier.worst.nearest.margin),
            .distance(
                greatest: distance, from: policy, claimed: dossier.distance,
                measured: situation.distances.first { $0.from == policy }),
        ]
    }
}

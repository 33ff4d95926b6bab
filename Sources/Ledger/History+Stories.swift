public import Episodes
public import Supervision

/// What somebody decided about a proposal.
public enum PlanDecision: Equatable, Sendable {
    case approved(serial: UInt64, Ground)
    case denied
}

/// Who decided, when and why.
public struct DecisionEntry: Equatable, Sendable {
    public let decision: PlanDecision
    public let by: Author
    public let at: WallInstant
    public let why: String
}

/// How an episode stands, and what it left.
public struct EpisodeEntry: Equatable, Sendable {
    public let step: EpisodeStep
    public let at: WallInstant
    public let ticks: Int64?
    public let fault: Fault?
    public let recording: RecordingReference?
}

/// Everything that the ledger knows of one proposal, from the day it came to the end of its episode.
public struct PlanStory: Equatable, Sendable {
    public let open: OpenProposal
    public let by: Author
    public let decided: DecisionEntry?
    public let permit: PermitStep?
    public let episode: EpisodeEntry?

    public var plan: Digest { open.proposal.digest }
    /// The number of the approval, if there is one.
    public var approval: UInt64? {
        if case .approved(let serial, _) = decided?.decision { serial } else { nil }
    }
}

// What became of plans.
extension History {
    /// The newest proposal with this hash; nil when it was never proposed.
    public func story(of plan: Digest) throws(LedgerError) -> PlanStory? {
        try stories("p.plan = ? ORDER BY p.serial DESC LIMIT 1", [.digest(plan)]).first
    }

    /// The newest proposals, the newest last.
    public func latestStories(_ count: Int) throws(LedgerError) -> [PlanStory] {
        try stories("1 = 1 ORDER BY p.serial DESC LIMIT ?", [.integer(Int64(count))]).reversed()
    }

    /// Those that are approved and whose permit was not issued yet, the oldest first.
    public func waitingStories() throws(LedgerError) -> [PlanStory] {
        try stories(
            """
            EXISTS (SELECT 1 FROM approval a WHERE a.proposal = p.serial \
            AND NOT EXISTS (SELECT 1 FROM permit WHERE approval = a.serial)) ORDER BY p.serial
            """, [])
    }

    /// The plans that ran to their end with something of this format in the place of a policy, the newest first.
    public func finishedPlans(with format: Name, atMost count: Int) throws(LedgerError) -> [PlanStory] {
        try stories(
            """
            instr(substr(p.bytes, 1, 1024), ?) > 0 AND EXISTS (SELECT 1 FROM approval a JOIN episode f \
            ON f.approval = a.serial AND f.step = 'finished' WHERE a.proposal = p.serial) ORDER BY p.serial DESC LIMIT ?
            """, [.blob(Array(format.text.utf8)), .integer(Int64(count))]
        ).filter { $0.open.proposal.plan.policy.format == format }
    }

    /// The bytes of a policy that was once proposed.
    public func policy(_ digest: Digest) throws(LedgerError) -> PolicyPayload? {
        let rows = try stories("p.policy = ? ORDER BY p.serial DESC LIMIT 1", [.digest(digest)])
        return rows.first?.open.proposal.plan.policy
    }

    private func stories(_ condition: String, _ values: [SQLValue]) throws(LedgerError) -> [PlanStory] {
        var all: [PlanStory] = []
        let text = "SELECT p.*, e.at FROM proposal p JOIN event e ON e.serial = p.serial WHERE \(condition)"
        for row in try connection.rows(text, values) {
            guard let serial = row["serial"].serial, let at = row["at"].integer, let by = Author(row) else {
                throw .damaged
            }
            let open = OpenProposal(
                serial: serial, at: WallInstant(milliseconds: at), proposal: try History.proposal(row["bytes"]))
            all.append(try story(of: open, by))
        }
        return all
    }

    private func story(of open: OpenProposal, _ by: Author) throws(LedgerError) -> PlanStory {
        let approved = try entry("approval", open.serial)
        let denied = approved == nil ? try entry("denial", open.serial) : nil
        guard let approved, let serial = approved["serial"].serial else {
            let decided = try denied.map { row throws(LedgerError) in try decision(.denied, row) }
            return PlanStory(open: open, by: by, decided: decided, permit: nil, episode: nil)
        }
        guard let ground = Ground(word: approved["ground"].text, serial: approved["ground_serial"].serial) else {
            throw .damaged
        }
        return PlanStory(
            open: open, by: by, decided: try decision(.approved(serial: serial, ground), approved),
            permit: try permitStep(serial), episode: try episode(serial))
    }

    private func entry(_ table: String, _ proposal: UInt64) throws(LedgerError) -> SQLRow? {
        try connection.rows(
            "SELECT t.*, e.at FROM \(table) t JOIN event e ON e.serial = t.serial WHERE t.proposal = ?",
            [.serial(proposal)]
        ).first
    }

    private func decision(_ decision: PlanDecision, _ row: SQLRow) throws(LedgerError) -> DecisionEntry {
        guard let by = Author(row), let at = row["at"].integer, let why = row["why"].text else { throw .damaged }
        return DecisionEntry(decision: decision, by: by, at: WallInstant(milliseconds: at), why: why)
    }

    private func episode(_ approval: UInt64) throws(LedgerError) -> EpisodeEntry? {
        let rows = try connection.rows(
            "SELECT t.*, e.at FROM episode t JOIN event e ON e.serial = t.serial WHERE t.approval = ? "
                + "ORDER BY t.serial DESC LIMIT 1", [.serial(approval)])
        guard let row = rows.first else { return nil }
        guard let step = row["step"].text.flatMap({ EpisodeStep(rawValue: $0) }), let at = row["at"].integer else {
            throw .damaged
        }
        let fault = row["fault"].integer.flatMap { UInt8(exactly: $0) }.flatMap { Fault(rawValue: $0) }
        return EpisodeEntry(
            step: step, at: WallInstant(milliseconds: at), ticks: row["ticks"].integer, fault: fault,
            recording: RecordingReference(row))
    }
}

extension RecordingReference {
    init?(_ row: SQLRow) {
        guard let path = row["recording"].text, let digest = row["recording_hash"].digest,
            let size = row["recording_size"].integer
        else { return nil }
        self.init(path: path, digest: digest, size: size)
    }
}

/// What all episodes came to together.
public struct EpisodeTotals: Equatable, Sendable {
    /// Only how they ended, in the order of the steps.
    public let episodes: [(step: EpisodeStep, count: Int)]
    public let verdicts: [VerdictSummary]

    public static func == (left: EpisodeTotals, right: EpisodeTotals) -> Bool {
        left.verdicts == right.verdicts && left.episodes.map(\.count) == right.episodes.map(\.count)
    }
}

extension History {
    public func totals() throws(LedgerError) -> EpisodeTotals {
        let ends: [EpisodeStep] = [.finished, .stopped, .lost]
        let rows = try connection.rows("SELECT step, count(*) AS count FROM episode GROUP BY step")
        let episodes = ends.map { end in
            let row = rows.first { $0["step"].text == end.rawValue }
            return (step: end, count: Int(row?["count"].integer ?? 0))
        }
        let sums = try connection.rows(
            "SELECT rule, sum(clamped_ticks) AS clamped, sum(stops) AS stops FROM verdict GROUP BY rule ORDER BY rule")
        let verdicts = sums.compactMap { row -> VerdictSummary? in
            guard let rule = row["rule"].integer.flatMap({ UInt8(exactly: $0) }).flatMap({ Rule(rawValue: $0) }) else {
                return nil
            }
            return VerdictSummary(
                rule: rule, clampedTicks: UInt32(clamping: row["clamped"].integer ?? 0),
                stops: UInt32(clamping: row["stops"].integer ?? 0))
        }
        return EpisodeTotals(episodes: episodes, verdicts: verdicts)
    }
}

public import Episodes
public import Supervision

/// A proposal that waits for a decision.
public struct OpenProposal: Equatable, Sendable {
    public let serial: UInt64
    public let at: WallInstant
    public let proposal: Proposal
}

/// What the entries of a ledger say together. Nothing here is stored; all of it follows from the events.
///
/// Belongs to the ledger or reader that it came from, and to its thread.
public struct History {
    let connection: Connection
    let schema: Schema

    init(connection: Connection, schema: Schema) {
        self.connection = connection
        self.schema = schema
    }

    /// When the last entry was written; the start of all time in an empty ledger.
    public func latest() throws(LedgerError) -> WallInstant {
        let at = try connection.value("SELECT max(at) FROM event").integer
        return WallInstant(milliseconds: at ?? .min)
    }

    /// The proposals that nobody has decided about, oldest first.
    public func openProposals() throws(LedgerError) -> [OpenProposal] { try undecided("1 = 1", []) }

    func openProposal(_ plan: Digest) throws(LedgerError) -> UInt64? {
        try connection.value("SELECT p.serial \(History.open) AND p.plan = ?", [.digest(plan)]).serial
    }

    func undecidedProposal(_ plan: Digest) throws(LedgerError) -> OpenProposal {
        if let open = try undecided("p.plan = ?", [.digest(plan)]).first { return open }
        let known = try connection.value("SELECT count(*) FROM proposal WHERE plan = ?", [.digest(plan)]).integer ?? 0
        throw .refused(known > 0 ? .decided(plan) : .unknownPlan(plan))
    }

    private static let open = """
        FROM proposal p JOIN event e ON e.serial = p.serial \
        WHERE NOT EXISTS (SELECT 1 FROM approval a WHERE a.proposal = p.serial) \
        AND NOT EXISTS (SELECT 1 FROM denial d WHERE d.proposal = p.serial)
        """

    private func undecided(_ condition: String, _ values: [SQLValue]) throws(LedgerError) -> [OpenProposal] {
        let rows = try connection.rows(
            "SELECT p.serial, e.at, p.bytes \(History.open) AND \(condition) ORDER BY p.serial", values)
        var all: [OpenProposal] = []
        for row in rows {
            guard let serial = row["serial"].serial, let at = row["at"].integer else { throw .damaged }
            let proposal = try History.proposal(row["bytes"])
            all.append(OpenProposal(serial: serial, at: WallInstant(milliseconds: at), proposal: proposal))
        }
        return all
    }

    /// The proposal that an approval is about; nil when there is no such approval.
    public func plan(of approval: UInt64) throws(LedgerError) -> Proposal? {
        let bytes = try connection.value(
            "SELECT p.bytes FROM approval a JOIN proposal p ON p.serial = a.proposal WHERE a.serial = ?",
            [.serial(approval)])
        return bytes == .null ? nil : try History.proposal(bytes)
    }

    /// The approval as the supervisor takes it.
    public func approval(_ serial: UInt64) throws(LedgerError) -> Approval? {
        try plan(of: serial)?.approval(serial: serial)
    }

    static func proposal(_ value: SQLValue) throws(LedgerError) -> Proposal {
        do throws(CanonicalError) {
            return try Proposal(canonical: value.blob ?? [])
        } catch {
            throw .damaged
        }
    }

    /// The approvals whose permit has not been issued yet, oldest first: a restart does not lose them.
    public func waitingApprovals() throws(LedgerError) -> [UInt64] {
        try connection.rows(
            "SELECT serial FROM approval a WHERE NOT EXISTS (SELECT 1 FROM permit WHERE approval = a.serial) "
                + "ORDER BY serial"
        ).compactMap { $0["serial"].serial }
    }

    /// How far a permit has come; nil when none was issued.
    public func permitStep(_ approval: UInt64) throws(LedgerError) -> PermitStep? {
        try step("permit", approval).flatMap { PermitStep(rawValue: $0) }
    }

    public func episodeStep(_ approval: UInt64) throws(LedgerError) -> EpisodeStep? {
        try step("episode", approval).flatMap { EpisodeStep(rawValue: $0) }
    }

    private func step(_ table: String, _ approval: UInt64) throws(LedgerError) -> String? {
        try connection.value(
            "SELECT step FROM \(table) WHERE approval = ? ORDER BY serial DESC LIMIT 1", [.serial(approval)]
        ).text
    }

    func isRunning(_ approval: UInt64) throws(LedgerError) -> Bool { try episodeStep(approval) == .started }

    /// The permits that stand at this step now.
    func permits(at step: PermitStep) throws(LedgerError) -> [UInt64] {
        try connection.rows(
            """
            SELECT p.approval FROM permit p WHERE p.step = ? \
            AND NOT EXISTS (SELECT 1 FROM permit l WHERE l.approval = p.approval AND l.serial > p.serial) \
            ORDER BY p.serial
            """, [.text(step.rawValue)]
        ).compactMap { $0["approval"].serial }
    }

    func plannedCost(_ approval: UInt64) throws(LedgerError) -> Cost { try plan(of: approval)?.plan.cost ?? .zero }

    /// The highest number of an approval whose permit was issued: what a new supervisor must never take again.
    public func latestPermit() throws(LedgerError) -> UInt64 {
        try connection.value("SELECT max(approval) FROM permit").serial ?? 0
    }
}

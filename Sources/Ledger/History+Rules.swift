public import Episodes
public import Supervision

/// A rule file that somebody adopted.
public struct AdoptedRule: Equatable, Sendable {
    public let serial: UInt64
    public let adoption: Adoption
    /// What the file said then.
    public let contents: String
}

/// One line of the budget.
public struct BudgetEntry: Equatable, Sendable {
    public let serial: UInt64
    public let at: WallInstant
    /// The episode that was paid; nil for what a person gave or took.
    public let approval: UInt64?
    public let amount: Cost
    public let user: String
    public let why: String
}

/// A fault that stands in the ledger and that nobody has cleared.
public struct OpenFault: Equatable, Sendable {
    public let serial: UInt64
    public let fault: Fault
    public let at: WallInstant
    /// What was written with it; empty where nothing was.
    public let detail: String
}

// What decisions are made on.
extension History {
    /// The batches that nobody has withdrawn, used up or not, oldest first.
    public func batches() throws(LedgerError) -> [ApprovalRules.Batch] {
        var batches: [ApprovalRules.Batch] = []
        for row in try connection.rows("SELECT * FROM batch b WHERE \(History.inForce("b")) ORDER BY serial") {
            guard let serial = row["serial"].serial, let batch = BatchApproval(row) else { throw .damaged }
            batches.append(ApprovalRules.Batch(serial: serial, approval: batch))
        }
        return batches
    }

    /// The adoptions that nobody has withdrawn; of one name only the last.
    public func adoptions() throws(LedgerError) -> [AdoptedRule] {
        var adoptions: [AdoptedRule] = []
        let rows = try connection.rows(
            """
            SELECT a.*, e.at FROM adoption a JOIN event e ON e.serial = a.serial WHERE \(History.inForce("a")) \
            AND NOT EXISTS (SELECT 1 FROM adoption l WHERE l.rule = a.rule AND l.serial > a.serial) ORDER BY a.serial
            """)
        for row in rows {
            guard let serial = row["serial"].serial, let rule = row["rule"].text.flatMap({ Name($0) }),
                let file = row["file"].digest, let author = Author(row), let at = row["at"].integer,
                let contents = row["contents"].text
            else { throw .damaged }
            let adoption = Adoption(rule: rule, file: file, by: author, at: WallInstant(milliseconds: at))
            adoptions.append(AdoptedRule(serial: serial, adoption: adoption, contents: contents))
        }
        return adoptions
    }

    private static func inForce(_ table: String) -> String {
        "NOT EXISTS (SELECT 1 FROM withdrawal w WHERE w.ground_serial = \(table).serial)"
    }

    func isInForce(_ serial: UInt64) throws(LedgerError) -> Bool {
        let isBatch = try batches().contains { $0.serial == serial }
        let isRule = try adoptions().contains { $0.serial == serial }
        return isBatch || isRule
    }

    /// Every episode that a batch or a rule has covered, whatever became of it.
    public func uses() throws(LedgerError) -> [Situation.Use] {
        var uses: [Situation.Use] = []
        let rows = try connection.rows(
            "SELECT a.ground, a.ground_serial, e.at FROM approval a JOIN event e ON e.serial = a.serial "
                + "WHERE a.ground <> 'person' ORDER BY a.serial")
        for row in rows {
            guard let ground = Ground(word: row["ground"].text, serial: row["ground_serial"].serial),
                let at = row["at"].integer
            else { throw .damaged }
            uses.append(Situation.Use(ground: ground, at: WallInstant(milliseconds: at)))
        }
        return uses
    }

    /// The policy of the plan that a person approved last; motions are none.
    public func lastApprovedPolicy() throws(LedgerError) -> Digest? {
        // The name of its format stands before the bytes of a policy, behind names that are short.
        try connection.value(
            "SELECT p.policy FROM approval a JOIN proposal p ON p.serial = a.proposal WHERE a.ground = 'person' "
                + "AND instr(substr(p.bytes, 1, 1024), ?) = 0 ORDER BY a.serial DESC LIMIT 1",
            [.blob(Array(MotionScript.format.text.utf8))]
        ).digest
    }

    /// What was granted less what was spent.
    public func balance() throws(LedgerError) -> Cost {
        try budget().reduce(.zero) { $0 + $1.amount }
    }

    /// Every line of the budget, oldest first.
    public func budget() throws(LedgerError) -> [BudgetEntry] {
        var entries: [BudgetEntry] = []
        for row in try connection.rows(
            "SELECT b.*, e.at FROM budget b JOIN event e ON e.serial = b.serial ORDER BY b.serial")
        {
            guard let serial = row["serial"].serial, let at = row["at"].integer, let amount = Cost(row),
                let user = row["user"].text, let why = row["why"].text
            else { throw .damaged }
            entries.append(
                BudgetEntry(
                    serial: serial, at: WallInstant(milliseconds: at), approval: row["approval"].serial, amount: amount,
                    user: user, why: why))
        }
        return entries
    }

    /// The faults that nobody has cleared, oldest first.
    public func openFaults() throws(LedgerError) -> [OpenFault] {
        try connection.rows(
            "SELECT f.serial, f.number, f.detail, e.at FROM fault f JOIN event e ON e.serial = f.serial "
                + "WHERE NOT EXISTS (SELECT 1 FROM clearance WHERE fault = f.serial) ORDER BY f.serial"
        ).compactMap { row in
            guard let serial = row["serial"].serial, let number = row["number"].integer,
                let fault = UInt8(exactly: number).flatMap({ Fault(rawValue: $0) }), let at = row["at"].integer
            else { return nil }
            return OpenFault(
                serial: serial, fault: fault, at: WallInstant(milliseconds: at), detail: row["detail"].text ?? "")
        }
    }

    /// Nil when there is no such entry.
    func isOpen(fault serial: UInt64) throws(LedgerError) -> Bool? {
        guard try connection.value("SELECT serial FROM fault WHERE serial = ?", [.serial(serial)]) != .null else {
            return nil
        }
        return try connection.value("SELECT serial FROM clearance WHERE fault = ?", [.serial(serial)]) == .null
    }
}

extension Author {
    init?(_ row: SQLRow) {
        guard let user = row["uid"].integer.flatMap({ UInt32(exactly: $0) }),
            let group = row["gid"].integer.flatMap({ UInt32(exactly: $0) }),
            let name = row["user"].text.flatMap({ Name($0) }), let origin = row["origin"].text
        else { return nil }
        self.init(userNumber: user, groupNumber: group, name: name, origin: origin)
    }
}

extension Cost {
    init?(_ row: SQLRow) {
        guard let time = row["time_ms"].integer, let wear = row["wear_microlives"].integer,
            let heat = row["heat_mj"].integer, let attention = row["attention_ms"].integer
        else { return nil }
        self.init(
            time: Milliseconds(time), wear: Microlives(wear), heat: Millijoules(heat),
            attention: Milliseconds(attention))
    }
}

extension BatchApproval {
    init?(_ row: SQLRow) {
        guard let robot = row["robot"].text.flatMap({ Name($0) }), let task = row["task"].digest,
            let envelope = row["envelope"].digest, let policy = row["policy"].digest,
            let episodes = row["episodes"].integer.flatMap({ UInt32(exactly: $0) }),
            let distance = row["greatest_distance"].real, let margin = row["least_margin"].real,
            let until = row["until"].integer
        else { return nil }
        self.init(
            robot: robot, task: task, envelope: envelope, policy: policy, episodes: episodes,
            greatestDistance: Float(distance), leastMargin: Float(margin), until: WallInstant(milliseconds: until))
    }
}

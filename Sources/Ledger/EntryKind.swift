/// What an entry of the ledger is about; each kind has a table of its own.
public enum EntryKind: String, CaseIterable, Sendable {
    case opening, proposal, approval, denial, batch, adoption, withdrawal, permit, episode, budget, calibration
    case verdict, fault, clearance, refusal
}

enum ColumnType: String, Sendable {
    case integer = "INTEGER"
    case real = "REAL"
    case text = "TEXT"
    case blob = "BLOB"
}

struct Column: Sendable {
    let name: String
    let type: ColumnType
    var isOptional = false
    /// The version of the schema that brought it; older rows have nothing in it, and their hash knows nothing of it.
    var since: Int64 = 1
    /// A condition or a reference, as SQL.
    var rule = ""

    static func integer(_ name: String, rule: String = "") -> Column { Column(name: name, type: .integer, rule: rule) }
    static func real(_ name: String) -> Column { Column(name: name, type: .real) }
    static func text(_ name: String) -> Column { Column(name: name, type: .text) }
    static func blob(_ name: String) -> Column { Column(name: name, type: .blob) }
    static func digest(_ name: String) -> Column {
        Column(name: name, type: .blob, rule: "CHECK (length(\(name)) = 32)")
    }
    static func reference(_ name: String, _ kind: EntryKind) -> Column {
        Column(name: name, type: .integer, rule: "REFERENCES \(kind.rawValue) (serial)")
    }
    static func step(_ words: [String]) -> Column {
        let list = words.map { "'\($0)'" }.joined(separator: ", ")
        return Column(name: "step", type: .text, rule: "CHECK (step IN (\(list)))")
    }

    var optional: Column {
        var column = self
        column.isOptional = true
        return column
    }

    var sql: String {
        ([name, type.rawValue] + (isOptional ? [] : ["NOT NULL"]) + (rule.isEmpty ? [] : [rule]))
            .joined(separator: " ")
    }
}

struct Table: Sendable {
    let kind: EntryKind
    var columns: [Column]
    var since: Int64 = 1
    /// Indices and triggers that only this table has.
    var rules: [String] = []

    func columns(at version: Int64) -> [Column] { columns.filter { $0.since <= version } }
}

extension EntryKind {
    private static let author: [Column] = [.integer("uid"), .integer("gid"), .text("user"), .text("origin")]
    private static let amounts: [Column] = [
        .integer("time_ms"), .integer("wear_microlives"), .integer("heat_mj"), .integer("attention_ms"),
    ]

    /// The table as it was in version 1.
    var firstTable: Table { Table(kind: self, columns: columns, rules: rules) }

    private var columns: [Column] {
        switch self {
        case .opening: [.text("program"), .integer("pid")]
        case .proposal:
            [.digest("plan"), .text("robot"), .digest("policy"), .blob("bytes")] + EntryKind.author
        case .approval:
            [.reference("proposal", .proposal), .digest("plan"), .text("ground"), .integer("ground_serial").optional]
                + EntryKind.author + [.text("why")]
        case .denial: [.reference("proposal", .proposal), .digest("plan")] + EntryKind.author + [.text("why")]
        case .batch:
            [
                .text("robot"), .digest("task"), .digest("envelope"), .digest("policy"), .integer("episodes"),
                .real("greatest_distance"), .real("least_margin"), .integer("until"),
            ] + EntryKind.author + [.text("why")]
        case .adoption: [.text("rule"), .digest("file"), .text("contents")] + EntryKind.author + [.text("why")]
        case .withdrawal: [.integer("ground_serial", rule: "UNIQUE")] + EntryKind.author + [.text("why")]
        case .permit:
            [.reference("approval", .approval), .step(PermitStep.allCases.map(\.rawValue)), .text("why")]
        case .episode:
            [
                .reference("approval", .approval), .step(EpisodeStep.allCases.map(\.rawValue)),
                .integer("ticks").optional, .integer("fault").optional, .text("recording").optional,
                .digest("recording_hash").optional, .integer("recording_size").optional,
            ]
        case .budget:
            [.text("reason"), .reference("approval", .approval).optional] + EntryKind.amounts + EntryKind.author
                + [.text("why")]
        case .calibration: [.text("robot"), .text("name"), .digest("hash"), .blob("bytes")] + EntryKind.author
        case .verdict:
            [.reference("approval", .approval), .integer("rule"), .integer("clamped_ticks"), .integer("stops")]
        case .fault:
            [
                .integer("number"), .reference("approval", .approval).optional, .integer("joint").optional,
                .text("detail"),
            ]
        case .clearance:
            [Column(name: "fault", type: .integer, rule: "UNIQUE REFERENCES fault (serial)")] + EntryKind.author
                + [.text("why")]
        case .refusal: [.text("asked")] + EntryKind.author + [.text("why")]
        }
    }

    /// That no permit is used twice and no episode ends twice is a rule of the database too, not only of this program.
    private var rules: [String] {
        switch self {
        case .proposal: ["CREATE INDEX proposal_plan ON proposal (plan)"]
        case .approval: ["CREATE UNIQUE INDEX approval_once ON approval (proposal)"]
        case .denial: ["CREATE UNIQUE INDEX denial_once ON denial (proposal)"]
        case .permit:
            [
                "CREATE UNIQUE INDEX permit_step_once ON permit (approval, step)",
                "CREATE UNIQUE INDEX permit_end_once ON permit (approval) WHERE step IN ('void', 'lost')",
                """
                CREATE TRIGGER permit_order BEFORE INSERT ON permit WHEN NEW.step = 'used' AND (
                NOT EXISTS (SELECT 1 FROM permit WHERE approval = NEW.approval AND step = 'issued') OR
                EXISTS (SELECT 1 FROM permit WHERE approval = NEW.approval AND step IN ('void', 'lost')))
                BEGIN SELECT RAISE(ABORT, 'this permit cannot be used'); END
                """,
            ]
        case .episode:
            [
                "CREATE UNIQUE INDEX episode_step_once ON episode (approval, step)",
                "CREATE UNIQUE INDEX episode_end_once ON episode (approval) WHERE step IN ('finished', 'stopped', 'lost')",
            ]
        default: []
        }
    }
}

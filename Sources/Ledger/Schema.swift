/// The tables of the ledger as data: the SQL that makes them and the hashes of their rows follow from it.
struct Schema: Sendable {
    let version: Int64
    let tables: [Table]

    static let current = Schema(version: 1, tables: EntryKind.allCases.map(\.firstTable))

    /// "Und1": what `file` and other programs tell the database by.
    static let application: Int64 = 0x556E_6431

    func table(_ kind: EntryKind) -> Table {
        guard let table = tables.first(where: { $0.kind == kind }) else {
            preconditionFailure("every kind has a table")
        }
        return table
    }

    /// The statements that bring a file from `old` (0: nothing is there) to this version.
    func migration(from old: Int64) -> [String] {
        let chain = old == 0 ? [Schema.event] + Schema.guards(of: "event") + [Schema.order] : []
        let fresh = tables.filter { $0.since > old && $0.since <= version }.flatMap { table in
            let columns = ["serial INTEGER PRIMARY KEY REFERENCES event (serial)"] + table.columns.map(\.sql)
            let text = "CREATE TABLE \(table.kind.rawValue) (\(columns.joined(separator: ", "))) STRICT"
            return [text] + Schema.guards(of: table.kind.rawValue) + [Schema.single(table.kind.rawValue)] + table.rules
        }
        let grown = tables.filter { $0.since <= old }.flatMap { table in
            table.columns.filter { $0.since > old }.map { "ALTER TABLE \(table.kind.rawValue) ADD COLUMN \($0.sql)" }
        }
        return chain + fresh + grown
    }

    private static let event = """
        CREATE TABLE event (serial INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, \
        version INTEGER NOT NULL, previous BLOB NOT NULL CHECK (length(previous) = 32), \
        hash BLOB NOT NULL CHECK (length(hash) = 32)) STRICT
        """

    /// History is not changed and not deleted.
    private static func guards(of table: String) -> [String] {
        ["UPDATE", "DELETE"].map { act in
            "CREATE TRIGGER \(table)_no_\(act.lowercased()) BEFORE \(act) ON \(table) "
                + "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        }
    }

    /// Events come one after the other. `INSERT OR REPLACE` would delete without asking the triggers above.
    private static let order = """
        CREATE TRIGGER event_order BEFORE INSERT ON event \
        WHEN NEW.serial IS NOT (SELECT coalesce(max(serial), 0) + 1 FROM event) \
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
        """

    private static func single(_ table: String) -> String {
        "CREATE TRIGGER \(table)_single BEFORE INSERT ON \(table) "
            + "WHEN EXISTS (SELECT 1 FROM \(table) WHERE serial = NEW.serial) "
            + "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
    }

    /// The triggers and indices of a file of this version, as the database keeps them.
    func rules(at version: Int64) -> [(name: String, sql: String)] {
        let then = Schema(version: version, tables: tables)
        return then.migration(from: 0).filter { !$0.hasPrefix("CREATE TABLE") }.map { sql in
            let words = sql.split(separator: " ")
            return (String(words[words[1] == "UNIQUE" ? 3 : 2]), sql)
        }
    }
}

public import Episodes
import Supervision

/// The book of one robot: who proposed, approved and denied what, which permits were used, how episodes ended, what
/// they cost. Entries are only ever added; each carries the hash of the one before.
///
/// What a function here has returned from is on the disk (SQLite in WAL mode, synchronous FULL). One process writes;
/// any number may read at the same time with `LedgerReader`. Not for a control thread: a commit waits for the disk.
public struct Ledger: ~Copyable {
    public let path: String
    public private(set) var head: Head
    /// Why the file beside the ledger could not be written; the entries themselves are kept nevertheless.
    public private(set) var anchorTrouble: LedgerError?
    let connection: Connection
    private let schema: Schema
    private let lock: WriterLock
    private var anchor: Anchor

    /// Opens a ledger, or makes one where there is none; permits that a crash left behind are void or lost afterwards.
    ///
    /// `program` says which version of which program writes from now on.
    public static func open(at path: String, program: String, now: WallInstant) throws(LedgerError) -> Ledger {
        try open(at: path, program: program, now: now, schema: .current)
    }

    private init(
        path: String, head: Head, connection: Connection, schema: Schema, lock: consuming WriterLock,
        anchor: consuming Anchor
    ) {
        self.path = path
        self.head = head
        self.connection = connection
        self.schema = schema
        self.lock = lock
        self.anchor = anchor
    }

    static func open(
        at path: String, program: String, now: WallInstant, schema: Schema
    ) throws(LedgerError) -> Ledger {
        let lock = try WriterLock(beside: path)
        // SQLite gives its other files the rights of this one.
        try OpenFile.make(path)
        let connection = try Connection(path, .writing)
        try Ledger.prepare(connection, schema)
        let head = try Ledger.readHead(connection)
        let anchored = OpenFile.size(of: Anchor.path(path)) == nil ? nil : try Anchor.read(beside: path)
        if let anchored, anchored.serial > head.serial {
            throw .behindAnchor(anchored: anchored.serial, found: head.serial)
        }
        var anchor = try Anchor(beside: path)
        try anchor.write(head)
        var ledger = Ledger(
            path: path, head: head, connection: connection, schema: schema, lock: lock, anchor: anchor)
        try ledger.transaction { ledger throws(LedgerError) in
            try ledger.append(.opening, [.text(program), .integer(Int64(OpenFile.process))], at: now)
            try ledger.settle(at: now)
        }
        ledger.anchor.synchronize()
        return ledger
    }

    private static func prepare(_ connection: Connection, _ schema: Schema) throws(LedgerError) {
        for pragma in ["journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON"] {
            try connection.run("PRAGMA \(pragma)")
        }
        let application = try connection.value("PRAGMA application_id").integer ?? 0
        let found = try connection.value("PRAGMA user_version").integer ?? 0
        let tables = try connection.value("SELECT count(*) FROM sqlite_schema").integer ?? 0
        guard application == Schema.application || (application == 0 && tables == 0) else { throw .notALedger }
        guard found <= schema.version else { throw .newerVersion(found, known: schema.version) }
        guard found < schema.version else { return }
        // All of it or nothing: a power cut in between leaves the old version.
        try connection.run("BEGIN IMMEDIATE")
        for statement in schema.migration(from: found) { try connection.run(statement) }
        try connection.run("PRAGMA application_id = \(Schema.application)")
        try connection.run("PRAGMA user_version = \(schema.version)")
        try connection.run("COMMIT")
        connection.forgetStatements()
    }

    private static func readHead(_ connection: Connection) throws(LedgerError) -> Head {
        let last = try connection.rows("SELECT serial, hash FROM event ORDER BY serial DESC LIMIT 1").first
        guard let last else { return .empty }
        guard let serial = last["serial"].serial, let hash = last["hash"].digest else { throw .damaged }
        return Head(serial: serial, hash: hash)
    }

    /// What the entries say together.
    public var history: History { History(connection: connection, schema: schema) }

    /// Adds an entry; only inside a transaction.
    @discardableResult
    mutating func append(_ kind: EntryKind, _ values: [SQLValue], at now: WallInstant) throws(LedgerError) -> UInt64 {
        let columns = schema.table(kind).columns
        let filled = values + Array(repeating: SQLValue.null, count: columns.count - values.count)
        let link = Link(
            serial: head.serial + 1, at: now.milliseconds, kind: kind, version: schema.version, previous: head.hash)
        let hash = link.hash(filled)
        try connection.run(
            "INSERT INTO event (serial, at, kind, version, previous, hash) VALUES (?, ?, ?, ?, ?, ?)",
            [
                .serial(link.serial), .integer(link.at), .text(kind.rawValue), .integer(link.version),
                .digest(link.previous), .digest(hash),
            ])
        let names = (["serial"] + columns.map(\.name)).joined(separator: ", ")
        let places = Array(repeating: "?", count: columns.count + 1).joined(separator: ", ")
        try connection.run(
            "INSERT INTO \(kind.rawValue) (\(names)) VALUES (\(places))", [.serial(link.serial)] + filled)
        head = Head(serial: link.serial, hash: hash)
        return link.serial
    }

    /// Everything that `body` appends becomes part of the ledger at once, or nothing of it.
    mutating func transaction<Result>(
        _ body: (inout Ledger) throws(LedgerError) -> Result
    ) throws(LedgerError) -> Result {
        try connection.run("BEGIN IMMEDIATE")
        let result: Result
        do throws(LedgerError) {
            result = try body(&self)
            try connection.run("COMMIT")
        } catch {
            if connection.isInTransaction { try? connection.run("ROLLBACK") }
            // The database is asked, not memory: only it knows what a failed commit left.
            head = try Ledger.readHead(connection)
            throw error
        }
        do throws(LedgerError) {
            try anchor.write(head)
            anchorTrouble = nil
        } catch {
            anchorTrouble = error
        }
        return result
    }

    /// What a crash left open: a permit that was used is lost with its episode, one that was only issued is void.
    private mutating func settle(at now: WallInstant) throws(LedgerError) {
        for serial in try history.permits(at: .used) where try history.isRunning(serial) {
            let cost = try history.plannedCost(serial)
            try append(.permit, [.serial(serial), .permit(.lost), .text("the guard ended while it was used")], at: now)
            try append(.episode, [.serial(serial), .episode(.lost)], at: now)
            try spend(cost, on: serial, why: "lost; charged as planned", at: now)
        }
        for serial in try history.permits(at: .issued) {
            try append(
                .permit, [.serial(serial), .permit(.void), .text("the guard ended before it was used")], at: now)
        }
    }
}

extension SQLValue {
    static func permit(_ step: PermitStep) -> SQLValue { .text(step.rawValue) }
    static func episode(_ step: EpisodeStep) -> SQLValue { .text(step.rawValue) }
}

internal import CSQLite
internal import Glibc

/// One open database of SQLite. Only this file and `SQLStatement` touch `CSQLite`.
///
/// A class so that the statements can be kept: each text is prepared once and used again.
@safe final class Connection {
    enum Access { case writing, reading, immutable, memory }

    // SAFETY: opened in `init`, closed in `deinit` after the statements; it never leaves this object and its statements.
    private let handle: OpaquePointer
    private var statements: [String: SQLStatement] = [:]

    init(_ path: String, _ access: Access) throws(LedgerError) {
        var opened: OpaquePointer?
        // SAFETY: the path is only read during the call; the handle is ours to close even when the call failed.
        let status = unsafe sqlite3_open_v2(Connection.uri(path, access), &opened, Connection.flags(access), nil)
        guard status == SQLITE_OK, let handle = unsafe opened else {
            let error = LedgerError(code: status, errno: unsafe sqlite3_system_errno(opened))
            unsafe sqlite3_close_v2(opened)
            throw error
        }
        unsafe self.handle = handle
        // A reader may hold up a checkpoint for a moment; nobody else writes.
        unsafe sqlite3_busy_timeout(handle, 5_000)
        unsafe sqlite3_extended_result_codes(handle, 1)
    }

    private static func flags(_ access: Access) -> Int32 {
        let common = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        return switch access {
        case .writing, .memory: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | common
        case .reading, .immutable: SQLITE_OPEN_READONLY | common
        }
    }

    /// Whatever the path is made of, nothing in it is taken for an option.
    private static func uri(_ path: String, _ access: Access) -> String {
        if access == .memory { return ":memory:" }
        let letters = path.utf8.map { byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            if isPlain || Array("/._-".utf8).contains(byte) { return String(decoding: [byte], as: UTF8.self) }
            return "%" + String(UInt16(byte) + 0x100, radix: 16, uppercase: true).dropFirst()
        }
        // An authority may not follow: a path with two slashes in front would begin one.
        let root = path.hasPrefix("/") ? "file://" : "file:"
        return root + letters.joined() + (access == .immutable ? "?immutable=1" : "")
    }

    /// Runs a statement to its end.
    func run(_ text: String, _ values: [SQLValue] = []) throws(LedgerError) {
        try forEach(text, values) { _ in }
    }

    func rows(_ text: String, _ values: [SQLValue] = []) throws(LedgerError) -> [SQLRow] {
        var rows: [SQLRow] = []
        try forEach(text, values) { rows.append($0) }
        return rows
    }

    /// The only value of the first row; null when there is none.
    func value(_ text: String, _ values: [SQLValue] = []) throws(LedgerError) -> SQLValue {
        try rows(text, values).first?.values.first ?? .null
    }

    func forEach(_ text: String, _ values: [SQLValue] = [], _ body: (SQLRow) -> Void) throws(LedgerError) {
        let statement = try prepared(text)
        defer { statement.reset() }
        for (index, value) in values.enumerated() { try check(statement.bind(value, at: Int32(index + 1))) }
        let columns = statement.columns
        while true {
            let status = statement.step()
            if status == SQLITE_DONE { return }
            guard status == SQLITE_ROW else { throw error(status) }
            body(SQLRow(columns: columns, values: (0..<columns.count).map { statement.value(at: Int32($0)) }))
        }
    }

    private func prepared(_ text: String) throws(LedgerError) -> SQLStatement {
        if let statement = statements[text] { return statement }
        var made: OpaquePointer?
        // SAFETY: the text is only read during the call; the statement is ended by its owner, before the handle.
        try check(unsafe sqlite3_prepare_v3(handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil))
        guard let pointer = unsafe made else { preconditionFailure("a statement without words: \(text)") }
        let statement = unsafe SQLStatement(pointer)
        statements[text] = statement
        return statement
    }

    /// Forgets the prepared statements; the schema may change then.
    func forgetStatements() { statements = [:] }

    private func check(_ status: Int32) throws(LedgerError) {
        if status != SQLITE_OK { throw error(status) }
    }

    private func error(_ status: Int32) -> LedgerError {
        // SAFETY: the handle is open.
        LedgerError(code: status, errno: unsafe sqlite3_system_errno(handle))
    }

    /// Whether a transaction is open: some errors end one by themselves.
    var isInTransaction: Bool {
        // SAFETY: the handle is open.
        unsafe sqlite3_get_autocommit(handle) == 0
    }

    deinit {
        statements = [:]
        // SAFETY: every statement has been ended on the line before.
        unsafe sqlite3_close_v2(handle)
    }
}

extension LedgerError {
    /// What SQLite's and the system's numbers mean for whoever keeps a ledger.
    init(code: Int32, errno: Int32) {
        switch code & 0xFF {
        case SQLITE_FULL: self = .diskFull
        case SQLITE_IOERR where [ENOSPC, EDQUOT, EFBIG].contains(errno): self = .diskFull
        case SQLITE_READONLY: self = .readOnly
        case SQLITE_IOERR where errno == EROFS: self = .readOnly
        case SQLITE_CANTOPEN where [EACCES, EPERM].contains(errno): self = .notPermitted
        case SQLITE_CANTOPEN where errno == EROFS: self = .readOnly
        case SQLITE_CANTOPEN where errno == ENOENT: self = .missing
        case SQLITE_PERM, SQLITE_AUTH: self = .notPermitted
        case SQLITE_NOTADB: self = .notALedger
        case SQLITE_CORRUPT: self = .damaged
        case SQLITE_BUSY, SQLITE_LOCKED: self = .busy
        default: self = .failed(code: code, errno: errno)
        }
    }
}

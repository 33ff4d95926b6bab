internal import CSQLite

/// A prepared statement of a connection that keeps it.
@safe final class SQLStatement {
    // SAFETY: made by the connection, ended in `deinit`; the connection lets go of its statements before it closes.
    private let pointer: OpaquePointer
    let columns: [String]

    init(_ pointer: OpaquePointer) {
        unsafe self.pointer = pointer
        columns = unsafe (0..<sqlite3_column_count(pointer)).map { column in
            // SAFETY: the name lives as long as the statement is not prepared anew, and is copied at once.
            unsafe sqlite3_column_name(pointer, column).map { unsafe String(cString: $0) } ?? ""
        }
    }

    func bind(_ value: SQLValue, at place: Int32) -> Int32 {
        // SAFETY: texts and bytes are copied by the library before the call returns.
        switch value {
        case .null: unsafe sqlite3_bind_null(pointer, place)
        case .integer(let number): unsafe sqlite3_bind_int64(pointer, place, number)
        case .real(let number): unsafe sqlite3_bind_double(pointer, place, number)
        case .text(let text): unsafe csqlite_bind_text(pointer, place, text, Int32(text.utf8.count))
        case .blob(let bytes):
            unsafe bytes.withUnsafeBytes {
                unsafe csqlite_bind_blob(pointer, place, $0.baseAddress, Int32($0.count))
            }
        }
    }

    func step() -> Int32 {
        // SAFETY: the statement has not been ended.
        unsafe sqlite3_step(pointer)
    }

    func value(at column: Int32) -> SQLValue {
        // SAFETY: a row is there until the next step, and what it points to is copied before that.
        switch unsafe sqlite3_column_type(pointer, column) {
        case SQLITE_INTEGER: .integer(unsafe sqlite3_column_int64(pointer, column))
        case SQLITE_FLOAT: .real(unsafe sqlite3_column_double(pointer, column))
        case SQLITE_TEXT: .text(String(decoding: bytes(at: column), as: UTF8.self))
        case SQLITE_BLOB: .blob(bytes(at: column))
        default: .null
        }
    }

    private func bytes(at column: Int32) -> [UInt8] {
        // SAFETY: asked for in this order, pointer and count belong together until the next step.
        guard let start = unsafe sqlite3_column_blob(pointer, column) else { return [] }
        let count = Int(unsafe sqlite3_column_bytes(pointer, column))
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// Ready to be used again; the values are let go.
    func reset() {
        // SAFETY: the statement has not been ended; what reset answers was answered by the last step already.
        unsafe sqlite3_reset(pointer)
        unsafe sqlite3_clear_bindings(pointer)
    }

    deinit {
        // SAFETY: nobody else has the statement.
        unsafe sqlite3_finalize(pointer)
    }
}

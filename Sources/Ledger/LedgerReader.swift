import Episodes
import Supervision

/// A ledger that is only read, while another process may write to it.
public struct LedgerReader: ~Copyable {
    public let path: String
    let connection: Connection
    let schema: Schema
    /// The version of the schema that the file has.
    let version: Int64

    /// The name of the ledger in its folder.
    public static let fileName = "ledger.sqlite"

    /// Opens a ledger, given as its file or as the folder that it is in.
    public init(at place: String) throws(LedgerError) { try self.init(at: place, schema: .current) }

    init(at place: String, schema: Schema) throws(LedgerError) {
        let path = OpenFile.isFolder(place) ? "\(place)/\(LedgerReader.fileName)" : place
        guard OpenFile.size(of: path) != nil else { throw .missing }
        let connection = try LedgerReader.open(path)
        guard try connection.value("PRAGMA application_id").integer == Schema.application else { throw .notALedger }
        let version = try connection.value("PRAGMA user_version").integer ?? 0
        guard version <= schema.version else { throw .newerVersion(version, known: schema.version) }
        self.path = path
        self.connection = connection
        self.schema = schema
        self.version = version
    }

    /// SQLite wants to write beside a database in order to read it along with a writer. Where this user may not, and
    /// nothing waits in the log, the file is read as it is.
    private static func open(_ path: String) throws(LedgerError) -> Connection {
        do throws(LedgerError) {
            let connection = try Connection(path, .reading)
            _ = try connection.value("SELECT count(*) FROM sqlite_schema")
            return connection
        } catch {
            guard [.notPermitted, .readOnly, .missing].contains(error) || error.isCannotOpen,
                OpenFile.size(of: "\(path)-wal") ?? 0 == 0
            else { throw error }
        }
        let connection = try Connection(path, .immutable)
        _ = try connection.value("SELECT count(*) FROM sqlite_schema")
        return connection
    }

    public var history: History { History(connection: connection, schema: schema) }
}

extension LedgerError {
    /// SQLite could not open one of its files and did not say why.
    fileprivate var isCannotOpen: Bool { if case .failed(let code, _) = self { code & 0xFF == 14 } else { false } }
}

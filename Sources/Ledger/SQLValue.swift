import Episodes
import Supervision

/// A value of one column.
enum SQLValue: Equatable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    static func digest(_ digest: Digest) -> SQLValue { .blob(digest.bytes) }
    static func serial(_ serial: UInt64) -> SQLValue { .integer(Int64(clamping: serial)) }
    static func optional(_ number: Int64?) -> SQLValue { number.map { .integer($0) } ?? .null }
    static func optional(_ text: String?) -> SQLValue { text.map { .text($0) } ?? .null }
    static func optional(_ digest: Digest?) -> SQLValue { digest.map { .digest($0) } ?? .null }

    var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
    var real: Double? { if case .real(let number) = self { number } else { nil } }
    var text: String? { if case .text(let text) = self { text } else { nil } }
    var blob: [UInt8]? { if case .blob(let bytes) = self { bytes } else { nil } }
    var digest: Digest? { blob.flatMap { Digest(bytes: $0) } }
    var serial: UInt64? { integer.flatMap { UInt64(exactly: $0) } }

    /// The value with its kind, for the hash of its row.
    func write(to writer: inout CanonicalWriter) {
        switch self {
        case .null: writer.append(UInt8(0))
        case .integer(let number):
            writer.append(UInt8(1))
            writer.append(number)
        case .real(let number):
            writer.append(UInt8(2))
            writer.append(number.bitPattern)
        case .text(let text):
            writer.append(UInt8(3))
            writer.append(text)
        case .blob(let bytes):
            writer.append(UInt8(4))
            writer.append(bytes)
        }
    }
}

/// One row, by the names of its columns.
struct SQLRow {
    let columns: [String]
    let values: [SQLValue]

    subscript(column: String) -> SQLValue {
        columns.firstIndex(of: column).map { values[$0] } ?? .null
    }
}

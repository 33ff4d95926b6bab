import Episodes
import Supervision

/// One link of the chain.
struct Link: Equatable, Sendable {
    let serial: UInt64
    let at: Int64
    let kind: EntryKind
    /// The version of the schema that the row was written under; it says which columns the hash is about.
    let version: Int64
    let previous: Digest

    /// The hash over the link and the row of its kind; `values` in the order of the table.
    func hash(_ values: [SQLValue]) -> Digest {
        var writer = CanonicalWriter()
        writer.append("understudy ledger")
        writer.append(serial)
        writer.append(at)
        writer.append(kind.rawValue)
        writer.append(version)
        writer.append(previous)
        for value in values { value.write(to: &writer) }
        return Digest(of: writer.bytes.span)
    }
}

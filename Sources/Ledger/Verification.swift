public import Episodes
import Supervision

/// Something about a ledger that is not as it was written.
public enum IntegrityFinding: Equatable, Sendable {
    /// The row, or its link, is not what its hash was made of.
    case changed(EntryKind, UInt64)
    /// Numbers without an entry, from the first to the last.
    case removed(UInt64, through: UInt64)
    /// The link is there and its row is gone.
    case rowMissing(EntryKind, UInt64)
    /// A row that no link speaks of.
    case inserted(EntryKind, UInt64)
    /// An entry of a kind that there is not.
    case unknownKind(UInt64)
    /// The entry does not follow the one before it.
    case linkBroken(EntryKind, UInt64)
    /// The proposal's bytes are no proposal, or one with another hash.
    case proposalDiffers(UInt64)
    /// The ledger ends before the entry that the file beside it names.
    case cutOff(anchored: UInt64, found: UInt64)
    /// The file beside the ledger, or the one who asked, names another hash for this entry.
    case otherHead(UInt64)
    case anchorMissing
    case anchorDamaged
    case recordingMissing(String, UInt64)
    case recordingChanged(String, UInt64)
    /// A trigger or index that guards the history is gone or another one.
    case ruleChanged(String)
    /// What SQLite says about its own pages and references.
    case database(String)
}

/// What a look at the whole ledger found.
public struct VerificationReport: Equatable, Sendable {
    public let head: Head
    /// When the last entry was written.
    public let latest: WallInstant?
    public let counts: [EntryKind: Int]
    public let recordings: Int
    /// Entries newer than the file beside the ledger knows; after a kill or a power cut there may be some.
    public let unanchored: UInt64
    public let findings: [IntegrityFinding]

    public var isSound: Bool { findings.isEmpty }
    public var entries: Int { counts.values.reduce(0, +) }
}

extension LedgerReader {
    /// Recomputes the hash of every entry and of every recording, and names whatever differs.
    ///
    /// `expected` is a head that was noted elsewhere. Without one, a ledger that was rewritten as a whole, together
    /// with the file beside it, cannot be told from a true one: the chain has no secret. Recordings are looked for in
    /// `folder`, or else beside the ledger.
    public func verify(expecting expected: Head? = nil, recordings folder: String? = nil) throws(LedgerError)
        -> VerificationReport
    {
        // Before the snapshot: what the file says now, the ledger of a moment later must hold.
        var walk = ChainWalk(connection: connection, schema: schema)
        let anchor = try walk.readAnchor(beside: path)
        try connection.run("BEGIN")
        defer { try? connection.run("COMMIT") }
        try walk.checkDatabase(at: version)
        try walk.checkEvents(known: [anchor, expected].compactMap(\.self))
        try walk.checkStrangers(at: version)
        try walk.checkRecordings(in: folder ?? LedgerReader.folder(of: path))
        return walk.report(anchor)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

import Episodes
import Supervision

/// One walk along the chain, collecting what is wrong.
struct ChainWalk {
    let connection: Connection
    let schema: Schema
    private var findings: [IntegrityFinding] = []
    private var counts: [EntryKind: Int] = [:]
    private var recordings = 0
    private var head = Head.empty
    /// The last entry's hash as its contents give it, which may differ from the one that stands there.
    private var recomputed = Digest.zero
    private var latest: WallInstant?

    init(connection: Connection, schema: Schema) {
        self.connection = connection
        self.schema = schema
    }

    mutating func readAnchor(beside path: String) throws(LedgerError) -> Head? {
        do throws(LedgerError) {
            let head = try Anchor.read(beside: path)
            if head == nil { findings.append(.anchorDamaged) }
            return head
        } catch {
            guard error == .missing else { throw error }
            findings.append(.anchorMissing)
            return nil
        }
    }

    mutating func checkDatabase(at version: Int64) throws(LedgerError) {
        for row in try connection.rows("PRAGMA integrity_check(20)") where row.values.first?.text != "ok" {
            findings.append(.database(row.values.first?.text ?? ""))
        }
        for row in try connection.rows("PRAGMA foreign_key_check") {
            let (table, serial) = (row["table"].text ?? "", row["rowid"].integer ?? 0)
            findings.append(.database("\(table) \(serial) refers to a row that is not there"))
        }
        let known = try connection.rows("SELECT name, sql FROM sqlite_schema WHERE type IN ('trigger', 'index')")
        for rule in schema.rules(at: version) {
            let found = known.first { $0["name"].text == rule.name }
            if found?["sql"].text != rule.sql { findings.append(.ruleChanged(rule.name)) }
        }
    }

    /// Every link in the order of the numbers. `known` heads must be on the way.
    mutating func checkEvents(known: [Head]) throws(LedgerError) {
        var problem: LedgerError?
        var walk = self
        try connection.forEach("SELECT serial, at, kind, version, previous, hash FROM event ORDER BY serial") { row in
            guard problem == nil else { return }
            do throws(LedgerError) { try walk.check(row, known) } catch { problem = error }
        }
        if let problem { throw problem }
        self = walk
        for head in known where head.serial > self.head.serial {
            findings.append(.cutOff(anchored: head.serial, found: self.head.serial))
        }
    }

    private mutating func check(_ row: SQLRow, _ known: [Head]) throws(LedgerError) {
        guard let serial = row["serial"].serial, let at = row["at"].integer, let version = row["version"].integer,
            let previous = row["previous"].digest, let hash = row["hash"].digest
        else { throw .damaged }
        if serial > head.serial + 1 { findings.append(.removed(head.serial + 1, through: serial - 1)) }
        let follows = serial == head.serial + 1 && (previous == head.hash || previous == recomputed)
        head = Head(serial: serial, hash: hash)
        latest = WallInstant(milliseconds: at)
        guard let kind = row["kind"].text.flatMap(EntryKind.init) else {
            findings.append(.unknownKind(serial))
            return
        }
        counts[kind, default: 0] += 1
        let link = Link(serial: serial, at: at, kind: kind, version: version, previous: previous)
        let before = findings.count
        recomputed = try checkRow(link) ?? hash
        if recomputed != hash { findings.append(.changed(kind, serial)) }
        if findings.count == before, !follows, findings.last?.endsBefore(serial) != true {
            findings.append(.linkBroken(kind, serial))
        }
        for head in known where head.serial == serial && head.hash != hash { findings.append(.otherHead(serial)) }
    }

    /// The hash that the row of a link gives; nil when there is none.
    private mutating func checkRow(_ link: Link) throws(LedgerError) -> Digest? {
        let columns = schema.table(link.kind).columns
        let text = "SELECT * FROM \(link.kind.rawValue) WHERE serial = ?"
        guard let row = try connection.rows(text, [.serial(link.serial)]).first else {
            findings.append(.rowMissing(link.kind, link.serial))
            return nil
        }
        // What came later has nothing to say in a row from before.
        let strays = columns.filter { $0.since > link.version && row[$0.name] != .null }
        if !strays.isEmpty { return .zero }
        if link.kind == .proposal { checkProposal(row, link.serial) }
        return link.hash(columns.filter { $0.since <= link.version }.map { row[$0.name] })
    }

    private mutating func checkProposal(_ row: SQLRow, _ serial: UInt64) {
        let proposal = try? Proposal(canonical: row["bytes"].blob ?? [])
        if proposal?.digest != row["plan"].digest { findings.append(.proposalDiffers(serial)) }
    }

    mutating func checkStrangers(at version: Int64) throws(LedgerError) {
        for kind in EntryKind.allCases where schema.table(kind).since <= version {
            let rows = try connection.rows(
                "SELECT serial FROM \(kind.rawValue) t WHERE NOT EXISTS "
                    + "(SELECT 1 FROM event WHERE serial = t.serial AND kind = '\(kind.rawValue)')")
            for row in rows { findings.append(.inserted(kind, row["serial"].serial ?? 0)) }
        }
    }

    mutating func checkRecordings(in folder: String) throws(LedgerError) {
        let rows = try connection.rows(
            "SELECT serial, recording, recording_hash, recording_size FROM episode WHERE recording IS NOT NULL "
                + "ORDER BY serial")
        for row in rows {
            guard let serial = row["serial"].serial, let path = row["recording"].text else { throw .damaged }
            recordings += 1
            guard RecordingReference.isInside(path) else {
                findings.append(.recordingMissing(path, serial))
                continue
            }
            do throws(LedgerError) {
                let found = try OpenFile.digest(of: "\(folder)/\(path)")
                let isSame = row["recording_hash"].digest == found.digest && row["recording_size"].integer == found.size
                if !isSame { findings.append(.recordingChanged(path, serial)) }
            } catch {
                switch error {
                case .missing: findings.append(.recordingMissing(path, serial))
                // A folder in its place, or a file that the disk does not give back.
                case .failed: findings.append(.recordingChanged(path, serial))
                default: throw error
                }
            }
        }
    }

    func report(_ anchor: Head?) -> VerificationReport {
        VerificationReport(
            head: head, latest: latest, counts: counts, recordings: recordings,
            unanchored: anchor.map { head.serial > $0.serial ? head.serial - $0.serial : 0 } ?? 0, findings: findings)
    }
}

extension IntegrityFinding {
    /// After a gap the next link cannot follow; that is the same finding.
    fileprivate func endsBefore(_ serial: UInt64) -> Bool {
        if case .removed(_, let last) = self { last + 1 == serial } else { false }
    }
}

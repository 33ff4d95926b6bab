import Episodes
import Foundation
import LedgerSamples
import Quantities
import Supervision
import Testing

@testable import Ledger

/// What somebody with a SQLite shell and the rights of the guard could do, done with that very library.
@Suite("Tampering with a ledger")
struct TamperTests {
    /// A ledger with at least two entries of every kind, and two recordings.
    private static func filled(_ folder: borrowing Folder) throws -> Head {
        var ledger = try folder.open()
        let author = try Samples.author()
        for number in 0..<2 {
            let now = Samples.instant(Int64(10 * number + 1))
            let path = "episode-\(number).mcap"
            let bytes = Array("recording \(number)".utf8)
            try Data(bytes).write(to: URL(filePath: "\(folder.path)/\(path)"))
            let recording = RecordingReference(path: path, digest: Digest(of: bytes.span), size: Int64(bytes.count))
            let approval = try ledger.permitted(number)
            try ledger.usePermit(approval, at: now)
            let verdict = VerdictSummary(rule: .effort, clampedTicks: 1, stops: 0)
            let end = EpisodeEnd(
                outcome: .finished(Ticks(400)), recording: recording, spent: Samples.cost, verdicts: [verdict])
            try ledger.end(approval, end, at: now)
            let denied = try Samples.proposal(number + 100)
            _ = try ledger.propose(denied, by: author, at: now)
            try ledger.deny(denied.digest, by: author, why: "no", at: now)
            let batch = BatchApproval(
                robot: try Samples.name("arm"), task: .zero, envelope: .zero, policy: .zero, episodes: 3,
                greatestDistance: 0.5, leastMargin: 0.25, until: now)
            let serial = try ledger.allow(batch, by: author, why: "as agreed", at: now)
            try ledger.withdraw(serial, by: author, why: "over", at: now)
            _ = try ledger.adopt(
                Samples.name("night"), file: Digest(of: "{}"), contents: "{}", by: author, why: "tried", at: now)
            _ = try ledger.keep(
                calibration: Samples.name("arm-1"), of: Samples.name("arm"), bytes: [1, 2, 3], by: author, at: now)
            let fault = try ledger.report(.overspeed, during: approval, joint: 1, detail: "fast", at: now)
            try ledger.clear(fault: fault, by: author, why: "seen", at: now)
            try ledger.refuse("approve", of: author, why: "not an operator", at: now)
        }
        return ledger.head
    }

    /// Changes a filled ledger with plain SQL, after its guards were taken away, and says what is found then. What it
    /// changes is a copy.
    private func findings(
        in filled: borrowing Folder, after change: (Connection) throws -> Void
    ) throws -> [IntegrityFinding] {
        let folder = try Folder()
        for name in try FileManager.default.contentsOfDirectory(atPath: filled.path) {
            try FileManager.default.copyItem(atPath: "\(filled.path)/\(name)", toPath: "\(folder.path)/\(name)")
        }
        do {
            let connection = try Connection(folder.ledger, .writing)
            // Nobody needs this to survive a power cut.
            try connection.run("PRAGMA synchronous = OFF")
            let triggers = try connection.rows("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
            for trigger in triggers { try connection.run("DROP TRIGGER \(trigger["name"].text ?? "")") }
            try change(connection)
            for trigger in triggers { try connection.run(trigger["sql"].text ?? "") }
        }
        return try LedgerReader(at: folder.path).verify().findings
    }

    private static func template() throws -> Folder {
        let folder = try Folder()
        _ = try filled(folder)
        return folder
    }

    private static func serial(_ kind: EntryKind, _ connection: Connection) throws -> UInt64 {
        try #require(try connection.value("SELECT min(serial) FROM \(kind.rawValue) WHERE serial > 1").serial)
    }

    @Test("an untouched ledger is sound, and so is one whose guards were dropped and put back")
    func untouched() throws {
        let folder = try Folder()
        let head = try Self.filled(folder)
        let report = try LedgerReader(at: folder.path).verify(expecting: head)
        #expect(report.isSound && report.recordings == 2 && report.head == head)
        #expect(EntryKind.allCases.allSatisfy { report.counts[$0] ?? 0 >= ($0 == .opening ? 1 : 2) })
        #expect(try findings(in: folder) { _ in } == [])
    }

    @Test("history cannot be changed, deleted or replaced while the guards stand")
    func guards() throws {
        let folder = try Folder()
        let head = try Self.filled(folder)
        let connection = try Connection(folder.ledger, .writing)
        for kind in EntryKind.allCases { try guards(of: kind, connection) }
        #expect(try LedgerReader(at: folder.path).verify(expecting: head).isSound)
    }

    private func guards(of kind: EntryKind, _ connection: Connection) throws {
        let serial = kind == .opening ? 1 : try Self.serial(kind, connection)
        let table = kind.rawValue
        for statement in [
            "UPDATE \(table) SET serial = 9999", "DELETE FROM \(table)",
            "INSERT OR REPLACE INTO \(table) SELECT * FROM \(table) WHERE serial = \(serial)",
            "UPDATE event SET at = 0", "DELETE FROM event",
            "INSERT OR REPLACE INTO event SELECT * FROM event WHERE serial = \(serial)",
            "INSERT INTO event SELECT serial + 7, at, kind, version, previous, hash FROM event WHERE serial = \(serial)",
        ] {
            #expect(throws: LedgerError.self, "\(statement)") { try connection.run(statement) }
        }
    }

    @Test("one changed byte in any column of any table is named with its entry")
    func everyColumn() throws {
        let folder = try Self.template()
        let connection = try Connection(folder.ledger, .writing)
        try connection.run("PRAGMA ignore_check_constraints = ON")
        for trigger in try connection.rows("SELECT name FROM sqlite_schema WHERE type = 'trigger'") {
            try connection.run("DROP TRIGGER \(trigger["name"].text ?? "")")
        }
        for kind in EntryKind.allCases { try everyColumn(of: kind, connection) }
    }

    /// Each change is looked at inside of a transaction that is taken back.
    private func everyColumn(of kind: EntryKind, _ connection: Connection) throws {
        let serial = kind == .opening ? 1 : try Self.serial(kind, connection)
        for column in Schema.current.table(kind).columns {
            try connection.run("BEGIN")
            let row = try connection.rows("SELECT * FROM \(kind.rawValue) WHERE serial = ?", [.serial(serial)])
            let value = Self.changed(try #require(row.first)[column.name], column)
            try connection.run(
                "UPDATE \(kind.rawValue) SET \(column.name) = ? WHERE serial = ?", [value, .serial(serial)])
            var walk = ChainWalk(connection: connection, schema: .current)
            try walk.checkEvents(known: [])
            let found = walk.report(nil).findings.filter { if case .proposalDiffers = $0 { false } else { true } }
            #expect(found == [.changed(kind, serial)], "\(kind).\(column.name)")
            try connection.run("ROLLBACK")
        }
    }

    /// The same value with one bit or letter changed.
    private static func changed(_ value: SQLValue, _ column: Column) -> SQLValue {
        switch value {
        case .null:
            switch column.type {
            case .integer: .integer(0)
            case .real: .real(0)
            case .text: .text("")
            case .blob: .blob([UInt8](repeating: 0, count: 32))
            }
        case .integer(let number): .integer(number ^ 1)
        case .real(let number): .real(number.nextUp)
        case .text(let text): .text(text.isEmpty ? " " : String(text.dropLast()) + "~")
        case .blob(var bytes):
            {
                bytes[bytes.count / 2] ^= 1
                return .blob(bytes)
            }()
        }
    }

    @Test(
        "a changed link is named",
        arguments: [
            "at = at + 1", "version = 0", "hash = zeroblob(32)", "previous = zeroblob(32)", "kind = 'denial'",
        ])
    func links(change: String) throws {
        let filled = try Self.template()
        let found = try findings(in: filled) { try $0.run("UPDATE event SET \(change) WHERE serial = 4") }
        let isNamed = found.contains { finding in
            switch finding {
            case .changed(_, 4), .rowMissing(_, 4): true
            default: false
            }
        }
        #expect(isNamed, "\(found)")
        #expect(
            try findings(in: filled) { try $0.run("UPDATE event SET kind = 'nonsense' WHERE serial = 4") }.contains(
                .unknownKind(4))
        )
    }

    @Test("a deleted entry leaves a gap with its number, a deleted row is missing by its number")
    func deleted() throws {
        let filled = try Self.template()
        let whole = try findings(in: filled) { connection in
            try connection.run("DELETE FROM refusal WHERE serial = (SELECT min(serial) FROM refusal)")
            try connection.run(
                "DELETE FROM event WHERE kind = 'refusal' AND serial = (SELECT min(serial) FROM event WHERE kind = 'refusal')"
            )
        }
        guard case .removed(let first, let last)? = whole.first, whole.count == 1 else {
            Issue.record("\(whole)")
            return
        }
        #expect(first == last)
        let row = try findings(in: filled) {
            try $0.run("DELETE FROM refusal WHERE serial = (SELECT min(serial) FROM refusal)")
        }
        #expect(row == [.rowMissing(.refusal, first)])
        let link = try findings(in: filled) { connection in
            try connection.run("PRAGMA foreign_keys = OFF")
            try connection.run(
                "DELETE FROM event WHERE serial = (SELECT min(serial) FROM refusal)")
        }
        #expect(link.contains(.removed(first, through: first)) && link.contains(.inserted(.refusal, first)))
    }

    @Test("two entries that change places are both named")
    func swapped() throws {
        let filled = try Self.template()
        let found = try findings(in: filled) { connection in
            for statement in ["9001 WHERE serial = 1", "1 WHERE serial = 2", "2 WHERE serial = 9001"] {
                try connection.run("PRAGMA foreign_keys = OFF")
                try connection.run("UPDATE event SET serial = \(statement)")
                for kind in [EntryKind.opening, .proposal] {
                    try connection.run("UPDATE \(kind.rawValue) SET serial = \(statement)")
                }
            }
        }
        #expect(found.contains(.changed(.proposal, 1)) && found.contains(.changed(.opening, 2)), "\(found)")
    }

    @Test("an entry that is put in between is named, and so is one appended with a hash of its own making")
    func inserted() throws {
        let filled = try Self.template()
        let stray = try findings(in: filled) { connection in
            try connection.run("PRAGMA foreign_keys = OFF")
            try connection.run("INSERT INTO opening (serial, program, pid) VALUES (9999, 'x', 1)")
        }
        #expect(stray.contains(.inserted(.opening, 9_999)))
        let appended = try findings(in: filled) { connection in
            let next = (try connection.value("SELECT max(serial) FROM event").integer ?? 0) + 1
            try connection.run(
                "INSERT INTO event SELECT \(next), at, 'opening', version, hash, zeroblob(32) FROM event "
                    + "WHERE serial = \(next - 1)")
            try connection.run("INSERT INTO opening (serial, program, pid) VALUES (\(next), 'x', 1)")
        }
        #expect(appended.count == 1)
        guard case .changed(.opening, _)? = appended.first else {
            Issue.record("\(appended)")
            return
        }
    }

    @Test("entries cut off at the end are missed by the file beside the ledger, or by a head that was noted")
    func cutOff() throws {
        let folder = try Folder()
        let head = try Self.filled(folder)
        do {
            let connection = try Connection(folder.ledger, .writing)
            try connection.run("DROP TRIGGER event_no_delete")
            try connection.run("DROP TRIGGER refusal_no_delete")
            try connection.run("DELETE FROM refusal WHERE serial = \(head.serial)")
            try connection.run("DELETE FROM event WHERE serial = \(head.serial)")
        }
        let report = try LedgerReader(at: folder.path).verify()
        #expect(report.findings.contains(.cutOff(anchored: head.serial, found: head.serial - 1)))
        #expect(report.findings.contains(.ruleChanged("event_no_delete")))
        // Nobody writes on: the permits of what was cut off could be used again.
        #expect(throws: LedgerError.behindAnchor(anchored: head.serial, found: head.serial - 1)) {
            _ = try folder.open()
        }
        try FileManager.default.removeItem(atPath: Anchor.path(folder.ledger))
        let without = try LedgerReader(at: folder.path).verify()
        #expect(without.findings.contains(.anchorMissing) && !without.findings.contains { isCut($0) })
        let noted = try LedgerReader(at: folder.path).verify(expecting: head)
        #expect(noted.findings.contains(.cutOff(anchored: head.serial, found: head.serial - 1)))
        let other = Head(serial: 3, hash: .zero)
        #expect(try LedgerReader(at: folder.path).verify(expecting: other).findings.contains(.otherHead(3)))
    }

    private func isCut(_ finding: IntegrityFinding) -> Bool { if case .cutOff = finding { true } else { false } }

    @Test("a damaged file beside the ledger is said; one torn half is not damage")
    func anchors() throws {
        let folder = try Folder()
        let head = try Self.filled(folder)
        let url = URL(filePath: Anchor.path(folder.ledger))
        let bytes = try Data(contentsOf: url)
        let latest = try #require(try Anchor.read(beside: folder.ledger))
        #expect(latest == head && bytes.count == 256)
        for torn in [0..<128, 128..<256] {
            var half = bytes
            half[torn.lowerBound + 3] ^= 1
            try half.write(to: url)
            let found = try #require(try Anchor.read(beside: folder.ledger))
            #expect(found.serial == head.serial || found.serial < head.serial)
            #expect(try LedgerReader(at: folder.path).verify().isSound)
        }
        var both = bytes
        both[3] ^= 1
        both[131] ^= 1
        try both.write(to: url)
        #expect(try LedgerReader(at: folder.path).verify().findings == [.anchorDamaged])
    }

    @Test("a recording that was changed, cut, or is gone is named")
    func recordings() throws {
        let folder = try Folder()
        _ = try Self.filled(folder)
        let (first, second) = ("\(folder.path)/episode-0.mcap", "\(folder.path)/episode-1.mcap")
        try Data("recordinh 0".utf8).write(to: URL(filePath: first))
        try FileManager.default.removeItem(atPath: second)
        let found = try LedgerReader(at: folder.path).verify().findings
        #expect(found.count == 2)
        guard case .recordingChanged("episode-0.mcap", _) = found[0],
            case .recordingMissing("episode-1.mcap", _) = found[1]
        else {
            Issue.record("\(found)")
            return
        }
        let elsewhere = try LedgerReader(at: folder.path).verify(recordings: "/nowhere").findings
        #expect(elsewhere.count == 2)
    }

    @Test("a recording outside the ledger's folder is refused", arguments: ["", "/a", "../a", "a/../b", "a//b", "."])
    func outside(path: String) throws {
        let folder = try Folder()
        var ledger = try folder.open()
        let recording = RecordingReference(path: path, digest: .zero, size: 0)
        let end = EpisodeEnd(outcome: .lost, recording: recording, spent: .zero, verdicts: [])
        #expect(throws: LedgerError.refused(.recordingOutside(path))) {
            try ledger.end(1, end, at: Samples.instant())
        }
    }

    @Test("a flipped byte in the database file is found, wherever it is", arguments: [0, 5, 11])
    func pages(number: Int) throws {
        let folder = try Folder()
        let head = try Self.filled(folder)
        let url = URL(filePath: folder.ledger)
        var bytes = try Data(contentsOf: url)
        // In every copy, for SQLite leaves some behind in space that belongs to nobody.
        let text = Array("not an operator".utf8)
        let places = bytes.indices.filter { bytes[$0...].starts(with: text) }
        try #require(!places.isEmpty)
        for place in places { bytes[place + number] ^= 0x20 }
        try bytes.write(to: url)
        #expect(!(try LedgerReader(at: folder.path).verify(expecting: head).isSound))
    }
}

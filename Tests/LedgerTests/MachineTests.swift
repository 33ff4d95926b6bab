import Episodes
import Foundation
import Glibc
import LedgerSamples
import Quantities
import Supervision
import TestSupport
import Testing

@testable import Ledger

@Suite("The ledger and the machine")
struct MachineTests {
    @Test("one process writes, and the second is told which; any number reads meanwhile")
    func exclusive() throws {
        let folder = try Folder()
        var probe = try ProbeRun("hold", folder.ledger, 0)
        #expect(try probe.line() == "open 1")
        #expect(throws: LedgerError.inUse(pid: probe.process)) { _ = try folder.open() }
        let readers = [try LedgerReader(at: folder.path).verify(), try LedgerReader(at: folder.ledger).verify()]
        #expect(readers.allSatisfy { $0.isSound && $0.entries == 1 })
        probe.kill()
        #expect(try folder.open().head.serial == 2)
    }

    @Test("a reader sees whole transactions while another process writes")
    func readers() throws {
        let folder = try Folder()
        var probe = try ProbeRun("run", folder.ledger, 5)
        var entries = 0
        for ended in 1...6 {
            while try !probe.line().hasPrefix("ended") {}
            let report = try LedgerReader(at: folder.path).verify()
            #expect(report.isSound, "\(report.findings)")
            // Every end that was told is there; the other process may have been further all along, or stand still.
            #expect(report.entries > ended && report.entries >= entries)
            entries = report.entries
        }
        probe.kill()
    }

    /// A disk of its own, half a megabyte large, that only this process and what it starts can see.
    private static func tiny(_ folder: String, _ command: String) throws -> ProcessRun {
        let mount = "mount -t tmpfs -o size=600k tmpfs \(folder) && \(command)"
        return try ProcessRun.shell("unshare --mount --map-root-user sh -c '\(mount)'")
    }

    private static let canMount = (try? tiny("/tmp", "true"))?.status == 0

    @Test(
        "a full disk is an error of its own; the ledger stays readable and can be written when there is room again",
        .enabled(if: canMount))
    func full() throws {
        let folder = try Folder()
        let run = try Self.tiny(folder.path, "./LedgerProbe tiny \(folder.ledger) 3")
        let lines = run.output.split(separator: "\n")
        #expect(run.status == 0 && lines.contains("error diskFull"), "\(lines.suffix(3)) \(run.errors)")
        #expect(lines.contains("true true true") && lines.last == "true again", "\(lines.suffix(3))")
    }

    @Test("a transaction that finds no room leaves nothing behind, and the next one may do")
    func noRoom() throws {
        let folder = try Folder()
        var ledger = try folder.open()
        let head = ledger.head
        let pages = try ledger.connection.value("PRAGMA page_count").integer ?? 0
        try ledger.connection.run("PRAGMA max_page_count = \(pages + 1)")
        let author = try Samples.author()
        let name = try Samples.name("big")
        let bytes = [UInt8](repeating: 7, count: 100_000)
        #expect(throws: LedgerError.diskFull) {
            try ledger.keep(calibration: name, of: name, bytes: bytes, by: author, at: Samples.instant(1))
        }
        #expect(ledger.head == head)
        try ledger.connection.run("PRAGMA max_page_count = 100000")
        _ = try ledger.keep(calibration: name, of: name, bytes: bytes, by: author, at: Samples.instant(1))
        #expect(ledger.head.serial == head.serial + 1)
        #expect(try LedgerReader(at: folder.path).verify().isSound)
    }

    @Test("whoever may not write is told so, and whoever may read reads")
    func readOnly() throws {
        let folder = try Folder()
        try #require(mode(folder.path, 0o755) == 0)
        do { _ = try folder.open() }
        for file in ["", ".lock", ".head"] { try #require(mode(folder.ledger + file, 0o444) == 0) }
        try #require(mode(folder.path, 0o555) == 0)
        defer { _ = mode(folder.path, 0o755) }
        var probe = try ProbeRun("nobody", folder.ledger, 0)
        #expect(try probe.line() == "error notPermitted" && probe.finish() == 1)
        // The log was written back when the writer closed, so nothing beside the file is needed to read it.
        #expect(try LedgerReader(at: folder.path).verify().isSound)
        let connection = try Connection(folder.ledger, .reading)
        #expect(throws: LedgerError.readOnly) { try connection.run("CREATE TABLE x (y)") }
    }

    private func mode(_ path: String, _ mode: mode_t) -> Int32 {
        // SAFETY: the path is only read during the call.
        unsafe chmod(path, mode)
    }

    @Test("what is no ledger, is not there, or comes from a later version is said so")
    func others() throws {
        let folder = try Folder()
        #expect(throws: LedgerError.missing) { try LedgerReader(at: folder.path).verify() }
        #expect(throws: LedgerError.missing) {
            _ = try Ledger.open(at: "/nowhere/x", program: "test", now: Samples.instant())
        }
        try Data("not a database, but longer than the hundred bytes that a header of one would have, to be sure".utf8)
            .write(to: URL(filePath: folder.ledger))
        #expect(throws: LedgerError.notALedger) { try LedgerReader(at: folder.path).verify() }
        #expect(throws: LedgerError.notALedger) { _ = try folder.open() }
        try FileManager.default.removeItem(atPath: folder.ledger)
        do {
            let connection = try Connection(folder.ledger, .writing)
            try connection.run("CREATE TABLE mine (a)")
        }
        #expect(throws: LedgerError.notALedger) { try LedgerReader(at: folder.path).verify() }
        #expect(throws: LedgerError.notALedger) { _ = try folder.open() }
        let strange = try Folder()
        let path = "\(strange.path)/a b?mode=memory#c%41.sqlite"
        _ = try Ledger.open(at: path, program: "test", now: Samples.instant())
        #expect(FileManager.default.fileExists(atPath: path))
        #expect(try LedgerReader(at: path).verify().isSound)
    }

    @Test("later code opens a ledger of version 1, adds to it, and all of it still verifies")
    func migration() throws {
        let folder = try Folder()
        do {
            var ledger = try folder.open()
            try ledger.refuse("approve", of: Samples.author(), why: "not an operator", at: Samples.instant(1))
        }
        let later = Schema.later
        do {
            var ledger = try Ledger.open(at: folder.ledger, program: "later", now: Samples.instant(2), schema: later)
            try ledger.transaction { ledger throws(LedgerError) in
                let author: [SQLValue] = [.integer(1), .integer(1), .text("ada"), .text("here")]
                try ledger.append(
                    .refusal, [.text("deny")] + author + [.text("why"), .text("new")], at: Samples.instant(3))
            }
        }
        let report = try LedgerReader(at: folder.ledger, schema: later).verify()
        #expect(report.isSound && report.counts[.refusal] == 2, "\(report.findings)")
        #expect(throws: LedgerError.newerVersion(2, known: 1)) { try LedgerReader(at: folder.ledger).verify() }
        #expect(throws: LedgerError.newerVersion(2, known: 1)) { _ = try folder.open() }
        let connection = try Connection(folder.ledger, .writing)
        for trigger in ["refusal_no_update"] { try connection.run("DROP TRIGGER \(trigger)") }
        // A value in a column that the row's version did not have is a change too.
        try connection.run("UPDATE refusal SET added = 'x' WHERE serial = 2")
        let found = try LedgerReader(at: folder.ledger, schema: later).verify().findings
        #expect(found == [.ruleChanged("refusal_no_update"), .changed(.refusal, 2)])
    }
}

extension Schema {
    /// What a second version might be.
    static var later: Schema {
        let tables = Schema.current.tables.map { table in
            guard table.kind == .refusal else { return table }
            var grown = table
            var column = Column.text("added").optional
            column.since = 2
            grown.columns.append(column)
            return grown
        }
        return Schema(version: 2, tables: tables)
    }
}

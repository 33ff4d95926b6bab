import Episodes
import Foundation
import Glibc
import LedgerSamples
import Supervision
import Testing

@testable import Ledger

/// `kill -9` at any moment: what was acknowledged is there, nothing is half there, no permit is used twice.
@Suite("A killed writer")
struct CrashTests {
    private static let isCampaign =
        unsafe getenv("UNDERSTUDY_CAMPAIGN").map { unsafe String(cString: $0) } == "proof"

    @Test(
        "loses nothing that it acknowledged, and no permit can be used a second time", arguments: 0..<4 as Range<UInt64>
    )
    func kills(seed: UInt64) throws {
        let folder = try Folder()
        var random = SplitMix(seed: seed)
        var acknowledged: [String: Set<UInt64>] = [:]
        let kills = Self.isCampaign ? 250 : 9
        for round in 0..<kills {
            var probe = try ProbeRun("run", folder.ledger, random.next())
            // The first one has made a ledger; otherwise any moment will do, that of opening included.
            for _ in 0..<max(Int(random.next() % 40), round == 0 ? 1 : 0) { take(try probe.line(), &acknowledged) }
            usleep(useconds_t(random.next() % 3_000))
            probe.kill()
            for line in probe.rest() { take(line, &acknowledged) }
            let report = try LedgerReader(at: folder.path).verify()
            #expect(report.isSound, "round \(round): \(report.findings)")
            // A kill may fall between a commit and the file beside it; a transaction has at most five entries here.
            #expect(report.unanchored <= 5, "round \(round): \(report.unanchored)")
            try check(acknowledged, in: folder, seed: seed, round: round)
        }
        #expect(acknowledged["used"]?.count ?? 0 > kills / 3)
    }

    @Test("may be killed while it makes the ledger; the next one makes or mends it", arguments: 0..<10 as Range<UInt64>)
    func birth(seed: UInt64) throws {
        let folder = try Folder()
        var random = SplitMix(seed: seed)
        var probe = try ProbeRun("hold", folder.ledger, 0)
        usleep(useconds_t(random.next() % 25_000))
        probe.kill()
        let opened = probe.rest().count
        let serial = try folder.open().head.serial
        #expect(serial == 1 || serial == 2)
        if opened > 0 { #expect(serial == 2) }
        #expect(try LedgerReader(at: folder.path).verify().isSound)
    }

    private func take(_ line: String, _ acknowledged: inout [String: Set<UInt64>]) {
        let words = line.split(separator: " ")
        guard words.count == 2, let serial = UInt64(words[1]) else { return }
        acknowledged[String(words[0]), default: []].insert(serial)
    }

    private func check(
        _ acknowledged: [String: Set<UInt64>], in folder: borrowing Folder, seed: UInt64, round: Int
    ) throws {
        var ledger = try folder.open(Int64(round))
        let connection = ledger.connection
        func serials(_ text: String) throws -> Set<UInt64> {
            Set(try connection.rows(text).compactMap { $0.values.first?.serial })
        }
        let held: [(act: String, rows: String)] = [
            ("proposed", "SELECT serial FROM proposal"), ("approved", "SELECT serial FROM approval"),
            ("denied", "SELECT proposal FROM denial"), ("issued", "SELECT approval FROM permit WHERE step = 'issued'"),
            ("void", "SELECT approval FROM permit WHERE step = 'void'"),
            ("used", "SELECT approval FROM permit WHERE step = 'used'"),
            ("ended", "SELECT approval FROM episode WHERE step IN ('finished', 'stopped')"),
        ]
        for (act, rows) in held {
            let missing = (acknowledged[act] ?? []).subtracting(try serials(rows))
            #expect(missing.isEmpty, "seed \(seed), round \(round): \(act) \(missing.sorted())")
        }
        // Reopening has settled everything: no permit is under way, and a few of the used ones are tried again.
        #expect(try ledger.history.permits(at: .issued).isEmpty)
        for serial in (acknowledged["used"] ?? []).sorted().suffix(2) {
            #expect(throws: LedgerError.self) { try ledger.usePermit(serial, at: Samples.instant()) }
            #expect(throws: LedgerError.self) { try ledger.issuePermit(serial, at: Samples.instant()) }
            let step = try ledger.history.episodeStep(serial)
            #expect(step == .finished || step == .stopped || step == .lost)
        }
    }
}

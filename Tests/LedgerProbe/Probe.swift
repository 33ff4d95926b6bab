import Episodes
import Quantities
import Glibc
import Ledger
import LedgerSamples
import Supervision

/// A process of its own that writes to a ledger, for tests that kill it, starve it or take its rights.
///
/// Every line on standard output is an act that the ledger has acknowledged: `used 12`, `ended 12`.
@main
struct Probe {
    static func main() {
        let words = CommandLine.arguments
        guard words.count == 4, let number = UInt64(words[3]) else {
            say("usage: LedgerProbe run|hold|tiny|nobody LEDGER NUMBER")
            exit(2)
        }
        if words[1] == "nobody", getuid() == 0, setgid(65_534) != 0 || setuid(65_534) != 0 { exit(3) }
        do {
            try work(words[1], words[2], number)
        } catch let error as LedgerError {
            say("error \(error)")
            exit(1)
        } catch {
            say("unexpected \(error)")
            exit(4)
        }
    }

    private static func work(_ act: String, _ path: String, _ seed: UInt64) throws {
        var ledger = try opened(path)
        say("open \(ledger.head.serial)")
        if act == "hold" {
            while true { pause() }
        }
        var random = SplitMix(seed: seed)
        if act == "tiny" { return try fill(path, &random, &ledger) }
        for number in 0..<100_000 { try episode(Int(random.next() % 1_000_000), &random, &ledger, number) }
    }

    /// Another test that starts a program at this moment holds a copy of every lock of the tests, from fork to exec.
    private static func opened(_ path: String) throws -> Ledger {
        for _ in 0..<1_000 {
            do { return try Ledger.open(at: path, program: "LedgerProbe", now: Samples.instant()) } catch {
                guard case .inUse = error else { throw error }
                usleep(10_000)
            }
        }
        return try Ledger.open(at: path, program: "LedgerProbe", now: Samples.instant())
    }

    /// Writes until the disk is full, reads all of it, makes room and writes on.
    private static func fill(_ path: String, _ random: inout SplitMix, _ ledger: inout Ledger) throws {
        let ballast = "\(path).ballast"
        // SAFETY: the path is only read during the calls, and the count is that of the array.
        let descriptor = unsafe open(ballast, O_WRONLY | O_CREAT, 0o600)
        let bytes = [UInt8](repeating: 1, count: 200_000)
        guard unsafe write(descriptor, bytes, bytes.count) == bytes.count else { exit(5) }
        close(descriptor)
        do {
            for number in 0..<100_000 { try episode(number, &random, &ledger, number) }
        } catch let error as LedgerError {
            say("error \(error)")
        }
        let report = try LedgerReader(at: path).verify()
        say("\(report.isSound) \(report.entries > 20) \(report.head == ledger.head)")
        _ = unsafe unlink(ballast)
        try episode(200_000, &random, &ledger, 0)
        say("\(try LedgerReader(at: path).verify().isSound) again")
    }

    /// One episode from proposal to end; some are denied, some permits are not used, some episodes stop.
    private static func episode(
        _ plan: Int, _ random: inout SplitMix, _ ledger: inout Ledger, _ number: Int
    ) throws {
        let (author, now) = (try Samples.author(), Samples.instant(Int64(number)))
        let proposal = try Samples.proposal(plan)
        let serial = try ledger.propose(proposal, by: author, at: now)
        say("proposed \(serial)")
        if random.next() % 8 == 0 {
            try ledger.deny(proposal.digest, by: author, why: "as a test", at: now)
            return say("denied \(serial)")
        }
        let approval = try ledger.approve(proposal.digest, by: author, at: now).serial
        say("approved \(approval)")
        try ledger.issuePermit(approval, at: now)
        say("issued \(approval)")
        if random.next() % 8 == 0 {
            try ledger.voidPermit(approval, why: "too late", at: now)
            return say("void \(approval)")
        }
        try ledger.usePermit(approval, at: now)
        say("used \(approval)")
        let outcome =
            random.next() % 4 == 0
            ? EpisodeOutcome.stopped(.trackingError, at: Ticks(31)) : .finished(Ticks(400))
        let end = EpisodeEnd(outcome: outcome, recording: nil, spent: Samples.cost, verdicts: [])
        try ledger.end(approval, end, at: now)
        say("ended \(approval)")
    }

    private static func say(_ text: String) {
        let bytes = Array("\(text)\n".utf8)
        // SAFETY: the array outlives the call, and the count is its own.
        _ = unsafe write(STDOUT_FILENO, bytes, bytes.count)
    }
}

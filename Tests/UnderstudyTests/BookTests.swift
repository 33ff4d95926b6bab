import Episodes
import Foundation
import Ledger
import LedgerSamples
import Quantities
import Supervision
import TestSupport
import Testing

@testable import understudy

@Suite("Verbs that read a ledger")
struct BookTests {
    /// A ledger with one paid episode in a folder that is removed afterwards.
    private struct Book: ~Copyable {
        let folder = FileManager.default.temporaryDirectory.appending(path: "book-\(UUID().uuidString)").path
        let head: Head

        init() throws {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            var ledger = try Ledger.open(at: "\(folder)/ledger.sqlite", program: "test", now: Samples.instant())
            let (author, now) = (try Samples.author(), Samples.instant(60))
            let grant = Cost(
                time: Milliseconds(3_600_000), wear: Microlives(500), heat: Millijoules(2_500_500),
                attention: Milliseconds(20_000))
            _ = try ledger.grant(grant, by: author, why: "the first week", at: now)
            let proposal = try Samples.proposal()
            _ = try ledger.propose(proposal, by: author, at: now)
            let approval = try ledger.approve(proposal.digest, by: author, at: now).serial
            try ledger.issuePermit(approval, at: now)
            try ledger.usePermit(approval, at: now)
            let bytes = Array("a recording".utf8)
            try Data(bytes).write(to: URL(filePath: "\(folder)/one.mcap"))
            let recording = RecordingReference(path: "one.mcap", digest: Digest(of: bytes.span), size: 11)
            let end = EpisodeEnd(
                outcome: .finished(Ticks(400)), recording: recording, spent: Samples.cost, verdicts: [])
            try ledger.end(approval, end, at: now)
            head = ledger.head
        }

        /// What the door says, with the folder and the hash, which are other ones in every run, as words.
        func run(_ line: String) -> Outcome {
            var outcome = Pretended().run(line.replacing("BOOK", with: folder).replacing("HEAD", with: head.word))
            outcome.output = steady(outcome.output)
            outcome.errors = steady(outcome.errors)
            return outcome
        }

        private func steady(_ text: String) -> String {
            text.replacing(folder, with: "BOOK").replacing(head.word, with: "HEAD")
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }
    }

    @Test("the words of both verbs are understood")
    func parsed() throws {
        func parse(_ line: String) throws -> Verb { try Verb.parse(line.split(separator: " ").map(String.init)) }
        let head = Head(serial: 12, hash: Digest(of: "abc"))
        #expect(head.word == "12:\(Digest(of: "abc").text)" && Head(word: head.word) == head)
        let options = VerifyOptions(ledger: "a", head: head, recordings: "b", asJSON: true)
        #expect(try parse("verify --head=\(head.word) a --json --recordings b") == .verify(options))
        #expect(try parse("budget --json a") == .budget(BudgetOptions(ledger: "a", asJSON: true)))
        for word in ["", ":", "12", "x:\(head.hash.text)", "12:\(head.hash.text):", "-1:\(head.hash.text)"] {
            #expect(Head(word: word) == nil)
        }
    }

    @Test("a sound ledger is said to be, with the head to note")
    func sound() throws {
        let book = try Book()
        let text = book.run("verify BOOK --head HEAD")
        #expect(text.status == .done && text.errors.isEmpty)
        #expect(Golden.difference(text.output, from: "Golden/verify-sound.txt") == nil)
        let program = book.run("verify BOOK/ledger.sqlite --json")
        #expect(program.status == .done)
        #expect(Golden.difference(program.output, from: "Golden/verify-sound.json") == nil)
    }

    @Test("what is not as it was written is named, with exit status 7")
    func unsound() throws {
        let book = try Book()
        try Data("another recording".utf8).write(to: URL(filePath: "\(book.folder)/one.mcap"))
        let text = book.run("verify BOOK")
        #expect(text.status == .integrityFailure)
        #expect(Golden.difference(text.output, from: "Golden/verify-unsound.txt") == nil)
        let program = book.run("verify BOOK --json")
        #expect(program.status == .integrityFailure)
        #expect(Golden.difference(program.output, from: "Golden/verify-unsound.json") == nil)
        let later = Head(serial: book.head.serial + 1, hash: .zero)
        #expect(
            book.run("verify BOOK --head \(later.word)").output.contains("the ledger ends at entry 10, and entry 11"))
        #expect(book.run("verify BOOK --recordings /nowhere").output.contains("'one.mcap' is gone"))
    }

    @Test("the built program ends with status 7, and with 3 where there is no ledger")
    func process() throws {
        let book = try Book()
        #expect(try ProcessRun.shell("./understudy verify \(book.folder)").status == 0)
        try FileManager.default.removeItem(atPath: "\(book.folder)/one.mcap")
        let broken = try ProcessRun.shell("./understudy verify \(book.folder) --json")
        #expect(broken.status == 7 && broken.output.contains("recording-missing") && broken.errors.isEmpty)
        let none = try ProcessRun.shell("./understudy verify /nowhere")
        #expect(none.status == 3 && none.output.isEmpty)
    }

    @Test("the budget is what was granted less what was spent")
    func budget() throws {
        let book = try Book()
        let text = book.run("budget BOOK")
        #expect(text.status == .done)
        #expect(Golden.difference(text.output, from: "Golden/budget.txt") == nil)
        #expect(Golden.difference(book.run("budget BOOK --json").output, from: "Golden/budget.json") == nil)
    }

    @Test("command lines that are not understood, and ledgers that are not there, say what to do")
    func mistakes() throws {
        let book = try Book()
        try Data("text".utf8).write(to: URL(filePath: "\(book.folder)/notes.txt"))
        let lines = [
            "verify", "verify a b", "verify BOOK --head 12", "verify BOOK --head 12:abc", "budget", "budget a b",
            "verify /nowhere", "budget BOOK/notes.txt",
        ]
        let said = lines.map { line in
            let outcome = book.run(line)
            return "$ understudy \(line)\n\(outcome.errors)(\(outcome.status.name))\n"
        }
        #expect(Golden.difference(said.joined(separator: "\n"), from: "Golden/book-errors.txt") == nil)
    }

    private static let errors: [LedgerError] = [
        .missing, .inUse(pid: 7), .inUse(pid: nil), .notPermitted, .readOnly, .diskFull, .notALedger,
        .newerVersion(2, known: 1), .damaged, .busy, .behindAnchor(anchored: 9, found: 7),
        .failed(code: 10, errno: 5), .refused(.noApproval(3)),
    ]

    @Test("every error of a ledger has words, a next step and a status", arguments: errors)
    func words(error: LedgerError) {
        #expect(!error.text.isEmpty && !error.nextStep.isEmpty && error.status != .done)
    }

    private static let findings: [IntegrityFinding] = [
        .changed(.permit, 3), .removed(3, through: 3), .removed(3, through: 5), .rowMissing(.permit, 3),
        .inserted(.permit, 3), .unknownKind(3), .linkBroken(.permit, 3), .proposalDiffers(3),
        .cutOff(anchored: 5, found: 3), .otherHead(3), .anchorMissing, .anchorDamaged, .recordingMissing("a", 3),
        .recordingChanged("a", 3), .ruleChanged("permit_order"), .database("row 3 missing"),
    ]

    @Test("every finding has words of its own")
    func findingWords() {
        #expect(Set(Self.findings.map(\.text)).count == Self.findings.count)
        #expect(Set(Self.findings.map(\.word)).count == Self.findings.count - 1)
    }
}

import Episodes
import Ledger
import Robots
import Supervision

/// `understudy verify`: whether a ledger and its recordings are as they were written.
struct VerifyOptions: Equatable, Sendable {
    /// The file of a ledger, or the folder that it is in.
    let ledger: String
    /// A head that was noted elsewhere.
    var head: Head?
    var recordings: String?
    var asJSON = false

    static func parse(_ words: ArraySlice<String>) throws(UsageError) -> Verb {
        let line = try CommandLineWords(words, of: .verify, allowed: [.json, .head, .recordings, .help])
        var options = VerifyOptions(ledger: try line.ledger(), asJSON: line.has(.json))
        options.recordings = line.value(of: .recordings)
        if let word = line.value(of: .head) {
            guard let head = Head(word: word) else {
                throw .badValue(Option.head.name, word, "SERIAL:HASH, as 'understudy verify' prints it", .verify)
            }
            options.head = head
        }
        return .verify(options)
    }
}

/// `understudy budget`: what was granted, what was spent, what is left.
struct BudgetOptions: Equatable, Sendable {
    let ledger: String
    var asJSON = false
    /// The folder of a learner's run: what it has asked for is told as well.
    var run: String?

    static func parse(_ words: ArraySlice<String>) throws(UsageError) -> Verb {
        let line = try CommandLineWords(words, of: .budget, allowed: [.json, .run, .help])
        return .budget(
            BudgetOptions(ledger: try line.ledger(), asJSON: line.has(.json), run: line.value(of: .run)))
    }
}

extension CommandLineWords {
    fileprivate func ledger() throws(UsageError) -> String {
        guard let ledger = arguments.first else { throw .missingWord("a LEDGER or the DIRECTORY that it is in", verb) }
        if arguments.count > 1 { throw .unexpectedArgument(arguments[1], verb) }
        return ledger
    }
}

extension Head {
    /// As people note it: `SERIAL:HASH`.
    var word: String { "\(serial):\(hash.text)" }

    init?(word: String) {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let serial = UInt64(parts[0]), let hash = Digest(text: parts[1]) else { return nil }
        self.init(serial: serial, hash: hash)
    }
}

extension LedgerError {
    /// What happened, as the end of the sentence "the ledger 'PATH' …".
    var text: String {
        switch self {
        case .missing: "is not there"
        case .inUse(let pid): "is in use by \(pid.map { "pid \($0)" } ?? "another process")"
        case .notPermitted: "may not be opened by this user"
        case .readOnly: "cannot be written"
        case .diskFull: "has no room left on its disk"
        case .notALedger: "is no ledger"
        case .newerVersion(let found, let known):
            "was written by a later version of understudy (format \(found), this one knows \(known))"
        case .damaged: "is damaged: its database cannot be read"
        case .busy: "is being changed and did not become free"
        case .behindAnchor(let anchored, let found):
            "ends at entry \(found), and the file beside it names entry \(anchored): entries are gone"
        case .failed(let code, let errno): "cannot be used: SQLite says \(code), the system \(errno)"
        case .refused: "does not accept this"
        }
    }

    var nextStep: String {
        switch self {
        case .missing, .notALedger: "check the path; a folder's ledger is its '\(LedgerReader.fileName)'"
        case .inUse(let pid): pid.map { "see 'ps -p \($0)'; only one guard may write" } ?? "only one guard may write"
        case .notPermitted, .readOnly: "ask 'ls -l' who may, or use the user of the guard"
        case .diskFull: "make room, then try again; nothing that was acknowledged is lost"
        case .newerVersion: "use the version of understudy that wrote it"
        case .damaged, .behindAnchor: "copy the folder before anything else writes to it, then restore a backup"
        case .busy: "try again"
        case .failed: "look at the disk with 'dmesg'"
        case .refused: "see 'understudy verify --help'"
        }
    }

    var status: ExitStatus {
        switch self {
        case .missing, .notALedger, .newerVersion, .notPermitted, .readOnly: .invalidConfiguration
        case .damaged, .behindAnchor: .integrityFailure
        case .refused: .refused
        case .inUse, .diskFull, .busy, .failed: .failed
        }
    }

    func outcome(_ ledger: String, _ style: Style) -> Outcome {
        .failure(status, "the ledger '\(shown(ledger))' \(text)", next: nextStep, style)
    }
}

import Episodes
import Ledger
import Robots
import Supervision

extension VerifyOptions {
    func run(in surroundings: Surroundings) -> Outcome {
        do throws(LedgerError) {
            let reader = try LedgerReader(at: ledger)
            let report = try reader.verify(expecting: head, recordings: recordings)
            let text = VerificationText(path: reader.path, report: report)
            return Outcome(
                status: report.isSound ? .done : .integrityFailure,
                output: asJSON ? "\(text.json)\n" : text.text(surroundings.output))
        } catch {
            return error.outcome(ledger, surroundings.errors)
        }
    }
}

/// What `understudy verify` says.
struct VerificationText {
    let path: String
    let report: VerificationReport

    func text(_ style: Style) -> String {
        let latest = report.latest.map { ", the last of \($0)" } ?? ""
        var lines = [
            style.bold("Ledger \(shown(path))"), "", "  entries     \(report.entries)\(latest)",
            "  recordings  \(report.recordings)", "  head        \(report.head.word)",
        ]
        if report.unanchored > 0 {
            let count = report.unanchored == 1 ? "1 entry is" : "\(report.unanchored) entries are"
            lines.append("  note        \(count) newer than the file beside the ledger, as after a kill or a power cut")
        }
        return (lines + [""] + verdict(style)).joined(separator: "\n") + "\n"
    }

    private func verdict(_ style: Style) -> [String] {
        if report.isSound {
            return [
                "\(style.green("sound:")) every entry and every recording is what its hash was made of",
                "Note the head somewhere else: 'understudy verify --head=HEAD' then also finds a ledger that was",
                "rewritten as a whole.",
            ]
        }
        let count = report.findings.count == 1 ? "1 finding" : "\(report.findings.count) findings"
        return ["\(style.red("not sound:")) \(count)"] + report.findings.map { "  \($0.text)" } + [
            "next: copy the folder before anything else writes to it, and compare it with a backup"
        ]
    }

    var json: JSONText {
        let counts = EntryKind.allCases.map { ($0.rawValue, JSONText.integer(report.counts[$0] ?? 0)) }
        return .object([
            ("ledger", .text(path)), ("sound", .boolean(report.isSound)), ("entries", .integer(report.entries)),
            ("counts", .object(counts)), ("recordings", .integer(report.recordings)),
            ("head", .text(report.head.word)), ("latest", .optional(report.latest?.description)),
            ("unanchored", .integer(Int(clamping: report.unanchored))),
            (
                "findings",
                .list(
                    report.findings.map { finding in
                        .object([("finding", .text(finding.word)), ("text", .text(finding.text))])
                    })
            ),
        ])
    }
}

extension IntegrityFinding {
    /// For programs.
    var word: String {
        switch self {
        case .changed: "changed"
        case .removed: "removed"
        case .rowMissing: "row-missing"
        case .inserted: "inserted"
        case .unknownKind: "unknown-kind"
        case .linkBroken: "link-broken"
        case .proposalDiffers: "proposal-differs"
        case .cutOff: "cut-off"
        case .otherHead: "other-head"
        case .anchorMissing: "anchor-missing"
        case .anchorDamaged: "anchor-damaged"
        case .recordingMissing: "recording-missing"
        case .recordingChanged: "recording-changed"
        case .ruleChanged: "rule-changed"
        case .database: "database"
        }
    }

    var text: String {
        switch self {
        case .changed(let kind, let serial): "entry \(serial) (\(kind.rawValue)) is not what its hash was made of"
        case .removed(let first, let last):
            first == last ? "entry \(first) is gone" : "entries \(first) to \(last) are gone"
        case .rowMissing(let kind, let serial): "entry \(serial) (\(kind.rawValue)) has lost its row"
        case .inserted(let kind, let serial): "row \(serial) of '\(kind.rawValue)' belongs to no entry: it was put in"
        case .unknownKind(let serial): "entry \(serial) is of no kind that there is"
        case .linkBroken(let kind, let serial): "entry \(serial) (\(kind.rawValue)) does not follow the one before it"
        case .proposalDiffers(let serial): "entry \(serial): the proposal is not the one that its hash names"
        case .cutOff(let anchored, let found):
            "the ledger ends at entry \(found), and entry \(anchored) was written once"
        case .otherHead(let serial): "entry \(serial) has another hash than the one that was noted"
        case .anchorMissing: "the file beside the ledger is gone (its name ends in .head)"
        case .anchorDamaged: "the file beside the ledger is damaged (its name ends in .head)"
        case .recordingMissing(let path, let serial): "entry \(serial): the recording '\(shown(path))' is gone"
        case .recordingChanged(let path, let serial):
            "entry \(serial): the recording '\(shown(path))' is not what its hash was made of"
        case .ruleChanged(let name): "the rule '\(shown(name))' that guards the history is gone or changed"
        case .database(let text): "SQLite: \(shown(text))"
        }
    }
}

import Foundation

/// What came of the mutants that were chosen.
struct Report {
    struct Line {
        let mutant: Mutant
        let key: MutantKey
        let outcome: Outcome
    }

    let lines: [Line]
    let equivalents: Equivalents
    /// All mutants of the target that compile, chosen or not.
    let known: Set<MutantKey>
    let dropped: [Mutant]

    /// Survivors that nobody has declared equivalent.
    var survivors: [Line] {
        lines.filter { !$0.outcome.isKilled && equivalents.reasons[$0.key] == nil }
    }

    /// What is wrong with the list of equivalents: entries of mutants that are no more, or that a test kills.
    var staleEntries: [(key: MutantKey, problem: String)] {
        let killed = Set(lines.filter(\.outcome.isKilled).map(\.key))
        return equivalents.reasons.keys.compactMap { key in
            if !known.contains(key) { return (key, "no mutant is like this") }
            return killed.contains(key) ? (key, "a test kills it, so it is not equivalent") : nil
        }.sorted { $0.key.entry < $1.key.entry }
    }

    var isClean: Bool { survivors.isEmpty && staleEntries.isEmpty }

    var text: String {
        var text = table
        for line in survivors {
            let outcome = line.outcome == .unreached ? "unreached" : "survived"
            text += "\n\(outcome) at \(line.mutant.file):\(line.mutant.line)\n\(line.key.entry)\n"
        }
        for (key, problem) in staleEntries {
            text += "\nwrong entry in the list of equivalents: \(problem)\n\(key.entry)\n"
        }
        return text + "\n" + summary + "\n"
    }

    private var summary: String {
        let killed = lines.count { $0.outcome.isKilled }
        let equivalent = lines.count { !$0.outcome.isKilled && equivalents.reasons[$0.key] != nil }
        return "\(lines.count) mutants: \(killed) killed, \(equivalent) equivalent, \(survivors.count) survived; "
            + "\(dropped.count) more did not compile"
    }

    private var table: String {
        var text = row(["operator", "mutants", "killed", "by trap", "by time", "survived", "unreached", "dropped"])
        for operation in MutationOperator.allCases {
            let own = lines.filter { $0.mutant.site.operation == operation }
            let lost = dropped.count { $0.site.operation == operation }
            if own.isEmpty && lost == 0 { continue }
            text += row([operation.rawValue] + counts(own).map(String.init) + [String(lost)])
        }
        return text + row(["all"] + counts(lines).map(String.init) + [String(dropped.count)])
    }

    private func counts(_ lines: [Line]) -> [Int] {
        func count(_ outcome: Outcome) -> Int { lines.count { $0.outcome == outcome } }
        return [
            lines.count, lines.count { $0.outcome.isKilled }, count(.crashed), count(.timedOut), count(.survived),
            count(.unreached),
        ]
    }

    private func row(_ cells: [String]) -> String {
        let padded = cells.enumerated().map { index, cell in
            let blanks = String(repeating: " ", count: max(0, (index == 0 ? 11 : 10) - cell.count))
            return index == 0 ? cell + blanks : blanks + cell
        }
        return padded.joined() + "\n"
    }
}

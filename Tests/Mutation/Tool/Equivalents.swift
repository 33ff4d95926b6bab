import Foundation

/// The mutants that no test can kill, each with the reason; a list under review, better empty.
///
/// An entry is three lines, and a survivor is reported as the first two of them:
///
///     Ladder.swift Fault.outranks(_:) comparison
///         rawValue < other.rawValue  ->  rawValue <= other.rawValue
///         because: two faults that differ never have the same number.
///
/// A second mutant that reads the same in the same function has ` #2` at the end of its first line.
struct Equivalents {
    private(set) var reasons: [MutantKey: String] = [:]

    init(_ text: String) throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .map { (number: $0.offset + 1, text: $0.element.trimmingCharacters(in: .whitespaces)) }
            .filter { !$0.text.isEmpty && !$0.text.hasPrefix("#") }
        for start in stride(from: 0, to: lines.count, by: 3) {
            guard start + 2 < lines.count, lines[start + 2].text.hasPrefix("because: ") else {
                throw ToolError.badEquivalent(line: lines[start].number, "expected three lines, the last 'because: …'")
            }
            guard let key = Self.key(lines[start].text, lines[start + 1].text) else {
                throw ToolError.badEquivalent(
                    line: lines[start].number, "expected 'file function operator' and 'a  ->  b'")
            }
            guard reasons.updateValue(lines[start + 2].text, forKey: key) == nil else {
                throw ToolError.badEquivalent(line: lines[start].number, "the same mutant twice")
            }
        }
    }

    private static func key(_ head: String, _ change: String) -> MutantKey? {
        var words = head.split(separator: " ").map(String.init)
        var occurrence = 1
        if let last = words.last, last.hasPrefix("#"), let number = Int(last.dropFirst()) {
            occurrence = number
            words.removeLast()
        }
        let sides = change.components(separatedBy: "  ->  ")
        guard words.count == 3, sides.count == 2 else { return nil }
        return MutantKey(
            file: words[0], function: words[1], operation: words[2], original: sides[0], mutated: sides[1],
            occurrence: occurrence)
    }
}

extension MutantKey {
    /// The first two lines of an entry.
    var entry: String {
        let number = occurrence > 1 ? " #\(occurrence)" : ""
        return "\(file) \(function) \(operation)\(number)\n    \(original)  ->  \(mutated)"
    }
}

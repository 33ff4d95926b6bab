import Foundation
import Supervision

/// The pages of the faults: one for each number, for ever.
enum FaultPages {
    /// `CaseIterable` is not available where `Fault` also has to compile.
    static let faults = (UInt8.min...UInt8.max).compactMap { Fault(rawValue: $0) }

    private static let folder = "safety/faults/"

    static func findings(faults: [Fault], files: [TextFile]) -> [Finding] {
        let pages = files.filter { $0.path.hasPrefix(folder) }
        let missing = faults.filter { fault in !pages.contains { $0.path == path(of: fault) } }
        let orphans = pages.filter { page in !faults.contains { path(of: $0) == page.path } }
        let wrong = faults.filter { fault in
            pages.contains { $0.path == path(of: fault) && !$0.text.hasPrefix("# \(number(of: fault)) \(fault): ") }
        }
        return missing.map { Finding(path: path(of: $0), line: 1, message: "\($0) has no page") }
            + orphans.map { Finding(path: $0.path, line: 1, message: "this page belongs to no fault") }
            + wrong.map { fault in
                let heading = "# \(number(of: fault)) \(fault): "
                return Finding(path: path(of: fault), line: 1, message: "the heading must begin with '\(heading)'")
            }
    }

    private static func path(of fault: Fault) -> String { "\(folder)\(number(of: fault)).md" }
    private static func number(of fault: Fault) -> String { String(String(1000 + Int(fault.rawValue)).dropFirst()) }
}

/// The table of hazards: what could hurt, why, what controls it, and the tests that show that the control works.
enum Hazards {
    static let path = "safety/hazards.md"

    struct Row {
        let line: Int
        let cells: [String]
    }

    /// `tests` are the names of all tests as `SupervisionTests/name of the test`.
    static func findings(in text: String, tests: Set<String>) -> [Finding] {
        let rows = rows(of: text)
        if rows.isEmpty { return [Finding(path: path, line: 1, message: "there is no table of hazards")] }
        return rows.flatMap { row in findings(in: row, tests: tests) }
    }

    private static func findings(in row: Row, tests: Set<String>) -> [Finding] {
        guard row.cells.count == 4, row.cells.allSatisfy({ !$0.isEmpty }) else {
            return [Finding(path: path, line: row.line, message: "a row is hazard | cause | control | evidence")]
        }
        // An open hazard says so in both places; a control that is there has evidence.
        if row.cells[2].hasPrefix("not yet: "), row.cells[3] == "none yet" { return [] }
        let named = quoted(in: row.cells[3])
        if named.isEmpty {
            return [Finding(path: path, line: row.line, message: "the hazard names no test as evidence")]
        }
        return named.filter { !tests.contains($0) }.map {
            Finding(path: path, line: row.line, message: "there is no test '\($0)'")
        }
    }

    /// The rows of every table, without the headings and the rules under them.
    private static func rows(of text: String) -> [Row] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.indices.compactMap { index in
            let cells = lines[index].split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
                .map { $0.trimmingCharacters(in: .whitespaces) }
            let isRule = { (line: Substring) in line.hasPrefix("|") && line.allSatisfy { "|-: ".contains($0) } }
            let isHeading = index + 1 < lines.count && isRule(lines[index + 1])
            guard lines[index].hasPrefix("|"), !isRule(lines[index]), !isHeading else { return nil }
            return Row(line: index + 1, cells: cells)
        }
    }

    /// What stands in backticks.
    private static func quoted(in cell: String) -> [String] {
        let parts = cell.split(separator: "`", omittingEmptySubsequences: false)
        return parts.indices.filter { $0 % 2 == 1 }.map { String(parts[$0]) }
    }
}

extension TextFile {
    /// The display names of the tests in this file, with their target before them.
    var testNames: [String] {
        let target = home.dropFirst("Tests/".count)
        let (bytes, marker) = (Array(text.utf8), Array("@Test(".utf8))
        // The mask keeps every byte in place, so a marker that survives it is code and not a remark.
        let masked = Array(code.utf8)
        return masked.indices.filter { masked[$0...].starts(with: marker) }.compactMap { start in
            let rest = bytes[(start + marker.count)...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
            guard rest.first == UInt8(ascii: "\"") else { return nil }
            let name = rest.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
            return "\(target)/\(String(decoding: name, as: UTF8.self))"
        }
    }
}

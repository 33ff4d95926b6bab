import Foundation

/// Judges what the tools of the gate wrote: test logs and coverage reports. `.ci/test` runs the tools.
@main
enum GateCommand {
    static func main() {
        let verdict = judge(Array(CommandLine.arguments.dropFirst()))
        FileHandle.standardOutput.write(Data((verdict.lines.joined(separator: "\n") + "\n").utf8))
        exit(verdict.status)
    }

    struct Verdict: Equatable {
        let status: Int32
        let lines: [String]

        static func pass(_ line: String) -> Verdict { Verdict(status: 0, lines: [line]) }
        static func fail(_ lines: [String]) -> Verdict { Verdict(status: 1, lines: lines) }
    }

    private static let usage = "usage: Gate tests LOG STEP FLOORS | Gate coverage REPORT FOLDER"

    static func judge(_ words: [String]) -> Verdict {
        switch words.first {
        case "tests" where words.count == 4: judgeTests(log: words[1], step: words[2], floors: words[3])
        case "coverage" where words.count == 3: judgeCoverage(report: words[1], folder: words[2])
        default: Verdict(status: 2, lines: [usage])
        }
    }

    /// The first word of the first line is the number of tests that passed, for the table of the gate.
    private static func judgeTests(log: String, step: String, floors: String) -> Verdict {
        guard let log = text(log), let floors = text(floors) else { return .fail(["0 passed: no log or no floors"]) }
        guard let floor = TestFloor(floors)[step] else { return .fail(["0 passed: the step \(step) has no floor"]) }
        let run = TestLog(log)
        let passed = max(0, run.ran - run.failed)
        guard let complaint = run.complaint(floor: floor) else {
            return .pass("\(passed) passed, the floor is \(floor)")
        }
        return .fail(["\(passed) passed, \(max(1, run.failed)) failed: \(complaint)"])
    }

    private static func judgeCoverage(report: String, folder: String) -> Verdict {
        guard let json = FileManager.default.contents(atPath: report) else {
            return .fail(["\(report): no such report"])
        }
        guard let judgement = try? CoverageJudgement(of: json, folder: folder) else {
            return .fail(["\(report): not a coverage report"])
        }
        let counts = "\(folder): \(judgement.lines.text) lines, \(judgement.regions.text) regions"
        return judgement.passes ? .pass(counts) : .fail(judgement.complaints + [counts])
    }

    private static func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
}

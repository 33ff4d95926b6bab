import TestSupport
import Testing

@testable import Robots

@Suite("Mistakes in envelope files")
struct EnvelopeProblemTests {
    private static let numbers = KeyTable.envelope.rows.filter(\.isNumber)

    private func base(for row: KeyRow) -> EnvelopeText {
        if case .only(let drive) = row.presence { EnvelopeText(drive) } else { EnvelopeText(.position) }
    }

    @Test(
        "a required key that is missing is the one problem, at the object that lacks it",
        arguments: KeyTable.envelope.rows)
    func missing(row: KeyRow) {
        let text = base(for: row).setting(row, to: nil)
        switch row.presence {
        case .required where row.kind == .joints, .optional, .standard, .usual: break
        case .required, .only:
            #expect(text.problems.map(\.complaint) == [.missing(row)])
            let line = row.scope == .robot ? 1 : text.text.prefix { $0 != "[" }.split(separator: "\n").count + 1
            #expect(text.problems.first?.position.line == line)
        }
    }

    @Test("a number out of its range is the one problem, at its place", arguments: numbers)
    func outside(row: KeyRow) {
        let (low, high) = row.range
        for value in [Double(low) - 1, Double(high) + 1, .infinity, -.infinity, 1e300] {
            let text = base(for: row).setting(
                row, to: value.isInfinite ? value < 0 ? "-Infinity" : "Infinity" : "\(value)")
            #expect(text.problems.map(\.complaint) == [.outside(value, row)])
            let lines = text.text.split(separator: "\n")
            let line = lines.firstIndex { $0.contains(" \(row.name): ") }
            #expect(text.problems.first?.position.line == line.map { $0 + 1 })
        }
    }

    @Test("what is no number is the one problem", arguments: numbers)
    func notNumbers(row: KeyRow) {
        #expect(base(for: row).setting(row, to: "NaN").problems.map(\.complaint) == [.notANumber(row)])
        let wrong: [(String, ValueKind)] = [
            ("'1'", .text), ("true", .boolean), ("null", .null), ("[1]", .list), ("{}", .object),
        ]
        for (value, kind) in wrong {
            let complaint = FileComplaint.wrongKind(kind, wanted: row.kind)
            #expect(base(for: row).setting(row, to: value).problems.map(\.complaint) == [complaint])
        }
    }

    @Test("the ends of a range are allowed, unless another key contradicts them", arguments: numbers)
    func ends(row: KeyRow) {
        let (low, high) = row.range
        for end in [low, high] {
            for problem in base(for: row).setting(row, to: "\(end)").problems {
                switch problem.complaint {
                case .notBelow, .above, .parkOutside, .softeningTooWide, .noTick, .motorTooQuick: break
                default: Issue.record("\(row.name) \(end): \(problem.problem)")
                }
            }
        }
    }

    @Test("every mistake of a file is found at once, each with its place, what was expected and what to do")
    func everything() {
        let lines = problems(in: brokenFile).map {
            "\($0.position.line):\($0.position.column): \($0.problem)\n  expected: \($0.expected)\n  next: \($0.nextStep)\n"
        }
        #expect(Golden.difference(lines.joined(), from: "Golden/broken-envelope.txt") == nil)
    }

    @Test(
        "a file that is not an object, or not JSON5, is one problem", arguments: ["", "[]", "12", "{", "{a: 1, a: 2}"])
    func notAFile(text: String) {
        #expect(problems(in: text).map(\.key) == [""])
    }

    @Test(
        "a word, a list or an object of the wrong kind is the one problem, and says what it is",
        arguments: [
            ("robot", "7", "'robot' is a number"), ("robot", "null", "'robot' is null"),
            ("robot", "''", "'robot' is ''"),
            ("robot", "'7up'", "'robot' is '7up'"), ("robot", "'Up'", "'robot' is 'Up'"),
            ("robot", "'a.b'", "'robot' is 'a.b'"), ("every_joint", "[]", "'every_joint' is a list"),
            ("joints", "{}", "'joints' is an object"), ("joints", "true", "'joints' is true or false"),
            ("name", "[]", "'joints[0].name' is a list"), ("drive", "7", "'joints[0].drive' is a number"),
            ("drive", "'torque'", "'joints[0].drive' is 'torque'"), ("period_s", "NaN", "'period_s' is NaN"),
        ])
    func wrongKinds(key: String, value: String, problem: String) throws {
        let row = try #require(KeyTable.envelope.row(named: key))
        let text =
            row == FileKeys.joints
            ? EnvelopeText().text.replacing("joints: [\n  ]", with: "joints: \(value)")
            : EnvelopeText(.position).setting(row, to: value).text
        #expect(problems(in: text).map(\.problem) == [problem])
        for found in problems(in: text) { #expect(!found.expected.isEmpty && !found.nextStep.isEmpty) }
    }

    @Test("a name has at most 32 characters", arguments: [1, 32, 33])
    func names(length: Int) {
        let text = EnvelopeText(.position).setting(FileKeys.robot, to: "'\(String(repeating: "a", count: length))'")
        #expect(text.problems.isEmpty == (length <= 32))
    }

    @Test("every mistake of JSON5 is said in words")
    func syntax() {
        let texts = [
            "", "[1,,2]", "{a 1}", "{,}", "[1 2]", "{a: 1 b: 2}", "1 2", "+", "0x", "'\\u12", "01", "1a", "yes",
            "{a: 1, a: 2}", "'abc", "'a\nb'", "'\\1'", "'\\uD83D'", "/* never", "\u{7}", "'\u{1B}[2J' x",
            String(repeating: "[", count: 65), String(repeating: " ", count: 1 << 20 + 1),
        ]
        let lines = texts.flatMap { text in
            problems(in: text).map { problem in
                let shown = text.count > 20 ? "\(text.count) characters" : text.debugDescription
                let place = "\(problem.position.line):\(problem.position.column)"
                return "\(shown)\n  \(place): \(problem.problem)\n  expected: \(problem.expected)\n"
            }
        }
        #expect(lines.count == texts.count)
        #expect(Golden.difference(lines.joined(), from: "Golden/syntax-mistakes.txt") == nil)
        let bytes: [UInt8] = [0x7B, 0xFF]
        #expect(throws: FileProblems.self) { try EnvelopeFile(parsing: bytes) }
    }

    @Test("an empty object lacks every required key of the robot")
    func empty() {
        let required = KeyTable.envelope.rows(of: .robot).filter { $0.presence == .required }
        #expect(Set(problems(in: "{}").map(\.key)) == Set(required.map(\.name)))
    }

    @Test("the number of joints is from 1 to 16", arguments: [0, 1, 16, 17])
    func jointCount(count: Int) {
        var text = EnvelopeText()
        text.joints = (0..<count).map { EnvelopeText.joint("joint\($0)", .position) }
        #expect(text.problems.map(\.complaint) == ((1...16).contains(count) ? [] : [.jointCount(count)]))
    }

    /// Every kind of mistake that leaves the file readable.
    private var brokenFile: String {
        var text = EnvelopeText(.effort, .speed, .position)
        text.robot["every_joint"] = "{ ambient_c: 20, colour: 'red', voltage_low_v: true }"
        text.robot["format"] = "2"
        text.robot["robot"] = #""Arm\n 7""#
        text.robot["period"] = text.robot.removeValue(forKey: "period_s")
        text.robot["deadline_s"] = "'0.02'"
        text.robot["late_ticks_to_hold"] = "2.5"
        text.robot["hold_time_s"] = "Infinity"
        text.robot["colour"] = "null"
        text.joints[0]["drive"] = "'efort'"
        text.joints[0]["voltage_low_v"] = nil
        text.joints[1]["voltage_low_v"] = nil
        text.joints[1]["name"] = "'joint0'"
        text.joints[1]["hold_stiffness_nm_rad"] = "1"
        text.joints[2]["position_low_rad"] = "3"
        text.joints[2]["effort_limit_nm"] = "2000"
        text.joints[2]["name"] = nil
        return text.text.replacing("  ],\n", with: "    'wrist',\n  ],\n")
    }
}

extension KeyRow {
    var range: (low: Float, high: Float) {
        switch kind {
        case .number(_, let low, let high): (low, high)
        case .whole(let low, let high): (Float(low), Float(high))
        default: (0, 0)
        }
    }
}

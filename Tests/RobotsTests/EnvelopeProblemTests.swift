import TestSupport
import Testing

@testable import Robots

@Suite("Mistakes in envelope files")
struct EnvelopeProblemTests {
    private static let numbers = KeyTable.rows.filter(\.isNumber)

    private func base(for row: KeyRow) -> EnvelopeText {
        if case .only(let drive) = row.presence { EnvelopeText(drive) } else { EnvelopeText(.position) }
    }

    @Test("a required key that is missing is the one problem, at the object that lacks it", arguments: KeyTable.rows)
    func missing(row: KeyRow) {
        let text = base(for: row).setting(row, to: nil)
        switch row.presence {
        case .required where row.kind == .joints, .optional, .standard: break
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

    /// One key and the value that contradicts the rest of the file, or two.
    struct Case: Sendable, CustomTestStringConvertible {
        let keys: [(String, String)]
        let sentence: String
        var testDescription: String { keys.map { "\($0) = \($1)" }.joined(separator: ", ") }
        init(_ keys: (String, String)..., sentence: String) { (self.keys, self.sentence) = (keys, sentence) }
    }

    @Test(
        "values that contradict each other are named together",
        arguments: [
            Case(("deadline_s", "0.01"), sentence: "'period_s' is 0.01 s and 'deadline_s' is 0.01 s"),
            Case(("late_ticks_to_hold", "10"), sentence: "'late_ticks_to_hold' is 10 and 'late_ticks_to_stop' is 10"),
            Case(
                ("position_low_rad", "2.5"),
                sentence:
                    "'joints[0].position_low_rad' is 2.5 rad and 'joints[0].position_high_rad' is 2.5 rad"),
            Case(
                ("voltage_low_v", "24"),
                sentence:
                    "'joints[0].voltage_low_v' is 24 V and 'joints[0].voltage_high_v' is 12.5 V"),
            Case(
                ("overspeed_rad_s", "3"),
                sentence:
                    "'joints[0].speed_limit_rad_s' is 3 rad/s and 'joints[0].overspeed_rad_s' is 3 rad/s"),
            Case(
                ("stopping_deceleration_rad_s2", "20.5"),
                sentence:
                    "'joints[0].stopping_deceleration_rad_s2' is 20.5 rad/s² and "
                    + "'joints[0].acceleration_limit_rad_s2' is 20 rad/s²"),
            Case(
                ("park_speed_rad_s", "3.5"),
                sentence:
                    "'park_speed_rad_s' is 3.5 rad/s and 'joints[0].speed_limit_rad_s' is 3 rad/s"),
            Case(
                ("rest_speed_rad_s", "0.5"),
                sentence:
                    "'joints[0].rest_speed_rad_s' is 0.5 rad/s and 'park_speed_rad_s' is 0.5 rad/s"),
            Case(
                ("over_effort_nm", "0.5"),
                sentence:
                    "'joints[0].effort_limit_nm' is 1 N·m and 'joints[0].over_effort_nm' is 0.5 N·m"),
            Case(
                ("command_lead_rad", "0.4"),
                sentence:
                    "'joints[0].command_lead_rad' is 0.4 rad and 'joints[0].tracking_limit_rad' is 0.4 rad"),
            Case(
                ("ambient_c", "60"), ("winding_limit_c", "50"),
                sentence:
                    "'joints[0].ambient_c' is 60 °C and 'joints[0].winding_limit_c' is 50 °C"),
            Case(("park_position_rad", "2.3"), sentence: "'joints[0].park_position_rad' is 2.3 rad"),
            Case(("rest_time_s", "1"), sentence: "'rest_time_s' is 1 s and 'slow_stop_time_s' is 1 s"),
            Case(
                ("period_s", "0.03"), ("deadline_s", "0.04"), ("recovery_time_s", "0.01"),
                sentence:
                    "'recovery_time_s' is 0.01 s, which comes to no tick at all"),
            Case(
                ("winding_capacity_j_k", "0.1"), ("winding_to_housing_k_w", "0.02"),
                sentence:
                    "the winding follows its load within 0.002 s ('joints[0].winding_capacity_j_k')"),
        ])
    func contradictions(one: Case) throws {
        var text = EnvelopeText(.position)
        for (key, value) in one.keys { text = text.setting(try #require(KeyTable.row(named: key)), to: value) }
        #expect(text.problems.map(\.problem) == [one.sentence])
    }

    @Test("a softening that leaves no room is the one problem", arguments: ["2", "3"])
    func softening(value: String) {
        let text = EnvelopeText(.position).setting(PositionKeys.softening.row, to: value)
        #expect(text.problems.map(\.problem) == ["'joints[0].softening_rad' is \(value) rad"])
    }

    @Test("a wrong value is not complained about twice through its consequences")
    func consequences() {
        for key in ["period_s", "deadline_s", "park_speed_rad_s"] {
            var text = EnvelopeText(.position)
            text.robot[key] = "'fast'"
            #expect(text.problems.map(\.key) == [key])
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

    @Test("an empty object lacks every required key of the robot")
    func empty() {
        let required = KeyTable.rows(of: .robot).filter { $0.presence == .required }
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
        case .name, .choice, .joints, .everyJoint: (0, 0)
        }
    }
}

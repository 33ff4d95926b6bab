import Testing

@testable import Robots

@Suite("Contradictions in envelope files")
struct EnvelopeContradictionTests {
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
        for (key, value) in one.keys { text = text.setting(try #require(KeyTable.envelope.row(named: key)), to: value) }
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
}

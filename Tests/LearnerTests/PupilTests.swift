import GuardSamples
import Learning
import Models
import Robots
import Testing

@testable import Learner

@Suite("What a learner believes of its robot before the first episode")
struct PupilTests {
    private static func record(_ low: Double, _ high: Double) throws -> CalibrationFile {
        let text = """
            { "format": 2, "robot": "pendulum", "made": "2026-11-26T06:00:00Z", "valid_days": 30, "session": 1,
              "calibration": "measured", "plans": [], "clock": null, "conditions": [], "made_by": {},
              "devices": [ { "joint": "swing", "id": 1, "model": "xl330-m288", "serial": null, "firmware": "46",
                             "settings_sha256": null } ],
              "joints": [ { "joint": "swing", "friction_nm": 0.012, "delay_s": null, "play_rad": 0.01 } ],
              "model": { "name": "rod", "ahead_s": 0.5, "converged": true, "not_told_apart": [],
                         "predictions": [ { "name": "position.swing", "before": 0.2, "after": 0.02 } ],
                         "parameters": [ { "name": "mgl", "unit": "N*m", "before": 0.108, "value": 0.101,
                                           "interval_low": \(low), "interval_high": \(high), "learnt": 0.9 } ] } }
            """
        return try CalibrationFile(parsing: Array(text.utf8))
    }

    @Test(
        "what was measured is believed, as exactly as it was measured but never as if nothing could be in doubt",
        arguments: [(0.1009, 0.1011, 0.0025), (0.0912, 0.1108, 0.005), (0.05, 0.2, 0.01)])
    func measured(low: Double, high: Double, deviation: Double) throws {
        let sample = try RobotSample("pendulum")
        let plain = try Pupil(sample.robot, bytes: [])
        let place = try #require(plain.model.parameters.firstIndex { $0.name == "mgl" })
        #expect(plain.belief.parameters[place].value == 0.108 && plain.belief.parameters[place].deviation == 0.01)
        let pupil = try Pupil(sample.robot, bytes: [], record: Self.record(low, high))
        let found = pupil.belief.parameters[place]
        #expect(found.value == 0.101 && abs(found.deviation - deviation) < 1e-12, "\(found.deviation)")
        // Rollouts without parameters of their own are inside what was measured as well.
        #expect(pupil.stage.model.parameters[place] == 0.101)
        for other in plain.belief.parameters.indices where other != place {
            #expect(pupil.belief.parameters[other] == plain.belief.parameters[other])
        }
    }
}

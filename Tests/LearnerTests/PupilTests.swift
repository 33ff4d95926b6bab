import GuardSamples
import Learning
import Models
import Robots
import Testing

@testable import Learner

@Suite("What a learner believes of its robot before the first episode")
struct PupilTests {
    private static func record(_ low: Double, _ high: Double) throws -> CalibrationFile {
        try CalibrationFile(parsing: Array(RobotSample.foundRecord(low: low, high: high).utf8))
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

import Episodes
import Foundation
import GuardSamples
import Learning
import Policies
import Robots
import Supervision

@testable import Learner

/// A robot of this repository with a short episode, and a run that is over quickly.
struct Samples {
    let pupil: Pupil

    init(_ name: String = "pendulum", horizon: String = "0.3") throws {
        let sample = try RobotSample(
            name, changing: { $0.replacing(/horizon_s: [0-9.]+/, with: "horizon_s: \(horizon)") })
        pupil = try Pupil(sample.robot, bytes: Array("\(name) \(horizon)".utf8))
    }

    func identity(
        _ method: Course.Settings.Method = .rehearse, seed: UInt64 = 3, episodes: Int = 12,
        calibration: Digest = .zero, way: RunIdentity.Way = .init()
    ) -> RunIdentity {
        RunIdentity(
            robot: "pendulum", file: pupil.digest, envelope: pupil.robot.envelope.envelope.identity,
            calibration: calibration, method: method, seed: seed, episodes: episodes, way: way)
    }

    /// Little of everything.
    static func adjust(_ settings: inout Course.Settings) {
        settings.look = 3
        settings.step = 3
        settings.rehearsals = 2
        settings.freePerReal = 2
    }

    func course(_ identity: RunIdentity) throws -> Course {
        var settings = pupil.settings(identity)
        Self.adjust(&settings)
        return try pupil.course(settings)
    }

    static func folder() -> String { "/tmp/learner-\(UUID().uuidString.prefix(8))" }
}

public import Hashing
internal import Learning
internal import Models
public import Policies
internal import Robots

/// A model in the place of the robot: one of those that are believed possible, the same for a whole run.
///
/// It says how a run would go if the model were right, and nothing about the robot.
public struct ModelRobot: Sendable {
    private let pupil: Pupil
    private let parameters: [Float]

    public init(_ pupil: Pupil, seed: UInt64) {
        self.pupil = pupil
        parameters = pupil.belief.drawn(NoiseKey(run: seed, iteration: 0, episode: .max))
    }

    public func perform(_ policy: Policy, _ key: NoiseKey) -> TakenEpisode {
        let start = pupil.robot.file.stageStarts.part(key, parameters: parameters)
        var rehearsal = Rehearsal(pupil.stage, lanes: 1, keepsPaths: true)
        rehearsal.play(policy, [start])
        let (measurements, commands) = rehearsal.path(0)
        let (numbers, joints) = (pupil.stage.task.measured, pupil.stage.joints)
        var trace = Trace(measured: numbers, joints: joints)
        for tick in 0..<commands.count / joints {
            trace.append(
                Array(measurements[tick * numbers..<(tick + 1) * numbers]),
                Array(commands[tick * joints..<(tick + 1) * joints]))
        }
        return TakenEpisode(
            performance: rehearsal.performance(0), trace: trace, permit: UInt64(key.episode), flightTicks: trace.ticks)
    }
}

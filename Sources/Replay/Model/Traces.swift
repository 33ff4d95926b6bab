internal import Episodes
internal import Quantities
internal import Recordings
public import Robots

/// One episode twice: as it was measured, and as the model has it from the same start with the same noise.
public struct Traces: Sendable {
    /// Seconds since the policy was in command.
    public let times: [Double]
    /// By joint, then by tick.
    public let real: [[Float]]
    /// Shorter or longer than the real one where the model's episode ends elsewhere.
    public let model: [[Float]]

    public init(_ episode: FlownEpisode, _ robot: RobotFile, _ model: RollingModel) throws(ModelProblem) {
        try self.init(episode, robot, beside: EpisodeTrace(predicted: episode, robot, model))
    }

    public init(_ episode: FlownEpisode, _ robot: RobotFile, beside predicted: EpisodeTrace) throws(ModelProblem) {
        let own = try EpisodeTrace(recorded: episode, robot)
        let longest = max(own.positions.count, predicted.positions.count)
        times = (0..<longest).map { Double($0) * Double(robot.period.value) }
        let columns = { (rows: [[Float]]) in robot.joints.indices.map { joint in rows.map { $0[joint] } } }
        real = columns(own.positions)
        self.model = columns(predicted.positions)
    }
}

public import Episodes
internal import Expressions
public import Hashing
public import Policies
public import Quantities
public import Robots
internal import Supervision

/// A policy that is to run for one episode, with everything that decides what it will do.
public struct EpisodeProgram: Sendable {
    let policy: Policy
    let noise: NoiseStream
    let band: ApprovedBand
    let horizon: Ticks
    let period: Seconds
    let commands: [RobotFile.LearningTask.Command]
    let drives: PerJoint<Drive>
    let observation: TaskSight
    let conditions: TaskSight
    let kinds: [TaskCondition]
    let successTicks: Ticks

    /// - Parameters:
    ///   - draws: the numbers that the task draws for each episode, in the order of its file.
    ///   - band: where each joint may be at each tick; the supervisor enforces it.
    ///   - horizon: the longest that the policy may be in command.
    public init(
        _ robot: Robot, policy: Policy, noise: NoiseKey, draws: [Float] = [], band: ApprovedBand, horizon: Ticks
    ) throws(ProgramProblem) {
        let (task, envelope) = (robot.file.task, robot.envelope.envelope)
        let joints = Int(envelope.count.rawValue)
        guard policy.shape.inputs == task.observationCount else {
            throw .observations(task.observationCount, policy: policy.shape.inputs)
        }
        guard policy.shape.outputs == joints else { throw .actions(joints, policy: policy.shape.outputs) }
        guard Int(band.joints.rawValue) == joints else { throw .bandJoints(Int(band.joints.rawValue), needed: joints) }
        guard band.end >= horizon else { throw .bandTooShort(band.end, horizon: horizon) }
        self.policy = policy
        self.noise = NoiseStream(noise, for: .action)
        self.band = band
        self.horizon = horizon
        period = envelope.robot.period
        commands = task.commands
        var drives = PerJoint<Drive>(repeating: .position)
        var position: UInt8 = 0
        while let joint = envelope.count.joint(at: position) {
            drives[joint] = envelope.joints[joint].drive
            position += 1
        }
        self.drives = drives
        let seen = 0..<task.observationCount
        // The reward stands between what is seen and what ends an episode; nobody needs it while the robot moves.
        let judged = min(task.observationCount + 1, task.program.results.count)..<task.program.results.count
        observation = try TaskSight(task.program.only(seen), task, draws: draws)
        conditions = try TaskSight(task.program.only(judged), task, draws: draws)
        kinds = TaskCondition.all(of: task.program.results[judged].map(\.name))
        successTicks = Ticks(max(1, Int32((Double(task.successTime.value) / Double(period.value)).rounded(.up))))
    }
}

/// What a condition of a task means when it holds.
enum TaskCondition: Equatable, Sendable {
    case failure(Int)
    case done(Int)
    case success

    static func all(of names: [String]) -> [TaskCondition] {
        var (failures, ends) = (0, 0)
        return names.map { name in
            if name.hasPrefix("failure.") {
                failures += 1
                return .failure(failures - 1)
            }
            if name.hasPrefix("done.") {
                ends += 1
                return .done(ends - 1)
            }
            return .success
        }
    }
}

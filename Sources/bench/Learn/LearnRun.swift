import Glibc
import Learning
import Models
import Policies
import Robots

/// One robot's whole way with one way of learning.
struct LearnRun {
    /// What each real episode was worth a tick, in the order of their purchase.
    private(set) var curve: [Double] = []
    private(set) var course: Course

    init(_ described: GapRobot, _ gap: LearnGap, _ method: Course.Settings.Method, seed: UInt64, episodes: Int) {
        let robot = LearnRobot(described, seed: seed, spread: 1)
        var troupe = Soloist(robot.stage)
        do throws(PolicyError) {
            course = try Self.course(robot, gap, method, seed: seed, episodes: episodes)
            while let next = course.next {
                let (performance, trace) = robot.perform(next.policy, next.noise)
                curve.append(course.settings.objective.perTick(performance))
                course.take(performance, trace)
                try course.advance(with: &troupe)
            }
        } catch {
            preconditionFailure("\(method), seed \(seed): \(error)")
        }
    }

    private static func course(
        _ robot: LearnRobot, _ gap: LearnGap, _ method: Course.Settings.Method, seed: UInt64, episodes: Int
    ) throws(PolicyError) -> Course {
        let file = robot.robot.file
        guard let model = file.models.first else { preconditionFailure("no model") }
        let objective = Objective(robot.stage.task, discount: Double(file.learning.discount))
        let shape = try PolicyShape(
            inputs: robot.stage.task.observations, hidden: file.policy.hidden, outputs: file.joints.count,
            squashes: !file.policy.isClipped, deviationFloor: file.policy.deviationFloor)
        let first = try Policy.orthogonal(
            shape, seed: seed, logDeviation: log(file.policy.deviation - file.policy.deviationFloor))
        let critic = try Critic(
            observations: shape.inputs, horizon: objective.horizon,
            scale: abs(objective.failureReward) * 50, seed: seed)
        return Course(
            first, gap.belief(model), critic: critic,
            .init(method, run: seed, objective: objective, starts: robot.starts, episodes: episodes))
    }
}

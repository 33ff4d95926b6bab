internal import Episodes
internal import Expressions
public import Learning
public import Models
public import Policies
internal import Quantities
public import Robots
public import Supervision

/// A robot as its learner knows it: from files, and what they come to when it is to learn.
public struct Pupil: Sendable {
    public let robot: Robot
    /// The hash of the robot's file.
    public let digest: Digest
    public let model: RobotFile.Model
    public let stage: Stage

    /// - Parameters:
    ///   - bytes: of the robot's file.
    ///   - record: of its calibration: what it says of the model counts in the place of what the file says.
    public init(_ robot: Robot, bytes: [UInt8], record: CalibrationFile? = nil) throws(PupilProblem) {
        let robot = record.map { robot.calibrated(by: $0) } ?? robot
        guard let model = robot.file.models.first else { throw .noModel }
        self.robot = robot
        self.model = model
        digest = Digest(of: bytes.span)
        do throws(ModelError) { stage = try robot.file.stage(in: model) } catch { throw .badModel(error) }
    }

    public var objective: Objective { Objective(stage.task, discount: Double(robot.file.learning.discount)) }

    /// As far as a calibration has measured a parameter, that counts; else what its owner believes. It is never believed
    /// more exactly than this share of what the owner doubts: calibrations move otherwise than episodes.
    private static let leastDoubt = 0.25
    public var belief: Belief {
        Belief(
            model.parameters.map { parameter in
                guard let prior = parameter.prior else { return Belief.Parameter(parameter.value) }
                // An interval of 95 % is 3.92 deviations wide.
                let measured = parameter.interval.map { ($0.upperBound - $0.lowerBound) / 3.92 }
                return Belief.Parameter(
                    parameter.value, deviation: doubt(measured, of: prior.deviation), in: prior.range)
            })
    }

    private func doubt(_ measured: Double?, of prior: Double) -> Double {
        measured.map { min(max($0, Self.leastDoubt * prior), prior) } ?? prior
    }

    public func settings(_ identity: RunIdentity) -> Course.Settings {
        var settings = settings(identity.method, seed: identity.seed, episodes: identity.episodes)
        settings.stepRule = identity.way.steps
        (settings.reuse, settings.models) = (identity.way.reuse, identity.way.models)
        settings.robots = identity.robots
        return settings
    }

    public func settings(_ method: Course.Settings.Method, seed: UInt64, episodes: Int) -> Course.Settings {
        var settings = Course.Settings(
            method, run: seed, objective: objective, starts: robot.file.stageStarts, episodes: episodes)
        settings.realPrice = price
        settings.rehearsedStarts = robot.rehearsedStarts
        settings.rehearsesAsBegun = !robot.file.sensors.isEmpty
        return settings
    }

    /// Of a real episode, in the credits of the robot's owner, as far as it is known before the episode.
    private var price: Double {
        let budget = robot.file.budget
        return Double(
            budget.perEpisode + budget.perSecond * robot.file.task.horizon.value
                + budget.perOperatorMinute * budget.operatorMinutes)
    }

    /// A course from its very beginning.
    ///
    /// - Parameters:
    ///   - belief: what is believed of the model where it is not what files and calibration say.
    ///   - beginning: what it begins with where it is not chance.
    public func course(
        _ settings: Course.Settings, believing belief: Belief? = nil, beginningWith beginning: Beginning? = nil
    ) throws(PolicyError) -> Course {
        let (policy, shape) = (robot.file.policy, try shape)
        let deviation = Double(max(policy.deviation - policy.deviationFloor, 1e-3))
        let first = try Policy.orthogonal(
            shape, seed: settings.run, logDeviation: Float(DoubleLanes(repeating: deviation).logarithm[0]))
        let critic = try Critic(
            observations: shape.inputs, horizon: objective.horizon, scale: abs(objective.failureReward) * 50,
            seed: settings.run)
        var course = Course(first, belief ?? self.belief, critic: critic, settings)
        if let beginning { try course.begin(with: beginning.policy, after: beginning.performances) }
        return course
    }

    /// Of this robot's policies, as its file has it.
    var shape: PolicyShape {
        get throws(PolicyError) {
            let policy = robot.file.policy
            return try PolicyShape(
                inputs: stage.task.observations, hidden: policy.hidden, outputs: stage.joints,
                squashes: !policy.isClipped, deviationFloor: policy.deviationFloor)
        }
    }
}

/// Why nothing can be learnt with a robot's files.
public enum PupilProblem: Error, Equatable, Sendable {
    /// There is nothing to rehearse in.
    case noModel
    case badModel(ModelError)
}

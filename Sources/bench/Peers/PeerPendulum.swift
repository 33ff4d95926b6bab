import Expressions
import Hashing
import Learning
import Models
import Policies
import Quantities

/// Gymnasium's Pendulum-v1 as a robot's file would spell it, and learning on it inside the model: rollouts by `Rehearsal`,
/// as the learner plays them, sums to go, a baseline for each tick, the gradient by `Scorer`, a step of `Adam`.
struct PeerPendulum: ~Copyable {
    static let ticks = 200
    private let starts: StageStarts
    private let objective: Objective
    private var rehearsal: Rehearsal
    private var policy: Policy
    private var adam: Adam
    private var scorer: Scorer<FloatLanes>
    private var iteration: UInt32 = 0

    /// - Parameter lanes: how many are played at once; few stay near the processor.
    init(lanes: Int = 64) throws {
        let stage = try Self.stage()
        let policy = try Policy.orthogonal(PolicyShape(inputs: 3, outputs: 1), seed: 7)
        self.policy = policy
        starts = StageStarts(middles: [0, 0], spreads: [.pi, 1], commanded: [nil])
        objective = Objective(stage.task, discount: 0.99)
        rehearsal = Rehearsal(stage, lanes: lanes)
        adam = Adam(count: policy.shape.parameterCount, rate: 3e-3)
        scorer = Scorer(policy)
    }

    private static func stage() throws -> Stage {
        let equations = try Program(
            in: Vocabulary([.init("theta", .state), .init("omega", .state), .init("u", .input)]),
            definitions: [Definition("next", "clamp(omega + 0.05 * (15 * sin(theta) + 3 * u), -8, 8)")],
            outputs: [
                Output("theta'", "wrap(theta + 0.05 * next)"), Output("omega'", "next"), Output("theta", "theta"),
                Output("omega", "omega"),
            ])
        let model = try ReducedModel(
            "pendulum", equations: equations, jumps: Set(equations.slots.filter { $0.role == .state }),
            integrator: .euler, period: Seconds(0.05), parameters: [])
        let program = try Program(
            in: Vocabulary([.init("theta", .state), .init("omega", .state), .init("action", .input)]),
            outputs: [
                Output("observation.cos", "cos(theta)"), Output("observation.sin", "sin(theta)"),
                Output("observation.omega", "omega"),
                Output("reward", "-(theta^2 + 0.1 * omega^2 + 0.001 * (2 * action)^2)"),
            ])
        let start = try Program(
            in: Vocabulary([.init("theta", .state), .init("omega", .state)]),
            outputs: [Output("theta", "theta"), Output("omega", "omega")])
        let task = Stage.Piece(
            program: program, observations: 3, states: [.measured(0), .measured(1)], inputs: [.action(0)], measured: 2,
            commands: [.direct(low: -2, high: 2)], conditions: [], horizon: ticks, successTicks: 0, failureReward: -16)
        return Stage(task, in: model, start: start, measurements: [0, 1])
    }

    /// Plays so many episodes with noise that was never used before.
    mutating func play(_ count: Int) {
        iteration += 1
        for first in stride(from: 0, to: count, by: rehearsal.lanes) { play(first, count) }
    }

    private mutating func play(_ first: Int, _ count: Int) {
        let parts = (first..<min(first + rehearsal.lanes, count)).map {
            starts.part(NoiseKey(run: 1, iteration: iteration, episode: UInt32($0)))
        }
        rehearsal.play(policy, parts)
    }

    /// One iteration of learning from so many episodes; returns what they were worth on average.
    mutating func improve(_ count: Int) throws(PolicyError) -> Double {
        iteration += 1
        var performances: [Performance] = []
        for first in stride(from: 0, to: count, by: rehearsal.lanes) {
            play(first, count)
            for lane in 0..<rehearsal.played { performances.append(rehearsal.performance(lane)) }
        }
        let sums = performances.map { objective.toGo($0) }
        let baseline = (0..<Self.ticks).map { tick in sums.reduce(0) { $0 + $1[tick] } / Double(count) }
        let scale = 1 / Double(count * Self.ticks)
        var gradient = [Double](repeating: 0, count: policy.shape.parameterCount)
        scorer = Scorer(policy)
        for (performance, own) in zip(performances, sums) {
            let weights = own.indices.map { (own[$0] - baseline[$0]) * scale }
            let share = scorer.gradient(of: performance, weights: weights)
            for place in gradient.indices { gradient[place] += share[place] }
        }
        policy = try policy.moved(by: adam.step(gradient))
        return sums.reduce(0) { $0 + $1[0] } / Double(count)
    }
}

import Expressions
import Hashing
import Models
import Policies
import Quantities

/// A weight that a force pushes along a line and that is to stay near a target: as small as a task can be that has
/// everything: observations, a draw, a failure, an end, a success.
func lineStage(delay: Int = 0, command: Stage.Command = .direct(low: -2, high: 2)) throws -> Stage {
    let model = try ReducedModel(
        ModelDescription(
            "line",
            states: [.init("x", unit: "m", rate: "v"), .init("v", unit: "m/s", rate: "(u - d * v) / m")],
            inputs: [.init("u", unit: "N")],
            parameters: [.init("m", unit: "kg", 0.5), .init("d", unit: "N*s/m", 0.3)],
            period: Seconds(0.05), substeps: 2, delay: delay))
    let vocabulary = try Vocabulary([
        .init("x", .state), .init("v", .state), .init("action", .input), .init("last_action", .input),
        .init("time", .input), .init("target", .parameter),
    ])
    let program = try Program(
        in: vocabulary,
        outputs: [
            Output("observation.x", "x - target"), Output("observation.v", "v / 2"),
            Output("observation.last", "last_action + 0.1 * time"),
            Output("reward", "-(x - target)^2 - 0.01 * action^2 - 0.01 * (action - last_action)^2"),
            Output("failure.away", "abs(x) > 1.5"), Output("done.there", "abs(x - target) < 0.001 and abs(v) < 0.001"),
            Output("success", "abs(x - target) < 0.5"),
        ])
    let start = try Program(
        in: try Vocabulary([.init("x", .state), .init("v", .state), .init("m", .parameter), .init("d", .parameter)]),
        outputs: [Output("x", "x"), Output("v", "v")])
    let task = Stage.Piece(
        program: program, observations: 3, states: [.measured(0), .measured(1)],
        inputs: [.action(0), .lastAction(0), .time], measured: 2, commands: [command],
        conditions: [.failure, .done, .success], horizon: 60, successTicks: 5, failureReward: -4)
    return Stage(task, in: model, start: start, measurements: [0, 1])
}

func linePolicy(squashes: Bool = true, seed: UInt64 = 3) throws -> Policy {
    let shape = try PolicyShape(inputs: 3, hidden: [6, 5], outputs: 1, squashes: squashes, deviationFloor: 0.05)
    return try .orthogonal(shape, seed: seed, outputGain: 0.5, logDeviation: -0.3)
}

func linePart(_ episode: UInt32, parameters: [Float]? = nil) -> StagePart {
    StagePart(
        measured: [Float(episode % 7) * 0.1 - 0.3, Float(episode % 3) * 0.2], commands: [0],
        draws: [Float(episode % 5) * 0.1], noise: NoiseKey(run: 11, iteration: 2, episode: episode),
        parameters: parameters)
}

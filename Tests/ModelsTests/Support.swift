import Expressions
import Models
import Quantities

/// A weight on a spring, without friction unless said: x'' = u − k·x − d·x'.
func spring(
    _ integrator: Integrator, period: Float, substeps: Int = 1, stiffness: Double = 1, damping: Double = 0
) throws -> ReducedModel {
    try ReducedModel(
        ModelDescription(
            "spring",
            states: [
                .init("x", unit: "m", rate: "v"), .init("v", unit: "m/s", rate: "u - k * x - d * v"),
            ],
            inputs: [.init("u", unit: "m/s^2")],
            parameters: [.init("k", unit: "1/s^2", stiffness), .init("d", unit: "1/s", damping)],
            integrator: integrator, period: Seconds(period), substeps: substeps))
}

/// A ball that falls on springy ground: while it is in the ground, it swings.
func ball(substeps: Int, damping: Double = 0, integrator: Integrator = .semiImplicitEuler) throws -> ReducedModel {
    try ReducedModel(
        ModelDescription(
            "ball",
            states: [
                .init("z", unit: "m", rate: "w"), .init("w", unit: "m/s", rate: "push / m - g"),
            ],
            parameters: [
                .init("m", unit: "kg", 0.5), .init("k", unit: "N/m", 20_000), .init("d", unit: "N*s/m", damping),
            ],
            constants: [.init("g", unit: "m/s^2", 9.81)],
            definitions: [
                Definition("push", "if z < 0 then max(-k * z - d * w, 0) else 0", unit: "N")
            ],
            integrator: integrator, period: Seconds(0.005), substeps: substeps))
}

/// An arm of two joints, each a servo that turns towards its goal.
func arm() throws -> ReducedModel {
    let joints = ["shoulder", "elbow"]
    return try ReducedModel(
        ModelDescription(
            "arm",
            states: [
                .init("q", over: joints, unit: "rad", rate: "w"),
                .init("w", over: joints, unit: "rad/s", rate: "k * sin(goal - q) - d * w + [c * w.elbow, 0]"),
            ],
            inputs: [.init("goal", over: joints, unit: "rad")],
            parameters: [
                .init("k", over: joints, unit: "1/s^2", [90, 60]), .init("d", over: [], unit: "1/s", [9, 7]),
                .init("c", unit: "1/s", 0.5),
            ],
            period: Seconds(0.01), substeps: 3))
}

/// The states of one lane after some ticks without input.
func rolled<Element: Lane>(
    _ model: ReducedModel, _: Element.Type, from start: [Element], input: [Element] = [], ticks: Int
) -> [Element] {
    var lanes = ModelLanes(of: CompiledModel<Element>(model), lanes: 1)
    for (state, value) in start.enumerated() { lanes[state, lane: 0] = value }
    var inputs = lanes.mutableInputs
    for (place, value) in input.enumerated() { inputs[place] = value }
    for _ in 0..<ticks { lanes.step() }
    return start.indices.map { lanes[$0, lane: 0] }
}

/// Numbers between −1 and 1, the same in every run.
func numbers<Element: Lane>(_ count: Int, seed: Int) -> [Element] {
    (0..<count).map { Element((($0 + seed * 131) &* 7_919) % 2_003) / 1_001 - 1 }
}

import Expressions
import Testing

@testable import Policies

/// The score of a trajectory and its densities, in the lanes' own precision.
private func score<Vector: LaneVector>(
    _: Vector.Type, _ shape: PolicyShape, _ parameters: [Vector.Element], states: [Vector.Element],
    latents: [Vector.Element], lanes: Int, weights: [Vector.Element]? = nil, in registers: Registers = .widest
) -> (densities: [Vector.Element], gradient: [Vector.Element]) {
    var batch = PolicyBatch<Vector>(shape, parameters: parameters, in: registers)
    var densities = [Vector.Element](repeating: 0, count: lanes)
    var gradient = [Vector.Element](repeating: .nan, count: shape.parameterCount)
    var densitySpan = densities.mutableSpan
    var gradientSpan = gradient.mutableSpan
    batch.score(
        lanes: lanes, spacing: lanes, states: states.span, latents: latents.span, weights: weights,
        logProbabilities: &densitySpan, gradient: &gradientSpan)
    return (densities, gradient)
}

/// ‖a − b‖ / ‖b‖
private func relativeError(_ a: [Double], _ b: [Double]) -> Double {
    let difference = zip(a, b).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (difference / b.reduce(0.0) { $0 + $1 * $1 }).squareRoot()
}

@Suite struct ScoreTests {
    private let lanes = 21

    private func sample(
        _ inputs: Int, _ hidden: [Int], _ outputs: Int, squashes: Bool
    ) throws -> (policy: Policy, states: [Float], latents: [Float], weights: [Float]) {
        (
            try samplePolicy(inputs, hidden, outputs, squashes: squashes), sampleNumbers(lanes * inputs, seed: 21),
            sampleNumbers(lanes * outputs, seed: 22), sampleNumbers(lanes, seed: 23)
        )
    }

    @Test(
        "wide registers give the bits of narrow ones, whatever is left over at a layer's end",
        arguments: [(3, [64, 64], 1), (12, [64, 64], 6), (5, [], 3), (1, [7], 9), (17, [33, 5, 12], 4)])
    func registers(inputs: Int, hidden: [Int], outputs: Int) throws {
        let (policy, states, latents, weights) = try sample(inputs, hidden, outputs, squashes: true)
        let found = Registers.present.map { registers in
            let score = score(
                FloatLanes.self, policy.shape, policy.parameters, states: states, latents: latents, lanes: lanes,
                weights: weights, in: registers)
            return (score.densities + score.gradient).map(\.bitPattern)
        }
        // Where a processor has no other registers, there is nothing to compare.
        #expect(found.allSatisfy { $0 == found[0] })
        #expect(Registers.present.last == .widest)
    }

    @Test(
        "in double, the score is what differences of the density say, to a millionth",
        arguments: [(3, [6, 5], 2, false), (3, [6, 5], 2, true), (4, [], 3, false), (2, [9], 1, true)])
    func differences(inputs: Int, hidden: [Int], outputs: Int, squashes: Bool) throws {
        let (policy, states, latents, weights) = try sample(inputs, hidden, outputs, squashes: squashes)
        let doubles = { (numbers: [Float]) in numbers.map { Double($0) } }
        let parameters = doubles(policy.parameters)
        let found = { (parameters: [Double]) in
            score(
                DoubleLanes.self, policy.shape, parameters, states: doubles(states), latents: doubles(latents),
                lanes: lanes, weights: doubles(weights))
        }
        let sum = { (parameters: [Double]) in
            zip(found(parameters).densities, weights).reduce(0.0) { $0 + $1.0 * Double($1.1) }
        }
        let step = 0x1p-17
        let differences = parameters.indices.map { index in
            var (above, below) = (parameters, parameters)
            above[index] += step
            below[index] -= step
            return (sum(above) - sum(below)) / (2 * step)
        }
        let error = relativeError(found(parameters).gradient, differences)
        #expect(error < 1e-6, "\(error)")
    }

    @Test("in float, density and score are those of double to some millionths")
    func single() throws {
        let (policy, states, latents, weights) = try sample(8, [64, 64], 3, squashes: true)
        let doubles = { (numbers: [Float]) in numbers.map { Double($0) } }
        let exact = score(
            DoubleLanes.self, policy.shape, doubles(policy.parameters), states: doubles(states),
            latents: doubles(latents), lanes: lanes, weights: doubles(weights))
        let single = score(
            FloatLanes.self, policy.shape, policy.parameters, states: states, latents: latents, lanes: lanes,
            weights: weights)
        let gradient = relativeError(doubles(single.gradient), exact.gradient)
        let density = relativeError(doubles(single.densities), exact.densities)
        #expect(gradient < 5e-6 && density < 2e-6, "gradient \(gradient), density \(density)")
    }

    @Test("a squashed action's density is that of the action: it integrates to one over all actions")
    func integral() throws {
        let shape = try PolicyShape(inputs: 1, hidden: [], outputs: 1, squashes: true)
        let policy = try Policy(shape, parameters: [0.3, 0.2, -0.3])
        var batch = PolicyBatch<DoubleLanes>(policy)
        // Over actions between −1 and 1, by the middles of many small steps.
        let steps = 4_000
        let actions = (0..<steps).map { (Double($0) + 0.5) / Double(steps) * 2 - 1 }
        let latents = actions.map { action in
            DoubleLanes(repeating: (1 + action) / (1 - action)).logarithm[0] / 2
        }
        var densities = [Double](repeating: 0, count: steps)
        var span = densities.mutableSpan
        batch.logProbabilities(
            lanes: steps, spacing: steps, states: [Double](repeating: 1, count: steps).span, latents: latents.span,
            into: &span)
        let sum = densities.reduce(0.0) { $0 + DoubleLanes(repeating: $1).exponential[0] } * 2 / Double(steps)
        #expect(abs(sum - 1) < 1e-4, "\(sum)")
    }

    @Test("far out, where the tangent is one to the last digit, a squashed density is still a number")
    func tails() throws {
        let shape = try PolicyShape(inputs: 1, hidden: [], outputs: 1, squashes: true)
        let policy = try Policy(shape, parameters: [0, 0, 0])
        let latents: [Float] = [-40, -10, 0, 10, 40]
        let found = score(
            FloatLanes.self, shape, policy.parameters, states: .init(repeating: 0, count: 5), latents: latents, lanes: 5
        )
        #expect(found.densities.allSatisfy { $0.isFinite } && found.gradient.allSatisfy { $0.isFinite })
        #expect(abs(found.densities[1] - found.densities[3]) < 1e-3)
    }

    @Test("the score of all is the sum of the scores of each, and weights weigh")
    func additive() throws {
        let (policy, states, latents, weights) = try sample(3, [6], 2, squashes: false)
        var sum = [Double](repeating: 0, count: policy.shape.parameterCount)
        for lane in 0..<lanes {
            let one = score(
                DoubleLanes.self, policy.shape, policy.parameters.map { Double($0) },
                states: (0..<3).map { Double(states[$0 * lanes + lane]) },
                latents: (0..<2).map { Double(latents[$0 * lanes + lane]) }, lanes: 1)
            for index in sum.indices { sum[index] += Double(weights[lane]) * one.gradient[index] }
        }
        let all = score(
            DoubleLanes.self, policy.shape, policy.parameters.map { Double($0) }, states: states.map { Double($0) },
            latents: latents.map { Double($0) }, lanes: lanes, weights: weights.map { Double($0) })
        #expect(relativeError(all.gradient, sum) < 1e-13)
    }

    @Test(
        "a weight may follow from the density, and a batch that takes another policy has nothing left of the one before"
    )
    func weighed() throws {
        let (policy, states, latents, weights) = try sample(3, [6, 5], 2, squashes: true)
        let plain = score(
            FloatLanes.self, policy.shape, policy.parameters, states: states, latents: latents, lanes: lanes,
            weights: weights)
        var batch = PolicyBatch<FloatLanes>(try samplePolicy(3, [6, 5], 2, squashes: true).moved())
        batch.take(policy)
        var densities = [Float](repeating: 0, count: lanes)
        var gradient = [Float](repeating: .nan, count: policy.shape.parameterCount)
        var densitySpan = densities.mutableSpan
        var gradientSpan = gradient.mutableSpan
        var told: [Float] = []
        batch.score(
            lanes: lanes, spacing: lanes, states: states.span, latents: latents.span, logProbabilities: &densitySpan,
            gradient: &gradientSpan
        ) { lane, density in
            told.append(density)
            return weights[lane]
        }
        #expect(densities == plain.densities && gradient == plain.gradient && told == plain.densities)
    }
}

extension Policy {
    fileprivate func moved() throws -> Policy { try Policy(shape, parameters: parameters.map { 0.5 - $0 }) }
}

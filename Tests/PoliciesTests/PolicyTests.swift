import CAllocationCounter
import Expressions
import Testing

@testable import Policies

private func policyError(_ body: () throws(PolicyError) -> Void) -> PolicyError? {
    do throws(PolicyError) {
        try body()
        return nil
    } catch {
        return error
    }
}

/// A policy whose every parameter is something, the biases too.
func samplePolicy(
    _ inputs: Int, _ hidden: [Int], _ outputs: Int, squashes: Bool = false, seed: UInt64 = 3
) throws -> Policy {
    let shape = try PolicyShape(inputs: inputs, hidden: hidden, outputs: outputs, squashes: squashes)
    let policy = try Policy.orthogonal(shape, seed: seed, outputGain: 1)
    var noise = [Float](repeating: 0, count: shape.parameterCount)
    var span = noise.mutableSpan
    NoiseStream(run: seed, iteration: 9, episode: 9).fill(&span, tick: 0)
    return try Policy(shape, parameters: zip(policy.parameters, noise).map { $0 + 0.1 * $1 })
}

/// Numbers by columns, from a seed.
func sampleNumbers(_ count: Int, seed: UInt64) -> [Float] {
    var numbers = [Float](repeating: 0, count: count)
    var span = numbers.mutableSpan
    NoiseStream(run: seed, iteration: 1, episode: 1).fill(&span, tick: 1)
    return numbers
}

@Suite struct PolicyTests {
    @Test("a shape counts its parameters and says where each layer's are")
    func shape() throws {
        let shape = try PolicyShape(inputs: 3, hidden: [64, 64], outputs: 2)
        #expect(shape.parameterCount == 3 * 64 + 64 + 64 * 64 + 64 + 64 * 2 + 2 + 2)
        #expect(shape.layers.map(\.weights) == [0, 256, 256 + 4_160])
        #expect(shape.layers.map(\.bias) == [192, 256 + 4_096, 256 + 4_160 + 128])
        #expect(shape.layers.map(\.isHidden) == [true, true, false])
        let linear = try PolicyShape(inputs: 3, hidden: [], outputs: 2)
        #expect(linear.parameterCount == 10 && linear.layers.count == 1 && linear.deviations == 8)
    }

    @Test("a shape that cannot be is refused with its numbers")
    func refused() {
        #expect(
            policyError { () throws(PolicyError) in _ = try PolicyShape(inputs: 0, outputs: 1) }
                == .inputs(0, limit: 1_024))
        #expect(
            policyError { () throws(PolicyError) in _ = try PolicyShape(inputs: 1, outputs: 65) }
                == .outputs(65, limit: 64))
        #expect(
            policyError { () throws(PolicyError) in _ = try PolicyShape(inputs: 1, hidden: [4, 0], outputs: 1) }
                == .width(0, limit: 1_024))
        #expect(
            policyError { () throws(PolicyError) in
                _ = try PolicyShape(inputs: 1, hidden: .init(repeating: 1, count: 9), outputs: 1)
            } == .layers(9, limit: 8))
        for floor in [-1, .nan, .infinity] as [Float] {
            #expect(
                policyError { () throws(PolicyError) in
                    _ = try PolicyShape(inputs: 1, outputs: 1, deviationFloor: floor)
                } == .deviationFloor)
        }
    }

    @Test("parameters must be as many as the shape has, and numbers")
    func parameters() throws {
        let shape = try PolicyShape(inputs: 1, hidden: [], outputs: 1)
        #expect(
            policyError { () throws(PolicyError) in _ = try Policy(shape, parameters: [1, 2]) }
                == .parameterCount(2, needed: 3))
        for wrong in [.nan, .infinity] as [Float] {
            #expect(
                policyError { () throws(PolicyError) in _ = try Policy(shape, parameters: [1, wrong, 2]) }
                    == .notFinite(at: 1))
        }
    }

    @Test(
        "weights begin orthonormal up to the gain, with the same bits for the same seed",
        arguments: [(3, 8), (8, 3), (5, 5)])
    func orthogonal(inputs: Int, outputs: Int) throws {
        let shape = try PolicyShape(inputs: inputs, hidden: [], outputs: outputs)
        let policy = try Policy.orthogonal(shape, seed: 5, outputGain: 2)
        #expect(policy == (try Policy.orthogonal(shape, seed: 5, outputGain: 2)))
        #expect(policy != (try Policy.orthogonal(shape, seed: 6, outputGain: 2)))
        let weight = { (input: Int, output: Int) in Double(policy.parameters[input * outputs + output]) / 2 }
        let few = min(inputs, outputs)
        for first in 0..<few {
            for second in 0..<few {
                let product = (0..<max(inputs, outputs)).reduce(0.0) { sum, index in
                    sum
                        + (inputs < outputs
                            ? weight(first, index) * weight(second, index)
                            : weight(index, first) * weight(index, second))
                }
                #expect(abs(product - (first == second ? 1 : 0)) < 1e-6)
            }
        }
        #expect(policy.parameters[(inputs * outputs)...].allSatisfy { $0 == 0 || $0 == -0.5 })
        #expect(policy.deviation(of: 0) > 0.6 && policy.deviation(of: 0) < 0.62)
    }

    @Test("no deviation falls to its floor")
    func floor() throws {
        let shape = try PolicyShape(inputs: 1, hidden: [], outputs: 1, deviationFloor: 0.25)
        for parameter in [-3e38, -100, -1, 0] as [Float] {
            let deviation = try Policy(shape, parameters: [0, 0, parameter]).deviation(of: 0)
            #expect(deviation >= 0.25 && deviation <= 1.26)
        }
    }
}

@Suite struct PolicyRunnerTests {
    @Test(
        "one state and a tile of states give the same bits",
        arguments: [(3, [64, 64], 1), (12, [64, 64], 6), (5, [], 3), (1, [7], 9), (17, [33, 5, 12], 4)])
    func sameBits(inputs: Int, hidden: [Int], outputs: Int) throws {
        let policy = try samplePolicy(inputs, hidden, outputs)
        let lanes = 37
        let spacing = 40
        let states = sampleNumbers(spacing * inputs, seed: 8)
        var batch = PolicyBatch<FloatLanes>(policy)
        var means = [Float](repeating: .nan, count: spacing * outputs)
        var room = means.mutableSpan
        batch.means(lanes: lanes, spacing: spacing, states: states.span, into: &room)
        let runner = PolicyRunner(policy)
        for lane in 0..<lanes {
            let state = (0..<inputs).map { states[$0 * spacing + lane] }
            var mean = [Float](repeating: .nan, count: outputs)
            var span = mean.mutableSpan
            runner.mean(of: state.span, into: &span)
            for output in 0..<outputs {
                #expect(mean[output].bitPattern == means[output * spacing + lane].bitPattern)
            }
        }
        #expect(means[lanes].isNaN, "nothing is written between the columns")
    }

    @Test("the mean is what the layers say, to a few units of the last place")
    func mean() throws {
        let policy = try samplePolicy(4, [6, 5], 2)
        let state: [Float] = [0.5, -1, 2, 0.25]
        var values = state.map { Double($0) }
        for layer in policy.shape.layers {
            values = (0..<layer.outputs).map { output in
                let sum = (0..<layer.inputs).reduce(Double(policy.parameters[layer.bias + output])) {
                    $0 + values[$1] * Double(policy.parameters[layer.weights + $1 * layer.outputs + output])
                }
                return layer.isHidden ? tangent(sum) : sum
            }
        }
        let runner = PolicyRunner(policy)
        var mean: [Float] = [0, 0]
        var span = mean.mutableSpan
        runner.mean(of: state.span, into: &span)
        for output in 0..<2 { #expect(abs(Double(mean[output]) - values[output]) < 2e-6) }
    }

    private func tangent(_ x: Double) -> Double { DoubleLanes(repeating: x).hyperbolicTangent[0] }

    @Test("an action is the mean and the noise of the key, squashed where the shape says so", arguments: [false, true])
    func act(squashes: Bool) throws {
        let policy = try samplePolicy(3, [8], 6, squashes: squashes)
        let runner = PolicyRunner(policy)
        let key = NoiseStream(run: 4, iteration: 5, episode: 6)
        let state: [Float] = [1, 2, 3]
        var mean = [Float](repeating: 0, count: 6)
        var noise = mean
        var latent = mean
        var action = mean
        var (meanSpan) = mean.mutableSpan
        runner.mean(of: state.span, into: &meanSpan)
        var noiseSpan = noise.mutableSpan
        key.fill(&noiseSpan, tick: 7)
        var latentSpan = latent.mutableSpan
        var actionSpan = action.mutableSpan
        runner.act(on: state.span, noise: key, tick: 7, latent: &latentSpan, action: &actionSpan)
        for output in 0..<6 {
            #expect(latent[output] == mean[output] + policy.deviation(of: output) * noise[output])
            let squashed = FloatLanes(repeating: latent[output]).hyperbolicTangent[0]
            #expect(action[output] == (squashes ? squashed : latent[output]))
        }
    }

    @Test("acting allocates nothing", .enabled(if: callocationcounter_counts()))
    func allocations() throws {
        let runner = PolicyRunner(try samplePolicy(12, [64, 64], 6, squashes: true))
        let state = [Float](repeating: 0.25, count: 12)
        var latent = [Float](repeating: 0, count: 6)
        var action = latent
        var latents = latent.mutableSpan
        var actions = action.mutableSpan
        let key = NoiseStream(run: 1, iteration: 1, episode: 1)
        let input = state.span
        let before = callocationcounter_of_this_thread()
        // Not a range of UInt32, whose iterator allocates in debug builds.
        var tick: UInt32 = 0
        while tick < 200 {
            tick += 1
            runner.act(on: input, noise: key, tick: tick, latent: &latents, action: &actions)
        }
        #expect(callocationcounter_of_this_thread() == before)
        let kept = [UInt8](repeating: 1, count: Int(before % 7) + 1_000)
        #expect(callocationcounter_of_this_thread() > before && kept.count >= 1_000, "the counter counts")
    }
}

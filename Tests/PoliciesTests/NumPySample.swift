import Expressions

@testable import Policies

/// States, latents and weights of a trajectory, with what we make of them.
struct NumPySample {
    let archive: [UInt8]

    init(_ policy: Policy, lanes: Int) {
        let shape = policy.shape
        let states = sampleNumbers(lanes * shape.inputs, seed: 31)
        let latents = sampleNumbers(lanes * shape.outputs, seed: 32)
        let weights = sampleNumbers(lanes, seed: 33)
        var batch = PolicyBatch<DoubleLanes>(policy)
        let doubles = { (numbers: [Float]) in numbers.map { Double($0) } }
        var means = [Double](repeating: 0, count: lanes * shape.outputs)
        var room = means.mutableSpan
        batch.means(lanes: lanes, spacing: lanes, states: doubles(states).span, into: &room)
        var densities = [Double](repeating: 0, count: lanes)
        var gradient = [Double](repeating: 0, count: shape.parameterCount)
        var densityRoom = densities.mutableSpan
        var gradientRoom = gradient.mutableSpan
        batch.score(
            lanes: lanes, spacing: lanes, states: doubles(states).span, latents: doubles(latents).span,
            weights: doubles(weights), logProbabilities: &densityRoom, gradient: &gradientRoom)
        let columns = { (numbers: [Float], count: Int) in NumPyArray(shape: [count, lanes], values: numbers) }
        let entries =
            [
                ("states", columns(states, shape.inputs)), ("latents", columns(latents, shape.outputs)),
                ("weights", NumPyArray(shape: [lanes], values: weights)), ("noise", Self.noise()),
            ] + Self.doubled("means", means) + Self.doubled("densities", densities)
            + Self.doubled("gradient", gradient)
        archive = ZipArchive.bytes(of: entries.map { ("\($0.0).npy", $0.1.bytes) })
    }

    /// Eight dimensions of a hundred ticks, for a key that the other side knows.
    private static func noise() -> NumPyArray {
        let key = NoiseStream(run: 0x0123_4567_89ab_cdef, iteration: 7, episode: 11)
        let values = (0..<100 as Range<UInt32>).flatMap { tick in
            var noise = [Float](repeating: 0, count: 8)
            var span = noise.mutableSpan
            key.fill(&span, tick: tick)
            return noise
        }
        return NumPyArray(shape: [100, 8], values: values)
    }

    /// A double as two floats whose sum it is, to 48 digits: archives of ours hold floats.
    private static func doubled(_ name: String, _ values: [Double]) -> [(String, NumPyArray)] {
        let upper = values.map { Float($0) }
        let lower = zip(values, upper).map { Float($0 - Double($1)) }
        return [
            ("\(name)_upper", NumPyArray(shape: [values.count], values: upper)),
            ("\(name)_lower", NumPyArray(shape: [values.count], values: lower)),
        ]
    }
}

extension Policy {
    /// A policy to begin with: every layer's weights are orthonormal vectors times a gain, all biases are zero.
    ///
    /// The same seed gives the same bits on every machine. The small gain of the last layer makes the first means small,
    /// so that exploration is what moves the robot, and not an accident of the weights.
    public static func orthogonal(
        _ shape: PolicyShape, seed: UInt64, hiddenGain: Double = 1.414_213_562_373_095_1, outputGain: Double = 0.01,
        logDeviation: Float = -0.5
    ) throws(PolicyError) -> Policy {
        var parameters = [Float](repeating: 0, count: shape.parameterCount)
        for (index, layer) in shape.layers.enumerated() {
            let key = NoiseStream(run: seed, iteration: 0, episode: UInt32(index), purpose: .initialisation)
            let gain = layer.isHidden ? hiddenGain : outputGain
            let rows = orthonormal(layer.inputs, layer.outputs, key)
            for input in 0..<layer.inputs {
                for output in 0..<layer.outputs {
                    parameters[layer.weights + input * layer.outputs + output] = Float(gain * rows[input][output])
                }
            }
        }
        for output in 0..<shape.outputs { parameters[shape.deviations + output] = logDeviation }
        return try Policy(shape, parameters: parameters)
    }

    /// A matrix whose rows or columns, whichever are fewer, are orthonormal.
    private static func orthonormal(_ rows: Int, _ columns: Int, _ key: NoiseStream) -> [[Double]] {
        let (count, length) = (min(rows, columns), max(rows, columns))
        var basis: [[Double]] = []
        var tick: UInt32 = 0
        while basis.count < count {
            var noise = [Float](repeating: 0, count: length)
            var span = noise.mutableSpan
            key.fill(&span, tick: tick)
            tick += 1
            var vector = noise.map { Double($0) }
            // Twice is enough (Kahan and Parlett): the second time takes away what the first rounded in.
            for _ in 0..<2 {
                for other in basis {
                    let share = dot(vector, other)
                    for index in 0..<length { vector[index] -= share * other[index] }
                }
            }
            let norm = dot(vector, vector).squareRoot()
            // A draw that happened to lie among those before it is passed over.
            guard norm > 1e-6 else { continue }
            basis.append(vector.map { $0 / norm })
        }
        if rows <= columns { return basis }
        return (0..<rows).map { row in basis.map { $0[row] } }
    }

    private static func dot(_ left: [Double], _ right: [Double]) -> Double {
        var sum = 0.0
        for index in left.indices { sum += left[index] * right[index] }
        return sum
    }
}

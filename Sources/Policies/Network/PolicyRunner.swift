internal import Expressions

/// A policy made ready to act: one state at a time, in memory of its own.
///
/// Nothing is allocated and nothing is waited for after `init`. The lanes are the outputs of a layer; the sums are
/// formed in the same order as in `PolicyBatch`, so both give the same bits.
public struct PolicyRunner: ~Copyable {
    /// Where a layer's numbers are in `rows`.
    private struct Place: Sendable {
        var inputs = 0
        var columns = 0
        var weights = 0
        var bias = 0
        var isHidden = false
    }

    public let inputs: Int
    public let outputs: Int
    public let squashes: Bool
    private let layerCount: Int
    private var places = InlineArray<9, Place>(repeating: Place())
    private let rows: FloatRows
    /// Two places for what goes into a layer and comes out of it; each layer swaps them.
    private let near: Int
    private let far: Int
    private let deviations: Int
    private let drawing: Int
    private static let width = 4

    public init(_ policy: Policy) {
        let shape = policy.shape
        let layers = shape.layers
        // Rows are added up by eights and by twos.
        let columns = { (lanes: Int) in (lanes + 2 * Self.width - 1) / (2 * Self.width) * 2 }
        let widest = columns(([shape.inputs, shape.outputs] + shape.hidden).max() ?? 1)
        let parameterRows = layers.reduce(0) { $0 + ($1.inputs + 1) * columns($1.outputs) }
        (inputs, outputs, squashes) = (shape.inputs, shape.outputs, shape.squashes)
        layerCount = layers.count
        (near, far) = (parameterRows, parameterRows + widest)
        deviations = parameterRows + 2 * widest
        drawing = deviations + columns(shape.outputs)
        rows = FloatRows(drawing + columns(shape.outputs))
        var place = 0
        for (index, layer) in layers.enumerated() {
            let wide = columns(layer.outputs)
            places[index] = Place(
                inputs: layer.inputs, columns: wide, weights: place, bias: place + layer.inputs * wide,
                isHidden: layer.isHidden)
            for input in 0...layer.inputs {
                // The row behind the last input's is the bias, here as among the parameters.
                for output in 0..<layer.outputs {
                    let value = policy.parameters[layer.weights + input * layer.outputs + output]
                    rows.setLane((place + input * wide) * Self.width + output, value)
                }
            }
            place += (layer.inputs + 1) * wide
        }
        for output in 0..<outputs {
            rows.setLane(deviations * Self.width + output, policy.deviation(of: output))
        }
    }

    /// The mean of what would be drawn in this state.
    @_noAllocation @_noLocks
    public func mean(of state: Span<Float>, into mean: inout MutableSpan<Float>) {
        guard mean.count == outputs else { preconditionFailure("one mean for each output") }
        let place = forward(state)
        for output in 0..<outputs { mean[output] = rows.lane(place * 4 + output) }
    }

    /// Draws an action: the mean and, scaled by the standard deviation, the noise that the key has for this tick.
    ///
    /// `latent` is what was drawn, and what scores are formed of; `action` is the same, or squashed. What the
    /// supervisor makes of the action afterwards changes neither.
    @_noAllocation @_noLocks
    public func act(
        on state: Span<Float>, noise key: NoiseStream, tick: UInt32, latent: inout MutableSpan<Float>,
        action: inout MutableSpan<Float>
    ) {
        guard latent.count == outputs, action.count == outputs else {
            preconditionFailure("one action for each output")
        }
        let place = forward(state)
        var block = 0
        while 4 * block < outputs {
            let normals = key.normals(tick: tick, block: UInt32(truncatingIfNeeded: block))
            let drawn = rows[place + block] + rows[deviations + block] * normals
            rows[place + block] = drawn
            rows[drawing + block] = squashes ? drawn.hyperbolicTangent : drawn
            block += 1
        }
        var output = 0
        while output < outputs {
            latent[output] = rows.lane(place * 4 + output)
            action[output] = rows.lane(drawing * 4 + output)
            output += 1
        }
    }

    /// The row where the means are.
    @_noAllocation @_noLocks
    private func forward(_ state: Span<Float>) -> Int {
        guard state.count == inputs else { preconditionFailure("a number for each input") }
        for input in 0..<inputs { rows.setLane(near * 4 + input, state[input]) }
        var (from, to) = (near, far)
        for index in 0..<layerCount {
            let layer = places[index]
            var column = 0
            while column + 8 <= layer.columns {
                let columns = FloatRows.Columns(
                    row: layer.weights + column, step: layer.columns, bias: layer.bias + column)
                rows.sums(of: columns, inputs: layer.inputs, from: from * 4, to: to + column)
                column += 8
            }
            while column < layer.columns {
                let columns = FloatRows.Columns(
                    row: layer.weights + column, step: layer.columns, bias: layer.bias + column)
                rows.pairOfSums(of: columns, inputs: layer.inputs, from: from * 4, to: to + column)
                column += 2
            }
            if layer.isHidden { bend(to, layer.columns) }
            (from, to) = (to, from)
        }
        return from
    }

    @_noAllocation @_noLocks
    private func bend(_ start: Int, _ count: Int) {
        var row = start
        while row < start + count {
            let sum = rows[row]
            rows[row] = sum.hyperbolicTangent
            row += 1
        }
    }
}

extension Policy {
    /// The standard deviation of one output: the floor and, on top, what was learnt.
    public func deviation(of output: Int) -> Float {
        shape.deviationFloor + FloatLanes(repeating: parameters[shape.deviations + output]).exponential[0]
    }
}

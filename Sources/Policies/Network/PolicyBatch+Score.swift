internal import Expressions

/// What a score needs beside the activations.
struct ScoreWorkspace<Vector: LaneVector>: ~Copyable {
    /// The gradient, lane by lane, until the end of a call.
    let gradient: LaneRows<Vector>
    /// The derivatives by what comes out of a layer, and by what goes into it; the layers swap them.
    let near: LaneRows<Vector>
    let far: LaneRows<Vector>

    init(_ shape: PolicyShape) {
        gradient = LaneRows(shape.parameterCount)
        let widest = ([shape.inputs, shape.outputs] + shape.hidden).max() ?? 1
        near = LaneRows(4 * widest)
        far = LaneRows(4 * widest)
    }
}

extension PolicyBatch {
    /// The logarithm of the density of each action, and the score of them all: the gradient of their weighted sum by
    /// every parameter, added up over the lanes in a fixed order.
    ///
    /// One trajectory is one call: its ticks are the lanes. `latents` are what was drawn, before any squashing, by
    /// columns like the states; a squashed action's density is that of the action itself, and its score is the same as
    /// the latent's, because squashing has no parameter. `weights` are one number a lane, all one when nil.
    ///
    /// - Parameter gradient: overwritten; one number for each parameter.
    @_specialize(where Vector == FloatLanes)
    @_specialize(where Vector == DoubleLanes)
    public mutating func score(
        lanes: Int, spacing: Int, states: Span<Element>, latents: Span<Element>, weights: [Element]? = nil,
        logProbabilities: inout MutableSpan<Element>, gradient: inout MutableSpan<Element>
    ) {
        guard gradient.count == shape.parameterCount else { preconditionFailure("a derivative for each parameter") }
        checkScore(lanes, spacing, states, latents, weights, logProbabilities.count)
        workspace.gradient.fill(with: 0)
        var first = 0
        while first < lanes {
            load(states, first, lanes: lanes, spacing: spacing)
            forward()
            density(latents, first, lanes: lanes, spacing: spacing, weights, &logProbabilities, withScore: true)
            backward()
            first += Self.lanesInTile
        }
        for place in 0..<shape.parameterCount {
            var sum = workspace.gradient[place][0]
            for lane in 1..<Vector.width { sum += workspace.gradient[place][lane] }
            gradient[place] = sum
        }
    }

    /// The logarithm of the density of each action, without the score.
    @_specialize(where Vector == FloatLanes)
    @_specialize(where Vector == DoubleLanes)
    public mutating func logProbabilities(
        lanes: Int, spacing: Int, states: Span<Element>, latents: Span<Element>,
        into logProbabilities: inout MutableSpan<Element>
    ) {
        checkScore(lanes, spacing, states, latents, nil, logProbabilities.count)
        var first = 0
        while first < lanes {
            load(states, first, lanes: lanes, spacing: spacing)
            forward()
            density(latents, first, lanes: lanes, spacing: spacing, nil, &logProbabilities, withScore: false)
            first += Self.lanesInTile
        }
    }

    private func checkScore(
        _ lanes: Int, _ spacing: Int, _ states: Span<Element>, _ latents: Span<Element>, _ weights: [Element]?,
        _ results: Int
    ) {
        check(lanes, spacing, states.count, columns: shape.inputs)
        check(lanes, spacing, latents.count, columns: shape.outputs)
        guard results == lanes, weights.map({ $0.count == lanes }) ?? true else {
            preconditionFailure("one weight and one result for each lane")
        }
    }

    /// The densities of one tile; with the score, also their derivatives by the means and by the deviations.
    @inline(__always)
    private func density(
        _ latents: Span<Element>, _ first: Int, lanes: Int, spacing: Int, _ weights: [Element]?,
        _ logProbabilities: inout MutableSpan<Element>, withScore: Bool
    ) {
        let means = activationPlaces[layers.count]
        for row in 0..<Self.tile {
            let start = first + row * Vector.width
            var sum = Vector(repeating: 0)
            var weight = Vector(repeating: 0)
            for lane in 0..<Vector.width where start + lane < lanes { weight[lane] = weights?[start + lane] ?? 1 }
            for output in 0..<shape.outputs {
                let mean = activations[means + 4 * output + row]
                // Lanes behind the last state draw their mean: any finite number would do.
                var drawn = mean
                for lane in 0..<Vector.width where start + lane < lanes {
                    drawn[lane] = latents[output * spacing + start + lane]
                }
                let deviation = Vector(repeating: deviations[output])
                let distance = (drawn - mean) / deviation
                sum = sum + logDensity(distance, drawn, deviation)
                guard withScore else { continue }
                workspace.near[4 * output + row] = weight * distance / deviation
                // The deviation's derivative by its parameter is what it has above the floor.
                let above = Vector(repeating: deviations[output] - Element(shape.deviationFloor))
                let place = shape.deviations + output
                let own = (distance * distance - Vector(repeating: 1)) / deviation * above
                workspace.gradient[place] = workspace.gradient[place] + weight * own
            }
            for lane in 0..<Vector.width where start + lane < lanes { logProbabilities[start + lane] = sum[lane] }
        }
    }

    @inline(__always)
    private func logDensity(_ distance: Vector, _ drawn: Vector, _ deviation: Vector) -> Vector {
        // Half the logarithm of 2π.
        let constant = Vector(0.918938533204672741780329736406)
        let gaussian = Vector(-0.5) * distance * distance - deviation.logarithm - constant
        guard shape.squashes else { return gaussian }
        // log(1 − tanh²u) as 2·(log 2 − |u| − log(1 + exp(−2|u|))): the square would lose everything near one.
        let size = drawn.magnitude
        let rest = (Vector(1) + (Vector(-2) * size).exponential).logarithm
        return gaussian - Vector(2) * (Vector(0.693147180559945309417232121458) - size - rest)
    }

    /// Adds a tile's derivatives by all weights and biases, from the last layer to the first.
    @inline(__always)
    private func backward() {
        var isNear = true
        for index in stride(from: layers.count - 1, through: 0, by: -1) {
            if isNear {
                backward(index, from: workspace.near, to: workspace.far)
            } else {
                backward(index, from: workspace.far, to: workspace.near)
            }
            isNear.toggle()
        }
    }

    @inline(__always)
    private func backward(_ index: Int, from: borrowing LaneRows<Vector>, to: borrowing LaneRows<Vector>) {
        let layer = layers[index]
        let place = activationPlaces[index]
        for output in 0..<layer.outputs {
            addRows(to: layer.bias + output, from, 4 * output, nil)
        }
        for input in 0..<layer.inputs {
            var sums = InlineArray<4, Vector>(repeating: Vector(repeating: 0))
            let row = layer.weights + input * layer.outputs
            for output in 0..<layer.outputs {
                addRows(to: row + output, from, 4 * output, place + 4 * input)
                let weight = parameters[row + output]
                for lane in 0..<4 { sums[lane] = sums[lane] + weight * from[4 * output + lane] }
            }
            guard index > 0 else { continue }
            for lane in 0..<4 {
                let value = activations[place + 4 * input + lane]
                to[4 * input + lane] = sums[lane] * (Vector(1) - value * value)
            }
        }
    }

    /// Adds the rows of a derivative, each times its activation if there is one, to one parameter's gradient.
    @inline(__always)
    private func addRows(to place: Int, _ from: borrowing LaneRows<Vector>, _ row: Int, _ activation: Int?) {
        var sum = workspace.gradient[place]
        for lane in 0..<4 {
            let derivative = from[row + lane]
            sum = sum + (activation.map { derivative * activations[$0 + lane] } ?? derivative)
        }
        workspace.gradient[place] = sum
    }
}

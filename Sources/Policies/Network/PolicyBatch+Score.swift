internal import Expressions

/// What a score needs beside the activations.
struct ScoreWorkspace<Vector: LaneVector>: ~Copyable {
    /// The gradient, lane by lane, until the end of a call.
    let gradient: LaneRows<Vector>
    /// The derivatives by what comes out of a layer, and by what goes into it; the layers swap them.
    let near: LaneRows<Vector>
    let far: LaneRows<Vector>
    /// The same as `near` in the order that the wide kernels want.
    let rows: LaneRows<Vector>

    init(_ shape: PolicyShape) {
        gradient = LaneRows(shape.parameterCount)
        let widest = ([shape.inputs, shape.outputs] + shape.hidden).max() ?? 1
        near = LaneRows(4 * widest)
        far = LaneRows(4 * widest)
        rows = LaneRows(4 * widest)
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
        guard weights.map({ $0.count == lanes }) ?? true else { preconditionFailure("one weight for each lane") }
        score(
            lanes: lanes, spacing: spacing, states: states, latents: latents,
            logProbabilities: &logProbabilities, gradient: &gradient
        ) { lane, _ in weights?[lane] ?? 1 }
    }

    /// The same, where the weight of a lane follows from the logarithm of its density: one pass forward for both.
    ///
    /// - Parameter weigh: is called once for each lane, in order.
    @_specialize(where Vector == FloatLanes)
    @_specialize(where Vector == DoubleLanes)
    public mutating func score(
        lanes: Int, spacing: Int, states: Span<Element>, latents: Span<Element>,
        logProbabilities: inout MutableSpan<Element>, gradient: inout MutableSpan<Element>,
        weigh: (_ lane: Int, _ logProbability: Element) -> Element
    ) {
        guard gradient.count == parameterCount else { preconditionFailure("a derivative for each parameter") }
        checkScore(lanes, spacing, states, latents, logProbabilities.count)
        workspace.gradient.fill(with: 0)
        var first = 0
        while first < lanes {
            load(states, first, lanes: lanes, spacing: spacing)
            forward()
            for row in 0..<Self.tile {
                let start = first + row * Vector.width
                let logs = density(latents, row, start, lanes: lanes, spacing: spacing)
                var weight = Vector(repeating: 0)
                for lane in 0..<Vector.width where start + lane < lanes {
                    logProbabilities[start + lane] = logs[lane]
                    weight[lane] = weigh(start + lane, logs[lane])
                }
                derive(row, weight)
            }
            backward()
            first += Self.lanesInTile
        }
        for place in 0..<parameterCount {
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
        checkScore(lanes, spacing, states, latents, logProbabilities.count)
        var first = 0
        while first < lanes {
            load(states, first, lanes: lanes, spacing: spacing)
            forward()
            for row in 0..<Self.tile {
                let start = first + row * Vector.width
                let logs = density(latents, row, start, lanes: lanes, spacing: spacing)
                for lane in 0..<Vector.width where start + lane < lanes { logProbabilities[start + lane] = logs[lane] }
            }
            first += Self.lanesInTile
        }
    }

    private func checkScore(
        _ lanes: Int, _ spacing: Int, _ states: Span<Element>, _ latents: Span<Element>, _ results: Int
    ) {
        check(lanes, spacing, states.count, columns: shape.inputs)
        check(lanes, spacing, latents.count, columns: shape.outputs)
        guard results == lanes else { preconditionFailure("one result for each lane") }
    }

    /// The densities of one row of the tile; leaves behind how far what was drawn is from its mean, in deviations.
    @inline(__always)
    private func density(_ latents: Span<Element>, _ row: Int, _ start: Int, lanes: Int, spacing: Int) -> Vector {
        let means = activationPlaces[layers.count]
        var sum = Vector(repeating: 0)
        for output in 0..<shape.outputs {
            let mean = activations[means + 4 * output + row]
            // Lanes behind the last state draw their mean: any finite number would do.
            var drawn = mean
            for lane in 0..<Vector.width where start + lane < lanes {
                drawn[lane] = latents[output * spacing + start + lane]
            }
            let deviation = Vector(repeating: deviations[output])
            let distance = (drawn - mean) / deviation
            workspace.near[4 * output + row] = distance
            sum = sum + logDensity(distance, drawn, Vector(repeating: logDeviations[output]))
        }
        return sum
    }

    /// Makes of a row's distances the derivatives by the means, and adds those by the deviations.
    @inline(__always)
    private func derive(_ row: Int, _ weight: Vector) {
        for output in 0..<shape.outputs {
            let distance = workspace.near[4 * output + row]
            let deviation = Vector(repeating: deviations[output])
            workspace.near[4 * output + row] = weight * distance / deviation
            // The deviation's derivative by its parameter is what it has above the floor.
            let above = Vector(repeating: deviations[output] - Element(shape.deviationFloor))
            let place = deviationsPlace + output
            let own = (distance * distance - Vector(repeating: 1)) / deviation * above
            workspace.gradient[place] = workspace.gradient[place] + weight * own
        }
    }

    @inline(__always)
    private func logDensity(_ distance: Vector, _ drawn: Vector, _ logDeviation: Vector) -> Vector {
        // Half the logarithm of 2π.
        let constant = Vector(0.918938533204672741780329736406)
        let gaussian = Vector(-0.5) * distance * distance - logDeviation - constant
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
        // All that is read and written below.
        from.demand(0..<4 * layer.outputs)
        to.demand(0..<4 * layer.inputs)
        activations.demand(place..<place + 4 * layer.inputs)
        workspace.gradient.demand(layer.weights..<layer.bias + layer.outputs)
        if registers != .narrow { return wideBackward(index, from: from, to: to) }
        parameters.demand(layer.weights..<layer.bias + layer.outputs)
        for output in 0..<layer.outputs {
            let row = 4 &* output
            let sum = (from[inside: row] + from[inside: row &+ 1]) + (from[inside: row &+ 2] + from[inside: row &+ 3])
            let bias = layer.bias &+ output
            workspace.gradient[inside: bias] = workspace.gradient[inside: bias] + sum
        }
        for input in 0..<layer.inputs {
            backward(layer, input, place &+ 4 &* input, isLast: index == 0, from: from, to: to)
        }
    }

    /// Of one input: adds the derivatives by its weights, and leaves those by itself.
    @inline(__always)
    private func backward(
        _ layer: PolicyShape.Layer, _ input: Int, _ place: Int, isLast: Bool, from: borrowing LaneRows<Vector>,
        to: borrowing LaneRows<Vector>
    ) {
        let (x0, x1) = (activations[inside: place], activations[inside: place &+ 1])
        let (x2, x3) = (activations[inside: place &+ 2], activations[inside: place &+ 3])
        var (s0, s1) = (Vector(repeating: 0), Vector(repeating: 0))
        var (s2, s3) = (s0, s1)
        var (row, weight) = (0, layer.weights &+ input &* layer.outputs)
        for _ in 0..<layer.outputs {
            let (d0, d1) = (from[inside: row], from[inside: row &+ 1])
            let (d2, d3) = (from[inside: row &+ 2], from[inside: row &+ 3])
            let own = (d0 * x0 + d1 * x1) + (d2 * x2 + d3 * x3)
            workspace.gradient[inside: weight] = workspace.gradient[inside: weight] + own
            let w = parameters[inside: weight]
            (s0, s1, s2, s3) = (s0 + w * d0, s1 + w * d1, s2 + w * d2, s3 + w * d3)
            (row, weight) = (row &+ 4, weight &+ 1)
        }
        guard !isLast else { return }
        let (to0, one) = (4 &* input, Vector(1))
        to[inside: to0] = s0 * (one - x0 * x0)
        to[inside: to0 &+ 1] = s1 * (one - x1 * x1)
        to[inside: to0 &+ 2] = s2 * (one - x2 * x2)
        to[inside: to0 &+ 3] = s3 * (one - x3 * x3)
    }
}

public import Expressions

/// A policy for many states at once: the lanes are states, a tile of them at a time.
///
/// With `FloatLanes` the means have the same bits as those of `PolicyRunner`; with `DoubleLanes` it is the reference that
/// the exactness of scores is measured with. States and results are by columns: all states' first numbers, `spacing`
/// apart from all states' second numbers, as in `Tape.run`.
public struct PolicyBatch<Vector: LaneVector>: ~Copyable {
    public typealias Element = Vector.Element

    public let shape: PolicyShape
    let layers: [PolicyShape.Layer]
    /// All parameters: each in every lane where registers are narrow, side by side for the wide kernels.
    let parameters: LaneRows<Vector>
    /// Of floats alone; the reference in doubles has the narrow ones.
    let registers: Registers
    /// For each layer what goes into it, and behind the last one the means; `tile` rows for each number.
    let activations: LaneRows<Vector>
    let activationPlaces: [Int]
    private(set) var deviations: [Element]
    private(set) var logDeviations: [Element]
    /// Where the logarithms of the deviations are, and how many parameters there are: a shape counts them anew each time.
    let deviationsPlace: Int
    let parameterCount: Int
    let workspace: ScoreWorkspace<Vector>

    /// How many rows of lanes are computed together.
    static var tile: Int { 4 }
    static var lanesInTile: Int { tile * Vector.width }

    /// - Parameter registers: wide or narrow, the bits are the same.
    public init(_ policy: Policy, in registers: Registers = .widest) {
        self.init(policy.shape, parameters: policy.parameters.map { Element($0) }, in: registers)
    }

    /// The same form with parameters of the lanes' own precision, for derivatives by differences.
    @_specialize(where Vector == FloatLanes)
    public init(_ shape: PolicyShape, parameters values: [Element], in registers: Registers = .widest) {
        self.shape = shape
        layers = shape.layers
        (parameterCount, deviationsPlace) = (shape.parameterCount, shape.deviations)
        self.registers = Vector.self == FloatLanes.self ? registers : .narrow
        parameters = LaneRows(self.registers == .narrow ? parameterCount : parameterCount / Vector.width + 1)
        var places: [Int] = []
        var rows = 0
        for width in [shape.inputs] + shape.hidden + [shape.outputs] {
            places.append(rows)
            rows += width * Self.tile
        }
        activationPlaces = places
        activations = LaneRows(rows)
        deviations = [Element](repeating: 0, count: shape.outputs)
        logDeviations = deviations
        workspace = ScoreWorkspace(shape)
        take(parameters: values)
    }

    /// Goes on with other parameters of the same form, in the memory that there is.
    @_specialize(where Vector == FloatLanes)
    public mutating func take(_ policy: Policy) {
        guard policy.shape == shape else { preconditionFailure("a policy of another form") }
        take(parameters: policy.parameters.map { Element($0) })
    }

    private mutating func take(parameters values: [Element]) {
        guard values.count == parameterCount else { preconditionFailure("as many parameters as the shape has") }
        if registers == .narrow {
            for place in values.indices { parameters[place] = Vector(repeating: values[place]) }
        } else {
            for place in values.indices { parameters.setLane(place, values[place]) }
        }
        let floor = Element(shape.deviationFloor)
        for output in 0..<shape.outputs {
            deviations[output] = floor + Vector(repeating: values[deviationsPlace + output]).exponential[0]
            logDeviations[output] = Vector(repeating: deviations[output]).logarithm[0]
        }
    }

    /// The means of so many states.
    @_specialize(where Vector == FloatLanes)
    @_specialize(where Vector == DoubleLanes)
    public mutating func means(
        lanes: Int, spacing: Int, states: Span<Element>, into means: inout MutableSpan<Element>
    ) {
        check(lanes, spacing, states.count, columns: shape.inputs)
        check(lanes, spacing, means.count, columns: shape.outputs)
        var first = 0
        while first < lanes {
            load(states, first, lanes: lanes, spacing: spacing)
            forward()
            let place = activationPlaces[layers.count]
            for output in 0..<shape.outputs {
                for lane in 0..<min(Self.lanesInTile, lanes - first) {
                    means[output * spacing + first + lane] =
                        activations.lane((place + output * Self.tile) * Vector.width + lane)
                }
            }
            first += Self.lanesInTile
        }
    }

    func check(_ lanes: Int, _ spacing: Int, _ count: Int, columns: Int) {
        guard lanes >= 0, spacing >= lanes, count >= (columns - 1) * spacing + lanes else {
            preconditionFailure("\(count) numbers are not \(columns) columns of \(lanes) lanes, \(spacing) apart")
        }
    }

    /// Puts a tile of states where the first layer reads; lanes behind the last state get zeros.
    @inline(__always)
    func load(_ states: Span<Element>, _ first: Int, lanes: Int, spacing: Int) {
        let present = min(Self.lanesInTile, lanes - first)
        for input in 0..<shape.inputs {
            let row = input * Self.tile * Vector.width
            for lane in 0..<present { activations.setLane(row + lane, states[input * spacing + first + lane]) }
            for lane in present..<Self.lanesInTile { activations.setLane(row + lane, 0) }
        }
    }

    @inline(__always)
    func forward() {
        for index in 0..<layers.count {
            let layer = layers[index]
            let (from, to) = (activationPlaces[index], activationPlaces[index + 1])
            // All that the sums below read and write.
            activations.demand(from..<from + Self.tile * layer.inputs)
            activations.demand(to..<to + Self.tile * layer.outputs)
            if registers != .narrow {
                wideForward(layer, from: from, to: to)
                continue
            }
            parameters.demand(layer.weights..<layer.bias + layer.outputs)
            var output = 0
            while output + 2 <= layer.outputs {
                twoOutputs(layer, output, from: from, to: to)
                output += 2
            }
            if output < layer.outputs { oneOutput(layer, output, from: from, to: to) }
        }
    }

    /// Two outputs of a layer for one tile, every sum in a register; the order of each is that of `PolicyRunner`.
    @inline(__always)
    private func twoOutputs(_ layer: PolicyShape.Layer, _ output: Int, from: Int, to: Int) {
        var a0 = parameters[inside: layer.bias &+ output]
        var b0 = parameters[inside: layer.bias &+ output &+ 1]
        var (a1, a2, a3, b1, b2, b3) = (a0, a0, a0, b0, b0, b0)
        var (row, weight) = (from, layer.weights &+ output)
        for _ in 0..<layer.inputs {
            let (a, b) = (parameters[inside: weight], parameters[inside: weight &+ 1])
            let (x0, x1) = (activations[inside: row], activations[inside: row &+ 1])
            (a0, b0, a1, b1) = (a0 + a * x0, b0 + b * x0, a1 + a * x1, b1 + b * x1)
            let (x2, x3) = (activations[inside: row &+ 2], activations[inside: row &+ 3])
            (a2, b2, a3, b3) = (a2 + a * x2, b2 + b * x2, a3 + a * x3, b3 + b * x3)
            (row, weight) = (row &+ 4, weight &+ layer.outputs)
        }
        put((a0, a1, a2, a3), at: to &+ 4 &* output, isHidden: layer.isHidden)
        put((b0, b1, b2, b3), at: to &+ 4 &* output &+ 4, isHidden: layer.isHidden)
    }

    @inline(__always)
    private func oneOutput(_ layer: PolicyShape.Layer, _ output: Int, from: Int, to: Int) {
        var a0 = parameters[inside: layer.bias &+ output]
        var (a1, a2, a3) = (a0, a0, a0)
        var (row, weight) = (from, layer.weights &+ output)
        for _ in 0..<layer.inputs {
            let a = parameters[inside: weight]
            a0 = a0 + a * activations[inside: row]
            a1 = a1 + a * activations[inside: row &+ 1]
            a2 = a2 + a * activations[inside: row &+ 2]
            a3 = a3 + a * activations[inside: row &+ 3]
            (row, weight) = (row &+ 4, weight &+ layer.outputs)
        }
        put((a0, a1, a2, a3), at: to &+ 4 &* output, isHidden: layer.isHidden)
    }

    @inline(__always)
    private func put(_ sums: (Vector, Vector, Vector, Vector), at row: Int, isHidden: Bool) {
        activations[inside: row] = isHidden ? sums.0.hyperbolicTangent : sums.0
        activations[inside: row &+ 1] = isHidden ? sums.1.hyperbolicTangent : sums.1
        activations[inside: row &+ 2] = isHidden ? sums.2.hyperbolicTangent : sums.2
        activations[inside: row &+ 3] = isHidden ? sums.3.hyperbolicTangent : sums.3
    }
}

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
    /// All parameters, each in every lane.
    let parameters: LaneRows<Vector>
    /// For each layer what goes into it, and behind the last one the means; `tile` rows for each number.
    let activations: LaneRows<Vector>
    let activationPlaces: [Int]
    let deviations: [Element]
    let workspace: ScoreWorkspace<Vector>

    /// How many rows of lanes are computed together.
    static var tile: Int { 4 }
    static var lanesInTile: Int { tile * Vector.width }

    public init(_ policy: Policy) { self.init(policy.shape, parameters: policy.parameters.map { Element($0) }) }

    /// The same form with parameters of the lanes' own precision, for derivatives by differences.
    public init(_ shape: PolicyShape, parameters values: [Element]) {
        guard values.count == shape.parameterCount else { preconditionFailure("as many parameters as the shape has") }
        self.shape = shape
        layers = shape.layers
        parameters = LaneRows(values.count)
        for (place, value) in values.enumerated() { parameters[place] = Vector(repeating: value) }
        var places: [Int] = []
        var rows = 0
        for width in [shape.inputs] + shape.hidden + [shape.outputs] {
            places.append(rows)
            rows += width * Self.tile
        }
        activationPlaces = places
        activations = LaneRows(rows)
        let floor = Element(shape.deviationFloor)
        deviations = (0..<shape.outputs).map { floor + Vector(repeating: values[shape.deviations + $0]).exponential[0] }
        workspace = ScoreWorkspace(shape)
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
            var output = 0
            while output + 2 <= layer.outputs {
                outputs(2, layer, output, from: from, to: to)
                output += 2
            }
            if output < layer.outputs { outputs(1, layer, output, from: from, to: to) }
        }
    }

    /// Some outputs of a layer for one tile; the order of each sum is that of `PolicyRunner`.
    @inline(__always)
    private func outputs(_ count: Int, _ layer: PolicyShape.Layer, _ output: Int, from: Int, to: Int) {
        var sums = InlineArray<8, Vector>(repeating: Vector(repeating: 0))
        for index in 0..<count {
            let bias = parameters[layer.bias + output + index]
            for row in 0..<4 { sums[4 * index + row] = bias }
        }
        for input in 0..<layer.inputs {
            let place = from + 4 * input
            for index in 0..<count {
                let weight = parameters[layer.weights + input * layer.outputs + output + index]
                for row in 0..<4 { sums[4 * index + row] = sums[4 * index + row] + weight * activations[place + row] }
            }
        }
        for index in 0..<count {
            for row in 0..<4 {
                let sum = sums[4 * index + row]
                activations[to + 4 * (output + index) + row] = layer.isHidden ? sum.hyperbolicTangent : sum
            }
        }
    }
}

/// Why a policy cannot be.
public enum PolicyError: Error, Equatable, Sendable {
    case inputs(Int, limit: Int)
    case outputs(Int, limit: Int)
    case layers(Int, limit: Int)
    case width(Int, limit: Int)
    /// The least standard deviation must be finite and not negative.
    case deviationFloor
    case parameterCount(Int, needed: Int)
    /// The parameter at this place is not a number, or infinite.
    case notFinite(at: Int)

    // Of encoded policies.
    case notAPolicy
    case unknownVersion(UInt16)
    case unknownFlags(UInt16)
    case length(Int, needed: Int)

    // Of NumPy archives.
    case notAnArchive
    /// An entry is compressed, or in a way that this reader does not know.
    case unreadableEntry(String)
    case missingEntry(String)
    case wrongEntry(String)
    case damagedEntry(String)
}

/// The form of a policy: a Gaussian whose mean is a network with tanh in its hidden layers, or without any hidden layer
/// a linear map.
public struct PolicyShape: Hashable, Sendable {
    public let inputs: Int
    public let hidden: [Int]
    public let outputs: Int
    /// Whether actions are the hyperbolic tangent of what is drawn, and so between −1 and 1.
    public let squashes: Bool
    /// No standard deviation falls to it, however long a policy learns.
    public let deviationFloor: Float

    public static let limits = (inputs: 1_024, outputs: 64, layers: 8, width: 1_024)

    public init(
        inputs: Int, hidden: [Int] = [64, 64], outputs: Int, squashes: Bool = false, deviationFloor: Float = 0.01
    ) throws(PolicyError) {
        let limits = Self.limits
        guard (1...limits.inputs).contains(inputs) else { throw .inputs(inputs, limit: limits.inputs) }
        guard (1...limits.outputs).contains(outputs) else { throw .outputs(outputs, limit: limits.outputs) }
        guard hidden.count <= limits.layers else { throw .layers(hidden.count, limit: limits.layers) }
        for width in hidden where !(1...limits.width).contains(width) { throw .width(width, limit: limits.width) }
        guard deviationFloor >= 0, deviationFloor.isFinite else { throw .deviationFloor }
        self.inputs = inputs
        self.hidden = hidden
        self.outputs = outputs
        self.squashes = squashes
        self.deviationFloor = deviationFloor
    }

    /// One layer: where its numbers are among all parameters.
    public struct Layer: Equatable, Sendable {
        public let inputs: Int
        public let outputs: Int
        /// Of the weights: all weights of the first input, then those of the second, and so on.
        public let weights: Int
        public let bias: Int
        /// The last layer is linear.
        public let isHidden: Bool
    }

    public var layers: [Layer] {
        var layers: [Layer] = []
        var place = 0
        let widths = [inputs] + hidden + [outputs]
        for index in 1..<widths.count {
            let (from, to) = (widths[index - 1], widths[index])
            layers.append(
                Layer(
                    inputs: from, outputs: to, weights: place, bias: place + from * to,
                    isHidden: index < widths.count - 1))
            place += from * to + to
        }
        return layers
    }

    /// Where the logarithms of the standard deviations are; they are the last parameters.
    public var deviations: Int { parameterCount - outputs }

    public var parameterCount: Int { layers.reduce(outputs) { $0 + $1.inputs * $1.outputs + $1.outputs } }
}

/// A policy: its form and its parameters, which are all finite.
public struct Policy: Equatable, Sendable {
    public let shape: PolicyShape
    public let parameters: [Float]

    public init(_ shape: PolicyShape, parameters: [Float]) throws(PolicyError) {
        let needed = shape.parameterCount
        guard parameters.count == needed else { throw .parameterCount(parameters.count, needed: needed) }
        if let place = parameters.firstIndex(where: { !$0.isFinite }) { throw .notFinite(at: place) }
        self.shape = shape
        self.parameters = parameters
    }
}

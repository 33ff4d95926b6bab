/// What a part of an expression is, and the nodes that compute it.
struct Meaning {
    enum Kind: Equatable { case number, truth }

    /// What is known about the unit.
    enum Unit: Equatable {
        /// A number that was written as such fits every unit, and in a product it has none.
        case literal
        case unknown
        case known(Dimension)

        var dimension: Dimension? { if case .known(let dimension) = self { dimension } else { nil } }
    }

    var kind = Kind.number
    /// One node for each element.
    var nodes: [Node.Index]
    var isVector = false
    /// Names of the elements, as long as nothing mixed them.
    var elements: [String] = []
    var unit = Unit.literal

    /// The node of element `index`; a single number stands for every element.
    func node(_ index: Int) -> Node.Index { isVector ? nodes[index] : nodes[0] }
}

/// The text of one definition or output.
public struct Definition: Sendable {
    public let name: String
    public let text: String
    /// The unit it has to have, if anybody said.
    public let unit: String?

    public init(_ name: String, _ text: String, unit: String? = nil) {
        self.name = name
        self.text = text
        self.unit = unit
    }
}

/// Something that the program computes. The name is for people and may be anything, such as `omega'`.
public struct Output: Sendable {
    public let name: String
    public let text: String
    /// The unit it has to have, if anybody said.
    public let unit: String?
    public let shape: Shape

    public enum Shape: Equatable, Sendable {
        case number
        case vector(Int)
        /// A condition, such as the end of an episode.
        case truth
        /// Whatever the text says.
        case any
    }

    public init(_ name: String, _ text: String, unit: String? = nil, shape: Shape = .any) {
        self.name = name
        self.text = text
        self.unit = unit
        self.shape = shape
    }
}

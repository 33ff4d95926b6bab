/// Operations that share whatever they have in common: the same operation on the same operands is one node.
struct Graph: Equatable, Sendable {
    private(set) var nodes: [Node] = []
    private var indices: [Node: Node.Index] = [:]
    /// Set when the graph would have become too large; nodes made after that are wrong.
    private(set) var isFull = false

    subscript(index: Node.Index) -> Node { nodes[Int(index)] }

    mutating func node(_ node: Node) -> Node.Index {
        var node = node
        if node.operation.commutes, node.a > node.b { swap(&node.a, &node.b) }
        if let index = indices[node] { return index }
        guard nodes.count < ExpressionLimits.operations else {
            isFull = true
            return 0
        }
        let index = Node.Index(nodes.count)
        nodes.append(node)
        indices[node] = index
        return index
    }

    mutating func constant(_ value: Double) -> Node.Index {
        node(Node(operation: .constant, payload: value.bitPattern))
    }

    mutating func slot(_ number: Int) -> Node.Index { node(Node(operation: .slot, payload: UInt64(number))) }

    mutating func node(
        _ operation: Operation, _ a: Node.Index, _ b: Node.Index = 0, _ c: Node.Index = 0
    ) -> Node.Index {
        node(Node(operation: operation, a: a, b: b, c: c))
    }

    /// The number that a node is, if it is one.
    func value(of index: Node.Index) -> Double? {
        let node = self[index]
        return node.operation == .constant ? Double(bitPattern: node.payload) : nil
    }

    /// `base` multiplied by itself, halving the exponent: what `^` means for small whole numbers.
    mutating func power(_ base: Node.Index, _ exponent: Int) -> Node.Index {
        var (square, left) = (base, exponent.magnitude)
        var product: Node.Index?
        while left > 0 {
            if left & 1 == 1 { product = product.map { node(.multiply, $0, square) } ?? square }
            left >>= 1
            if left > 0 { square = node(.multiply, square, square) }
        }
        let power = product ?? constant(1)
        return exponent < 0 ? node(.divide, constant(1), power) : power
    }

    /// Exponents up to here are multiplications.
    static let largestPower = 16
}

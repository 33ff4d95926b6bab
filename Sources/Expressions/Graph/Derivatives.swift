extension Program {
    /// The exact derivative of every number among the results by every one of `slots`.
    ///
    /// Results are in the order of this program's, for each one after the other of `slots`; conditions have no
    /// derivative and are left out. With `withValues`, the results themselves come first, so that one run gives both.
    /// At a kink it is the derivative of the branch that was taken; wherever a result does not depend on a slot it is
    /// 0, even where other parts of the expression are NaN.
    public func derivatives(by slots: [Slot], withValues: Bool = false) throws(ExpressionErrors) -> Program {
        var calculus = Calculus(graph, upTo: roots)
        var results = withValues ? self.results : []
        var nodes = withValues ? roots : []
        let columns = slots.map { slot in calculus.tangents(by: self.slots.firstIndex(of: slot)) }
        for (result, root) in zip(self.results, roots) where !result.isTruth {
            for (slot, tangents) in zip(slots, columns) {
                var derivative = result
                derivative.slot = slot
                results.append(derivative)
                nodes.append(tangents[Int(root)] ?? calculus.graph.constant(0))
            }
        }
        return try Program.whole(slots: self.slots, results: results, graph: calculus.graph, roots: nodes)
    }
}

/// Adds to a graph the nodes that compute how its nodes change.
private struct Calculus {
    var graph: Graph
    private let count: Int

    init(_ graph: Graph, upTo roots: [Node.Index]) {
        self.graph = graph
        count = (roots.max().map(Int.init) ?? -1) + 1
    }

    /// For each node its change with a slot; nil where it does not depend on it.
    mutating func tangents(by slot: Int?) -> [Node.Index?] {
        var tangents = [Node.Index?](repeating: nil, count: count)
        guard let slot else { return tangents }
        for index in 0..<count where !graph.isFull {
            let node = graph.nodes[index]
            if node.operation == .slot {
                tangents[index] = node.payload == UInt64(slot) ? graph.constant(1) : nil
            } else if (0..<node.operation.operandCount).contains(where: { tangents[Int(node.operand($0))] != nil }) {
                tangents[index] = tangent(of: Node.Index(index), tangents)
            }
        }
        return tangents
    }

    private mutating func tangent(of index: Node.Index, _ tangents: [Node.Index?]) -> Node.Index? {
        let node = graph[index]
        let change = { (position: Int) in tangents[Int(node.operand(position))] }
        switch node.operation.operandCount {
        case 1:
            guard let change = change(0), let slope = slope(of: index, node) else { return nil }
            return chain(slope, change)
        case 2: return tangent(of: index, node, change(0), change(1))
        default:
            let (value, other) = (change(1), change(2))
            guard node.operation == .select, value != nil || other != nil else { return nil }
            return graph.node(.select, node.a, value ?? graph.constant(0), other ?? graph.constant(0))
        }
    }

    /// What a function of one number multiplies a change with; nil where nothing changes.
    private enum Slope {
        case times(Node.Index)
        case over(Node.Index)
        case negated(Node.Index)
        case negatedOver(Node.Index)
        case kept, turned
        /// The sign of the operand.
        case turnedWhere(Node.Index)
    }

    private mutating func slope(of index: Node.Index, _ node: Node) -> Slope? {
        switch node.operation {
        case .negate: return .turned
        case .magnitude: return .turnedWhere(graph.node(.less, node.a, graph.constant(0)))
        case .squareRoot: return .over(graph.node(.add, index, index))
        case .sine: return .times(graph.node(.cosine, node.a))
        case .cosine: return .negated(graph.node(.sine, node.a))
        case .tangent: return .times(graph.node(.add, graph.constant(1), square(index)))
        case .arcSine: return .over(besides(node.a))
        case .arcCosine: return .negatedOver(besides(node.a))
        case .exponential: return .times(index)
        case .logarithm: return .over(node.a)
        case .tanh: return .times(graph.node(.subtract, graph.constant(1), square(index)))
        case .wrap: return .kept
        default: return nil
        }
    }

    private mutating func square(_ index: Node.Index) -> Node.Index { graph.node(.multiply, index, index) }

    /// √(1 − a²), without losing digits near 1.
    private mutating func besides(_ a: Node.Index) -> Node.Index {
        let one = graph.constant(1)
        return graph.node(
            .squareRoot, graph.node(.multiply, graph.node(.subtract, one, a), graph.node(.add, one, a)))
    }

    private mutating func chain(_ slope: Slope, _ change: Node.Index) -> Node.Index {
        switch slope {
        case .times(let factor): return product(factor, change)
        case .over(let divisor): return graph.node(.divide, change, divisor)
        case .negated(let factor): return graph.node(.negate, product(factor, change))
        case .negatedOver(let divisor): return graph.node(.negate, graph.node(.divide, change, divisor))
        case .kept: return change
        case .turned: return graph.node(.negate, change)
        case .turnedWhere(let condition): return graph.node(.select, condition, graph.node(.negate, change), change)
        }
    }

    private mutating func product(_ factor: Node.Index, _ change: Node.Index) -> Node.Index {
        graph.value(of: change) == 1 ? factor : graph.node(.multiply, factor, change)
    }

    private mutating func sum(_ left: Node.Index?, _ right: Node.Index?) -> Node.Index? {
        guard let left, let right else { return left ?? right }
        return graph.node(.add, left, right)
    }

    private mutating func difference(_ left: Node.Index?, _ right: Node.Index?) -> Node.Index? {
        guard let right else { return left }
        return left.map { graph.node(.subtract, $0, right) } ?? graph.node(.negate, right)
    }

    private mutating func tangent(
        of index: Node.Index, _ node: Node, _ left: Node.Index?, _ right: Node.Index?
    ) -> Node.Index? {
        let (a, b) = (node.a, node.b)
        switch node.operation {
        case .add: return sum(left, right)
        case .subtract: return difference(left, right)
        case .multiply: return sum(left.map { product(b, $0) }, right.map { product(a, $0) })
        case .divide:
            let numerator = difference(left, right.map { product(index, $0) })
            return numerator.map { graph.node(.divide, $0, b) }
        case .minimum: return chosen(right, left, where: graph.node(.less, b, a))
        case .maximum: return chosen(right, left, where: graph.node(.less, a, b))
        case .arcTangent:
            let numerator = difference(left.map { product(b, $0) }, right.map { product(a, $0) })
            let radius = graph.node(.add, square(a), square(b))
            return numerator.map { graph.node(.divide, $0, radius) }
        case .power: return sum(left.map { powerByBase(node, $0) }, right.map { powerByExponent(index, node, $0) })
        default: return nil
        }
    }

    private mutating func chosen(
        _ right: Node.Index?, _ left: Node.Index?, where condition: Node.Index
    ) -> Node.Index {
        if let right, right == left { return right }
        return graph.node(.select, condition, right ?? graph.constant(0), left ?? graph.constant(0))
    }

    private mutating func powerByBase(_ node: Node, _ change: Node.Index) -> Node.Index {
        let lower = graph.value(of: node.b).map { graph.constant($0 - 1) }
        let power = graph.node(.power, node.a, lower ?? graph.node(.subtract, node.b, graph.constant(1)))
        return product(graph.node(.multiply, node.b, power), change)
    }

    /// Where the power is 0 it stays so, though the logarithm of the base is infinite.
    private mutating func powerByExponent(_ index: Node.Index, _ node: Node, _ change: Node.Index) -> Node.Index {
        let zero = graph.constant(0)
        let slope = graph.node(.multiply, index, graph.node(.logarithm, node.a))
        let guarded = graph.node(.select, graph.node(.equal, index, zero), zero, slope)
        return product(guarded, change)
    }
}

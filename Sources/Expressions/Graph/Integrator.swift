/// How the rates of states become their values a moment later.
public enum Integrator: CaseIterable, Sendable {
    /// All rates are those at the start of the moment.
    case euler
    /// Speeds first, then positions by the new speeds, which keeps the energy of what swings. A position is a state
    /// whose rate is another state and nothing else, as in `theta' = omega`; all other rates are those at the start.
    case semiImplicitEuler
    /// The classical method of the fourth order; it costs four times as much.
    case rungeKutta
}

extension Program {
    /// The program that computes all states after `duration`, where this one computes their rates.
    ///
    /// The rates are the results of this program, one for each state in the order of the slots; inputs and parameters
    /// stay what they are. The results of states that jump are no rates but what they are after the step; all others
    /// see them as they were before. The new program reads the same slots, so its derivatives are the exact ones of
    /// the step.
    public func step(
        by integrator: Integrator, over duration: Double, jumping jumps: Set<Slot> = []
    ) throws(ExpressionErrors) -> Program {
        let states = slots.indices.filter { slots[$0].role == .state }
        guard results.count == states.count, !results.contains(where: \.isTruth) else {
            preconditionFailure("\(results.count) rates for \(states.count) states")
        }
        var integration = Integration(of: self, states: states, over: duration)
        integration.jumps = states.map { jumps.contains(slots[$0]) }
        let values = integration.values(by: integrator)
        let names = states.map { Result(name: slots[$0].name, element: slots[$0].element, isTruth: false) }
        return try Program.whole(slots: slots, results: names, graph: integration.graph, roots: values)
    }

    /// A program that computes the results of both, the other ones last, and what they share only once. Both read the
    /// same slots.
    public func joined(with other: Program) throws(ExpressionErrors) -> Program {
        guard slots == other.slots else { preconditionFailure("the programs read different slots") }
        var graph = graph
        let known = slots.indices.map { graph.slot($0) }
        let added = graph.add(other.graph, roots: other.roots, slots: known)
        return try Program.whole(
            slots: slots, results: results + other.results, graph: graph, roots: roots + added)
    }
}

/// Adds to the graph of some rates what a step needs.
private struct Integration {
    var graph: Graph
    private let rates: Program
    /// The slots that are states.
    private let states: [Int]
    private let duration: Double
    /// Which of the states are given their next values instead of rates.
    var jumps: [Bool] = []

    init(of rates: Program, states: [Int], over duration: Double) {
        self.rates = rates
        self.states = states
        self.duration = duration
        graph = rates.graph
    }

    mutating func values(by integrator: Integrator) -> [Node.Index] {
        let moved = moved(by: integrator)
        return states.indices.map { jumps[$0] ? rates.roots[$0] : moved[$0] }
    }

    private mutating func moved(by integrator: Integrator) -> [Node.Index] {
        switch integrator {
        case .euler: return moved(along: rates.roots, by: duration)
        case .semiImplicitEuler: return semiImplicit()
        case .rungeKutta: return rungeKutta()
        }
    }

    /// start + step · rate, for every state.
    private mutating func moved(along rates: [Node.Index], by step: Double) -> [Node.Index] {
        let step = graph.constant(step)
        return states.indices.map { place in
            let start = graph.slot(states[place])
            return jumps[place] ? start : graph.node(.add, graph.node(.multiply, rates[place], step), start)
        }
    }

    private mutating func semiImplicit() -> [Node.Index] {
        let speeds = moved(along: rates.roots, by: duration)
        let rates = rates.roots.map { rate in speedBehind(rate).map { speeds[$0] } ?? rate }
        return moved(along: rates, by: duration)
    }

    /// The position among the states of a rate that is a state.
    private func speedBehind(_ rate: Node.Index) -> Int? {
        let node = graph[rate]
        return node.operation == .slot ? states.firstIndex(of: Int(node.payload)) : nil
    }

    private mutating func rungeKutta() -> [Node.Index] {
        let first = rates.roots
        let second = ratesAfter(moving: first, by: duration / 2)
        let third = ratesAfter(moving: second, by: duration / 2)
        let fourth = ratesAfter(moving: third, by: duration)
        let two = graph.constant(2)
        let sums = states.indices.map { state in
            let outer = graph.node(.add, first[state], fourth[state])
            let inner = graph.node(.add, second[state], third[state])
            return graph.node(.add, graph.node(.multiply, inner, two), outer)
        }
        return moved(along: sums, by: duration / 6)
    }

    private mutating func ratesAfter(moving along: [Node.Index], by step: Double) -> [Node.Index] {
        var values = rates.slots.indices.map { graph.slot($0) }
        for (state, value) in zip(states, moved(along: along, by: step)) { values[state] = value }
        return graph.add(rates.graph, roots: rates.roots, slots: values)
    }
}

extension Graph {
    /// Adds what `roots` of another graph need, with `slots` in the places of its slots; answers its roots.
    fileprivate mutating func add(_ other: Graph, roots: [Node.Index], slots: [Node.Index]) -> [Node.Index] {
        var added = [Node.Index?](repeating: nil, count: other.nodes.count)
        for index in other.needed(by: roots) where !isFull {
            var copy = other.nodes[index]
            if copy.operation == .slot {
                added[index] = slots[Int(copy.payload)]
                continue
            }
            let operands = (0..<copy.operation.operandCount).map { added[Int(copy.operand($0))] ?? 0 }
            if operands.count > 0 { copy.a = operands[0] }
            if operands.count > 1 { copy.b = operands[1] }
            if operands.count > 2 { copy.c = operands[2] }
            added[index] = node(copy)
        }
        return roots.map { added[Int($0)] ?? 0 }
    }

    /// The nodes that some roots are computed from, operands first.
    private func needed(by roots: [Node.Index]) -> [Int] {
        var isNeeded = [Bool](repeating: false, count: nodes.count)
        for root in roots { isNeeded[Int(root)] = true }
        for index in nodes.indices.reversed() where isNeeded[index] {
            let node = nodes[index]
            for position in 0..<node.operation.operandCount { isNeeded[Int(node.operand(position))] = true }
        }
        return nodes.indices.filter { isNeeded[$0] }
    }
}

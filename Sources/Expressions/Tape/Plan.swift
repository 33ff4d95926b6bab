/// A program as a list of operations on nodes, before the nodes get places.
struct Plan {
    /// When the number of a node is known.
    enum Phase: Int, Comparable {
        case constant, shared, lane
        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// One operation; for the sine and cosine there is a second result.
    struct Action {
        var operation: Operation
        var result: Node.Index
        var second: Node.Index?
        var operands: [Node.Index]
    }

    let graph: Graph
    private(set) var phases: [Phase]
    private(set) var constants: [Action] = []
    private(set) var shared: [Action] = []
    private(set) var lanes: [Action] = []
    private var isLive: [Bool]
    private var uses: [Int]

    init(_ program: Program, sharing isShared: (Slot) -> Bool) {
        graph = program.graph
        phases = []
        isLive = [Bool](repeating: false, count: graph.nodes.count)
        uses = [Int](repeating: 0, count: graph.nodes.count)
        findLive(from: program.roots)
        for node in graph.nodes { phases.append(phase(of: node, program.slots, isShared)) }
        let twins = anglesWithBoth()
        for index in graph.nodes.indices where isLive[index] { add(Node.Index(index), twins) }
        fuse(keeping: Set(program.roots))
    }

    func isNeeded(_ index: Node.Index) -> Bool { isLive[Int(index)] }

    private mutating func findLive(from roots: [Node.Index]) {
        for root in roots { isLive[Int(root)] = true }
        for index in graph.nodes.indices.reversed() where isLive[index] {
            let node = graph.nodes[index]
            for position in 0..<node.operation.operandCount {
                isLive[Int(node.operand(position))] = true
                uses[Int(node.operand(position))] += 1
            }
        }
    }

    private func phase(of node: Node, _ slots: [Slot], _ isShared: (Slot) -> Bool) -> Phase {
        if node.operation == .slot { return isShared(slots[Int(node.payload)]) ? .shared : .lane }
        return (0..<node.operation.operandCount).map { phases[Int(node.operand($0))] }.max() ?? .constant
    }

    /// The cosine of every angle whose sine is needed too, and the other way round.
    private func anglesWithBoth() -> [Node.Index: Node.Index] {
        var sines: [Node.Index: Node.Index] = [:]
        for index in graph.nodes.indices where isLive[index] && graph.nodes[index].operation == .sine {
            sines[graph.nodes[index].a] = Node.Index(index)
        }
        var twins: [Node.Index: Node.Index] = [:]
        for index in graph.nodes.indices where isLive[index] && graph.nodes[index].operation == .cosine {
            guard let sine = sines[graph.nodes[index].a] else { continue }
            twins[Node.Index(index)] = sine
            twins[sine] = Node.Index(index)
        }
        return twins
    }

    private mutating func add(_ index: Node.Index, _ twins: [Node.Index: Node.Index]) {
        let node = graph[index]
        guard node.operation.operandCount > 0 else { return }
        var action = Action(
            operation: node.operation, result: index, second: nil,
            operands: (0..<node.operation.operandCount).map(node.operand))
        if let twin = twins[index] {
            // The first of the two computes both.
            guard twin > index else { return }
            let isSine = node.operation == .sine
            action.operation = .sineAndCosine
            (action.result, action.second) = isSine ? (index, twin) : (twin, index)
        }
        switch phases[Int(index)] {
        case .constant: constants.append(action)
        case .shared: shared.append(action)
        case .lane: lanes.append(action)
        }
    }

    /// Joins a product that is used once with the sum it is used in. Both are still rounded.
    private mutating func fuse(keeping roots: Set<Node.Index>) {
        var gone: Set<Node.Index> = []
        for position in lanes.indices where [.add, .subtract].contains(lanes[position].operation) {
            let operands = lanes[position].operands
            let product = operands.indices.first { isLoneProduct(operands[$0]) && !roots.contains(operands[$0]) }
            guard let product else { continue }
            let node = graph[operands[product]]
            let isSum = lanes[position].operation == .add
            lanes[position].operation = isSum ? .multiplyAdd : product == 0 ? .multiplySubtract : .subtractProduct
            lanes[position].operands = [node.a, node.b, operands[1 - product]]
            gone.insert(operands[product])
        }
        lanes.removeAll { gone.contains($0.result) && $0.operation == .multiply }
    }

    private func isLoneProduct(_ index: Node.Index) -> Bool {
        graph[index].operation == .multiply && uses[Int(index)] == 1 && phases[Int(index)] == .lane
    }
}

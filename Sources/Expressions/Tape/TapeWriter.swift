/// Gives every node of a plan its column.
struct TapeWriter<Element: Lane> {
    private(set) var instructions: [Instruction] = []
    private(set) var sharedInstructions: [Instruction] = []
    private(set) var constants: [Element] = []
    private(set) var layout = ColumnLayout()
    private(set) var sharedSlots: [(slot: Int, column: Int)] = []
    private let plan: Plan
    private let program: Program
    /// The column of each node that has one.
    private var columns: [Node.Index: Int32] = [:]
    private var freeRegisters: [Int32] = []

    init(_ plan: Plan, _ program: Program) {
        self.plan = plan
        self.program = program
    }

    mutating func write() {
        placeConstants()
        placeShared()
        layout.slots = program.slots.count
        layout.results = program.roots.count
        placeSlots()
        let copies = placeResults()
        writeLanes()
        for (root, result) in copies {
            instructions.append(
                Instruction(operation: .copy, destination: result, a: column(root), b: 0, c: 0))
        }
    }

    private func column(_ node: Node.Index) -> Int32 {
        guard let column = columns[node] else { preconditionFailure("node \(node) is used before it is computed") }
        return column
    }

    private mutating func addUniform(_ node: Node.Index) {
        columns[node] = Int32(layout.uniform)
        layout.uniform += 1
    }

    /// Written numbers, and everything computed from nothing else, with the roundings that lanes would have.
    private mutating func placeConstants() {
        for index in plan.graph.nodes.indices where plan.isNeeded(Node.Index(index)) {
            let node = plan.graph.nodes[index]
            guard node.operation == .constant else { continue }
            addUniform(Node.Index(index))
            constants.append(Element(Double(bitPattern: node.payload)))
        }
        let actions = plan.constants
        for action in actions { for result in results(of: action) { addUniform(result) } }
        let folding = actions.map(instruction)
        constants += [Element](repeating: 0, count: layout.uniform - constants.count)
        guard !folding.isEmpty else { return }
        let memory = LaneMemory(blocks: layout.uniform, columns: layout.uniform)
        for (column, value) in constants.enumerated() { memory.fillUniform(column, with: value) }
        Element.execute(folding.span, on: memory.table, blocks: 1)
        constants = constants.indices.map { memory.firstLane(ofUniform: $0) }
    }

    private func results(of action: Plan.Action) -> [Node.Index] {
        [action.result] + (action.second.map { [$0] } ?? [])
    }

    /// Slots and results that no lane has for itself.
    private mutating func placeShared() {
        for index in plan.graph.nodes.indices where isSharedSlot(index) {
            sharedSlots.append((Int(plan.graph.nodes[index].payload), layout.uniform))
            addUniform(Node.Index(index))
        }
        for action in plan.shared { for result in results(of: action) { addUniform(result) } }
        sharedInstructions = plan.shared.map(instruction)
    }

    private func isSharedSlot(_ index: Int) -> Bool {
        plan.graph.nodes[index].operation == .slot && plan.phases[index] == .shared
            && plan.isNeeded(Node.Index(index))
    }

    private func instruction(_ action: Plan.Action) -> Instruction {
        var operands = action.operands.map(column)
        if let second = action.second { operands.append(column(second)) }
        operands += [0, 0, 0]
        return Instruction(
            operation: action.operation, destination: column(action.result), a: operands[0], b: operands[1],
            c: operands[2])
    }

    private mutating func placeSlots() {
        for (index, node) in plan.graph.nodes.enumerated() where node.operation == .slot {
            guard plan.phases[index] == .lane else { continue }
            columns[Node.Index(index)] = Int32(layout.firstSlot + Int(node.payload))
        }
    }

    /// Results are computed where the caller wants them; what is there already, or wanted twice, is copied at the end.
    private mutating func placeResults() -> [(root: Node.Index, result: Int32)] {
        var copies: [(root: Node.Index, result: Int32)] = []
        for (position, root) in program.roots.enumerated() {
            let result = Int32(layout.firstResult + position)
            if columns[root] == nil { columns[root] = result } else { copies.append((root, result)) }
        }
        return copies
    }

    private mutating func writeLanes() {
        var lastUse: [Node.Index: Int] = [:]
        for (position, action) in plan.lanes.enumerated() {
            for operand in action.operands { lastUse[operand] = position }
        }
        for (position, action) in plan.lanes.enumerated() {
            let operands = Set(action.operands).sorted().filter { lastUse[$0] == position }
            for register in operands.compactMap({ columns[$0] }) where Int(register) >= layout.firstRegister {
                freeRegisters.append(register)
            }
            for result in results(of: action) where columns[result] == nil { columns[result] = takeRegister() }
            instructions.append(instruction(action))
        }
    }

    private mutating func takeRegister() -> Int32 {
        // The one that was freed last is still close to the processor.
        if let register = freeRegisters.popLast() { return register }
        defer { layout.registers += 1 }
        return Int32(layout.firstRegister + layout.registers)
    }
}

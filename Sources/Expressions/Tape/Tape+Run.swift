/// Numbers for many lanes: all lanes of the first number, then all of the second, each `spacing` after the other.
@safe struct LaneColumns {
    private let start: UnsafeMutableRawPointer?
    private let spacing: Int

    init(_ start: UnsafeMutableRawPointer?, spacing: Int) {
        unsafe self.start = start
        self.spacing = spacing
    }

    /// - Safety: `lane` of column `place` must be inside.
    @unsafe func column<Element: Lane>(_ place: Int, fromLane lane: Int, of: Element.Type) -> Column {
        guard let start = unsafe start else { preconditionFailure("a column of nothing") }
        let offset = (place * spacing + lane) * MemoryLayout<Element>.size
        return unsafe Column(start + offset, step: Column.blockSize)
    }
}

/// What a run reads and writes.
private struct LaneArguments {
    let states: LaneColumns
    let inputs: LaneColumns
    let parameters: LaneColumns
    let results: LaneColumns

    subscript(role: Slot.Role) -> LaneColumns {
        switch role {
        case .state: states
        case .input: inputs
        case .parameter: parameters
        }
    }
}

extension Tape {
    /// Computes all results for lanes 0 ..< `lanes`.
    ///
    /// Each span holds all lanes of its first number, then all of its second, `spacing` numbers from one to the next;
    /// the numbers are those of `slots` with the role, and of `results`. Parameters that were shared are not handed
    /// over again. Nothing is allocated; the lanes do not know of one another, so their bits depend on nothing else.
    public func run(
        lanes: Int, spacing: Int, states: Span<Element>, inputs: Span<Element>, parameters: Span<Element>,
        results: inout MutableSpan<Element>, with workspace: inout Workspace<Element>
    ) {
        check(lanes: lanes, spacing: spacing, workspace)
        check(states.count, holds: count(of: .state), lanes: lanes, spacing: spacing)
        check(inputs.count, holds: count(of: .input), lanes: lanes, spacing: spacing)
        let ownParameters = self.parameters == .perLane ? count(of: .parameter) : 0
        check(parameters.count, holds: ownParameters, lanes: lanes, spacing: spacing)
        check(results.count, holds: layout.results, lanes: lanes, spacing: spacing)
        // SAFETY: the pointers live for the call only, the spans were checked to hold what is read and written, and
        // only results are written through them.
        unsafe states.withUnsafeBytes { states in
            unsafe inputs.withUnsafeBytes { inputs in
                unsafe parameters.withUnsafeBytes { parameters in
                    unsafe results.withUnsafeMutableBytes { results in
                        let arguments = unsafe LaneArguments(
                            states: LaneColumns(readOnly(states), spacing: spacing),
                            inputs: LaneColumns(readOnly(inputs), spacing: spacing),
                            parameters: LaneColumns(readOnly(parameters), spacing: spacing),
                            results: LaneColumns(results.baseAddress, spacing: spacing))
                        runTiles(lanes, arguments, workspace)
                    }
                }
            }
        }
    }

    private func readOnly(_ bytes: UnsafeRawBufferPointer) -> UnsafeMutableRawPointer? {
        // SAFETY: columns of slots are never the destination of an instruction.
        unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress)
    }

    private func check(lanes: Int, spacing: Int, _ workspace: borrowing Workspace<Element>) {
        guard lanes >= 0, spacing >= lanes else { preconditionFailure("\(lanes) lanes every \(spacing) numbers") }
        guard workspace.layout == layout else { preconditionFailure("the workspace belongs to another tape") }
        guard parameters == .perLane || workspace.isShared || count(of: .parameter) == 0 else {
            preconditionFailure("the parameters were not shared yet")
        }
    }

    private func check(_ available: Int, holds columns: Int, lanes: Int, spacing: Int) {
        let needed = columns == 0 ? 0 : (columns - 1) * spacing + lanes
        guard available >= needed else { preconditionFailure("\(available) numbers where \(needed) are needed") }
    }

    private func runTiles(_ lanes: Int, _ arguments: LaneArguments, _ workspace: borrowing Workspace<Element>) {
        let lanesInBlock = Workspace<Element>.lanesInBlock
        var first = 0
        while lanes - first >= lanesInBlock {
            let blocks = min(workspace.blocks, (lanes - first) / lanesInBlock)
            point(at: first, arguments, workspace.memory.table)
            Element.execute(instructions.span, on: workspace.memory.table, blocks: blocks)
            first += blocks * lanesInBlock
        }
        if first < lanes { runRest(lanes - first, from: first, arguments, workspace) }
    }

    /// Lets the columns of slots and results begin at a lane of the caller's numbers.
    private func point(at lane: Int, _ arguments: LaneArguments, _ table: ColumnTable) {
        for slot in slots.indices where !isShared(slot) {
            // SAFETY: the spans were checked to hold all lanes that are run.
            table[Int32(layout.firstSlot + slot)] = unsafe arguments[slots[slot].role]
                .column(places[slot], fromLane: lane, of: Element.self)
        }
        for result in 0..<layout.results {
            // SAFETY: as above.
            table[Int32(layout.firstResult + result)] = unsafe arguments.results
                .column(result, fromLane: lane, of: Element.self)
        }
    }

    /// Lanes that fill no block are copied into one, so that nothing beyond the caller's numbers is touched.
    private func runRest(
        _ count: Int, from first: Int, _ arguments: LaneArguments, _ workspace: borrowing Workspace<Element>
    ) {
        let (memory, restBlock) = (workspace.memory.table, workspace.firstRestBlock)
        point(at: first, arguments, memory)
        for slot in slots.indices where !isShared(slot) {
            let source = memory[Int32(layout.firstSlot + slot)]
            for lane in 0..<count {
                workspace.memory.set(source.lane(lane) as Element, lane: lane, ofBlock: restBlock + slot)
            }
            memory[Int32(layout.firstSlot + slot)] = workspace.memory.column(
                atBlock: restBlock + slot, step: Column.blockSize)
        }
        for result in 0..<layout.results {
            memory[Int32(layout.firstResult + result)] = workspace.memory.column(
                atBlock: restBlock + slots.count + result, step: Column.blockSize)
        }
        Element.execute(instructions.span, on: memory, blocks: 1)
        for result in 0..<layout.results {
            // SAFETY: the spans were checked to hold all lanes that are run.
            let target = unsafe arguments.results.column(result, fromLane: first, of: Element.self)
            for lane in 0..<count {
                let value: Element = workspace.memory.lane(lane, ofBlock: restBlock + slots.count + result)
                target.set(value, lane: lane)
            }
        }
    }

    func isShared(_ slot: Int) -> Bool { parameters == .shared && slots[slot].role == .parameter }
}

extension Column {
    func lane<Element: Lane>(_ lane: Int) -> Element {
        // SAFETY: only asked for lanes that the column holds.
        unsafe start.loadUnaligned(fromByteOffset: lane * MemoryLayout<Element>.size, as: Element.self)
    }

    func set<Element: Lane>(_ value: Element, lane: Int) {
        // SAFETY: as above.
        unsafe start.storeBytes(of: value, toByteOffset: lane * MemoryLayout<Element>.size, as: Element.self)
    }
}

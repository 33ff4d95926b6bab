/// What one thread needs to run a tape: registers, what all lanes share, and a place for lanes that fill no block.
public struct Workspace<Element: Lane>: ~Copyable {
    /// How many lanes go through the whole tape before the next ones begin.
    public let tile: Int

    let memory: LaneMemory
    let blocks: Int
    let layout: ColumnLayout
    /// The first block of the registers, and of the lanes that fill none.
    private let firstRegisterBlock: Int
    let firstRestBlock: Int
    private(set) var isShared = false

    static var lanesInBlock: Int { Column.blockSize / MemoryLayout<Element>.size }

    /// Reserves all memory that runs of `tape` need. A tile of another size changes the speed and no bit.
    public init(for tape: Tape<Element>, tile: Int? = nil) {
        layout = tape.layout
        let columns = max(layout.count - layout.uniform, 1)
        // Tiles as long as the processor's nearest memory allows, in moderation: what is written should still be there
        // when it is read.
        let fitting = min(max(24_576 / (columns * Column.blockSize), 16), 64)
        blocks = tile.map { max(1, ($0 + Self.lanesInBlock - 1) / Self.lanesInBlock) } ?? fitting
        self.tile = blocks * Self.lanesInBlock
        firstRegisterBlock = layout.count
        firstRestBlock = layout.count + layout.registers * blocks
        memory = LaneMemory(
            blocks: firstRestBlock + layout.slots + layout.results, columns: layout.count)
        for (column, value) in tape.constants.enumerated() { memory.fillUniform(column, with: value) }
        for register in 0..<layout.registers {
            memory.table[Int32(layout.firstRegister + register)] = memory.column(
                atBlock: firstRegisterBlock + register * blocks, step: Column.blockSize)
        }
    }

    /// Takes the parameters that all lanes of the coming runs have, in the order of the slots.
    public mutating func share(parameters: Span<Element>, of tape: Tape<Element>) {
        guard tape.parameters == .shared, tape.layout == layout else {
            preconditionFailure("the workspace belongs to a tape that shares no parameters, or to another one")
        }
        guard parameters.count == tape.count(of: .parameter) else {
            preconditionFailure("\(parameters.count) values for \(tape.count(of: .parameter)) parameters")
        }
        for (slot, column) in tape.sharedSlots { memory.fillUniform(column, with: parameters[tape.places[slot]]) }
        Element.execute(tape.sharedInstructions.span, on: memory.table, blocks: 1)
        isShared = true
    }
}

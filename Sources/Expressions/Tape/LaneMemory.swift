/// The bytes that a tape works in: blocks of lanes, and the table of where each column is.
@safe struct LaneMemory: ~Copyable {
    private let bytes: UnsafeMutableRawBufferPointer
    private let size: Int
    private let columns: UnsafeMutableBufferPointer<Column>
    let table: ColumnTable

    /// At first every column is the block of its number, shared by all lanes; there must be one for each.
    init(blocks: Int, columns count: Int) {
        size = max(blocks, count, 1) * Column.blockSize
        // SAFETY: the memory is this value's own, is set to zero before it is read, and lives as long as the value.
        unsafe bytes = .allocate(byteCount: size, alignment: 64)
        unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0)
        // SAFETY: as above, and every element is set below.
        unsafe columns = .allocate(capacity: max(count, 1))
        for index in unsafe columns.indices {
            // SAFETY: there are at least as many blocks as columns.
            unsafe columns.initializeElement(
                at: index, to: Column(bytes.baseAddress.unsafelyUnwrapped + index * Column.blockSize, step: 0))
        }
        table = unsafe ColumnTable(columns)
    }

    deinit {
        // SAFETY: allocated above, and nothing that points into it outlives the value.
        unsafe bytes.deallocate()
        unsafe columns.deallocate()
    }

    /// Where a block is, for a column that begins there.
    func column(atBlock block: Int, step: Int) -> Column {
        guard block * Column.blockSize < size else { preconditionFailure("block \(block) is outside") }
        // SAFETY: the block was just checked to be inside.
        return unsafe Column(bytes.baseAddress.unsafelyUnwrapped + block * Column.blockSize, step: step)
    }

    /// Gives all lanes the same number; the column's block is the one of its number.
    func fillUniform<Element: Lane>(_ column: Int, with value: Element) {
        for lane in 0..<Column.blockSize / MemoryLayout<Element>.size { set(value, lane: lane, ofBlock: column) }
    }

    func firstLane<Element: Lane>(ofUniform column: Int) -> Element { lane(0, ofBlock: column) }

    func set<Element: Lane>(_ value: Element, lane: Int, ofBlock block: Int) {
        let offset = block * Column.blockSize + lane * MemoryLayout<Element>.size
        guard offset < size else { preconditionFailure("block \(block) is outside") }
        // SAFETY: the place was just checked to be inside, and any bytes are a number.
        unsafe bytes.storeBytes(of: value, toByteOffset: offset, as: Element.self)
    }

    func lane<Element: Lane>(_ lane: Int, ofBlock block: Int) -> Element {
        let offset = block * Column.blockSize + lane * MemoryLayout<Element>.size
        guard offset < size else { preconditionFailure("block \(block) is outside") }
        // SAFETY: as above.
        return unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Element.self)
    }
}

/// What is left of a chunk that the end of the file cuts off.
struct CutChunk {
    private(set) var messages: [Message] = []
    private(set) var definitions = Definitions()

    /// nil when no chunk begins at `offset`.
    init?<Source: ByteSource & ~Copyable>(
        at offset: UInt64, of source: borrowing Source, _ window: inout RecordWindow, _ limits: ReadingLimits
    ) throws(RecordingError) {
        let end = min(source.size, offset + limits.record)
        let bytes = try window.bytes(offset..<end, of: source)
        guard bytes.count > MCAP.headSize, bytes[bytes.startIndex] == MCAP.Opcode.chunk.rawValue else { return nil }
        let record = RawRecord(
            opcode: MCAP.Opcode.chunk.rawValue, offset: offset, content: bytes.dropFirst(MCAP.headSize))
        guard let beginning = Self.unpack(record, limits) else { return nil }
        var records = ChunkRecords(beginning: beginning, at: offset)
        // The last record is the one that was cut.
        while let inner = try? records.next() {
            if inner.kind == .message, let message = try? Message(inner) {
                messages.append(message)
            } else {
                try? definitions.take(inner)
            }
        }
    }

    /// The unpacked beginning of the chunk's records.
    private static func unpack(_ record: RawRecord, _ limits: ReadingLimits) -> [UInt8]? {
        var reader = ByteReader(record)
        guard (try? reader.time()) != nil, (try? reader.time()) != nil, let size = try? reader.integer(UInt64.self),
            (try? reader.integer(UInt32.self)) != nil, let compression = try? reader.text(),
            (try? reader.integer(UInt64.self)) != nil, size <= limits.chunk
        else { return nil }
        let rest = reader.remainder()
        switch compression {
        case "": return Array(rest.prefix(Int(size)))
        case "zstd": return Zstd.unpackBeginning(rest, size: Int(size))
        default: return nil
        }
    }
}

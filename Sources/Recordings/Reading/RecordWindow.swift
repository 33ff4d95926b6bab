/// Gives records out of a source, and reads the source in large pieces where records are small.
struct RecordWindow {
    private let limits: ReadingLimits
    private let pieceSize: UInt64
    private var piece: [UInt8] = []
    private var start: UInt64 = 0

    init(_ limits: ReadingLimits, pieceSize: UInt64 = 256 << 10) {
        self.limits = limits
        self.pieceSize = min(pieceSize, limits.record)
    }

    /// The bytes of a range below the source's size.
    mutating func bytes<Source: ByteSource & ~Copyable>(
        _ range: Range<UInt64>, of source: borrowing Source
    ) throws(RecordingError) -> ArraySlice<UInt8> {
        if range.lowerBound < start || range.upperBound > start + UInt64(piece.count) {
            let end = max(range.upperBound, range.lowerBound + min(source.size - range.lowerBound, pieceSize))
            piece = try source.read(range.lowerBound..<end)
            start = range.lowerBound
        }
        return piece[Int(range.lowerBound - start)..<Int(range.upperBound - start)]
    }

    func hasMagic<Source: ByteSource & ~Copyable>(
        at offset: UInt64, of source: borrowing Source
    ) throws(RecordingError) -> Bool {
        let length = UInt64(MCAP.magic.count)
        guard offset <= source.size, source.size - offset >= length else { return false }
        return try source.read(offset..<offset + length) == MCAP.magic
    }

    /// The record that begins at `offset`. Nothing is read of one that is longer than the file or the limit.
    mutating func record<Source: ByteSource & ~Copyable>(
        at offset: UInt64, of source: borrowing Source
    ) throws(RecordingError) -> RawRecord {
        guard offset <= source.size, source.size - offset >= UInt64(MCAP.headSize) else {
            throw .truncated(offset: offset)
        }
        let content = offset + UInt64(MCAP.headSize)
        let head = RawRecord(opcode: 0, offset: offset, content: try bytes(offset..<content, of: source))
        var reader = ByteReader(head)
        let opcode = try reader.integer(UInt8.self)
        let length = try reader.integer(UInt64.self)
        guard length <= source.size - content else { throw .truncated(offset: offset) }
        guard length <= limits.record else { throw .tooLarge(bytes: length, limit: limits.record, offset: offset) }
        return RawRecord(
            opcode: opcode, offset: offset, content: try bytes(content..<content + length, of: source))
    }
}

/// The records inside an unpacked chunk, one after the other.
struct ChunkRecords {
    private let bytes: [UInt8]
    private var place = 0
    private let offset: UInt64

    /// Unpacks and checks a chunk.
    init(_ chunk: Chunk, at offset: UInt64, _ limits: ReadingLimits) throws(RecordingError) {
        self.offset = offset
        guard chunk.uncompressedSize <= limits.chunk else {
            throw .tooLarge(bytes: chunk.uncompressedSize, limit: limits.chunk, offset: offset)
        }
        switch chunk.compression {
        case "":
            guard chunk.records.count == Int(chunk.uncompressedSize) else { throw .damaged(.chunk, offset: offset) }
            bytes = Array(chunk.records)
        case "zstd":
            guard let unpacked = Zstd.unpack(chunk.records, size: Int(chunk.uncompressedSize)) else {
                throw .damaged(.chunk, offset: offset)
            }
            bytes = unpacked
        default: throw .unknownCompression(chunk.compression, offset: offset)
        }
        guard chunk.checksum == 0 || chunk.checksum == CRC32.of(bytes[...]) else {
            throw .damaged(.chunk, offset: offset)
        }
    }

    /// What there is of a chunk that was cut off.
    init(beginning bytes: [UInt8], at offset: UInt64) {
        self.bytes = bytes
        self.offset = offset
    }

    /// Where the next record begins, counted from the start of the unpacked bytes.
    var nextPlace: UInt64 { UInt64(place) }

    /// The next record, or nil at the end.
    mutating func next() throws(RecordingError) -> RawRecord? {
        guard place < bytes.count else { return nil }
        let head = RawRecord(opcode: 0, offset: offset, content: bytes[place...])
        var reader = ByteReader(head)
        guard let opcode = try? reader.integer(UInt8.self), let length = try? reader.integer(UInt64.self),
            length <= UInt64(bytes.count - place - MCAP.headSize)
        else { throw .malformed(opcode: MCAP.Opcode.chunk.rawValue, offset: offset) }
        let start = place + MCAP.headSize
        place = start + Int(length)
        return RawRecord(opcode: opcode, offset: offset, content: bytes[start..<place])
    }
}

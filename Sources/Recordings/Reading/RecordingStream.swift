/// One thing of a recording, in the order of the file.
public enum RecordedItem: Equatable, Sendable {
    case header(Header)
    case schema(Schema)
    case channel(Channel)
    case message(Message)
    case attachment(Attachment)
    case metadata(Metadata)
}

/// Reads a recording from its start to its end, without its index: also one that is not finished.
public struct RecordingStream<Source: ByteSource & ~Copyable>: ~Copyable {
    private let source: Source
    private let limits: ReadingLimits
    private var window: RecordWindow
    private var offset = UInt64(MCAP.magic.count)
    private var chunk: ChunkRecords?
    private var definitions = Definitions()
    private var checksum = CRC32()
    private var hasEnded = false

    public init(_ source: consuming Source, limits: ReadingLimits = ReadingLimits()) throws(RecordingError) {
        window = RecordWindow(limits)
        self.limits = limits
        _ = try Header.first(of: source, &window)
        checksum.update(MCAP.magic.span)
        self.source = source
    }

    /// The next thing, or nil behind the last. Of an unfinished recording the last is followed by `.unfinished`, where it
    /// ends between two records, or by `.truncated`.
    public mutating func next() throws(RecordingError) -> RecordedItem? {
        while !hasEnded {
            if let record = try chunk?.next() {
                if let item = try item(record) { return item }
                continue
            }
            chunk = nil
            guard offset < source.size else { throw .unfinished(size: source.size) }
            let record = try window.record(at: offset, of: source)
            let before = checksum.value
            checksum.update(try window.bytes(offset..<record.end, of: source))
            offset = record.end
            if let item = try outerItem(record, before) { return item }
        }
        return nil
    }

    private mutating func outerItem(_ record: RawRecord, _ before: UInt32) throws(RecordingError) -> RecordedItem? {
        switch record.kind {
        case .chunk: chunk = try ChunkRecords(Chunk(record), at: record.offset, limits)
        case .dataEnd:
            var reader = ByteReader(record)
            guard record.content.count == 4 else { throw reader.malformed }
            let expected = try reader.integer(UInt32.self)
            guard expected == 0 || expected == before else { throw .damaged(.dataSection, offset: record.offset) }
            _ = try RecordedSummary(of: source, limits)
            hasEnded = true
        default: return try item(record)
        }
        return nil
    }

    private mutating func item(_ record: RawRecord) throws(RecordingError) -> RecordedItem? {
        switch record.kind {
        case .header: return .header(try Header(record))
        case .schema:
            try definitions.take(record)
            return .schema(try Schema(record))
        case .channel:
            try definitions.take(record)
            return .channel(try Channel(record))
        case .message:
            let message = try Message(record)
            guard definitions.channels[message.head.channel] != nil else {
                throw .unknownChannel(message.head.channel, offset: record.offset)
            }
            return .message(message)
        case .attachment: return .attachment(try Attachment(record))
        case .metadata: return .metadata(try Metadata(record))
        default: return nil
        }
    }
}

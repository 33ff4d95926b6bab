extension RecordingReader where Source: ~Copyable {
    /// Reads everything and checks it against itself: every checksum, every index, every count.
    ///
    /// Gives what was counted.
    @discardableResult public func verify() throws(RecordingError) -> Statistics {
        var check = WholeCheck(limits)
        var window = RecordWindow(limits)
        var offset = UInt64(MCAP.magic.count)
        check.checksum.update(MCAP.magic.span)
        while true {
            let record = try window.record(at: offset, of: source)
            if record.kind == .dataEnd {
                guard record.content.count == 4, record.end == dataEnd else {
                    throw .malformed(opcode: record.opcode, offset: offset)
                }
                try check.end(record)
                break
            }
            guard record.end <= dataEnd else { throw .malformed(opcode: record.opcode, offset: offset) }
            check.checksum.update(try window.bytes(offset..<record.end, of: source))
            try check.take(record)
            offset = record.end
        }
        try compare(check)
        return check.counted
    }

    private func compare(_ check: WholeCheck) throws(RecordingError) {
        if let statistics, statistics != check.counted { throw .contradiction(.statistics, offset: dataEnd) }
        for (indexed, found, part) in [
            (chunks.isEmpty, check.chunks == chunks, SummaryPart.chunkIndex),
            (attachments.isEmpty, check.attachments == attachments.sorted { $0.offset < $1.offset }, .attachmentIndex),
            (metadata.isEmpty, check.metadata == metadata.sorted { $0.offset < $1.offset }, .metadataIndex),
        ] where !indexed && !found {
            throw .contradiction(part, offset: dataEnd)
        }
        // What the summary repeats it repeats as it was; it has to, for what has an index.
        let repeats = chunks.isEmpty && definitions == Definitions() || definitions == check.definitions
        guard repeats else { throw .contradiction(.definitions, offset: dataEnd) }
    }
}

/// What a walk over the whole data section finds.
private struct WholeCheck {
    var checksum = CRC32()
    private(set) var counted = Statistics()
    private(set) var definitions = Definitions()
    private(set) var chunks: [ChunkIndex] = []
    private(set) var attachments: [AttachmentIndex] = []
    private(set) var metadata: [MetadataIndex] = []
    private let limits: ReadingLimits
    /// Of the last chunk: what its message indexes have to say, and where they stand.
    private var expected: [UInt16: MessageIndex] = [:]
    private var places: [UInt16: UInt64] = [:]
    private var last: (offset: UInt64, length: UInt64, chunk: Chunk)?
    private var indexLength: UInt64 = 0

    init(_ limits: ReadingLimits) { self.limits = limits }

    mutating func take(_ record: RawRecord) throws(RecordingError) {
        if record.kind == .messageIndex { return try take(index: record) }
        try closeChunk()
        switch record.kind {
        case .schema, .channel: try define(record)
        case .message: try take(message: record)
        case .chunk: try take(chunk: record)
        case .attachment:
            attachments.append(
                AttachmentIndex(try Attachment(record), offset: record.offset, length: record.length))
            counted.attachments += 1
        case .metadata:
            metadata.append(
                MetadataIndex(offset: record.offset, length: record.length, name: try Metadata(record).name))
            counted.metadata += 1
        case .header: _ = try Header(record)
        default: if record.opcode < MCAP.firstPrivate { throw .malformed(opcode: record.opcode, offset: record.offset) }
        }
    }

    mutating func end(_ record: RawRecord) throws(RecordingError) {
        try closeChunk()
        var reader = ByteReader(record)
        let expected = try reader.integer(UInt32.self)
        guard expected == 0 || expected == checksum.value else {
            throw .damaged(.dataSection, offset: record.offset)
        }
    }

    private mutating func define(_ record: RawRecord) throws(RecordingError) {
        try definitions.take(record)
        counted.schemas = UInt16(truncatingIfNeeded: definitions.schemas.count)
        counted.channels = UInt32(definitions.channels.count)
    }

    private mutating func take(message record: RawRecord) throws(RecordingError) {
        let head = try Message(record).head
        guard definitions.channels[head.channel] != nil else {
            throw .unknownChannel(head.channel, offset: record.offset)
        }
        counted.count(head)
    }

    private mutating func take(chunk record: RawRecord) throws(RecordingError) {
        let chunk = try Chunk(record)
        var records = try ChunkRecords(chunk, at: record.offset, limits)
        var place = records.nextPlace
        while let inner = try records.next() {
            if inner.kind == .message {
                try take(message: inner)
                let head = try Message(inner).head
                expected[head.channel, default: MessageIndex(channel: head.channel)].entries
                    .append(MessageIndex.Entry(time: head.logTime, offset: place))
            } else {
                try define(inner)
            }
            place = records.nextPlace
        }
        counted.chunks += 1
        last = (record.offset, record.length, chunk)
    }

    private mutating func take(index record: RawRecord) throws(RecordingError) {
        let index = try MessageIndex(record)
        // Writers may sort an index by time.
        let isSame = expected[index.channel].map { sorted($0) == sorted(index) } ?? index.entries.isEmpty
        guard last != nil, isSame, places[index.channel] == nil else {
            throw .contradiction(.messageIndex, offset: record.offset)
        }
        places[index.channel] = record.offset
        indexLength += record.length
    }

    private func sorted(_ index: MessageIndex) -> [MessageIndex.Entry] {
        index.entries.sorted { ($0.time, $0.offset) < ($1.time, $1.offset) }
    }

    private mutating func closeChunk() throws(RecordingError) {
        guard let last else { return }
        guard places.isEmpty || expected.keys.allSatisfy({ places[$0] != nil }) else {
            throw .contradiction(.messageIndex, offset: last.offset)
        }
        chunks.append(
            ChunkIndex(
                start: last.chunk.start, end: last.chunk.end, offset: last.offset, length: last.length,
                messageIndexes: places, messageIndexLength: indexLength, compression: last.chunk.compression,
                compressedSize: UInt64(last.chunk.records.count), uncompressedSize: last.chunk.uncompressedSize))
        (expected, places, indexLength, self.last) = ([:], [:], 0, nil)
    }
}

extension RecordingWriter where Sink: ~Copyable {
    /// Puts into the file what was taken so far. Afterwards a death of this process loses nothing of it.
    public mutating func flush() throws(RecordingError) {
        if let failure { throw failure }
        // A chunk of nothing but definitions is worth writing only where they stand nowhere else.
        guard batch.messages > 0 || !settings.definitionsAhead && !batch.records.isEmpty else { return }
        if settings.chunkSize == nil { try emit(batch.records) } else { try writeChunk() }
        for head in batch.heads { statistics.count(head) }
        batch.clear()
    }

    private mutating func writeChunk() throws(RecordingError) {
        let packed = packer?.pack(batch.records) ?? batch.records
        var bytes: [UInt8] = []
        bytes.reserveCapacity(packed.count + Int(batch.messages) * 16 + 1_024)
        bytes.append(record: .chunk) { content in
            content.append(littleEndian: batch.start.nanoseconds)
            content.append(littleEndian: batch.end.nanoseconds)
            content.append(littleEndian: UInt64(batch.records.count))
            content.append(littleEndian: CRC32.of(batch.records[...]))
            content.append(text: settings.compression.name)
            content.append(littleEndian: UInt64(packed.count))
            content.append(contentsOf: packed)
        }
        let length = bytes.count
        let places = appendMessageIndexes(to: &bytes)
        let index = ChunkIndex(
            start: batch.start, end: batch.end, offset: position, length: UInt64(length), messageIndexes: places,
            messageIndexLength: UInt64(bytes.count - length), compression: settings.compression.name,
            compressedSize: UInt64(packed.count), uncompressedSize: UInt64(batch.records.count))
        try emit(bytes)
        chunkIndexes.append(index)
        statistics.chunks += 1
    }

    private func appendMessageIndexes(to bytes: inout [UInt8]) -> [UInt16: UInt64] {
        var places: [UInt16: UInt64] = [:]
        guard settings.parts.contains(.messageIndexes) else { return places }
        for index in batch.indexes where !index.entries.isEmpty {
            places[index.channel] = position + UInt64(bytes.count)
            index.write(into: &bytes)
        }
        return places
    }

    /// Writes what is left and the end of the recording, and gives the sink back.
    public consuming func finish() throws(RecordingError) -> Sink {
        try writeEnd()
        return sink
    }

    /// Writes what is left and the end of the recording. After a failure the end describes what is in the file.
    mutating func writeEnd() throws(RecordingError) {
        if failure == nil { try? flush() }
        var bytes: [UInt8] = []
        bytes.append(record: .dataEnd) { $0.append(littleEndian: checksum.value) }
        let summary = Summary(of: self, at: position + UInt64(bytes.count))
        let start = bytes.count
        bytes += summary.bytes
        bytes.append(MCAP.Opcode.footer.rawValue)
        bytes.append(littleEndian: UInt64(MCAP.footerSize))
        bytes.append(littleEndian: summary.start)
        bytes.append(littleEndian: summary.offsetStart)
        bytes.append(littleEndian: CRC32.of(bytes[start...]))
        bytes += MCAP.magic
        try put(bytes)
        try sync()
    }
}

/// The records in front of the footer, in groups of one kind.
private struct Summary {
    private(set) var bytes: [UInt8] = []
    /// Zero for no summary.
    private(set) var start: UInt64 = 0
    private(set) var offsetStart: UInt64 = 0
    private var offsets: [UInt8] = []
    private let position: UInt64

    init<Sink: ByteSink & ~Copyable>(of writer: borrowing RecordingWriter<Sink>, at position: UInt64) {
        self.position = position
        let parts = writer.settings.parts
        if parts.contains(.schemas) { group(.schema, writer.schemas) { $0.write(into: &$1) } }
        if parts.contains(.channels) { group(.channel, writer.channels) { $0.write(into: &$1) } }
        if parts.contains(.statistics) { group(.statistics, [writer.statistics]) { $0.write(into: &$1) } }
        if parts.contains(.chunkIndexes) { group(.chunkIndex, writer.chunkIndexes) { $0.write(into: &$1) } }
        if parts.contains(.attachmentIndexes) {
            group(.attachmentIndex, writer.attachmentIndexes) { $0.write(into: &$1) }
        }
        if parts.contains(.metadataIndexes) { group(.metadataIndex, writer.metadataIndexes) { $0.write(into: &$1) } }
        guard !bytes.isEmpty else { return }
        start = position
        guard parts.contains(.offsets) else { return }
        offsetStart = position + UInt64(bytes.count)
        bytes += offsets
    }

    private mutating func group<Element>(
        _ opcode: MCAP.Opcode, _ elements: [Element], _ write: (Element, inout [UInt8]) -> Void
    ) {
        guard !elements.isEmpty else { return }
        let start = bytes.count
        for element in elements { write(element, &bytes) }
        let length = UInt64(bytes.count - start)
        offsets.append(record: .summaryOffset) { content in
            content.append(opcode.rawValue)
            content.append(littleEndian: position + UInt64(start))
            content.append(littleEndian: length)
        }
    }
}

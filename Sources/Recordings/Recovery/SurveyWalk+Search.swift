extension SurveyWalk {
    /// The record at `offset`, if it says nothing that is wrong; nil otherwise. Throws only what the system says.
    mutating func soundRecord<Source: ByteSource & ~Copyable>(
        at offset: UInt64, _ source: borrowing Source
    ) throws(RecordingError) -> RawRecord? {
        do throws(RecordingError) {
            let record = try window.record(at: offset, of: source)
            return try isSound(record, source) ? record : nil
        } catch {
            if case .system = error { throw error }
            return nil
        }
    }

    private mutating func isSound<Source: ByteSource & ~Copyable>(
        _ record: RawRecord, _ source: borrowing Source
    ) throws(RecordingError) -> Bool {
        switch record.kind {
        case .header: _ = try Header(record)
        case .schema: _ = try Schema(record)
        case .channel: _ = try Channel(record)
        case .message: _ = try Message(record)
        case .chunk:
            var records = try ChunkRecords(Chunk(record), at: record.offset, limits)
            while let inner = try records.next() { if inner.kind == .message { _ = try Message(inner) } }
        case .messageIndex: _ = try MessageIndex(record)
        case .chunkIndex: _ = try ChunkIndex(record)
        case .attachment: _ = try Attachment(record)
        case .attachmentIndex: _ = try AttachmentIndex(record)
        case .statistics: _ = try Statistics(record)
        case .metadata: _ = try Metadata(record)
        case .metadataIndex: _ = try MetadataIndex(record)
        case .summaryOffset: return record.content.count >= 17
        case .dataEnd: return record.content.count == 4
        case .footer: return try isLast(record, source)
        case nil: return record.opcode >= MCAP.firstPrivate
        }
        return true
    }

    /// A footer is one only in front of the last magic.
    private mutating func isLast<Source: ByteSource & ~Copyable>(
        _ record: RawRecord, _ source: borrowing Source
    ) throws(RecordingError) -> Bool {
        let isAtEnd = record.end + UInt64(MCAP.magic.count) == source.size
        guard record.content.count == MCAP.footerSize, isAtEnd else { return false }
        return try window.hasMagic(at: record.end, of: source)
    }

    /// Where the file makes sense again; nil when it does not any more.
    ///
    /// First behind the record that seems to stand here, since most damage leaves lengths alone; then byte by byte.
    mutating func nextSound<Source: ByteSource & ~Copyable>(
        behind offset: UInt64, _ source: borrowing Source
    ) throws(RecordingError) -> UInt64? {
        if let record = try? window.record(at: offset, of: source), record.kind != nil,
            try isAnchor(record.end, source)
        {
            return record.end
        }
        var place = offset + 1
        while place < source.size {
            let piece = try window.bytes(place..<min(source.size, place + (256 << 10)), of: source)
            for index in piece.indices where isHead(piece[index...], left: source.size - place) {
                let candidate = place + UInt64(index - piece.startIndex)
                if try isAnchor(candidate, source) { return candidate }
            }
            // A head may lie across the border of two pieces.
            place += UInt64(max(1, piece.count - MCAP.headSize + 1))
            if piece.count < MCAP.headSize { break }
        }
        return nil
    }

    /// Whether these bytes could begin a record that ends within the file. Quick, for every byte of a file.
    private func isHead(_ bytes: ArraySlice<UInt8>, left: UInt64) -> Bool {
        guard bytes.count >= MCAP.headSize, let kind = MCAP.Opcode(rawValue: bytes[bytes.startIndex]), kind != .header
        else { return false }
        // The three highest bytes of a length that fits any file.
        let end = bytes.startIndex + MCAP.headSize
        guard bytes[end - 1] == 0, bytes[end - 2] == 0, bytes[end - 3] == 0 else { return false }
        var length: UInt64 = 0
        for place in 1...6 { length |= UInt64(bytes[bytes.startIndex + place]) << ((place - 1) * 8) }
        return length <= left && length <= limits.record
    }

    /// Whether a sound record begins here that chance did not make: a checksum holds, or another one follows, or the end.
    private mutating func isAnchor<Source: ByteSource & ~Copyable>(
        _ offset: UInt64, _ source: borrowing Source
    ) throws(RecordingError) -> Bool {
        guard let record = try soundRecord(at: offset, source), let kind = record.kind else { return false }
        switch kind {
        case .chunk where try Chunk(record).checksum != 0, .footer: return true
        case .message where try !knows(Message(record).head.channel): return false
        default: break
        }
        if record.end == source.size { return true }
        guard let next = try soundRecord(at: record.end, source) else { return false }
        return next.kind != nil
    }
}

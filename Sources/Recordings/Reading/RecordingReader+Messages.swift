extension RecordingReader where Source: ~Copyable {
    /// Gives the messages of these channels and times, ordered by time; those of one time in the order of the file.
    ///
    /// Only chunks that may hold some of them are read. An error ends the reading; what was given before it is sound.
    public func forEachMessage(
        on channels: Set<UInt16>? = nil, in times: ClosedRange<Timestamp>? = nil,
        _ body: (Message) throws(RecordingError) -> Void
    ) throws(RecordingError) {
        let wanted = Wanted(channels: channels, times: times)
        guard !chunks.isEmpty else {
            var waiting = try looseMessages(wanted)
            try waiting.give(before: nil, body)
            return
        }
        let order = chunks.filter { wanted.mayBe(in: $0) }.sorted { ($0.start, $0.offset) < ($1.start, $1.offset) }
        var waiting = Waiting()
        for (place, index) in order.enumerated() {
            try waiting.take(messages(of: index, wanted))
            try waiting.give(before: place + 1 < order.count ? order[place + 1].start : nil, body)
        }
    }

    private func messages(of index: ChunkIndex, _ wanted: Wanted) throws(RecordingError) -> [Message] {
        let record = try record(at: index.offset, .chunk, length: index.length)
        guard record.length == index.length else { throw .contradiction(.chunkIndex, offset: index.offset) }
        let chunk = try Chunk(record)
        guard chunk.start == index.start, chunk.end == index.end else {
            throw .contradiction(.chunkIndex, offset: index.offset)
        }
        var records = try ChunkRecords(chunk, at: index.offset, limits)
        var messages: [Message] = []
        // Those of a tick are some hundred bytes long.
        messages.reserveCapacity(Int(chunk.uncompressedSize) / 128)
        while let record = try records.next() {
            guard record.kind == .message else { continue }
            let message = try Message(record)
            guard definitions.channels.index(forKey: message.head.channel) != nil else {
                throw .unknownChannel(message.head.channel, offset: index.offset)
            }
            if wanted.has(message.head) { messages.append(message) }
        }
        return messages
    }

    /// The messages of a recording without chunks, which has no index to go by.
    private func looseMessages(_ wanted: Wanted) throws(RecordingError) -> Waiting {
        var window = RecordWindow(limits)
        var waiting = Waiting()
        var offset = UInt64(MCAP.magic.count)
        while offset < dataEnd {
            let record = try window.record(at: offset, of: source)
            offset = record.end
            if record.kind == .dataEnd { break }
            guard record.kind == .message else { continue }
            let message = try Message(record)
            // Copied, or each message would keep a whole piece of the file in memory.
            if wanted.has(message.head) { waiting.take([Message(head: message.head, data: Array(message.data)[...])]) }
        }
        return waiting
    }
}

/// What somebody asked for.
private struct Wanted {
    let channels: Set<UInt16>?
    let times: ClosedRange<Timestamp>?

    func has(_ head: MessageHead) -> Bool {
        channels?.contains(head.channel) != false && times?.contains(head.logTime) != false
    }

    func mayBe(in chunk: ChunkIndex) -> Bool {
        if let times, chunk.end < times.lowerBound || chunk.start > times.upperBound { return false }
        guard let channels, !chunk.messageIndexes.isEmpty else { return true }
        return chunk.messageIndexes.keys.contains(where: channels.contains)
    }
}

/// Messages that were read and may have to wait for earlier ones of a later chunk.
private struct Waiting {
    private var messages: [Message] = []
    private var isSorted = true

    mutating func take(_ more: [Message]) {
        var last = messages.last?.head.logTime
        for message in more {
            if let last, message.head.logTime < last { isSorted = false }
            last = message.head.logTime
        }
        if messages.isEmpty { messages = more } else { messages += more }
    }

    mutating func give(
        before end: Timestamp?, _ body: (Message) throws(RecordingError) -> Void
    ) throws(RecordingError) {
        if !isSorted { messages.sort { $0.head.logTime < $1.head.logTime } }
        isSorted = true
        var given = 0
        while given < messages.count, end.map({ messages[given].head.logTime < $0 }) ?? true {
            try body(messages[given])
            given += 1
        }
        if given == messages.count { messages = [] } else { messages.removeFirst(given) }
    }
}

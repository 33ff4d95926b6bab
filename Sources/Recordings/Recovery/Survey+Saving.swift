extension Survey {
    /// Writes what can be saved as a finished recording with an index, and says in its metadata what it is.
    ///
    /// `origin` is the name of the damaged file, for whoever finds the new one.
    public func save<Source: ByteSource & ~Copyable, Sink: ByteSink & ~Copyable>(
        from source: borrowing Source, to sink: consuming Sink, origin: String,
        limits: ReadingLimits = ReadingLimits()
    ) throws(RecordingError) -> Sink {
        var writer = try RecordingWriter(sink, settings: WriterSettings(profile: profile))
        try writer.write(Metadata(name: Self.metadataName, texts: account(of: origin)))
        for schema in definitions.schemas.values.sorted(by: { $0.id < $1.id }) { try writer.add(schema) }
        for channel in allChannels { try writer.add(channel) }
        var window = RecordWindow(limits)
        for piece in pieces { try copy(piece, from: source, &window, limits, to: &writer) }
        return try writer.finish()
    }

    /// The metadata in which a saved recording tells what it was saved from.
    public static let metadataName = "recovery"

    private func account(of origin: String) -> [String: String] {
        [
            "origin": origin, "messages": "\(statistics.messages)", "unverified_messages": "\(unverified)",
            "damaged_places": "\(damages.count)", "bytes_lost": "\(bytesLost)",
            "messages_known_to_be_lost": "\(damages.reduce(0) { $0 + ($1.messages ?? 0) })",
        ]
    }

    /// A channel keeps its schema only where that was found too.
    private var allChannels: [Channel] {
        let known = definitions.channels.values.map { channel in
            definitions.schemas[channel.schema] != nil || channel.schema == 0
                ? channel
                : Channel(
                    id: channel.id, schema: 0, topic: channel.topic, encoding: channel.encoding,
                    metadata: channel.metadata)
        }
        let made = nameless.map { Channel(id: $0, schema: 0, topic: "/recovered/channel-\($0)", encoding: "") }
        return (known + made).sorted { $0.id < $1.id }
    }

    private func copy<Source: ByteSource & ~Copyable, Sink: ByteSink & ~Copyable>(
        _ piece: Piece, from source: borrowing Source, _ window: inout RecordWindow, _ limits: ReadingLimits,
        to writer: inout RecordingWriter<Sink>
    ) throws(RecordingError) {
        switch piece {
        case .chunk(let offset):
            let record = try window.record(at: offset, of: source)
            var records = try ChunkRecords(Chunk(record), at: offset, limits)
            while let inner = try records.next() {
                guard inner.kind == .message else { continue }
                try writer.write(Message(inner))
            }
        case .message(let offset): try writer.write(Message(window.record(at: offset, of: source)))
        case .attachment(let offset): try writer.write(Attachment(window.record(at: offset, of: source)))
        case .metadata(let offset): try writer.write(Metadata(window.record(at: offset, of: source)))
        case .cutChunk(let offset):
            let cut = try CutChunk(at: offset, of: source, &window, limits)
            for message in cut?.messages ?? [] { try writer.write(message) }
        }
    }
}

extension RecordingWriter where Sink: ~Copyable {
    fileprivate mutating func write(_ message: Message) throws(RecordingError) {
        try write(message.head, message.data.span)
    }
}

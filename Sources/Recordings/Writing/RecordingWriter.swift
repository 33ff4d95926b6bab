/// Writes a recording. Messages gather in a batch, which becomes a chunk; whatever else is written goes out at once.
///
/// A failure to write leaves a file that ends behind its last whole piece. No more messages are taken then, but metadata
/// and the end of the recording can still be written, if there is room for that.
public struct RecordingWriter<Sink: ByteSink & ~Copyable>: ~Copyable {
    public let settings: WriterSettings
    public internal(set) var statistics = Statistics()
    /// The first failure to write.
    public internal(set) var failure: RecordingError?
    /// The size of the file so far.
    public internal(set) var position: UInt64 = 0
    var sink: Sink
    var checksum = CRC32()
    var batch = Batch()
    var schemas: [Schema] = []
    var channels: [Channel] = []
    var chunkIndexes: [ChunkIndex] = []
    var attachmentIndexes: [AttachmentIndex] = []
    var metadataIndexes: [MetadataIndex] = []
    let packer: ZstdPacker?

    public init(_ sink: consuming Sink, settings: WriterSettings = WriterSettings()) throws(RecordingError) {
        self.sink = sink
        self.settings = settings
        switch settings.compression {
        case .none: packer = nil
        case .zstd(let level):
            guard Zstd.levels.contains(level) else { preconditionFailure("no level of zstd") }
            packer = ZstdPacker(level: level)
        }
        var bytes = MCAP.magic
        Header(profile: settings.profile, library: settings.library).write(into: &bytes)
        try emit(bytes)
    }

    /// What is to be known before the first message that has it. The same one twice is one.
    public mutating func add(_ schema: Schema) throws(RecordingError) {
        if let known = schemas.first(where: { $0.id == schema.id }) {
            guard known == schema else { throw .redefined(id: schema.id, offset: position) }
            return
        }
        try define { schema.write(into: &$0) }
        schemas.append(schema)
        statistics.schemas += 1
    }

    public mutating func add(_ channel: Channel) throws(RecordingError) {
        if let known = channels.first(where: { $0.id == channel.id }) {
            guard known == channel else { throw .redefined(id: channel.id, offset: position) }
            return
        }
        try define { channel.write(into: &$0) }
        channels.append(channel)
        batch.add(channel.id)
        statistics.channels += 1
    }

    private mutating func define(_ definition: (inout [UInt8]) -> Void) throws(RecordingError) {
        if settings.definitionsAhead || settings.chunkSize == nil {
            var bytes: [UInt8] = []
            definition(&bytes)
            try emit(bytes)
        }
        if settings.chunkSize != nil { definition(&batch.records) }
    }

    /// Takes a message of a channel that was added.
    public mutating func write(_ head: MessageHead, _ data: Span<UInt8>) throws(RecordingError) {
        if let failure { throw failure }
        batch.append(head, data)
        if batch.records.count >= settings.chunkSize ?? 65_536 { try flush() }
    }

    public mutating func write(_ attachment: Attachment) throws(RecordingError) {
        var bytes: [UInt8] = []
        attachment.write(into: &bytes)
        let index = AttachmentIndex(attachment, offset: position, length: UInt64(bytes.count))
        try emit(bytes)
        attachmentIndexes.append(index)
        statistics.attachments += 1
    }

    public mutating func write(_ metadata: Metadata) throws(RecordingError) {
        var bytes: [UInt8] = []
        metadata.write(into: &bytes)
        let index = MetadataIndex(offset: position, length: UInt64(bytes.count), name: metadata.name)
        // After a failure as well, where there is room again: how it ended belongs to whatever could be kept.
        try put(bytes)
        checksum.update(bytes.span)
        metadataIndexes.append(index)
        statistics.metadata += 1
    }

    /// Whether messages were taken that are not in the file yet.
    public var isHoldingMessages: Bool { batch.messages > 0 }

    /// Comes back when what was flushed survives a loss of power.
    public mutating func sync() throws(RecordingError) {
        do throws(RecordingError) {
            try sink.sync()
        } catch {
            failure = failure ?? error
            throw error
        }
    }

    mutating func emit(_ bytes: [UInt8]) throws(RecordingError) {
        if let failure { throw failure }
        try put(bytes)
        checksum.update(bytes.span)
    }

    mutating func put(_ bytes: [UInt8]) throws(RecordingError) {
        do throws(RecordingError) {
            try sink.write(bytes.span)
            position += UInt64(bytes.count)
        } catch {
            failure = failure ?? error
            throw error
        }
    }
}

/// Messages that are not in the file yet.
struct Batch {
    var records: [UInt8] = []
    private(set) var messages: UInt64 = 0
    private(set) var start = Timestamp.zero
    private(set) var end = Timestamp.zero
    /// In the order in which the channels were added.
    private(set) var indexes: [MessageIndex] = []
    private(set) var heads: [MessageHead] = []
    private var slots: [UInt16: Int] = [:]

    mutating func add(_ channel: UInt16) {
        slots[channel] = indexes.count
        indexes.append(MessageIndex(channel: channel))
    }

    mutating func append(_ head: MessageHead, _ data: Span<UInt8>) {
        guard let slot = slots[head.channel] else { preconditionFailure("a message of a channel that was not added") }
        indexes[slot].entries.append(MessageIndex.Entry(time: head.logTime, offset: UInt64(records.count)))
        heads.append(head)
        start = messages == 0 ? head.logTime : min(start, head.logTime)
        end = messages == 0 ? head.logTime : max(end, head.logTime)
        messages += 1
        records.append(MCAP.Opcode.message.rawValue)
        records.append(littleEndian: UInt64(MCAP.messageHeadSize + data.count))
        records.append(littleEndian: head.channel)
        records.append(littleEndian: head.sequence)
        records.append(littleEndian: head.logTime.nanoseconds)
        records.append(littleEndian: head.publishTime.nanoseconds)
        records.append(copying: data)
    }

    /// Empty again, with its memory.
    mutating func clear() {
        records.removeAll(keepingCapacity: true)
        heads.removeAll(keepingCapacity: true)
        for slot in indexes.indices { indexes[slot].entries.removeAll(keepingCapacity: true) }
        messages = 0
        start = .zero
        end = .zero
    }
}

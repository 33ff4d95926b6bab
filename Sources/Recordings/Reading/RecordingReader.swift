/// Reads a finished recording by its index.
public struct RecordingReader<Source: ByteSource & ~Copyable>: ~Copyable {
    public let header: Header
    public let definitions: Definitions
    /// nil when the writer left it out.
    public let statistics: Statistics?
    /// In the order of their places in the file.
    public let chunks: [ChunkIndex]
    public let attachments: [AttachmentIndex]
    public let metadata: [MetadataIndex]
    let source: Source
    let limits: ReadingLimits
    /// Where the data ends and the rest begins.
    let dataEnd: UInt64

    /// Reads the two ends of the file and checks the summary's checksum.
    public init(_ source: consuming Source, limits: ReadingLimits = ReadingLimits()) throws(RecordingError) {
        var window = RecordWindow(limits, pieceSize: 4 << 10)
        let header = try Header.first(of: source, &window)
        let summary = try RecordedSummary(of: source, limits)
        self.header = header
        definitions = summary.definitions
        statistics = summary.statistics
        chunks = summary.chunks.sorted { $0.offset < $1.offset }
        attachments = summary.attachments
        metadata = summary.metadata
        dataEnd = summary.start
        self.limits = limits
        self.source = source
    }

    /// A file of the recording.
    public func attachment(_ index: AttachmentIndex) throws(RecordingError) -> Attachment {
        let record = try record(at: index.offset, .attachment, length: index.length)
        let attachment = try Attachment(record)
        guard AttachmentIndex(attachment, offset: record.offset, length: record.length) == index else {
            throw .contradiction(.attachmentIndex, offset: index.offset)
        }
        return attachment
    }

    public func metadata(_ index: MetadataIndex) throws(RecordingError) -> Metadata {
        let record = try record(at: index.offset, .metadata, length: index.length)
        let metadata = try Metadata(record)
        guard MetadataIndex(offset: record.offset, length: record.length, name: metadata.name) == index else {
            throw .contradiction(.metadataIndex, offset: index.offset)
        }
        return metadata
    }

    /// A record that an index says to be so long: no more of the file is read than that.
    func record(at offset: UInt64, _ kind: MCAP.Opcode, length: UInt64) throws(RecordingError) -> RawRecord {
        var window = RecordWindow(limits, pieceSize: length)
        let record = try window.record(at: offset, of: source)
        guard record.kind == kind else { throw .malformed(opcode: record.opcode, offset: offset) }
        return record
    }
}

extension Header {
    /// The first record, behind the magic.
    static func first<Source: ByteSource & ~Copyable>(
        of source: borrowing Source, _ window: inout RecordWindow
    ) throws(RecordingError) -> Header {
        let length = UInt64(MCAP.magic.count)
        guard try window.hasMagic(at: 0, of: source) else { throw .foreign }
        let record = try window.record(at: length, of: source)
        guard record.kind == .header else { throw .malformed(opcode: record.opcode, offset: length) }
        return try Header(record)
    }
}

/// The end of a file: footer, and what stands between data and footer.
struct RecordedSummary {
    private(set) var definitions = Definitions()
    private(set) var statistics: Statistics?
    private(set) var chunks: [ChunkIndex] = []
    private(set) var attachments: [AttachmentIndex] = []
    private(set) var metadata: [MetadataIndex] = []
    /// Where the summary begins; the footer, when there is none.
    let start: UInt64
    let hasSummary: Bool

    init<Source: ByteSource & ~Copyable>(
        of source: borrowing Source, _ limits: ReadingLimits
    ) throws(RecordingError) {
        var window = RecordWindow(limits)
        let tail = UInt64(MCAP.headSize + MCAP.footerSize + MCAP.magic.count)
        let magic = UInt64(MCAP.magic.count)
        guard source.size >= magic + tail, try window.hasMagic(at: source.size - magic, of: source) else {
            throw .unfinished(size: source.size)
        }
        let place = source.size - tail
        let record = try window.record(at: place, of: source)
        guard record.kind == .footer, record.content.count == MCAP.footerSize else {
            throw .malformed(opcode: record.opcode, offset: place)
        }
        let footer = try Footer(record)
        hasSummary = footer.summaryStart != 0
        start = hasSummary ? footer.summaryStart : place
        guard start >= magic, start <= place, place - start <= limits.record else {
            throw .malformed(opcode: record.opcode, offset: place)
        }
        let checked = start..<place + UInt64(MCAP.headSize + MCAP.footerSize - 4)
        let found = CRC32.of(try window.bytes(checked, of: source))
        guard footer.checksum == 0 || footer.checksum == found else {
            throw .damaged(.summary, offset: start)
        }
        try read(start..<place, of: source, &window)
    }

    private mutating func read<Source: ByteSource & ~Copyable>(
        _ range: Range<UInt64>, of source: borrowing Source, _ window: inout RecordWindow
    ) throws(RecordingError) {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let record = try window.record(at: offset, of: source)
            offset = record.end
            guard offset <= range.upperBound else { throw .truncated(offset: record.offset) }
            switch record.kind {
            case .schema, .channel: try definitions.take(record)
            case .statistics: statistics = try Statistics(record)
            case .chunkIndex: chunks.append(try ChunkIndex(record))
            case .attachmentIndex: attachments.append(try AttachmentIndex(record))
            case .metadataIndex: metadata.append(try MetadataIndex(record))
            default: break
            }
        }
    }
}

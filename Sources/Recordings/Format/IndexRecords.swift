// The records with which a reader finds its way.

/// Messages that are packed together.
struct Chunk {
    let start: Timestamp
    let end: Timestamp
    let uncompressedSize: UInt64
    /// Of the unpacked records; 0 is none.
    let checksum: UInt32
    let compression: String
    let records: ArraySlice<UInt8>
}

/// Where the messages of one channel stand in the unpacked chunk before it.
struct MessageIndex: Equatable {
    struct Entry: Equatable {
        let time: Timestamp
        let offset: UInt64
    }

    let channel: UInt16
    var entries: [Entry] = []
}

public struct ChunkIndex: Equatable, Sendable {
    public let start: Timestamp
    public let end: Timestamp
    let offset: UInt64
    /// Of the whole record, with its head.
    let length: UInt64
    /// Where the message index of each channel stands.
    let messageIndexes: [UInt16: UInt64]
    let messageIndexLength: UInt64
    public let compression: String
    public let compressedSize: UInt64
    public let uncompressedSize: UInt64
}

public struct AttachmentIndex: Equatable, Sendable {
    let offset: UInt64
    let length: UInt64
    public let logTime: Timestamp
    public let createTime: Timestamp
    public let size: UInt64
    public let name: String
    public let mediaType: String
}

public struct MetadataIndex: Equatable, Sendable {
    let offset: UInt64
    let length: UInt64
    public let name: String
}

/// What a recording holds, counted.
public struct Statistics: Equatable, Sendable {
    public internal(set) var messages: UInt64 = 0
    public internal(set) var schemas: UInt16 = 0
    public internal(set) var channels: UInt32 = 0
    public internal(set) var attachments: UInt32 = 0
    public internal(set) var metadata: UInt32 = 0
    public internal(set) var chunks: UInt32 = 0
    /// Of the earliest and the latest message; zero when there is none.
    public internal(set) var start = Timestamp.zero
    public internal(set) var end = Timestamp.zero
    public internal(set) var messagesOfChannel: [UInt16: UInt64] = [:]

    public init() {}

    mutating func count(_ head: MessageHead) {
        start = messages == 0 ? head.logTime : min(start, head.logTime)
        end = messages == 0 ? head.logTime : max(end, head.logTime)
        messages += 1
        messagesOfChannel[head.channel, default: 0] += 1
    }
}

struct Footer: Equatable {
    let summaryStart: UInt64
    let summaryOffsetStart: UInt64
    let checksum: UInt32
}

extension Chunk {
    init(_ record: RawRecord) throws(RecordingError) {
        var reader = ByteReader(record)
        start = try reader.time()
        end = try reader.time()
        uncompressedSize = try reader.integer(UInt64.self)
        checksum = try reader.integer(UInt32.self)
        compression = try reader.text()
        records = try reader.bytes(reader.integer(UInt64.self))
    }
}

extension MessageIndex {
    func write(into bytes: inout [UInt8]) {
        bytes.append(record: .messageIndex) { content in
            content.append(littleEndian: channel)
            content.append(littleEndian: UInt32(entries.count * 16))
            for entry in entries {
                content.append(littleEndian: entry.time.nanoseconds)
                content.append(littleEndian: entry.offset)
            }
        }
    }

    init(_ record: RawRecord) throws(RecordingError) {
        var reader = ByteReader(record)
        channel = try reader.integer(UInt16.self)
        var part = try reader.part()
        while !part.isAtEnd {
            entries.append(Entry(time: try part.time(), offset: try part.integer(UInt64.self)))
        }
    }
}

extension ChunkIndex {
    func write(into bytes: inout [UInt8]) {
        bytes.append(record: .chunkIndex) { content in
            for time in [start, end] { content.append(littleEndian: time.nanoseconds) }
            content.append(littleEndian: offset)
            content.append(littleEndian: length)
            content.append(littleEndian: UInt32(messageIndexes.count * 10))
            for (channel, place) in messageIndexes.sorted(by: { $0.key < $1.key }) {
                content.append(littleEndian: channel)
                content.append(littleEndian: place)
            }
            content.append(littleEndian: messageIndexLength)
            content.append(text: compression)
            content.append(littleEndian: compressedSize)
            content.append(littleEndian: uncompressedSize)
        }
    }

    init(_ record: RawRecord) throws(RecordingError) {
        var reader = ByteReader(record)
        start = try reader.time()
        end = try reader.time()
        offset = try reader.integer(UInt64.self)
        length = try reader.integer(UInt64.self)
        var part = try reader.part()
        var places: [UInt16: UInt64] = [:]
        while !part.isAtEnd {
            let channel = try part.integer(UInt16.self)
            places[channel] = try part.integer(UInt64.self)
        }
        messageIndexes = places
        messageIndexLength = try reader.integer(UInt64.self)
        compression = try reader.text()
        compressedSize = try reader.integer(UInt64.self)
        uncompressedSize = try reader.integer(UInt64.self)
    }
}

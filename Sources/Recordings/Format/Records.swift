// The records that carry what was recorded. What a record could hold beyond this is passed over, as the format wants.

/// The shape of a channel's messages.
public struct Schema: Equatable, Sendable {
    public let id: UInt16
    public let name: String
    public let encoding: String
    public let data: [UInt8]

    public init(id: UInt16, name: String, encoding: String, data: [UInt8]) {
        self.id = id
        self.name = name
        self.encoding = encoding
        self.data = data
    }
}

/// A stream of messages with one topic. Schema 0 stands for none.
public struct Channel: Equatable, Sendable {
    public let id: UInt16
    public let schema: UInt16
    public let topic: String
    public let encoding: String
    public let metadata: [String: String]

    public init(id: UInt16, schema: UInt16, topic: String, encoding: String, metadata: [String: String] = [:]) {
        self.id = id
        self.schema = schema
        self.topic = topic
        self.encoding = encoding
        self.metadata = metadata
    }
}

/// What every message has besides its bytes.
public struct MessageHead: Equatable, Sendable {
    public let channel: UInt16
    public let sequence: UInt32
    /// When the recorder's host had it.
    public let logTime: Timestamp
    /// When it came to be, as far as its device tells.
    public let publishTime: Timestamp

    public init(channel: UInt16, sequence: UInt32, logTime: Timestamp, publishTime: Timestamp) {
        self.channel = channel
        self.sequence = sequence
        self.logTime = logTime
        self.publishTime = publishTime
    }
}

public struct Message: Equatable, Sendable {
    public let head: MessageHead
    public let data: ArraySlice<UInt8>
}

/// A file inside the recording.
public struct Attachment: Equatable, Sendable {
    public let name: String
    public let mediaType: String
    public let logTime: Timestamp
    public let createTime: Timestamp
    public let data: [UInt8]

    public init(name: String, mediaType: String, logTime: Timestamp, createTime: Timestamp, data: [UInt8]) {
        self.name = name
        self.mediaType = mediaType
        self.logTime = logTime
        self.createTime = createTime
        self.data = data
    }
}

/// Named texts about the recording.
public struct Metadata: Equatable, Sendable {
    public let name: String
    public let texts: [String: String]

    public init(name: String, texts: [String: String]) {
        self.name = name
        self.texts = texts
    }
}

public struct Header: Equatable, Sendable {
    public let profile: String
    public let library: String
}

extension Schema {
    func write(into bytes: inout [UInt8]) {
        bytes.append(record: .schema) { content in
            content.append(littleEndian: id)
            content.append(text: name)
            content.append(text: encoding)
            content.append(littleEndian: UInt32(data.count))
            content.append(contentsOf: data)
        }
    }

    init(_ record: RawRecord) throws(RecordingError) {
        var reader = ByteReader(record)
        id = try reader.integer(UInt16.self)
        name = try reader.text()
        encoding = try reader.text()
        var part = try reader.part()
        data = Array(part.remainder())
        guard id != 0 else { throw reader.malformed }
    }
}

extension Channel {
    func write(into bytes: inout [UInt8]) {
        bytes.append(record: .channel) { content in
            content.append(littleEndian: id)
            content.append(littleEndian: schema)
            content.append(text: topic)
            content.append(text: encoding)
            content.append(texts: metadata)
        }
    }

    init(_ record: RawRecord) throws(RecordingError) {
        var reader = ByteReader(record)
        id = try reader.integer(UInt16.self)
        schema = try reader.integer(UInt16.self)
        topic = try reader.text()
        encoding = try reader.text()
        metadata = try reader.texts()
    }
}

extension Message {
    init(_ record: RawRecord) throws(RecordingError) {
        var reader = ByteReader(record)
        head = MessageHead(
            channel: try reader.integer(UInt16.self), sequence: try reader.integer(UInt32.self),
            logTime: try reader.time(), publishTime: try reader.time())
        data = reader.remainder()
    }
}

extension Attachment {
    func write(into bytes: inout [UInt8]) {
        bytes.append(record: .attachment) { content in
            let start = content.count
            content.append(littleEndian: logTime.nanoseconds)
            content.append(littleEndian: createTime.nanoseconds)
            content.append(text: name)
            content.append(text: mediaType)
            content.append(littleEndian: UInt64(data.count))
            content.append(contentsOf: data)
            content.append(littleEndian: CRC32.of(content[start...]))
        }
    }

    init(_ record: RawRecord) throws(RecordingError) {
        var reader = ByteReader(record)
        logTime = try reader.time()
        createTime = try reader.time()
        name = try reader.text()
        mediaType = try reader.text()
        data = Array(try reader.bytes(reader.integer(UInt64.self)))
        let checksum = try reader.integer(UInt32.self)
        guard reader.isAtEnd else { throw reader.malformed }
        guard checksum == 0 || checksum == CRC32.of(record.content.dropLast(4)) else {
            throw .damaged(.attachment, offset: record.offset)
        }
    }
}

extension Metadata {
    func write(into bytes: inout [UInt8]) {
        bytes.append(record: .metadata) { content in
            content.append(text: name)
            content.append(texts: texts)
        }
    }

    init(_ record: RawRecord) throws(RecordingError) {
        var reader = ByteReader(record)
        name = try reader.text()
        texts = try reader.texts()
    }
}

extension Header {
    func write(into bytes: inout [UInt8]) {
        bytes.append(record: .header) { content in
            content.append(text: profile)
            content.append(text: library)
        }
    }

    init(_ record: RawRecord) throws(RecordingError) {
        var reader = ByteReader(record)
        profile = try reader.text()
        library = try reader.text()
    }
}

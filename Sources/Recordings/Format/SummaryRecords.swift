// The records that stand only in the summary, and the footer.

extension AttachmentIndex {
    init(_ attachment: Attachment, offset: UInt64, length: UInt64) {
        self.offset = offset
        self.length = length
        logTime = attachment.logTime
        createTime = attachment.createTime
        size = UInt64(attachment.data.count)
        name = attachment.name
        mediaType = attachment.mediaType
    }

    func write(into bytes: inout [UInt8]) {
        bytes.append(record: .attachmentIndex) { content in
            for number in [offset, length, logTime.nanoseconds, createTime.nanoseconds, size] {
                content.append(littleEndian: number)
            }
            content.append(text: name)
            content.append(text: mediaType)
        }
    }

    init(_ record: RawRecord) throws(RecordingError) {
        var reader = ByteReader(record)
        offset = try reader.integer(UInt64.self)
        length = try reader.integer(UInt64.self)
        logTime = try reader.time()
        createTime = try reader.time()
        size = try reader.integer(UInt64.self)
        name = try reader.text()
        mediaType = try reader.text()
    }
}

extension MetadataIndex {
    func write(into bytes: inout [UInt8]) {
        bytes.append(record: .metadataIndex) { content in
            content.append(littleEndian: offset)
            content.append(littleEndian: length)
            content.append(text: name)
        }
    }

    init(_ record: RawRecord) throws(RecordingError) {
        var reader = ByteReader(record)
        offset = try reader.integer(UInt64.self)
        length = try reader.integer(UInt64.self)
        name = try reader.text()
    }
}

extension Statistics {
    func write(into bytes: inout [UInt8]) {
        bytes.append(record: .statistics) { content in
            content.append(littleEndian: messages)
            content.append(littleEndian: schemas)
            for number in [channels, attachments, metadata, chunks] { content.append(littleEndian: number) }
            for time in [start, end] { content.append(littleEndian: time.nanoseconds) }
            content.append(littleEndian: UInt32(messagesOfChannel.count * 10))
            for (channel, count) in messagesOfChannel.sorted(by: { $0.key < $1.key }) {
                content.append(littleEndian: channel)
                content.append(littleEndian: count)
            }
        }
    }

    init(_ record: RawRecord) throws(RecordingError) {
        var reader = ByteReader(record)
        messages = try reader.integer(UInt64.self)
        schemas = try reader.integer(UInt16.self)
        channels = try reader.integer(UInt32.self)
        attachments = try reader.integer(UInt32.self)
        metadata = try reader.integer(UInt32.self)
        chunks = try reader.integer(UInt32.self)
        start = try reader.time()
        end = try reader.time()
        var part = try reader.part()
        while !part.isAtEnd {
            let channel = try part.integer(UInt16.self)
            messagesOfChannel[channel] = try part.integer(UInt64.self)
        }
    }
}

extension Footer {
    init(_ record: RawRecord) throws(RecordingError) {
        var reader = ByteReader(record)
        summaryStart = try reader.integer(UInt64.self)
        summaryOffsetStart = try reader.integer(UInt64.self)
        checksum = try reader.integer(UInt32.self)
        guard reader.isAtEnd else { throw reader.malformed }
    }
}

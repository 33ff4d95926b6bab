import Testing

@testable import Recordings

@Suite("Reading") struct ReaderTests {
    @Test("gives back everything that was written, by time", arguments: Sample.layouts)
    func everything(name: String, settings: WriterSettings) throws {
        let sample = Sample(settings: settings)
        let reader = try RecordingReader(MemorySource(sample.bytes()))
        let counted = try reader.verify()
        #expect(counted == reader.statistics)
        var found: [Message] = []
        try reader.forEachMessage { found.append($0) }
        #expect(found == sample.ordered)
        #expect(reader.header.library == "understudy")
        #expect(try reader.attachments.map { try reader.attachment($0) } == [sample.attachment])
        #expect(try reader.metadata.map { try reader.metadata($0) } == [sample.metadata])
        #expect(counted.messages == 60 && counted.messagesOfChannel == [1: 20, 2: 20, 3: 20])
        #expect(reader.definitions.channels.values.map(\.topic).sorted() == Sample.topics.sorted())
    }

    @Test("gives only the channels and times that were asked for", arguments: Sample.layouts)
    func some(name: String, settings: WriterSettings) throws {
        let sample = Sample(settings: settings)
        let reader = try RecordingReader(MemorySource(sample.bytes()))
        let channels = reader.definitions.channels(on: ["/action"])
        let spans: [(UInt64, UInt64)] = [(0, 900), (1_000, 1_000), (1_200, 1_340), (1_595, 9_000), (0, .max)]
        for (low, high) in spans {
            let times = Timestamp(nanoseconds: low)...Timestamp(nanoseconds: high)
            var found: [Message] = []
            try reader.forEachMessage(on: channels, in: times) { found.append($0) }
            #expect(found == sample.ordered.filter { $0.head.channel == 2 && times.contains($0.head.logTime) })
        }
    }

    @Test("a stream gives the same in the order of the file", arguments: Sample.layouts)
    func stream(name: String, settings: WriterSettings) throws {
        let sample = Sample(settings: settings)
        var stream = try RecordingStream(MemorySource(sample.bytes()))
        var found: [Message] = []
        var others = 0
        while let item = try stream.next() {
            if case .message(let message) = item { found.append(message) } else { others += 1 }
        }
        #expect(found == sample.written)
        #expect(others >= 9)
    }

    @Test("a stream of what was cut off gives what is there, then says where it ends")
    func cutStream() throws {
        let sample = Sample()
        let bytes = try sample.bytes()
        let reader = try RecordingReader(MemorySource(bytes))
        let last = try #require(reader.chunks.last)
        var stream = try RecordingStream(MemorySource(Array(bytes[..<Int(last.offset + 20)])))
        var found: [Message] = []
        let error = #expect(throws: RecordingError.self) {
            while let item = try stream.next() { if case .message(let message) = item { found.append(message) } }
        }
        #expect(error == .truncated(offset: last.offset))
        #expect(found == Array(sample.written.prefix(found.count)) && found.count > 30)
        #expect(throws: RecordingError.unfinished(size: last.offset + 20)) {
            _ = try RecordingReader(MemorySource(Array(bytes[..<Int(last.offset + 20)])))
        }
    }

    @Test("one flipped bit anywhere is noticed, or changes nothing that is read", arguments: Sample.layouts)
    func flips(name: String, settings: WriterSettings) throws {
        var sample = Sample(settings: settings, messages: 6)
        sample.attachment = Attachment(name: "a", mediaType: "", logTime: .zero, createTime: .zero, data: [1, 2, 3])
        let bytes = try sample.bytes()
        var unnoticed = 0
        for place in bytes.indices {
            var flipped = bytes
            flipped[place] ^= 1 << (place % 8)
            if isSound(flipped) { unnoticed += 1 }
        }
        #expect(unnoticed == 0, "\(unnoticed) of \(bytes.count)")
    }

    private func isSound(_ bytes: [UInt8]) -> Bool {
        guard let reader = try? RecordingReader(MemorySource(bytes)) else { return false }
        return (try? reader.verify()) != nil
    }

    @Test("a length that lies is refused before anything is read", arguments: [UInt64(1) << 40, .max, 1 << 28])
    func lies(length: UInt64) throws {
        var bytes = MCAP.magic
        bytes.append(MCAP.Opcode.header.rawValue)
        bytes.append(littleEndian: length)
        bytes += [UInt8](repeating: 0, count: 100)
        #expect(throws: RecordingError.truncated(offset: 8)) { _ = try RecordingStream(MemorySource(bytes)) }
    }

    @Test("a chunk that would become too large is not unpacked")
    func bomb() throws {
        let sample = Sample(settings: WriterSettings(chunkSize: 100_000), messages: 500)
        let reader = try RecordingReader(MemorySource(sample.bytes()), limits: ReadingLimits(chunk: 10_000))
        let chunk = try #require(reader.chunks.first)
        #expect(throws: RecordingError.tooLarge(bytes: chunk.uncompressedSize, limit: 10_000, offset: chunk.offset)) {
            try reader.verify()
        }
        let tight = ReadingLimits(record: 200)
        #expect(throws: RecordingError.self) { _ = try RecordingReader(MemorySource(sample.bytes()), limits: tight) }
    }

    @Test("what is no recording is called foreign")
    func foreign() {
        for bytes in [[], [0x89], Array("a text that is no recording at all, and longer than a magic".utf8)] {
            #expect(throws: RecordingError.foreign) { _ = try RecordingStream(MemorySource(bytes)) }
            #expect(throws: RecordingError.foreign) { _ = try RecordingReader(MemorySource(bytes)) }
            #expect(throws: RecordingError.foreign) { _ = try Survey(of: MemorySource(bytes)) }
        }
    }

    @Test("one number cannot stand for two channels")
    func redefined() throws {
        var writer = try RecordingWriter(MemorySink())
        let channel = Channel(id: 1, schema: 0, topic: "/a", encoding: "json")
        try writer.add(channel)
        try writer.add(channel)
        let other = Channel(id: 1, schema: 0, topic: "/b", encoding: "json")
        let position = writer.position
        #expect(throws: RecordingError.redefined(id: 1, offset: position)) { try writer.add(other) }
        #expect(writer.statistics.channels == 1)
    }

    @Test("how a recording ended is kept after a failure too, where there is room again; messages are not")
    func afterFailure() throws {
        var writer = try RecordingWriter(TightSink())
        try writer.add(Channel(id: 1, schema: 0, topic: "/a", encoding: "json"))
        let head = MessageHead(channel: 1, sequence: 0, logTime: .zero, publishTime: .zero)
        try writer.write(head, Array("{}".utf8).span)
        try writer.flush()
        writer.sink.isFull = true
        try writer.write(head, Array("{}".utf8).span)
        var refusals = [Self.isRefused(&writer) { try $0.flush() }]
        refusals += [Self.isRefused(&writer) { try $0.write(Metadata(name: "full", texts: [:])) }]
        writer.sink.isFull = false
        refusals += [Self.isRefused(&writer) { try $0.write(head, Array("{}".utf8).span) }]
        #expect(refusals == [true, true, true])
        try writer.write(Metadata(name: "end", texts: ["read_back": "true"]))
        let sink = try writer.finish()
        let reader = try RecordingReader(MemorySource(sink.memory.bytes))
        #expect(try reader.verify().messages == 1)
        #expect(try reader.metadata.map { try reader.metadata($0).texts } == [["read_back": "true"]])
    }

    private static func isRefused(
        _ writer: inout RecordingWriter<TightSink>, _ work: (inout RecordingWriter<TightSink>) throws -> Void
    ) -> Bool {
        do { try work(&writer) } catch { return true }
        return false
    }

    @Test("the checksum is that of zip")
    func checksum() {
        #expect(CRC32.of(Array("123456789".utf8)[...]) == 0xCBF4_3926)
        #expect(CRC32.of([]) == 0)
        var pieces = CRC32()
        for part in ["1", "2345678", "9"] { pieces.update(Array(part.utf8)[...]) }
        #expect(pieces.value == 0xCBF4_3926)
    }
}

/// A disk that is full for a while.
private struct TightSink: ByteSink {
    var memory = MemorySink()
    var isFull = false

    mutating func write(_ bytes: Span<UInt8>) throws(RecordingError) {
        guard !isFull else { throw .system(.write, errno: 28, offset: 0) }
        memory.write(bytes)
    }

    mutating func sync() {}
}

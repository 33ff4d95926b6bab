import Testing

@testable import Recordings

@Suite("Recovery") struct RecoveryTests {
    private func saved(_ bytes: [UInt8]) throws -> (survey: Survey, bytes: [UInt8]) {
        let source = MemorySource(bytes)
        let survey = try Survey(of: source)
        return (survey, try survey.save(from: source, to: MemorySink(), origin: "a.mcap").bytes)
    }

    @Test(
        "a recording cut at any byte gives every message of every chunk in front of the cut, as it was",
        arguments: Sample.layouts)
    func cuts(name: String, settings: WriterSettings) throws {
        var sample = Sample(settings: settings, messages: 24)
        if sample.settings.chunkSize == 1_000 { sample.settings.chunkSize = 300 }
        sample.attachment = Attachment(name: "a", mediaType: "", logTime: .zero, createTime: .zero, data: [1, 2, 3])
        let bytes = try sample.bytes()
        let ends = try chunkEnds(bytes)
        for size in 8..<bytes.count {
            let survey = try Survey(of: MemorySource(Array(bytes[..<size])))
            let flushed = ends.last { $0.end <= size }?.messages ?? 0
            let isSafe = survey.statistics.messages >= UInt64(flushed) && !survey.isWhole
            #expect(isSafe, "cut at \(size): \(survey.statistics.messages) of \(flushed)")
            // Saving takes longer, and does what the survey says.
            guard size % 17 == 0 || ends.contains(where: { $0.end == size }) else { continue }
            let found = try messages(of: saved(Array(bytes[..<size])).bytes)
            let isTrue = found.allSatisfy(sample.wrote)
            let numbers = found.map(\.head.sequence).sorted()
            #expect(isTrue && numbers == (0..<UInt32(survey.statistics.messages)).map(\.self), "cut at \(size)")
        }
        let whole = try Survey(of: MemorySource(bytes))
        #expect(whole.isWhole && whole.statistics.messages == 24)
    }

    /// Where each chunk ends, and how many messages have been written by then; for a file without chunks each message.
    private func chunkEnds(_ bytes: [UInt8]) throws -> [(end: Int, messages: Int)] {
        var window = RecordWindow(ReadingLimits())
        let source = MemorySource(bytes)
        var offset = UInt64(MCAP.magic.count)
        var ends: [(end: Int, messages: Int)] = []
        while true {
            let record = try window.record(at: offset, of: source)
            offset = record.end
            if record.kind == .dataEnd { return ends }
            var count = record.kind == .message ? 1 : 0
            if record.kind == .chunk {
                var records = try ChunkRecords(Chunk(record), at: record.offset, ReadingLimits())
                while let inner = try records.next() { if inner.kind == .message { count += 1 } }
            }
            if count > 0 { ends.append((Int(offset), (ends.last?.messages ?? 0) + count)) }
        }
    }

    @Test("flipped bytes cost the chunk that they are in and no other", arguments: (0..<24).map { UInt64($0) })
    func flips(seed: UInt64) throws {
        var random = SplitMix(seed)
        let settings = WriterSettings(chunkSize: 500, compression: seed % 2 == 0 ? .zstd(level: 3) : .none)
        let sample = Sample(settings: settings)
        var bytes = try sample.bytes()
        let reader = try RecordingReader(MemorySource(bytes))
        // Without its end, so that nothing but the data itself tells what there was.
        if seed % 4 < 2 { bytes.removeLast(bytes.count - Int(reader.dataEnd)) }
        let victim = reader.chunks[Int(random.next() % UInt64(reader.chunks.count))]
        let places = 1 + random.next() % 5
        for _ in 0..<places {
            let place = Int(victim.offset + random.next() % victim.length)
            bytes[place] ^= UInt8(truncatingIfNeeded: random.next() | 1)
        }
        let (survey, saved) = try saved(bytes)
        let found = try messages(of: saved)
        let lost = Set(sample.written.map(\.head.sequence)).subtracting(found.map(\.head.sequence))
        #expect(found.allSatisfy(sample.wrote), "seed \(seed)")
        let inVictim = sample.written.filter {
            (victim.start...victim.end).contains($0.head.logTime) && lost.contains($0.head.sequence)
        }
        #expect(inVictim.count == lost.count, "seed \(seed): lost \(lost.sorted())")
        #expect(survey.damages.contains { $0.bytes.overlaps(victim.offset..<victim.offset + victim.length) })
        #expect(try RecordingReader(MemorySource(saved)).attachments.count == 1)
    }

    @Test("what an index beside a damaged chunk tells is counted as lost")
    func counted() throws {
        var bytes = try Sample().bytes()
        let chunk = try RecordingReader(MemorySource(bytes)).chunks[1]
        let whole = try messages(of: bytes).count
        bytes[Int(chunk.offset + chunk.length) - 3] ^= 0xFF
        let (survey, saved) = try saved(bytes)
        let damage = try #require(survey.damages.first)
        #expect(damage.bytes == chunk.offset..<chunk.offset + chunk.length)
        #expect(Int(damage.messages ?? 0) + (try messages(of: saved).count) == whole)
        #expect(survey.isFinished && !survey.isWhole)
    }

    @Test("zeros that a loss of power left at the end cost nothing", arguments: [1, 512, 70_000])
    func zeros(count: Int) throws {
        let sample = Sample()
        let bytes = try sample.bytes()
        let end = Int(try RecordingReader(MemorySource(bytes)).dataEnd) - 13
        let (survey, saved) = try saved(Array(bytes[..<end]) + [UInt8](repeating: 0, count: count))
        #expect(try messages(of: saved) == sample.ordered)
        #expect(survey.damages == [Survey.Damage(bytes: UInt64(end)..<UInt64(end + count))])
    }

    @Test("messages whose channel is lost are kept under a made-up topic")
    func nameless() throws {
        let sample = Sample(settings: WriterSettings(chunkSize: 1_000, definitionsAhead: false))
        let bytes = try sample.bytes()
        let reader = try RecordingReader(MemorySource(bytes))
        let first = reader.chunks[0]
        let rest = Array(bytes[..<8]) + Array(bytes[Int(first.offset + first.length)..<Int(reader.dataEnd)])
        let (survey, saved) = try saved(rest)
        #expect(survey.nameless == [1, 2, 3])
        let topics = try RecordingReader(MemorySource(saved)).definitions.channels.values.map(\.topic)
        #expect(Set(topics) == ["/recovered/channel-1", "/recovered/channel-2", "/recovered/channel-3"])
        #expect(try messages(of: saved).count > 20)
    }

    @Test("a saved recording says what it was saved from, and is whole")
    func account() throws {
        let bytes = try Sample().bytes()
        let (survey, saved) = try saved(Array(bytes[..<(bytes.count / 2)]))
        let reader = try RecordingReader(MemorySource(saved))
        let index = try #require(reader.metadata.first { $0.name == Survey.metadataName })
        let texts = try reader.metadata(index).texts
        #expect(texts["origin"] == "a.mcap" && texts["messages"] == "\(survey.statistics.messages)")
        #expect(try Survey(of: MemorySource(saved)).isWhole)
    }

    @Test("noise gives an answer: a survey, or foreign", arguments: (0..<30).map { UInt64($0) })
    func noise(seed: UInt64) throws {
        var random = SplitMix(seed)
        var bytes = try Sample(settings: Sample.layouts[Int(seed % 4)].1, messages: 20).bytes()
        for _ in 0..<(1 + random.next() % 200) {
            bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
        }
        do {
            let (survey, saved) = try saved(bytes)
            #expect(UInt64(try messages(of: saved).count) == survey.statistics.messages)
        } catch RecordingError.foreign {}
    }
}

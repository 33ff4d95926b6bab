import FuzzDriver
import Recordings

// Any bytes are a recording, a damaged one that can be saved, or nothing of that kind; what is saved is whole and holds
// what the survey promised. Nothing traps, and nothing takes more memory than the limits allow.
//
// Half of the inputs go behind the start of a sound recording, or the first four bytes would stop all but a few.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    var bytes = unsafe input(start, count)
    if let head = bytes.first, head & 1 == 1 { bytes = spliced(bytes.dropFirst(), kept: Int(head)) }
    expectReading(bytes)
    expectRescue(bytes)
    return 0
}

let limits = ReadingLimits(record: 1 << 20, chunk: 1 << 20)

/// A sound recording, cut somewhere, and the input behind the cut.
func spliced(_ rest: ArraySlice<UInt8>, kept: Int) -> [UInt8] {
    let sound = recording()
    return Array(sound.prefix(sound.count * kept / 255)) + rest
}

func recording() -> [UInt8] {
    do throws(RecordingError) {
        let settings = WriterSettings(chunkSize: 60, compression: .none)
        var writer = try RecordingWriter(MemorySink(), settings: settings)
        try writer.add(Channel(id: 1, schema: 0, topic: "/a", encoding: "json"))
        for number in UInt32(0)..<6 {
            let time = Timestamp(nanoseconds: UInt64(number))
            let head = MessageHead(channel: 1, sequence: number, logTime: time, publishTime: time)
            let data: [UInt8] = [1, 2, 3]
            try writer.write(head, data.span)
        }
        return try writer.finish().bytes
    } catch {
        fatalError("a recording in memory failed: \(error)")
    }
}

func expectReading(_ bytes: [UInt8]) {
    do throws(RecordingError) {
        let reader = try RecordingReader(MemorySource(bytes), limits: limits)
        let counted = try reader.verify()
        var found: UInt64 = 0
        try reader.forEachMessage { _ in found += 1 }
        let survey = try Survey(of: MemorySource(bytes), limits: limits)
        expect(survey.statistics.messages == counted.messages, "a sound recording loses messages in a survey")
        expect(reader.chunks.isEmpty || found == counted.messages, "the index leads to \(found) messages")
    } catch {
        // Any error will do; a trap will not.
    }
    do throws(RecordingError) {
        var stream = try RecordingStream(MemorySource(bytes), limits: limits)
        while try stream.next() != nil {}
    } catch {
        // As above.
    }
}

func expectRescue(_ bytes: [UInt8]) {
    let source = MemorySource(bytes)
    guard let survey = try? Survey(of: source, limits: limits) else { return }
    do throws(RecordingError) {
        let saved = try survey.save(from: source, to: MemorySink(), origin: "fuzz", limits: limits).bytes
        let counted = try RecordingReader(MemorySource(saved)).verify()
        expect(counted.messages == survey.statistics.messages, "\(counted.messages) messages were saved")
    } catch {
        expect(false, "what was surveyed could not be saved: \(error)")
    }
}

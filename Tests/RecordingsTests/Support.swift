import Foundation
import Quantities

@testable import Recordings

/// Numbers that look like chance and are the same every time.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// A folder that goes away with the test.
final class Folder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "recording-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A recording that a test knows everything about.
struct Sample: Sendable {
    var settings = WriterSettings(chunkSize: 1_000)
    var messages: UInt32 = 60
    var attachment = Attachment(
        name: "policy.bin", mediaType: "application/octet-stream", logTime: Timestamp(nanoseconds: 3),
        createTime: Timestamp(nanoseconds: 1), data: (0..<300).map { UInt8(truncatingIfNeeded: $0 * 7) })
    let metadata = Metadata(name: "robot", texts: ["name": "Ärmchen", "joints": "3"])

    static let topics = ["/state", "/action", "/events"]

    /// The messages in the order in which they were written; times go a little back and forth.
    var written: [Message] {
        (0..<messages).map { number in
            let channel = UInt16(number % 3 + 1)
            let time = Timestamp(nanoseconds: UInt64(1_000 + number * 10 + (number % 4 == 0 ? 25 : 0)))
            let head = MessageHead(channel: channel, sequence: number, logTime: time, publishTime: time)
            return Message(head: head, data: Array("{\"tick\":\(number),\"value\":\(number * number)}".utf8)[...])
        }
    }

    /// Whether this message is in the recording, as it is.
    func wrote(_ message: Message) -> Bool {
        message.head.sequence < messages && written[Int(message.head.sequence)] == message
    }

    /// As a reader gives them: by time, and among equals as written.
    var ordered: [Message] {
        written.enumerated().sorted { ($0.element.head.logTime, $0.offset) < ($1.element.head.logTime, $1.offset) }
            .map(\.element)
    }

    func write<Sink: ByteSink & ~Copyable>(to sink: consuming Sink) throws(RecordingError) -> Sink {
        var writer = try RecordingWriter(sink, settings: settings)
        try writer.write(metadata)
        for (place, topic) in Self.topics.enumerated() {
            let id = UInt16(place + 1)
            try writer.add(Schema(id: id, name: "S\(id)", encoding: "jsonschema", data: Array("{}".utf8)))
            try writer.add(Channel(id: id, schema: id, topic: topic, encoding: "json"))
        }
        for message in written { try writer.write(message.head, message.data.span) }
        try writer.write(attachment)
        return try writer.finish()
    }

    func bytes() throws(RecordingError) -> [UInt8] { try write(to: MemorySink()).bytes }

    static let layouts: [(String, WriterSettings)] = [
        ("zstd", WriterSettings(chunkSize: 1_000)),
        ("not packed", WriterSettings(chunkSize: 1_000, compression: .none)),
        ("without chunks", WriterSettings(chunkSize: nil, compression: .none)),
        ("one chunk", WriterSettings()),
    ]
}

func messages(of bytes: [UInt8]) throws -> [Message] {
    var found: [Message] = []
    let reader = try RecordingReader(MemorySource(bytes))
    try reader.verify()
    try reader.forEachMessage { found.append($0) }
    return found
}

/// Gives the other thread the processor, for machines with one.
func pause() { usleep(0) }

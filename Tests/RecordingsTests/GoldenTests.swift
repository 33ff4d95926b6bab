import Hashing
import Testing

@testable import Recordings

/// The files that the authors of the format publish as conformance data, byte by byte.
@Suite("The published files") struct GoldenTests {
    /// A file's hash, its size, the parts it has, and what it holds.
    struct Published: CustomTestStringConvertible, Sendable {
        let name: String
        let size: Int
        let hash: String
        var parts: SummaryParts = []
        var isChunked = false
        let fill: @Sendable (inout RecordingWriter<MemorySink>) throws -> Void

        var testDescription: String { name }
    }

    static let whole: SummaryParts = [.messageIndexes, .chunkIndexes, .schemas, .channels, .statistics, .offsets]

    static let published = [
        Published(name: "NoData", size: 75, hash: "f720b819f6ca73301cd793d7c19e686c4779ca0daa1754ab58c086e435c55a32") {
            _ in
        },
        Published(
            name: "OneMessage", size: 190, hash: "73b8812330c9a27255dbbd0e4a0eba507fddd17e3d605ca351560c1dcca85bcb",
            fill: oneMessage),
        Published(
            name: "OneMessage-ch-chx-mx-rch-rsh-st-sum", size: 603,
            hash: "c2dc0d4ef3f1ee615eccc5753b4c401878865d05fb58c12aa7086c3e5e147165", parts: whole, isChunked: true,
            fill: oneMessage),
        Published(
            name: "TenMessages-ch-chx-mx-rch-rsh-st-sum", size: 1_053,
            hash: "813c4eb55e1195e5af9482f60d9b214cd083a8805720ec1663812637d716e4d5", parts: whole, isChunked: true
        ) { writer in
            try define(&writer)
            for (sequence, time) in [0, 2, 1, 3, 3, 5, 4, 7, 8, 9].enumerated() {
                try message(&writer, UInt32(sequence), log: UInt64(time), publish: UInt64(time))
            }
        },
        Published(
            name: "OneMetadata-mdx-st-sum", size: 262,
            hash: "6d7681e1536e3c61a0d9755b1b10b9a7ad4c2042855a839ce96c8c024bc64316",
            parts: [.metadataIndexes, .statistics, .offsets]
        ) { try $0.write(Metadata(name: "myMetadata", texts: ["foo": "bar"])) },
        Published(
            name: "OneAttachment-ax-st-sum", size: 347, hash: "14c5896f",
            parts: [.attachmentIndexes, .statistics, .offsets]
        ) {
            try $0.write(
                Attachment(
                    name: "myFile", mediaType: "application/octet-stream", logTime: Timestamp(nanoseconds: 2),
                    createTime: Timestamp(nanoseconds: 1), data: [1, 2, 3]))
        },
        Published(name: "NoData-st-sum", size: 156, hash: "78aed997", parts: [.statistics, .offsets]) { _ in },
    ]

    @Sendable private static func oneMessage(_ writer: inout RecordingWriter<MemorySink>) throws {
        try define(&writer)
        try message(&writer, 10, log: 2, publish: 1)
    }

    private static func define(_ writer: inout RecordingWriter<MemorySink>) throws {
        try writer.add(Schema(id: 1, name: "Example", encoding: "c", data: [4, 5, 6]))
        try writer.add(Channel(id: 1, schema: 1, topic: "example", encoding: "a", metadata: ["foo": "bar"]))
    }

    private static func message(
        _ writer: inout RecordingWriter<MemorySink>, _ sequence: UInt32, log: UInt64, publish: UInt64
    ) throws {
        let head = MessageHead(
            channel: 1, sequence: sequence, logTime: Timestamp(nanoseconds: log),
            publishTime: Timestamp(nanoseconds: publish))
        try writer.write(head, [1, 2, 3].span)
    }

    static func bytes(of file: Published) throws -> [UInt8] {
        let settings = WriterSettings(
            chunkSize: file.isChunked ? 1 << 20 : nil, compression: .none, parts: file.parts, definitionsAhead: false,
            library: "")
        var writer = try RecordingWriter(MemorySink(), settings: settings)
        try file.fill(&writer)
        return try writer.finish().bytes
    }

    @Test("come out of the writer bit for bit", arguments: published)
    func written(file: Published) throws {
        let bytes = try Self.bytes(of: file)
        #expect(bytes.count == file.size)
        #expect(try FileHash(of: MemorySource(bytes)).text.hasPrefix(file.hash))
    }

    @Test("are read, and hold against themselves", arguments: published)
    func read(file: Published) throws {
        let reader = try RecordingReader(MemorySource(Self.bytes(of: file)))
        try reader.verify()
        var times: [UInt64] = []
        try reader.forEachMessage { times.append($0.head.logTime.nanoseconds) }
        #expect(times == times.sorted())
        #expect(times.count == (file.name.hasPrefix("Ten") ? 10 : file.name.hasPrefix("OneMessage") ? 1 : 0))
    }
}

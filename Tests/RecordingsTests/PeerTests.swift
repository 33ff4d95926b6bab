import Foundation
import TestSupport
import Testing

@testable import Recordings

/// The format's official library, which nobody here wrote.
@Suite("The official library", .serialized) struct PeerTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    private func python() throws -> String {
        let environment = ProcessInfo.processInfo.environment.merging(["ROOT": Self.root]) { $1 }
        let run = try ProcessRun.shell("\"$ROOT/.ci/python-peers\" mcap mcap==1.6.0", environment: environment)
        try #require(run.status == 0, "no environment for mcap: \(run.errors)")
        return run.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func ask(_ script: String, _ arguments: String) throws -> String {
        let run = try ProcessRun.shell("'\(try python())' '\(Self.root)/Tests/Peers/\(script)' \(arguments)")
        try #require(run.status == 0, "\(run.errors.suffix(2_000))")
        return run.output
    }

    private func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
    }

    private func lines(of sample: Sample, chunks: Int) -> [String] {
        let messages = sample.written.map { message in
            let id = Int(message.head.channel)
            return
                "message \(Sample.topics[id - 1]) S\(id) \(message.head.sequence) \(message.head.logTime.nanoseconds) "
                + "\(message.head.publishTime.nanoseconds) \(hex(message.data))"
        }
        return ["header '' 'understudy'", "metadata robot [('joints', '3'), ('name', 'Ärmchen')]"]
            + ["attachment policy.bin application/octet-stream \(hex(sample.attachment.data))"] + messages
            + ["statistics \(sample.messages) 3 3 \(chunks)"]
    }

    @Test("reads what we write, with every checksum checked", arguments: Sample.layouts)
    func reads(name: String, settings: WriterSettings) throws {
        let folder = try Folder()
        let sample = Sample(settings: settings, messages: 200)
        _ = try sample.write(to: FileSink(creating: "\(folder.path)/a.mcap"))
        let chunks = try RecordingReader(FileSource(opening: "\(folder.path)/a.mcap")).chunks.count
        let said = try ask("mcap_read.py", "'\(folder.path)/a.mcap'")
        #expect(said.split(separator: "\n").map(String.init) == lines(of: sample, chunks: chunks))
    }

    @Test("reads what was saved of a recording that was cut off")
    func readsSaved() throws {
        let folder = try Folder()
        let bytes = try Sample(messages: 200).bytes()
        let source = MemorySource(Array(bytes[..<(bytes.count / 2)]))
        let survey = try Survey(of: source)
        _ = try survey.save(from: source, to: FileSink(creating: "\(folder.path)/a.mcap"), origin: "b.mcap")
        let said = try ask("mcap_read.py", "'\(folder.path)/a.mcap'").split(separator: "\n")
        #expect(UInt64(said.count { $0.hasPrefix("message ") }) == survey.statistics.messages)
        #expect(survey.statistics.messages > 50)
    }

    @Test("writes what we read, to the last byte", arguments: ["none", "zstd"])
    func writes(compression: String) throws {
        let folder = try Folder()
        _ = try ask("mcap_write.py", "'\(folder.path)/a.mcap' \(compression) 500")
        let reader = try RecordingReader(FileSource(opening: "\(folder.path)/a.mcap"))
        #expect(try reader.verify() == reader.statistics)
        var numbers: [String] = []
        try reader.forEachMessage { numbers.append(String(decoding: $0.data, as: UTF8.self)) }
        #expect(numbers == (0..<500).map { "{\"number\":\($0)}" })
        #expect(reader.chunks.count > 3 && reader.header == Header(profile: "peer", library: "official"))
        #expect(try reader.attachments.map { try reader.attachment($0).data } == [Array("abc".utf8)])
        #expect(try reader.metadata.map { try reader.metadata($0).texts } == [["name": "peer"]])
        #expect(try Survey(of: FileSource(opening: "\(folder.path)/a.mcap")).isWhole)
    }

    @Test("may pack in a way that we do not read, and then we say so")
    func lz4() throws {
        let folder = try Folder()
        _ = try ask("mcap_write.py", "'\(folder.path)/a.mcap' lz4 500")
        let reader = try RecordingReader(FileSource(opening: "\(folder.path)/a.mcap"))
        let chunk = try #require(reader.chunks.first)
        #expect(throws: RecordingError.unknownCompression("lz4", offset: chunk.offset)) { try reader.verify() }
    }
}

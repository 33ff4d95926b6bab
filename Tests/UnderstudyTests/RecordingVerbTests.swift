import Foundation
import Recordings
import TestSupport
import Testing

@testable import understudy

/// Looks at real files: a recording made here, and what becomes of it when it is damaged.
@Suite("Recordings at the door") struct RecordingVerbTests {
    private final class Folder {
        let path: String

        init() throws {
            let url = FileManager.default.temporaryDirectory.appending(path: "verb-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            path = url.path
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        /// Runs a command in this folder, and takes the folder's name out of what it says.
        func run(_ line: String) -> (status: understudy.ExitStatus, text: String) {
            let words = line.split(separator: " ").map {
                $0.hasSuffix(".mcap") || $0 == "out" ? "\(path)/\($0)" : "\($0)"
            }
            let outcome = Pretended().run(words)
            let text = "$ understudy \(line)\n\(outcome.output)\(outcome.errors)\nstatus \(outcome.status.rawValue)\n\n"
            return (outcome.status, text.replacingOccurrences(of: path + "/", with: ""))
        }

        func write(_ name: String, _ bytes: [UInt8]) throws {
            try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
        }
    }

    /// Not packed, so that its bytes do not depend on the version of a library.
    private static func recording() throws -> [UInt8] {
        let settings = WriterSettings(chunkSize: 300, compression: .none, library: "test\u{1B}[2J")
        var writer = try RecordingWriter(MemorySink(), settings: settings)
        try writer.write(Metadata(name: "robot", texts: ["name": "arm", "joints": "2"]))
        for (id, topic) in [(UInt16(1), "/state"), (2, "/events")] {
            try writer.add(Schema(id: id, name: "S\(id)", encoding: "jsonschema", data: Array("{}".utf8)))
            try writer.add(Channel(id: id, schema: id, topic: topic, encoding: "json"))
        }
        for number in UInt32(0)..<40 {
            let time = Timestamp(nanoseconds: UInt64(number) * 1_000_000)
            let head = MessageHead(
                channel: number % 10 == 9 ? 2 : 1, sequence: number, logTime: time, publishTime: time)
            try writer.write(head, Array("{\"tick\":\(number)}".utf8).span)
        }
        try writer.write(
            Attachment(name: "policy", mediaType: "text/plain", logTime: .zero, createTime: .zero, data: [1, 2, 3]))
        return try writer.finish().bytes
    }

    private func folder() throws -> Folder {
        let folder = try Folder()
        let bytes = try Self.recording()
        var flipped = bytes
        flipped[900] ^= 0x40
        try folder.write("whole.mcap", bytes)
        try folder.write("cut.mcap", Array(bytes[..<1_200]))
        try folder.write("flipped.mcap", flipped)
        try folder.write("text.mcap", Array("this is not what it says".utf8))
        return folder
    }

    @Test("says what a recording holds, or what can be saved of it, and how to")
    func info() throws {
        let folder = try folder()
        let names = ["whole", "cut", "flipped", "text", "none"]
        let runs = names.map { folder.run("recording info \($0).mcap") }
        #expect(
            runs.map(\.status)
                == [.done, .integrityFailure, .integrityFailure, .integrityFailure, .invalidConfiguration])
        #expect(Golden.difference(runs.map(\.text).joined(), from: "Golden/recording-info.txt") == nil)
        let json = names.map { folder.run("recording info \($0).mcap --json").text }.joined()
        #expect(Golden.difference(json, from: "Golden/recording-info.json.txt") == nil)
    }

    @Test("saves what can be saved beside the damaged file, which stays as it is, and says what is lost")
    func recover() throws {
        let folder = try folder()
        let before = try Data(contentsOf: URL(filePath: "\(folder.path)/cut.mcap"))
        let lines = [
            "recording recover whole.mcap cut.mcap flipped.mcap", "recording recover cut.mcap",
            "recording recover text.mcap none.mcap", "recording recover flipped.mcap --output out",
            "recording recover whole.mcap --json",
        ]
        let runs = lines.map(folder.run)
        #expect(
            runs.map(\.status) == [.done, .invalidConfiguration, .integrityFailure, .invalidConfiguration, .done])
        #expect(Golden.difference(runs.map(\.text).joined(), from: "Golden/recording-recover.txt") == nil)
        #expect(try Data(contentsOf: URL(filePath: "\(folder.path)/cut.mcap")) == before)
        for name in ["cut", "flipped"] {
            #expect(folder.run("recording info \(name).recovered.mcap").status == .done)
        }
    }

    @Test("the program itself saves into another folder, and its status says how it ended")
    func process() throws {
        let folder = try folder()
        let line = "./understudy recording recover '\(folder.path)/cut.mcap' --output '\(folder.path)/out' --json"
        let run = try ProcessRun.shell("mkdir '\(folder.path)/out' && \(line)")
        #expect(run.status == 0 && run.errors.isEmpty)
        let list = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]])
        let target = try #require(list.first?["saved_as"] as? String)
        #expect(target == "\(folder.path)/out/cut.recovered.mcap")
        let info = try ProcessRun.shell("./understudy recording info '\(target)'")
        #expect(info.status == 0 && info.output.contains("recovery: bytes_lost="))
        #expect(try ProcessRun.shell("./understudy recording info '\(folder.path)/cut.mcap'").status == 7)
    }
}

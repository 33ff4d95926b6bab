import Foundation
import Quantities
import TestSupport
import Testing

import Threads
@testable import Recordings

@Suite("The recorder") struct RecorderTests {
    static let words: EpisodeWords = {
        var words = EpisodeWords()
        words.modes = ["idle", "running"]
        words.rules = ["none", "speed"]
        words.events = ["started", "fault"]
        return words
    }()

    static func layout() throws -> RecordingLayout<EpisodeEntry> {
        .episode(joints: try #require(JointNames(["shoulder", "elbow"])), words: words)
    }

    static func tick(_ number: UInt32) -> EpisodeTick {
        let time = Timestamp(nanoseconds: 1_000_000 * UInt64(number))
        var tick = EpisodeTick(
            tick: Tick(number), hostTime: time, deviceTime: time, joints: PerJoint(repeating: JointTick()))
        tick.joints[.first].position = Radians(0.25)
        tick.joints[.first].requested = .position(Radians(0.5))
        tick.joints[.first].objection = 1
        tick.verdict.mode = 1
        tick.verdict.rule = 9
        tick.timing.work = Seconds(0.0001)
        return tick
    }

    private func read(_ path: String) throws -> [(topic: String, head: MessageHead, text: String)] {
        let reader = try RecordingReader(FileSource(opening: path))
        try reader.verify()
        var found: [(topic: String, head: MessageHead, text: String)] = []
        let channels = reader.definitions.channels
        try reader.forEachMessage { message in
            found.append(
                (
                    channels[message.head.channel]?.topic ?? "", message.head,
                    String(decoding: message.data, as: UTF8.self)
                ))
        }
        return found
    }

    @Test("every tick becomes a message of each channel, with the time and the number of the tick")
    func episode() throws {
        let folder = try Folder()
        let path = "\(folder.path)/a.mcap"
        let ring = Ring<EpisodeEntry>(capacity: 512)
        let policy = Attachment(name: "policy", mediaType: "", logTime: .zero, createTime: .zero, data: [1])
        let opening = RecordingExtras(metadata: [Metadata(name: "robot", texts: ["a": "b"])], attachments: [policy])
        let recorder = try Recorder(path, layout: Self.layout(), from: ring.consumer, opening: opening)
        var producer = EpisodeProducer(ring.producer)
        for number in 0..<300 where !producer.append(Self.tick(UInt32(number))) {
            Issue.record("no room for \(number)")
        }
        let event = EpisodeEvent(
            kind: 1, tick: Tick(300), hostTime: Timestamp(nanoseconds: 300_000_000), joint: .first, number: 13)
        let fitted = producer.append(event)
        #expect(fitted)
        let outcome = recorder.finish(with: RecordingExtras(metadata: [Metadata(name: "end", texts: [:])]))
        #expect(outcome.isComplete && outcome.messages == 1_201)
        let found = try read(path)
        #expect(Set(found.map(\.topic)) == ["/state", "/action", "/verdict", "/timing", "/events"])
        #expect(found.filter { $0.topic == "/state" }.map(\.head.sequence) == (0..<300).map { UInt32($0) })
        #expect(found.allSatisfy { $0.head.logTime.nanoseconds == UInt64($0.head.sequence) * 1_000_000 })
        let text = found.suffix(5).map { "\($0.topic) \($0.text)\n" }.joined()
        #expect(Golden.difference(text, from: "Golden/messages.txt") == nil)
        let reader = try RecordingReader(FileSource(opening: path))
        #expect(reader.metadata.map(\.name) == ["robot", "end", "recorder"] && reader.attachments.count == 1)
        #expect(outcome.hash == (try FileHash(of: FileSource(opening: path))))
    }

    @Test("the schemas describe the messages, and are JSON")
    func schemas() throws {
        var text = ""
        for (place, channel) in try Self.layout().channels.enumerated() {
            let schema = channel.schema(id: UInt16(place + 1))
            _ = try JSONSerialization.jsonObject(with: Data(schema.data))
            text += String(decoding: schema.data, as: UTF8.self) + "\n"
        }
        #expect(Golden.difference(text, from: "Golden/schemas.txt") == nil)
    }

    @Test("what found the ring full is counted, and told in the recording")
    func drops() throws {
        let folder = try Folder()
        let path = "\(folder.path)/a.mcap"
        var ring = Ring<EpisodeEntry>(capacity: 4)
        for number in 0..<10 { _ = ring.producer.append(.tick(Self.tick(UInt32(number)))) }
        let recorder = try Recorder(path, layout: Self.layout(), from: ring.consumer)
        let outcome = recorder.finish()
        #expect(outcome.dropped == 6 && outcome.messages == 17 && !outcome.isComplete)
        let found = try read(path)
        #expect(found.filter { $0.topic == "/recorder" }.map(\.text) == [#"{"dropped":6}"#])
    }

    @Test("messages reach the file while the recording goes on, without anybody asking")
    func flushing() throws {
        let folder = try Folder()
        let path = "\(folder.path)/a.mcap"
        var ring = Ring<EpisodeEntry>(capacity: 64)
        let recorder = try Recorder(path, layout: Self.layout(), from: ring.consumer)
        _ = ring.producer.append(.tick(Self.tick(1)))
        let deadline = Date() + 20
        while recorder.health.messages < 4, Date() < deadline { usleep(1_000) }
        let survey = try Survey(of: FileSource(opening: path))
        #expect(survey.statistics.messages == 4 && !survey.isFinished && survey.damages.isEmpty)
        #expect(recorder.finish().isComplete)
    }

    @Test("a file that is there already, or a folder that is not, is refused before anything runs")
    func refused() throws {
        let folder = try Folder()
        let path = "\(folder.path)/a.mcap"
        try Data("mine".utf8).write(to: URL(filePath: path))
        for (place, code) in [(path, EEXIST), ("\(folder.path)/none/a.mcap", ENOENT)] {
            #expect(try refusal(of: place) == .system(.create, errno: code, offset: 0))
        }
        #expect(try String(contentsOf: URL(filePath: path), encoding: .utf8) == "mine")
    }

    private func refusal(of path: String) throws -> RecordingError? {
        let layout = try Self.layout()
        let ring = Ring<EpisodeEntry>(capacity: 4)
        var producer = ring.producer
        do throws(RecordingError) {
            _ = try Recorder(path, layout: layout, from: ring.consumer)
            return nil
        } catch {
            // The other end is gone, and this one does not mind.
            _ = producer.append(.tick(Self.tick(0)))
            return error
        }
    }

    @Test("a disk that is full ends the messages, and leaves those before in a file that can be saved")
    func fullDisk() throws {
        let folder = try Folder()
        let path = "\(folder.path)/a.mcap"
        let run = try ProcessRun.shell("./RecordingProbe '\(path)' 4000 20 40000")
        let last = try #require(run.output.split(separator: "\n").last).split(separator: " ")
        #expect(last[0] == "ended", "\(run.output.suffix(300))\(run.errors)")
        let messages = try #require(UInt64(last[1]))
        let lost = try #require(UInt64(last[2]))
        #expect(messages > 100 && lost > 100)
        #expect(run.output.contains("system(Recordings.FileCall.write, errno: \(EFBIG)"))
        let survey = try Survey(of: FileSource(opening: path))
        #expect(survey.statistics.messages == messages && survey.damages.isEmpty)
        // What was taken back may have left room for the end.
        #expect(survey.isFinished == (last[3] == "true"))
        let saved = try survey.save(from: FileSource(opening: path), to: MemorySink(), origin: path).bytes
        #expect(try UInt64(RecordingsTests.messages(of: saved).count) == messages)
    }

    @Test("a recorder killed at any moment has in its file what it said the system has", arguments: 0..<6)
    func killed(round: Int) throws {
        let folder = try Folder()
        let script = """
            ./RecordingProbe '\(folder.path)/a.mcap' 1000000 500 > '\(folder.path)/said' & probe=$!
            until [ "$(grep -c 'kept' '\(folder.path)/said')" -ge \(40 + round * 7) ]; do sleep 0.01; done
            kill -KILL $probe; wait $probe 2> /dev/null; grep kept '\(folder.path)/said' | tail -n 1
            """
        let run = try ProcessRun.shell(script)
        let kept = try #require(run.output.split(whereSeparator: \.isWhitespace).last.flatMap { UInt64($0) })
        let source = try FileSource(opening: "\(folder.path)/a.mcap")
        let survey = try Survey(of: source)
        #expect(survey.statistics.messages >= kept && !survey.isFinished)
        let saved = try survey.save(from: source, to: MemorySink(), origin: "a").bytes
        #expect(try UInt64(messages(of: saved).count) == survey.statistics.messages)
    }
}

import Episodes
import Foundation
import GuardSamples
import Hashing
import Learner
import Learning
import Supervision
import TestSupport
import Testing

@testable import understudy

/// What a learner refuses at the door, with what to do instead, and what it makes of what it was given.
@Suite("learn, at the door")
struct LearnDoorTests {
    private func parse(_ line: String) throws(UsageError) -> LearnOptions? {
        guard case .learn(let options) = try Verb.parse(line.split(separator: " ").map(String.init)) else { return nil }
        return options
    }

    private func withFolder(_ work: (String) throws -> Void) throws {
        let folder = "/tmp/understudy-door-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try work(folder)
    }

    private static let idle: [(words: String, option: understudy.Option, method: Course.Settings.Method)] = [
        ("--models 2 --method real", .models, .real), ("--models 8 --method released", .models, .released),
        ("--reuse 1 --method released", .reuse, .released),
    ]

    @Test("an option that means nothing to the method is refused, with the methods to which it means something")
    func idle() throws {
        for (words, option, method) in Self.idle {
            let methods: [Course.Settings.Method] =
                option == .models ? [.unbiased, .rehearse] : [.real, .unbiased, .rehearse]
            let error = UsageError.optionOfMethods(option, methods, not: method)
            #expect(throws: error) { try parse("learn arm \(words)") }
            for method in methods {
                #expect(
                    try parse("learn arm \(words) ".replacing(/--method .*/, with: "--method \(method.word)")) != nil)
            }
        }
        let outcome = Pretended().run("learn arm --models 2 --method real")
        #expect(outcome.status == .usage)
        #expect(
            outcome.errors == """
                error: '--models' does nothing when a run learns by 'real': leave it out, or choose --method unbiased or \
                --method rehearse
                  next: run 'understudy learn --help'

                """)
        // What is as usual asks for nothing.
        #expect(try parse("learn arm --models 1 --reuse 0 --method released")?.models == 1)
    }

    @Test("a method that the robot's file says is held against the options as well")
    func idleByFile() throws {
        try withFolder { folder in
            let robot = "\(folder)/pendulum"
            try FileManager.default.copyItem(atPath: "\(Household.root)/Calibration/pendulum", toPath: robot)
            let file = URL(filePath: "\(robot)/robot.json5")
            let text = try String(contentsOf: file, encoding: .utf8)
            let changed = text.replacing("learning: {", with: "learning: { estimator: \"real_only\",")
            #expect(changed != text)
            try Data(changed.utf8).write(to: file)
            let words = "pendulum --dry-run --models 2 --robots \(folder) \(Household.envelopes)"
            let run = try VirtualProcess(words, verb: "learn").end()
            #expect(run.status == understudy.ExitStatus.usage.rawValue, "\(run)")
            #expect(run.errors.contains("'--models' does nothing when a run learns by 'real'"), "\(run.errors)")
        }
    }

    @Test("a dry run leaves its curves where TensorBoard is to find them, and says when it cannot")
    func dryCurves() throws {
        try withFolder { folder in
            let usual = "pendulum --dry-run --method real --episodes 5 --robots \(Household.root)/Calibration"
            let words = "\(usual) \(Household.envelopes) --tensorboard"
            let run = try VirtualProcess("\(words) \(folder)/deep/in", verb: "learn").end()
            #expect(run.status == 0, "\(run.errors)")
            let file = URL(filePath: "\(folder)/deep/in/\(CourseStory.eventsFile)")
            // Each record: its length in eight bytes, four of a checksum, what it says, four of another one.
            let bytes = Array(try Data(contentsOf: file))
            var (place, worths) = (0, 0)
            while place + 16 <= bytes.count {
                let length = (0..<8).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
                let record = String(decoding: bytes[place + 12..<place + 12 + length], as: UTF8.self)
                if record.contains("worth/episode") { worths += 1 }
                place += length + 16
            }
            #expect(place == bytes.count && worths == 5)
            try Data("x".utf8).write(to: URL(filePath: "\(folder)/file"))
            let refused = try VirtualProcess("\(words) \(folder)/file", verb: "learn").end()
            #expect(refused.status == understudy.ExitStatus.invalidConfiguration.rawValue)
            #expect(refused.errors.contains("choose another folder with --tensorboard"), "\(refused.errors)")
        }
    }

    @Test("files to begin with are given one by one, and a comma is a part of a name")
    func commas() throws {
        let options = try parse("learn arm --from a,b.mcap --from=c.mcap")
        #expect(options?.from == ["a,b.mcap", "c.mcap"])
        let sample = try RobotSample("pendulum")
        let pupil = try Pupil(sample.robot, bytes: [])
        var identity = identity(pupil)
        var words = try #require(try parse("learn pendulum --from /nowhere/a.mcap,/nowhere/b.mcap"))
        for paths in [words.from, ["/nowhere/p,q"]] {
            words.from = paths
            do throws(LearnerTrouble) {
                _ = try words.beginning(pupil, &identity, hasBegun: false, in: Pretended().surroundings)
                Issue.record("there is no such file")
            } catch {
                let outcome = words.outcome(error, .plain)
                #expect(outcome.errors.contains("several files are given as --from FILE --from FILE"), "\(outcome)")
            }
        }
        try withFolder { folder in
            let policy = try sample.policy().bytes
            try Data(policy).write(to: URL(filePath: "\(folder)/best,so far"))
            words.from = ["\(folder)/best,so far"]
            let surroundings = Pretended().surroundings(with: Pretended().surroundings.devices, read: readFile)
            _ = try words.beginning(pupil, &identity, hasBegun: true, in: surroundings)
            #expect(identity.way.from == Digest(of: policy.span))
        }
    }

    private func identity(_ pupil: Pupil) -> RunIdentity {
        RunIdentity(
            robot: "pendulum", file: .zero, envelope: .zero, calibration: .zero, method: .rehearse, seed: 1, episodes: 9
        )
    }

    @Test("of what a run has begun with only the hash is looked at; nothing is read, imitated or told again")
    func begun() throws {
        let pupil = try Pupil(try RobotSample("pendulum").robot, bytes: [])
        try withFolder { folder in
            // No recordings at all: whoever read them would complain.
            let paths = ["\(folder)/1.mcap", "\(folder)/2.mcap"]
            for path in paths { try Data(path.utf8).write(to: URL(filePath: path)) }
            var options = try #require(try parse("learn pendulum"))
            options.from = paths
            var identity = identity(pupil)
            #expect(throws: LearnerTrouble.self) {
                try options.beginning(pupil, &identity, hasBegun: false, in: Pretended().surroundings)
            }
            #expect(identity.way.from == nil)
            let none = try options.beginning(pupil, &identity, hasBegun: true, in: Pretended().surroundings)
            let hashes = paths.map { Digest(of: Array($0.utf8).span).text }.joined()
            #expect(none == nil && identity.way.from == Digest(of: Array(hashes.utf8).span))
        }
    }
}

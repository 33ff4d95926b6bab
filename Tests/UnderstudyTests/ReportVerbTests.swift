import Foundation
import Learning
import TestSupport
import Testing

@testable import understudy

/// Tells courses from their logs, with recordings of real flights beside them.
@Suite("Report at the door") struct ReportVerbTests {
    private static let root = URL(filePath: #filePath).appending(path: "../../..").standardized

    /// A course of three batches with the first and the last flight recorded.
    private static var log: CourseLog {
        let head = CourseLog.Head(robot: "pendulum", run: 11, method: .rehearse, tickSeconds: 0.005, horizon: 1_000)
        let events: [[Course.Note.Event]] = [
            [.looked, .refined(before: 0.4, after: 0.1), .rehearsed(modelWorthBefore: -0.9, after: -0.3)],
            [.accepted(evidence: 45), .handedOver(strikes: 0)],
            [
                .estimated(effectiveEpisodes: 14, gain: Interval(0.02, low: -0.01, high: 0.05)),
                .stepped(
                    varianceRatio: 2.25, correlation: Interval(0.8, low: 0.6, high: 0.9), coefficient: -0.7, factor: 1),
                .stoppedBuying(.notWorthIt),
            ],
        ]
        let entries = (1...18).map { number in
            let batch = (number - 1) / 6
            let worth = -0.9 + 0.3 * Double(batch) + 0.01 * Double(number % 3)
            return CourseLog.Entry(
                episode: UInt64(100 + number), realEpisodes: number, robotSeconds: 5 * Double(number), worth: worth,
                phase: [.look, .check, .climb][batch], isCandidate: batch == 1,
                notes: number % 6 == 0
                    ? events[batch].map { Course.Note(episodes: number, worth: worth, event: $0) } : [],
                purchase: Purchase(
                    [.look, .check, .climb][batch], taken: (number - 1) % 6, of: 6, freePerReal: 10, cost: 1.5,
                    gain: batch == 0 ? nil : Interval(0.1, low: 0, high: 0.2), needed: 6 - (number - 1) % 6,
                    isWorthIt: nil),
                recording: [1: "flight-1.mcap", 2: "gone.mcap", 18: "flight-5.mcap"][number],
                fault: number == 9 ? 13 : nil, policy: "0\(batch)", kept: batch == 0 ? "00" : "01")
        }
        return CourseLog(head, entries)
    }

    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "report-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(Self.log.encoded).write(to: folder.appending(path: CourseLog.fileName))
        try body(folder)
    }

    private func run(_ words: [String]) -> Outcome {
        let pretended = Pretended()
        return Verb.run(
            ["report"] + words, in: pretended.surroundings(with: pretended.surroundings.devices, read: readFile))
    }

    @Test("it says in words what a tick was worth, what happened, and what the last episode was bought for")
    func words() throws {
        try withFolder { folder in
            let outcome = run([folder.path])
            #expect(outcome.status == .done, "\(outcome.errors)")
            #expect(outcome.output.hasPrefix("pendulum: 18 real episodes, method rehearse\n"))
            for words in [
                "robot's motion    1.5 min", "stopped           1", "spent             27.0",
                "off by 10.0 % of the motion instead of 40.0 %", "better on the robot, at odds of 45.0 to 1",
                "variance ratio    2.25", "correlation       0.8 [0.6, 0.9]", "may bring less than they cost",
                "what is kept      -0.59 [-0.599, -0.581], by the 6 episodes that it flew",
                "episode 6 of at most 6, for a step along the gradient",
            ] { #expect(outcome.output.contains(words), "\(words)\n\(outcome.output)") }
            let named = run([folder.appending(path: CourseLog.fileName).path])
            #expect(named == outcome)
        }
    }

    @Test("the same for programs is JSON with every episode, step and note")
    func json() throws {
        try withFolder { folder in
            let outcome = run([folder.path, "--json"])
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
            #expect((object["episodes"] as? [Any])?.count == 18 && (object["notes"] as? [Any])?.count == 8)
            let steps = try #require(object["steps"] as? [[String: Any]])
            #expect(object["episodes_kept"] as? Int == 6)
            #expect(steps.count == 1 && steps[0]["variance_ratio"] as? Double == 2.25)
            let (first, last) = (object["worth_first"] as? [String: Double], object["worth_last"] as? [String: Double])
            #expect(try #require(first?["high"]) < (try #require(last?["low"])))
        }
    }

    @Test("the page is one file with the curves, the stops, and the motion before and after from the recordings")
    func page() throws {
        try withFolder { folder in
            for name in ["flight-1", "flight-5"] {
                try FileManager.default.copyItem(
                    at: Self.root.appending(path: "Tests/ReplayTests/Golden/\(name).mcap"),
                    to: folder.appending(path: "\(name).mcap"))
            }
            let page = folder.appending(path: "report.html").path
            #expect(run([folder.path, "--html", page]).status == .done)
            let html = try String(contentsOfFile: page, encoding: .utf8)
            #expect(!html.contains("<script") && !html.contains("http") && html.hasSuffix("</html>\n"))
            #expect(html.ranges(of: "<svg").count == 10, "\(html.ranges(of: "<svg").count)")
            for words in ["Before and after", "episode 118", "stopped by fault 13", "prefers-color-scheme: dark"] {
                #expect(html.contains(words), "\(words)")
            }
            #expect(run([folder.path, "--html", page]).status == .invalidConfiguration, "it is there already")
        }
    }

    @Test("TensorBoard's own loader reads every number of the curves, with its step and the robot's time")
    func tensorboard() throws {
        let root = Self.root.path
        let surroundings = ProcessInfo.processInfo.environment.merging(["ROOT": root]) { $1 }
        let python = try ProcessRun.shell(
            "\"$ROOT/.ci/python-peers\" tensorboard tensorboard==2.20.0 numpy==2.2.6", environment: surroundings)
        try #require(python.status == 0, "no environment for tensorboard: \(python.errors)")
        let interpreter = python.output.trimmingCharacters(in: .whitespacesAndNewlines)
        try withFolder { folder in
            let events = folder.appending(path: "board").path
            #expect(run([folder.path, "--tensorboard", events]).status == .done)
            let file = "\(events)/events.out.tfevents.understudy"
            let reading = "'\(interpreter)' '\(root)/Tests/Peers/tensorboard_read.py' '\(file)'"
            let read = try ProcessRun.shell(reading)
            #expect(read.status == 0, "\(read.errors.suffix(1_000))")
            let lines = read.output.split(separator: "\n").map(String.init)
            #expect(lines.count == 2 * 18 + 4 + 2 + 2 + 4, "\(lines.count)")
            for line in [
                "worth/episode\t1\t5.0\t-0.89", "worth/episode\t18\t90.0\t-0.3", "model/error\t6\t30.0\t0.1",
                "check/evidence of better\t12\t60.0\t45", "gradient/variance ratio\t18\t90.0\t2.25",
                "gradient/correlation\t18\t90.0\t0.8",
            ] { #expect(lines.contains(line), "\(line)\n\(read.output)") }
            #expect(run([folder.path, "--tensorboard", events]).status == .invalidConfiguration, "it is there already")
            var bytes = try Data(contentsOf: URL(filePath: file))
            bytes[bytes.count - 10] ^= 1
            try bytes.write(to: URL(filePath: file))
            #expect(try ProcessRun.shell(reading).output.split(separator: "\n").count < lines.count, "a damaged one")
        }
    }

    @Test("a page is made where no recording is left, and a log that is none is refused with what helps")
    func missing() throws {
        try withFolder { folder in
            let page = folder.appending(path: "report.html").path
            #expect(run([folder.path, "--html", page]).status == .done)
            #expect(try !String(contentsOfFile: page, encoding: .utf8).contains("Before and after"))
            #expect(run([folder.appending(path: "none").path]).status == .invalidConfiguration)
            try Data("{\"course\":1}\n".utf8).write(to: folder.appending(path: CourseLog.fileName))
            let damaged = run([folder.path])
            #expect(damaged.status == .integrityFailure && damaged.errors.contains("'robot' in line 1"), "\(damaged)")
        }
        #expect(run([]).status == .usage && run(["a", "b"]).status == .usage)
    }
}

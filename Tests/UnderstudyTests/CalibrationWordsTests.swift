import Foundation
import Guard
import GuardSamples
import Robots
import TestSupport
import Testing

@testable import understudy

/// What a calibration says at the door where what it found, or what was found before it, does not count.
@Suite("What does not count is said") final class CalibrationWordsTests {
    private static let root = URL(filePath: #filePath).appending(path: "../../..").standardized
    private static func path(_ name: String) -> String { root.appending(path: name).path }
    private static let flights = (1...5).map { path("Tests/ReplayTests/Golden/flight-\($0).mcap") }
    private let folder = FileManager.default.temporaryDirectory.appending(path: "words-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private final class Heard {
        var text = ""
    }

    /// Reads real files, and hears what is told meanwhile.
    private func run(_ words: [String]) -> (outcome: Outcome, told: String) {
        let (pretended, heard) = (Pretended(), Heard())
        let own = pretended.surroundings.devices
        let devices = DeviceAccess(
            ports: own.ports, open: own.open, deadMan: own.deadMan, tell: { heard.text += $0 }, isWatched: false,
            isInterrupted: { true }, ask: { nil }, save: { _, _ in nil }, stateFolder: { "state" })
        let surroundings = pretended.surroundings(with: devices, read: readFile)
        let listing = Surroundings(
            output: .plain, errors: .plain, read: surroundings.read,
            list: { try? FileManager.default.contentsOfDirectory(atPath: $0).sorted() }, examine: surroundings.examine,
            user: surroundings.user, devices: devices, say: { _ in })
        return (Verb.run(words, in: listing), heard.text)
    }

    private func write(_ text: String, to name: String) throws -> String {
        let place = folder.appending(path: name)
        try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: place, atomically: true, encoding: .utf8)
        return place.path
    }

    @Test(
        "a fit that predicts no better is refused in words, in JSON and in the record, and nothing is to be written down"
    )
    func refused() throws {
        var text = try String(contentsOf: URL(filePath: Self.path("Calibration/pendulum/robot.json5")), encoding: .utf8)
        // What was found is believed, and what is found beside it is believed again: in the end nothing better is there.
        for _ in 0..<6 {
            let robot = try write(text, to: "robot.json5")
            let json = run(["calibrate", robot, "--json"] + Self.flights).outcome
            let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            let parameters = try #require(object["parameters"] as? [[String: Any]])
            let predictions = try #require(object["predictions"] as? [[String: Any]])
            guard object["better"] as? Bool == false else {
                #expect(predictions.allSatisfy { $0["refused"] is NSNull })
                for parameter in parameters {
                    let (name, value) = (try #require(parameter["name"] as? String), parameter["value"] as? Double)
                    let start = try #require(text.range(of: " \(name): { value: ")).upperBound
                    let end = try #require(text[start...].firstIndex(of: ","))
                    text.replaceSubrange(start..<end, with: "\(try #require(value))")
                }
                continue
            }
            #expect(parameters.allSatisfy { $0["value"] as? Double == $0["before"] as? Double })
            #expect(parameters.allSatisfy { $0["learnt"] as? Double == 0 })
            #expect(
                predictions.allSatisfy { $0["refused"] is Double && $0["after"] as? Double == $0["before"] as? Double })
            try expectWords(robot)
            return
        }
        Issue.record("six fits, each better than the one before")
    }

    private func expectWords(_ robot: String) throws {
        let said = run(["calibrate", robot] + Self.flights).outcome
        #expect(said.status == .done)
        #expect(said.output.contains("no better    all parameters stay as they were believed"))
        #expect(said.output.contains("parameter    mgl      stays ") && said.output.contains(" with what was found\n"))
        #expect(!said.output.contains("for the file") && !said.output.contains("times better"))
        let source = RobotSource(robot)
        let surroundings = Pretended().surroundings(with: Pretended().surroundings.devices, read: readFile)
        let runs = try Self.flights.map { try LoadedRun($0, robot: source, robots: nil, in: surroundings) }
        let record = "\(try CalibrationReport(runs, nil).fit.record(["position.swing": 0.25]))"
        #expect(record.contains("\"after_in_turns\": 0.25") && record.contains("\"after_in_turns\": null"), "\(record)")
        #expect(record.contains("\"better\": false") && record.contains("\"refused\": 0."), "\(record)")
    }

    @Test("a record of a model that the robot does not have any more is passed over in one sentence, with what to do")
    func passedOver() throws {
        let old = RobotSample.foundRecord().replacingOccurrences(of: "\"name\": \"rod\"", with: "\"name\": \"servos\"")
        for file in ["robot.json5", "body.xml"] {
            let own = try String(contentsOf: URL(filePath: Self.path("Calibration/pendulum/\(file)")), encoding: .utf8)
            _ = try write(own, to: "pendulum/\(file)")
        }
        let record = try write(old, to: "pendulum/2026-11-20-1.json")
        let words = [
            "pendulum", "--robots", folder.path, "--envelopes", Self.path("safety/envelopes"), "--socket",
            "/tmp/nobody.sock",
        ]
        let sentence =
            "'\(record)' is of a model 'servos', which this version of pendulum does not have: its model is 'rod', and "
            + "counts as its file believes in it\n"
        let calibrated = run(["calibrate"] + words)
        #expect(calibrated.outcome.status == .notReachable && calibrated.told == sentence, "\(calibrated)")
        let learned = run(["learn"] + words + ["--run", folder.appending(path: "run").path])
        #expect(learned.told.hasPrefix(sentence + "  next: understudy calibrate pendulum\n"), "\(learned)")
        _ = try write(RobotSample.foundRecord(), to: "pendulum/2026-11-20-1.json")
        #expect(run(["calibrate"] + words).told.isEmpty)
    }
}

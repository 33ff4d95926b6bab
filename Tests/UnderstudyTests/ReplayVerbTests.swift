import Foundation
import TestSupport
import Testing

@testable import understudy

/// Plays the recordings that are kept beside the tests of Replay.
@Suite("Replay and export at the door") struct ReplayVerbTests {
    private static let root = URL(filePath: #filePath).appending(path: "../../..").standardized

    private static func path(_ name: String) -> String { root.appending(path: name).path }

    private static let flights = (1...5).map { path("Tests/ReplayTests/Golden/flight-\($0).mcap") }

    /// The rules under which they were made.
    private static let envelopes = path("Tests/ReplayTests/Golden/envelopes")

    /// Reads real files, and takes the folder of the sources out of what is said.
    private func run(_ words: [String]) -> (status: understudy.ExitStatus, text: String, errors: String) {
        let pretended = Pretended()
        let surroundings = pretended.surroundings(with: pretended.surroundings.devices, read: readFile)
        let outcome = Verb.run(
            words + (words.first == "replay" ? ["--envelopes", Self.envelopes] : []), in: surroundings)
        let plain = { (text: String) in text.replacingOccurrences(of: Self.root.path + "/", with: "") }
        return (outcome.status, plain(outcome.output), plain(outcome.errors))
    }

    @Test("under the same rules it says that every verdict is as it was, and beside a model how near that is")
    func replayed() throws {
        let text = run(["replay"] + Self.flights)
        #expect(text.status == .done, "\(text.errors)")
        #expect(text.text.ranges(of: "as they were recorded, bit by bit").count == 5)
        #expect(text.text.contains("model rod") && text.text.contains("fidelity     gradients"))
        let json = run(["replay", "--json"] + Self.flights)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(json.text.utf8)) as? [String: Any])
        let runs = try #require(object["runs"] as? [[String: Any]])
        #expect(runs.count == 5 && runs.allSatisfy { ($0["safety"] as? [String: Any])?["same_rules"] as? Bool == true })
        let fidelity = try #require((object["model"] as? [String: Any])?["fidelity"] as? [String: Any])
        #expect(fidelity["episodes"] as? Int == 5 && fidelity["gradients"] is [String: Any])
    }

    @Test(
        "beside the virtual robot, which made these recordings, predictions are ten times nearer than beside the model")
    func body() throws {
        let words = ["replay", "--model", "--body", "--robots", Self.path("Calibration"), "--json"] + Self.flights
        let json = run(words)
        #expect(json.status == .done, "\(json.errors)")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.text.utf8)) as? [String: Any])
        let errors = try ["model", "body"].map { part in
            let joints = try #require((object[part] as? [String: Any])?["joints"] as? [[String: Any]])
            let errors = try #require(joints[0]["position_error_rad"] as? [Any])
            return try #require(errors.compactMap { $0 as? Double }.last)
        }
        #expect(errors[1] < errors[0] / 5 && errors[1] < 0.02, "\(errors)")
        let text = run(["replay", "--body", "--robots", Self.path("Calibration")] + Self.flights)
        #expect(text.text.contains("the virtual robot\n") && !text.text.contains("verdicts"), "\(text.text)")
    }

    @Test("on a robot it says what it would propose; without a guard, or with what does not go together, it is refused")
    func onRobot() throws {
        let words = ["replay", "--robot", Self.flights[0], "--robots", Self.path("Calibration")]
        let nobody = run(words + ["--socket", "/tmp/nobody.sock"])
        #expect(nobody.status == .notReachable, "\(nobody.errors)")
        for more in [["--model"], ["--body"], ["--html", "x"], [Self.flights[1]], ["--slower", "0.5"]] {
            #expect(run(words + more).status == .usage, "\(more)")
        }
        #expect(run(["replay", Self.flights[0], "--slower", "2"]).status == .usage)
        let other = run(words + ["--as", Self.path("Calibration/reacher/robot.json5")])
        #expect(other.status == .invalidConfiguration && other.errors.contains("other joints"), "\(other.errors)")
    }

    @Test("recordings too short to warm a motor are refused with what to record, and heat needs recordings")
    func heat() {
        let folders = ["--robots", Self.path("Calibration"), "--envelopes", Self.path("safety/envelopes")]
        let cold = run(["calibrate", "pendulum", "--warmth"] + folders + Self.flights)
        #expect(cold.status == .invalidConfiguration && cold.text.isEmpty, "\(cold)")
        #expect(cold.errors.contains("it became warmer by") && cold.errors.contains("next: record half an hour"))
        #expect(run(["calibrate", "pendulum", "--warmth"] + folders).status == .usage)
        #expect(run(["calibrate", "pendulum", "--warmth", "--model=rod"] + folders + Self.flights).status == .usage)
    }

    @Test("under other rules it says what they would have changed, and makes a page in one file")
    func otherRules() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "replay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let own = try String(contentsOf: URL(filePath: Self.path("safety/envelopes/pendulum.json5")), encoding: .utf8)
        let strict = folder.appending(path: "strict.json5")
        try own.replacing("effort_limit_nm: 0.2", with: "effort_limit_nm: 0.03").write(
            to: strict, atomically: true, encoding: .utf8)
        let page = folder.appending(path: "run.html").path
        let words = ["replay", Self.flights[0], "--safety=\(strict.path)", "--html", page]
        let text = run(words)
        #expect(text.status == .done && text.text.contains("clamped      ") && text.text.contains("by effort"))
        let html = try String(contentsOfFile: page, encoding: .utf8)
        #expect(html.contains("<svg") && !html.contains("<script") && html.hasSuffix("</html>\n"))
        #expect(run(words).status == .invalidConfiguration)
    }

    @Test("what cannot be played is refused with its reason and what helps")
    func refused() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "replay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let bytes = try Data(contentsOf: URL(filePath: Self.flights[0]))
        let cut = folder.appending(path: "cut.mcap")
        try bytes.prefix(40_000).write(to: cut)
        let broken = run(["replay", cut.path])
        #expect(broken.status == .integrityFailure && broken.errors.contains("recording recover \(cut.path)"))
        try Data("no recording".utf8).write(to: cut)
        #expect(run(["replay", cut.path]).status == .integrityFailure)
        #expect(run(["replay", folder.appending(path: "none.mcap").path]).status == .invalidConfiguration)
        let model = run(["replay", Self.flights[0], "--model=nosuch"])
        #expect(model.status == .invalidConfiguration && model.errors.contains("no model 'nosuch'"))
        let other = run(["replay", Self.flights[0], "--as", Self.path("Calibration/reacher/robot.json5")])
        #expect(other.status == .invalidConfiguration && other.errors.contains("other joints"))
        #expect(run(["replay"]).status == .usage && run(["export", "a", "b"]).status == .usage)
        #expect(run(["export", "a", "--form", "parquet"]).status == .usage)
    }

    @Test("the bytes of a line are read once more, with what was damaged")
    func bytes() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "replay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "run.jsonl")
        // Two pings of Dynamixel's manual, the second with a wrong checksum.
        let lines = [
            #"{"understudy_virtual":1,"robot":"arm","joints":1,"seed":1,"step_ns":1000000}"#,
            #"{"t":1000000,"state":[[0,0,0,5,25]],"drive":["off"]}"#,
            #"{"t":1200000,"begins":"bit-flips","value":0.1}"#, #"{"t":1203000,"in":"FFFFFD00010300011"}"#,
        ]
        try lines.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
        let odd = run(["replay", "--bytes", file.path])
        #expect(odd.status == .integrityFailure && odd.errors.contains("line 4"))
        let whole =
            lines.dropLast() + [
                #"{"t":1203000,"in":"FFFFFD000103000119"}"#, #"{"t":1204000,"in":"4EFFFFFD000103000119"}"#,
                #"{"t":2500000000,"in":"4F"}"#,
            ]
        try whole.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
        let read = run(["replay", "--bytes", file.path])
        #expect(read.status == .done && read.text.contains("2.5 s of dynamixel"), "\(read.text)\(read.errors)")
        #expect(read.text.contains("1 packets in 20 bytes; 1 refused for their checksum"))
        #expect(read.text.contains("on purpose   bit-flips"))
        let json = run(["replay", "--bytes", file.path, "--json"])
        #expect(json.text.contains("\"language\": \"dynamixel\"") && json.text.contains("\"checksum\": 1"))
        let silent = run(["replay", "--bytes", Self.flights[0]])
        #expect(silent.status == .invalidConfiguration && silent.errors.contains("keeps no bytes of its bus"))
        #expect(run(["replay", "--bytes", "--model", file.path]).status == .usage)
    }

    @Test("recordings fit the model of their robot, with what they cannot tell apart")
    func calibrated() throws {
        let robot = Self.path("Calibration/pendulum/robot.json5")
        let text = run(["calibrate", robot] + Self.flights)
        #expect(text.status == .done, "\(text.errors)")
        #expect(
            text.text.contains("parameter    mgl") && text.text.contains("not told")
                && text.text.contains("interval_low"))
        let json = run(["calibrate", robot, "--json"] + Self.flights)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.text.utf8)) as? [String: Any])
        let parameters = try #require(object["parameters"] as? [[String: Any]])
        #expect(parameters.count == 6 && parameters.allSatisfy { $0["interval_low"] is Double })
        #expect(run(["calibrate", robot, "--model=rod"]).status == .usage)
        #expect(run(["calibrate", robot, "--check"] + Self.flights).status == .usage)
        let nobody = run([
            "calibrate", robot, "--socket", "/tmp/nobody.sock", "--envelopes", Self.path("safety/envelopes"),
        ])
        #expect(nobody.status == .notReachable, "\(nobody.errors)")
        let missing = run(["calibrate", robot, "--model=no"] + Self.flights)
        #expect(missing.status == .invalidConfiguration && missing.errors.contains("no model 'no'"))
    }

    @Test("a table has a line for each tick, with the times that were measured")
    func exported() throws {
        let everything = run(["export", Self.flights[0]])
        let lines = everything.text.split(separator: "\n")
        let columns = lines[0].split(separator: ",")
        #expect(everything.status == .done && columns.contains("position_rad.swing") && lines.count > 110)
        #expect(
            lines.allSatisfy { $0.split(separator: ",", omittingEmptySubsequences: false).count == columns.count })
        let flat = run(["export", Self.flights[0], "--form", "flat"]).text.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        #expect(flat[0].prefix(3) == ["episode_index", "frame_index", "timestamp"])
        let times = try flat.dropFirst().map { try #require(Double($0[2])) }
        #expect(times.first == 0 && zip(times, times.dropFirst()).allSatisfy { $0 < $1 } && times.count > 105)
        let done = try #require(flat[0].firstIndex(of: "next.done"))
        #expect(flat.dropFirst().map { $0[done] }.filter { $0 == "1" }.count == 1 && flat.last?[done] == "1")
    }
}

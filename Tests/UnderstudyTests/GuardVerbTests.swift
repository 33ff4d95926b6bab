import Episodes
import Foundation
import JSON
import Quantities
import TestSupport
import Testing

@testable import understudy

private func parse(_ line: String) throws(UsageError) -> Verb {
    try Verb.parse(line.split(separator: " ").map(String.init))
}

@Suite("The guard's verbs")
struct GuardVerbTests {
    private let hash = String(repeating: "0123456789abcdef", count: 4)

    @Test("what is understood")
    func understood() throws {
        var options = GuardOptions(source: RobotSource("arm", robots: "/r"))
        options.state = "/s"
        options.operators = "bench"
        options.isDryRun = true
        #expect(try parse("guard arm --robots /r --state /s --operators bench --dry-run") == .`guard`(options))
        #expect(try parse("status arm") == .call(CallOptions(task: .status, robot: "arm")))
        var approve = CallOptions(task: .approve(plan: "01234567", batch: nil), robot: "arm")
        #expect(try parse("approve arm 01234567") == .call(approve))
        approve = CallOptions(
            task: .approve(plan: hash, batch: .init(episodes: 5, nats: 0.1)), robot: "arm", why: "well")
        #expect(try parse("approve arm \(hash) --batch 5 --why well") == .call(approve))
        #expect(
            try parse("deny arm 01234567 --why fast")
                == .call(CallOptions(task: .deny(plan: "01234567"), robot: "arm", why: "fast")))
        #expect(
            try parse("resume arm --clear 23 --why loose")
                == .call(CallOptions(task: .clear(fault: 23), robot: "arm", why: "loose")))
        #expect(
            try parse("watch arm --period 250") == .call(CallOptions(task: .watch(period: 250), robot: "arm")))
        #expect(
            try parse("approve arm --rule /r.json5") == .call(CallOptions(task: .adopt(file: "/r.json5"), robot: "arm"))
        )
        #expect(
            try parse("deny arm --ground 7 --why x")
                == .call(CallOptions(task: .withdraw(ground: 7), robot: "arm", why: "x")))
        #expect(
            try parse("stop arm --without-guard")
                == .call(CallOptions(task: .stop, robot: "arm", isWithoutGuard: true)))
    }

    @Test(
        "nothing has a default robot or plan, and what would be half an act is none",
        arguments: [
            "guard", "status", "approve", "stop", "deny arm", "deny arm 01234567", "approve arm 0123456",
            "approve arm 0123456G", "approve arm 01234567 --batch 5", "approve arm 01234567 --distance 1",
            "approve arm 01234567 --batch 1 --why x", "approve arm 01234567 --batch 5 --why x --distance 0",
            "resume arm --clear 23", "resume arm --clear 0 --why x", "watch arm --period 5", "status arm more",
            "guard arm arm", "status arm --metrics --json", "status arm --why x", "deny arm --ground 7",
            "approve arm 01234567 --rule /r", "approve arm --rule /r --batch 5 --why x",
            "deny arm 01234567 --ground 7 --why x", "deny arm --ground 0 --why x",
        ])
    func refused(line: String) {
        #expect(throws: UsageError.self) { try parse(line) }
    }

    private func object(_ text: String) throws -> JSONObject {
        try #require(try JSONValue(parsing: Array(text.utf8)).object)
    }

    @Test("the dossier, the status and the checks, as a person reads them")
    func texts() throws {
        let texts = GuardTexts(style: .plain)
        let shown = try object(Self.shown.replacingOccurrences(of: "HASH", with: hash))
        #expect(Golden.difference(texts.dossier(shown), from: "Golden/guard-dossier.txt") == nil)
        let status = try object(Self.status.replacingOccurrences(of: "HASH", with: hash))
        #expect(Golden.difference(texts.status(status, of: "pendulum"), from: "Golden/guard-status.txt") == nil)
        #expect(Golden.difference(texts.checks(status), from: "Golden/guard-checks.txt") == nil)
    }

    @Test("how a band was widened, and by what, in plain words")
    func widening() {
        func text(_ flights: UInt32, _ left: UInt32) -> String {
            WideningText(
                BandWidening(most: [Radians(1.25), Radians(0.5)], flights: flights, left: left), ["hip", "knee"]
            )
            .text
        }
        #expect(
            text(0, 0)
                == "up to 1.25 rad (hip), 0.50 rad (knee) beyond the rollouts: a first guess, nothing was flown yet")
        #expect(
            text(1, 0).hasSuffix(
                ", for 19 of 20 flights to stay within it: by the one that was flown, none of which left its band"))
        #expect(text(19, 2).hasSuffix("by the newest 19, 2 of which left their bands"))
    }

    @Test("what a guard says cannot make a terminal do anything")
    func escapes() throws {
        let object = try object(#"{"state": "\u001b[2Jobserving", "plans": [], "joints": []}"#)
        let text = GuardTexts(style: .plain).status(object, of: "x")
        #expect(!text.unicodeScalars.contains { $0.value == 0x1B })
    }

    @Test("numbers are rounded to their decimals, and keep their sign")
    func decimals() {
        #expect(decimal(0.005, 2) == "0.01" && decimal(-1.5, 0) == "-2" && decimal(-0.25, 1) == "-0.3")
        #expect(decimal(12, 3) == "12.000" && decimal(0, 2) == "0.00")
    }

    private static let shown = """
        {"plan": {"sha256": "HASH", "robot": "pendulum", "task": {"name": "swing-up", "sha256": ""},
          "horizon_ticks": 1000, "tick_ns": 5000000,
          "price": {"time_ms": 5000, "wear_microlives": 3, "heat_mj": 12000, "attention_ms": 6000}},
         "dossier": {"bands": [{"joint": "swing", "stride_ticks": 100,
            "low": [-0.5, -1, -2, -2, -1, -1, -0.5, 0, 0.5, 1], "high": [0.5, 1, 1, 2, 3, 3, 3.5, 4, 4, 4]}],
          "forecasts": [{"joint": "swing", "speed_low": -6, "speed_high": 6.25, "effort_low": -0.1, "effort_high": 0.1,
            "temperature_high_celsius": 48}],
          "widening": {"joints": [{"joint": "swing", "most": 1.254}], "flights": 12, "left": 1},
          "nearest": {"joint": "swing", "rule": "speed", "margin": 0.25}, "rollouts": 64, "rollouts_leaving": 1,
          "worst": {"joint": "swing", "rule": "position", "margin": -0.015}, "measured": [{"from_sha256": "", "nats": 0.031}],
          "hottest_joint": "swing", "hottest_celsius": 51.4, "time_left_s": 90, "wear_microlives": 3}}
        """

    private static let status = """
        {"state": "latched", "rung": "limp", "mode": "standing",
         "grounds": [{"number": 12, "episodes_left": 3, "until_ns": 1798761600000000000},
            {"number": 31, "rule": "evenings", "until_ns": 1798761600000000000}],
         "stopped": {"by": 1000, "why": "the cat", "at_ns": 1795759200000000000},
         "fault": {"number": 23, "name": "encoderJump", "joint": "swing", "latched": true},
         "joints": [{"name": "swing", "position": 0.1234, "speed": -0.5, "effort": 0.01, "temperature_celsius": 31.2,
            "voltage": 5.02, "torque_on": false, "age_ns": 1000}, {"name": "unread", "torque_on": false}],
         "plans": [{"sha256": "HASH", "state": "proposed", "noise": {"run": "7", "iteration": 2, "episode": 5},
            "waits_for": ["approval", "budget"]}],
         "timing": {"ticks": 12000, "missed": 3},
         "checks": [{"name": "identity", "passed": true, "reason": "1 devices", "remedy": ""},
            {"name": "temperatures", "passed": false, "reason": "swing is 81 °C, must be below 70",
             "remedy": "let the motors cool down"}]}
        """

    @Test("recordings that could not be read are refused before anything flies")
    func recordingsFolder() throws {
        let place = FileManager.default.temporaryDirectory.appending(path: "recordings-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: place) }
        func refusal(_ path: String) -> String? { RecordingsFolder(path: path, option: "--state").refusal?.text }
        #expect(refusal(place.path)?.hasSuffix("is not there") == true)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
        #expect(refusal(place.path) == nil)
        let first = place.appending(path: "episode-1.mcap")
        try Data().write(to: first)
        #expect(refusal(place.path) == nil)
        #expect(refusal(first.path)?.contains("may not read") == true)
        // Root may read everything; what leads nowhere nobody may.
        try FileManager.default.createSymbolicLink(
            atPath: place.appending(path: "episode-2.mcap").path, withDestinationPath: "/nowhere/else")
        #expect(refusal(place.path)?.contains("may not read") == true)
    }

}

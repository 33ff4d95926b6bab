import Episodes
import Foundation
import Glibc
import Guard
import JSON
import Ports
import Robots
import Supervision
import TestSupport
import Testing
import Varlink

@testable import understudy

/// Processes that measure a robot take longer than the gate has time for.
@Suite(
    "A calibration through the guard", .serialized,
    .enabled(if: isProof && getuid() == 0, "takes a minute; only root can become others"))
struct CalibrateProcessTests {
    @Test(
        "killed in the middle and begun anew it flies nothing twice; the guard takes its record; the same again is the same"
    )
    func resumed() throws {
        let house = try Household()
        defer { try? house.end() }
        var looker = try house.client()
        try looker.wait(for: ["observing"])
        try house.grant()
        let first = try house.calibrating("--without-model")
        try house.approve(&looker, while: { try $0.plans(in: "finished") == 0 })
        try first.signal(SIGKILL)
        _ = try? first.end()
        let flown = try looker.plans(in: "finished")
        #expect(flown >= 1 && house.records.isEmpty)

        let run = try house.calibrated("--without-model", &looker)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try looker.plans(in: "finished") == 2, "the check of directions once, and the joint once")
        let record = try #require(house.records.first)
        #expect(run.output.contains(record) && run.output.contains("joint        swing: friction"), "\(run.output)")
        let bytes = try Data(contentsOf: URL(filePath: record))
        let file = try CalibrationFile(parsing: Array(bytes))
        #expect(file.session == 1 && file.joints.first?.friction ?? 0 > 0.001, "\(file)")

        // Somebody lost it: what was flown is still there, and so is every bit of the record.
        try FileManager.default.removeItem(atPath: record)
        #expect(try house.calibrated("--without-model", &looker).status == 0)
        #expect(try Data(contentsOf: URL(filePath: record)) == bytes)
        let known = try house.calibrated("--without-model", &looker)
        #expect(known.status == 0 && known.output.contains("is there"), "\(known.output)")

        #expect(try house.dismiss().status == 0)
        try house.restart()
        var again = try house.client()
        let robot = try again.ask("Robot")
        #expect(robot["calibration_sha256"]?.text == file.digest.text)
        let checks = (robot["checks"]?.list ?? []).compactMap(\.object)
        for name in ["calibration", "direction"] {
            #expect(checks.first { $0["name"]?.text == name }?["passed"]?.boolean == true, "\(name)")
        }
        #expect(try house.dismiss().status == 0)
    }
}

/// What takes longer: only in `make proof`.
@Suite(
    "A robot calibrated whole", .serialized,
    .enabled(if: isProof && getuid() == 0, "takes minutes; only root can become others"))
struct CalibrateCampaignTests {
    @Test(
        "joints and model are measured, predictions become better, and the check says that it holds",
        arguments: ["pendulum", "reacher", "leg"])
    func whole(robot: String) throws {
        let house = try Household(robot)
        defer { try? house.end() }
        var looker = try house.client()
        try looker.wait(for: ["observing"])
        try house.grant()
        let run = try house.calibrated("--without-ends", &looker)
        #expect(run.status == 0, "\(run.errors)")
        let record = try #require(house.records.first)
        let file = try CalibrationFile(parsing: Array(try Data(contentsOf: URL(filePath: record))))
        #expect(!file.parameters.isEmpty, "\(run.output)")
        let check = try house.calibrated("--check", &looker)
        #expect(check.status == 0 && check.output.contains("holds"), "\(check.output)\(check.errors)")
        #expect(try house.dismiss().status == 0)
    }

    /// Seen in a mirror it is the same pendulum: nothing that it measures says which way it is mounted.
    @Test("a lone pendulum that is mounted the other way round passes, and whoever watches has to say so")
    func mirrored() throws {
        let house = try Household("pendulum", more: "--faults reversed-joint@0s")
        defer { try? house.end() }
        var looker = try house.client()
        try looker.wait(for: ["observing"])
        try house.grant()
        let run = try house.calibrated("--without-model", &looker)
        #expect(run.status == 0 && house.records.count == 1, "\(run.errors)")
        // Positive, and near to the 0.37 N·m/A of its motor, of which its gear keeps some.
        let found = run.output.split(separator: "torque_per_ampere_nm_a ").dropFirst().first?.prefix { $0 != " " }
        let torque = try #require(found.flatMap { Double($0) }, "\(run.output)")
        #expect(torque > 0.25 && torque < 0.4, "\(torque)")
    }

    @Test("a recorded motion is played once more by the robot, near to what was recorded")
    func replayed() throws {
        let house = try Household("pendulum")
        defer { try? house.end() }
        var looker = try house.client()
        try looker.wait(for: ["observing"])
        try house.grant()
        let flight = "\(Household.root)/Tests/ReplayTests/Golden/flight-1.mcap"
        let process = try VirtualProcess(
            "--robot \(flight) --slower 2 --robots \(house.folder)/robots \(Household.envelopes) "
                + "--state \(house.folder)/state --socket \(house.socket) --json", verb: "replay")
        try house.approve(&looker, while: { _ in !process.hasEnded })
        let run = try process.end()
        let object = try #require(try JSONSerialization.jsonObject(with: Data(process.said.utf8)) as? [String: Any])
        let joint = try #require((object["joints"] as? [[String: Any]])?.first)
        #expect(run.status == 0 && object["ticks"] as? Int == object["recorded_ticks"] as? Int, "\(run.errors)")
        #expect(try #require(joint["error_rms_rad"] as? Double) < 0.25, "\(joint)")
    }

    /// As they are bought: with every friction, slack and constant of their own.
    @Test("ten healthy robots are measured without a word of blame", arguments: ["pendulum", "reacher", "leg"])
    func healthy(robot: String) throws {
        for seed in 1...10 {
            let house = try Household(robot, isAsBought: true, more: "--seed \(seed)")
            defer { try? house.end() }
            var looker = try house.client()
            try looker.wait(for: ["observing"])
            try house.grant()
            let run = try house.calibrated("--without-ends --without-model", &looker)
            #expect(run.status == 0 && house.records.count == 1, "seed \(seed): \(run.errors)")
            #expect(try house.dismiss().status == 0)
        }
    }

    @Test(
        "what was planted is named, and there is no record",
        arguments: [
            ("pendulum", "stuck-joint@0s", "does not move"), ("reacher", "swapped-ids@0s", "swapped"),
            ("reacher", "reversed-joint#2@0s", "shoulder or elbow goes the other way"),
            (
                "pendulum", "command-delay@0s:20",
                "ms after it is told; 5.0 ms are the most that its model and envelope count"
            ),
            (
                "reacher", "command-delay@0s:20",
                "ms after it is told; 10.0 ms are the most that its model and envelope count"
            ),
            ("reacher", "command-delay#2@0s:20", "shoulder obeys"),
            ("pendulum", "sticky-joint@0s:-0.5", "swing is sticky at -0."),
            ("reacher", "sticky-joint#2@0s:-0.2", "shoulder is sticky at -0."),
            ("leg", "command-delay@0s:20", "5.0 ms are the most that its model and envelope count"),
        ])
    func planted(robot: String, fault: String, words: String) throws {
        let house = try Household(robot, more: "--faults \(fault)")
        defer { try? house.end() }
        var looker = try house.client()
        try looker.wait(for: ["observing"])
        try house.grant()
        let run = try house.calibrated("--without-ends --without-model", &looker)
        #expect(run.status == ExitStatus.deviceFault.rawValue && run.errors.contains(words), "\(run.errors)")
        #expect(house.records.isEmpty)
    }
}

private let isProof = unsafe getenv("UNDERSTUDY_CAMPAIGN").map { unsafe String(cString: $0) } == "proof"

extension VarlinkClient {
    fileprivate mutating func plans() throws -> [JSONObject] {
        (try ask("Status")["plans"]?.list ?? []).compactMap(\.object)
    }

    fileprivate mutating func plans(in state: String) throws -> Int {
        try plans().count { $0["state"]?.text == state }
    }
}

private struct Ended {
    let status: Int32
    let output: String
    let errors: String
}

extension Household {
    /// Records that a calibration has written, by their paths.
    var records: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/robots/\(name)")) ?? []
        return names.filter { CalibrationFile.isRecord($0) && !$0.hasSuffix("-virtual.json") }
            .map { "\(folder)/robots/\(name)/\($0)" }
    }

    fileprivate func calibrating(_ options: String) throws -> VirtualProcess {
        try VirtualProcess(
            "\(name) \(options) --robots \(folder)/robots \(Self.envelopes) --state \(folder)/state --socket \(socket)",
            verb: "calibrate")
    }

    /// A calibration with a person beside it who approves whatever it proposes.
    fileprivate func calibrated(_ options: String, _ looker: inout VarlinkClient) throws -> Ended {
        let process = try calibrating(options)
        try approve(&looker, while: { _ in !process.hasEnded })
        let run = try process.end()
        return Ended(status: run.status, output: process.said, errors: run.errors)
    }

    func approve(
        _ looker: inout VarlinkClient, while goesOn: (inout VarlinkClient) throws -> Bool
    ) throws {
        let end = MonotonicInstant.now() + .seconds(500)
        while try goesOn(&looker) {
            try #require(MonotonicInstant.now() < end)
            for plan in try looker.plans() where plan["state"]?.text == "proposed" {
                let hash = plan["sha256"]?.text ?? ""
                let approved = try operate("approve \(name) \(hash) --why calibration")
                #expect(approved.status == 0, "\(approved.errors)")
            }
            usleep(20_000)
        }
    }
}

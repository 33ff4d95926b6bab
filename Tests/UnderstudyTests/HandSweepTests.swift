import Foundation
import Glibc
import Guard
import GuardSamples
import JSON
import Ports
import Robots
import TestSupport
import Testing
import Varlink

@testable import understudy

/// A virtual robot whose joints are turned by a virtual hand, before its real guard, by a person at a keyboard.
@Suite(
    "Joints that a person takes to their ends", .serialized,
    .enabled(if: getuid() == 0, "only root can become others"))
struct HandSweepTests {
    /// A household, a calibration in it, and the keys under somebody's fingers.
    private final class Scene {
        let house: Household
        private(set) var looker: VarlinkClient
        private let keys: FileHandle
        private let path: String

        /// - Parameters:
        ///   - text: what is different in the robot's file, also for the robot itself.
        ///   - belief: what is different in it for the guard and for people.
        ///   - more: options of the robot.
        init(
            _ robot: String, changing text: @escaping (String) -> String = { $0 },
            believing belief: ((String) -> String)? = nil, more: String = ""
        ) throws {
            house = try Household(
                robot, more: "--control HERE/side \(more)", changing: text, believing: belief)
            looker = try house.client()
            try looker.wait(for: ["observing"])
            path = "\(house.folder)/keys"
            // SAFETY: the path is only read during the call.
            try #require(unsafe mkfifo(path, 0o600) == 0)
            keys = try FileHandle(forUpdating: URL(filePath: path))
        }

        func calibrate(_ options: String = "") throws -> VirtualProcess {
            try VirtualProcess(
                "\(house.name) --without-model \(options) --robots \(house.folder)/robots \(Household.envelopes) "
                    + "--state \(house.folder)/state --socket \(house.socket) <\(path)", verb: "calibrate")
        }

        func pressEnter() throws { try keys.write(contentsOf: Data("\n".utf8)) }

        func isStopped() throws -> Bool { try looker.ask("Status")["stopped"] != nil }

        func plans() throws -> Int { try looker.ask("Status")["plans"]?.list?.count ?? 0 }

        /// Waits for something that a process brings about.
        func wait(_ process: VirtualProcess, _ what: () throws -> Bool) throws {
            _ = try process.waited { try process.hasEnded || what() ? true : nil }
            #expect(!process.hasEnded)
        }

        private func position(_ joint: Int) throws -> Double {
            let joints = try looker.ask("Status")["joints"]?.list ?? []
            return try #require(joints[joint].object?["position"]?.number)
        }

        /// With somebody beside it who approves whatever it proposes.
        func approve(while process: VirtualProcess) throws {
            try house.approve(&looker, while: { _ in !process.hasEnded })
        }

        /// Turns one joint after the other up and down, until neither goes any farther.
        func turnAll() throws {
            var side = try SideChannel("\(house.robot.folder)/side")
            for joint in house.sample.facts.joints.indices {
                for speed in [0.5, -0.5] {
                    try side.say("hand#\(joint + 1):\(speed)")
                    try awaitEnd(of: joint)
                    try side.say("mend hand")
                }
            }
        }

        private func awaitEnd(of joint: Int) throws {
            let deadline = MonotonicInstant.now() + .seconds(120)
            var (places, still) = ([try position(joint)], 0)
            while still < 40 {
                try #require(MonotonicInstant.now() < deadline)
                usleep(5_000)
                places.append(try position(joint))
                let newest = places.suffix(40)
                still = (newest.max() ?? 0) - (newest.min() ?? 0) < 0.02 && places.count > 40 ? still + 1 : 0
            }
        }
    }

    /// Something that is wrong with the reacher: in the robot's file, or only in what others believe of it.
    struct Plant: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let place: String
        var built: String?
        var believed: String?
        let words: [String]
    }

    /// The guard's belief against the metal: what its servos read at the ends says what to write.
    @Test(
        "a zero, a gear and an encoder that are not what the file says are named, with what to write, and nothing is flown",
        arguments: [
            Plant(
                testDescription: "the shoulder's horn sits a tooth aside", place: "id: 2, zero_rad: 3.1416",
                believed: "id: 2, zero_rad: 3.3916",
                words: ["shoulder's zero is -0.2", "let zero_rad of the joint be 3.1"]
            ),
            Plant(
                testDescription: "the elbow has no gear", place: "id: 3, zero_rad: 3.1416",
                believed: "id: 3, gear: 2, zero_rad: 3.1416",
                words: ["from end to end elbow goes 0.5", "let its gear be 1.0"]),
            Plant(
                testDescription: "the base's encoder begins anew in front", place: "id: 1, zero_rad: 3.1416",
                built: "id: 1, zero_rad: 0.5", words: ["base's encoder begins anew inside its range, at -0.50 rad"]),
        ])
    func planted(plant: Plant) throws {
        let scene = try Scene(
            "reacher",
            changing: { text in
                plant.built.map { text.replacing(plant.place, with: $0) } ?? text
            }, believing: plant.believed.map { belief in { $0.replacing(plant.place, with: belief) } })
        defer { try? scene.house.end() }
        let process = try scene.calibrate()
        try scene.wait(process) { try scene.isStopped() }
        try scene.turnAll()
        try scene.pressEnter()
        let run = try process.end()
        #expect(run.status == ExitStatus.deviceFault.rawValue, "\(run.errors)")
        for text in plant.words { #expect(run.errors.contains(text), "\(run.errors)") }
        #expect(run.errors.split(separator: "\n").count { $0.hasPrefix("error:") } == 1, "\(run.errors)")
        #expect(try scene.plans() == 0 && scene.isStopped())
        #expect(!FileManager.default.fileExists(atPath: "\(scene.house.folder)/robots/reacher/\(EndsFile.name)"))
    }

    @Test("what was not moved is asked for again; nothing begins before a person says so; and it is asked for once")
    func once() throws {
        let scene = try Scene("leg")
        defer { try? scene.house.end() }
        let process = try scene.calibrate()
        try scene.wait(process) { try scene.isStopped() }
        try scene.pressEnter()
        try scene.turnAll()
        try scene.pressEnter()
        let path = "\(scene.house.folder)/robots/leg/\(EndsFile.name)"
        try scene.wait(process) { FileManager.default.fileExists(atPath: path) }
        let file = try EndsFile(parsing: Array(try Data(contentsOf: URL(filePath: path))))
        #expect(file.session == 1 && file.joints.map(\.name) == ["hip", "knee"])
        for (joint, stops) in zip(file.joints, [-1.3...1.3, -2.4 ... -0.05]) {
            #expect(abs(joint.range.lowerBound - stops.lowerBound) < 0.05, "\(joint)")
            #expect(abs(joint.range.upperBound - stops.upperBound) < 0.05, "\(joint)")
        }
        #expect(try scene.plans() == 0 && scene.isStopped())
        let resumed = try scene.house.operate("resume leg")
        #expect(resumed.status == 0, "\(resumed.errors)")
        try scene.wait(process) { try scene.plans() == 1 }
        try process.signal(SIGINT)
        let ended = try process.end()
        #expect(ended.errors.contains("hip and knee have hardly moved") && ended.status != 0, "\(ended.errors)")
        #expect(
            ended.errors.contains("ends where it should; take knee back from the end, hands away"), "\(ended.errors)")
        // Another time it goes on from there, to a record that says how far they go.
        try scene.house.grant()
        let again = try scene.calibrate()
        try scene.approve(while: again)
        let done = try again.end()
        #expect(done.status == 0 && !done.errors.contains("by hand"), "\(done.errors)")
        #expect(again.said.contains("ends         hip: from -1.3"), "\(again.said)")
        let record = try String(contentsOfFile: #require(scene.house.records.first), encoding: .utf8)
        #expect(
            record.contains("\"end_low_rad\": -1.3") && record.contains("\"encoder_margin_rad\": null"), "\(record)")
    }

    @Test("without a person at the keyboard it ends, and says with what it would not ask")
    func nobody() throws {
        let scene = try Scene("reacher")
        defer { try? scene.house.end() }
        let line =
            "calibrate reacher --robots \(scene.house.folder)/robots \(Household.envelopes) "
            + "--state \(scene.house.folder)/state --socket \(scene.house.socket)"
        let run = try ProcessRun.shell("./understudy \(line) </dev/null")
        #expect(run.status == ExitStatus.failed.rawValue)
        #expect(run.errors.contains("nobody is there to press Enter") && run.errors.contains("--without-ends"))
        #expect(try scene.isStopped())
    }

    @Test("what flies is not broken off for it")
    func flying() throws {
        let scene = try Scene("reacher", more: "--speed 2")
        defer { try? scene.house.end() }
        var learner = try scene.house.client()
        try scene.house.grant()
        let plan = try learner.approved(1, horizon: 2_900, in: scene.house)
        try learner.wait(for: ["running"], of: plan)
        let run = try scene.calibrate().end()
        #expect(run.status == ExitStatus.refused.rawValue)
        #expect(run.errors.contains("in the middle of a flight"), "\(run.errors)")
        #expect(try learner.state(of: plan) == "running" && !scene.isStopped())
    }

    @Test("hands are sent away when somebody lets the robot go on under them")
    func released() throws {
        let scene = try Scene("reacher")
        defer { try? scene.house.end() }
        let process = try scene.calibrate()
        try scene.wait(process) { try scene.isStopped() }
        let resumed = try scene.house.operate("resume reacher")
        #expect(resumed.status == 0, "\(resumed.errors)")
        let run = try process.end()
        #expect(run.status == ExitStatus.refused.rawValue)
        #expect(run.errors.contains("somebody let the robot go on"), "\(run.errors)")
    }
}

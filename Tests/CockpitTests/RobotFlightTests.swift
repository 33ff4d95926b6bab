import Cockpit
import ControlLoop
import Episodes
import Foundation
import Guard
import GuardSamples
import JSON
import Ledger
import Ports
import Quantities
import Recordings
import Robots
import Supervision
import Testing

/// What a recording says, message by message.
struct Recorded {
    let texts: [String: String]
    let messages: [(topic: String, object: JSONObject)]

    init(_ path: String) throws {
        let reader = try RecordingReader(FileSource(opening: path))
        try reader.verify()
        var texts: [String: String] = [:]
        for index in reader.metadata { texts.merge(try reader.metadata(index).texts) { $1 } }
        var messages: [(String, JSONObject)] = []
        let topics = reader.definitions.channels.mapValues(\.topic)
        try reader.forEachMessage { message in
            guard let topic = topics[message.head.channel] else { return }
            if let object = try? JSONValue(parsing: Array(message.data)).object { messages.append((topic, object)) }
        }
        self.texts = texts
        self.messages = messages
    }

    func of(_ topic: String) -> [JSONObject] { messages.filter { $0.topic == topic }.map(\.object) }
}

@Suite("Every robot flies for the guard")
struct RobotFlightTests {
    @Test(
        "verified, brought to its start, flown, recorded, paid, and read back as off",
        arguments: [("pendulum", Int32(200)), ("reacher", 100), ("leg", 400)])
    func policy(name: String, horizon: Int32) throws {
        let rig = try RobotRig(name)
        try rig.observe()
        try rig.grant()
        let hash = try rig.approved(rig.proposal(rig.policy(), horizon))
        let isOver = try rig.turn { try $0.state(hash).isFinal }
        try #require(isOver)
        let story = try rig.desk.summary(hash, at: RobotRig.now().wall)
        try #require(story.state == .finished, "\(String(describing: story.story.episode))")
        let ticks = try #require(story.story.episode?.ticks)
        #expect((1...Int64(horizon)).contains(ticks))
        let path = try #require(story.story.episode?.recording?.path)
        let recorded = try Recorded("\(rig.folder)/\(path)")
        #expect(recorded.texts["read_back"] == "true" && recorded.texts["latched"] == "false", "\(recorded.texts)")
        let names = rig.facts.joints
        let driven = recorded.of("/action").filter { action in
            names.allSatisfy { action["acknowledged_kind"]?.object?[$0]?.text != "off" }
        }
        #expect(driven.count > Int(ticks) / 2, "\(driven.count) of \(ticks)")
        if name == "leg" { try expectHeights(recorded, Int(ticks)) }
        #expect(try LedgerReader(at: rig.folder).verify().isSound)
        rig.close()
        #expect(rig.seat.sight.joints.allSatisfy { !$0.isOn })
    }

    private func expectHeights(_ recorded: Recorded, _ ticks: Int) throws {
        let heights = recorded.of("/state").compactMap { $0["sensors"]?.object?["height"]?.number }
        #expect(heights.count > ticks && heights.allSatisfy { (-0.3...0.7).contains($0) })
        #expect(Set(heights).count > 20)
    }

    @Test(
        "its directions are checked by motions that somebody approved",
        arguments: [("pendulum", [Float(0.3)]), ("reacher", [0.15, 0.15, -0.15]), ("leg", [0.1, 0.1])])
    func directions(name: String, distances: [Float]) throws {
        let rig = try RobotRig(name)
        try rig.observe()
        try rig.grant()
        let starts = rig.robot.file.starts.map(\.position)
        let period = rig.facts.envelope.robot.period.value
        let quiet = try MotionScript.directions(
            from: starts, distances: distances.map { Radians($0) }, moving: Ticks(Int32(0.9 / period)),
            resting: Ticks(Int32(0.3 / period)))
        let script = try MotionScript(.direction, followsReset: true, steps: quiet.steps)
        let hash = try rig.approved(rig.proposal(script.payload, script.ticks.rawValue))
        let isOver = try rig.turn { try $0.state(hash).isFinal }
        try #require(isOver)
        let story = try rig.desk.summary(hash, at: RobotRig.now().wall)
        try #require(story.state == .finished, "\(String(describing: story.story.episode))")
        // On the tick on which they end the robot begins to stop.
        #expect(story.story.episode?.ticks == Int64(script.ticks.rawValue) - 1)
        let recorded = try Recorded("\(rig.folder)/\(try #require(story.story.episode?.recording?.path))")
        #expect(recorded.texts["result"] == "moved(ControlLoop.MotionEnding.done)", "\(recorded.texts)")
        #expect(try LedgerReader(at: rig.folder).verify().isSound)
    }

    @Test("a joint that does not turn is found by its motions, and latches the robot")
    func stuck() throws {
        let rig = try RobotRig("pendulum", faults: "stuck-joint#1@0s")
        try rig.observe()
        try rig.grant()
        let script = try MotionScript.directions(
            from: [.zero], distances: [Radians(0.3)], moving: Ticks(180), resting: Ticks(30))
        let hash = try rig.approved(rig.proposal(script.payload, script.ticks.rawValue))
        let isOver = try rig.turn { try $0.state(hash).isFinal }
        try #require(isOver)
        #expect(rig.desk.latched?.fault == .verificationFailed, "\(String(describing: rig.desk.latched))")
        let story = try rig.desk.summary(hash, at: RobotRig.now().wall)
        #expect(story.state == .stopped && story.story.episode?.fault == .verificationFailed)
    }
}

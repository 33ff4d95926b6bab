import Cockpit
import ControlLoop
import Episodes
import Foundation
import Guard
import GuardSamples
import Hashing
import JSON
import Ledger
import Ports
import Quantities
import Recordings
import Robots
import Supervision
import Testing
import VirtualRobot

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
        let devices = try #require(rig.desk.verifier.devices)
        #expect(devices.count == rig.facts.joints.count && devices.allSatisfy { $0.firmware != nil })
        // What tells two of a kind apart: the number of the board's chip, or what a servo keeps.
        #expect(devices.allSatisfy { name == "leg" ? $0.serial != nil : $0.settings != nil })
        try rig.grant()
        let hash = try rig.approved(rig.proposal(rig.policy(), horizon))
        let isOver = try rig.turn { try $0.state(hash).isFinal }
        try #require(isOver)
        let story = try rig.desk.summary(hash, at: RobotRig.now().wall)
        try #require(story.state == .finished, "\(String(describing: story.story.episode))")
        let ticks = try #require(story.story.episode?.ticks)
        #expect((1...Int64(horizon)).contains(ticks))
        let reference = try #require(story.story.episode?.recording)
        let bytes = Array(try Data(contentsOf: URL(filePath: "\(rig.folder)/\(reference.path)")))
        #expect(Digest(of: bytes.span) == reference.digest && Int64(bytes.count) == reference.size)
        let account = try rig.desk.account()
        let period = Double(rig.facts.envelope.robot.period.value) * 1_000
        #expect(account.spent.time > Milliseconds(Int64(Double(ticks) * period) - 1) && account.spent.heat > .zero)
        // The ways to the start and to rest count as well, and what was approved is the most.
        #expect(account.spent.wear > .zero && account.spent.wear <= PlanSamples.cost.wear)
        let recorded = try Recorded("\(rig.folder)/\(reference.path)")
        #expect(recorded.texts["read_back"] == "true" && recorded.texts["latched"] == "false", "\(recorded.texts)")
        let names = rig.facts.joints
        let driven = recorded.of("/action").filter { action in
            names.allSatisfy { action["acknowledged_kind"]?.object?[$0]?.text != "off" }
        }
        #expect(driven.count > Int(ticks) / 2, "\(driven.count) of \(ticks)")
        if name == "leg" { try expectHeights(recorded, Int(ticks), rig.robot) }
        #expect(try LedgerReader(at: rig.folder).verify().isSound)
        // To be switched on and flown changes nothing of that.
        let looks = rig.desk.verifier.ended
        _ = try rig.desk.resume(by: PlanSamples.caller(.operator), why: "", at: rig.time)
        let isLooked = rig.turn { $0.desk.verifier.ended > looks }
        #expect(isLooked && rig.desk.verifier.devices == devices)
        rig.close()
        #expect(rig.seat.sight.joints.allSatisfy { !$0.isOn })
    }

    @Test("a robot of moteus controllers flies as well, with the watchdog of its folder in every command")
    func moteus() throws {
        let rig = try RobotRig(
            "pendulum", limits: Self.limitsOfDirectDrive,
            changing: { text in
                text.replacing("driver: \"dynamixel\"", with: "driver: \"moteus\"").replacing(
                    "baud: 1000000,", with: ""
                )
                .replacing("model: \"xl330-m288\"", with: "model: \"moteus\"")
                .replacing("torque_per_ampere_nm_a: 0.366,", with: "")
                .replacing("watchdog_s: 0.1", with: "watchdog_s: 0.05")
            })
        try rig.observe()
        let devices = try #require(rig.desk.verifier.devices)
        #expect(devices.allSatisfy { $0.serial?.utf8.count == 32 && $0.firmware != nil })
        try rig.grant()
        let hash = try rig.approved(rig.proposal(rig.policy(), 200))
        let isOver = try rig.turn { try $0.state(hash).isFinal }
        try #require(isOver)
        let story = try rig.desk.summary(hash, at: RobotRig.now().wall)
        #expect(story.state == .finished, "\(String(describing: story.story.episode))")
        // On the tick on which it ends the robot begins to stop.
        #expect(story.story.episode?.ticks == 199)
        rig.close()
    }

    /// A motor without a gear takes eight times the current for the same torque, and bears it.
    private static func limitsOfDirectDrive(_ text: String) -> String {
        let heat = [
            ("winding_resistance_ohm: 3.4", "winding_resistance_ohm: 0.05"),
            ("winding_capacity_j_k: 0.8", "winding_capacity_j_k: 20"),
            ("housing_capacity_j_k: 12", "housing_capacity_j_k: 120"),
            ("winding_to_housing_k_w: 15", "winding_to_housing_k_w: 2"),
            ("housing_to_ambient_k_w: 25", "housing_to_ambient_k_w: 5"),
        ]
        return heat.reduce(text) { $0.replacing($1.0, with: $1.1) }
    }

    /// And that its weight, which its springs give way under, does not keep it from its start.
    private func expectHeights(_ recorded: Recorded, _ ticks: Int, _ robot: Robot) throws {
        // The way to the start comes first in the same flight.
        let running = recorded.of("/verdict").filter { $0["mode"]?.text == "running" }
        let begun = try #require(running.suffix(ticks).first?["tick"]?.number)
        let state = try #require(recorded.of("/state").first { $0["tick"]?.number == begun })
        for (joint, start) in zip(robot.file.joints, robot.file.starts) {
            let position = try #require(state["position_rad"]?.object?[joint.name]?.number)
            #expect(abs(position - Double(start.position.value)) < 0.03, "\(joint.name) begins at \(position) rad")
        }
        let heights = recorded.of("/state").compactMap { $0["sensors"]?.object?["height"]?.number }
        #expect(heights.count > ticks && heights.allSatisfy { (-0.3...0.7).contains($0) })
        #expect(Set(heights).count > 20)
    }

    @Test(
        "its directions are checked by motions that somebody approved",
        arguments: [("pendulum", [Float(0.3)]), ("reacher", [0.15, 0.15, -0.15]), ("leg", [-0.2, 0.2])])
    func directions(name: String, distances: [Float]) throws {
        let rig = try RobotRig(name)
        try rig.observe()
        try rig.grant()
        // What nobody drives has to come to rest first.
        let settled = rig.metal.now + .seconds(3)
        let isSettled = rig.turn { $0.metal.now >= settled }
        #expect(isSettled)
        let starts = rig.positions
        let period = rig.facts.envelope.robot.period.value
        let script = try MotionScript.directions(
            from: starts, distances: distances.map { Radians($0) }, moving: Ticks(Int32(0.9 / period)),
            resting: Ticks(Int32(0.3 / period)))
        let hash = try rig.approved(rig.proposal(script.payload, script.ticks.rawValue, from: starts))
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

    @Test("a servo that is unplugged in the episode ends it; the latch needs a person, and then all goes on")
    func unplugged() throws {
        let rig = try RobotRig("pendulum")
        try rig.observe()
        try rig.grant()
        let hash = try rig.approved(rig.proposal(rig.policy(), 1_000))
        let isFlying = rig.turn { $0.isFlying }
        try #require(isFlying)
        rig.metal.obey(try LiveCommand(parsing: "unplug@100ms+500ms"))
        let isLatched = try rig.turn { try $0.desk.state == .latched && $0.state(hash).isFinal }
        #expect(isLatched)
        let fault = try #require(rig.desk.latched?.fault)
        #expect([.deviceLost, .staleSensor].contains(fault), "\(fault)")
        // Not before the robot has been read back as stopped, for which it has to be plugged in again.
        let ada = try PlanSamples.caller(.operator)
        let isCleared = rig.turn { rig in
            do throws(GuardRefusal) {
                _ = try rig.desk.clear(Int64(fault.rawValue), by: ada, why: "plugged in", at: rig.time)
                return true
            } catch {
                return false
            }
        }
        #expect(isCleared)
        let isBack = rig.turn { $0.desk.state == .observing }
        #expect(isBack, "\(rig.failedChecks)")
        #expect(try LedgerReader(at: rig.folder).verify().isSound)
    }

    @Test("a fault on the way to rest does not undo an episode that has ended by itself; it is a fault of its own")
    func afterwards() throws {
        let rig = try RobotRig("pendulum")
        try rig.observe()
        try rig.grant()
        let hash = try rig.approved(rig.proposal(rig.policy(), 60))
        let isStopping = rig.turn { if case .held = $0.seat.sight.mode { true } else { false } }
        try #require(isStopping)
        rig.metal.obey(try LiveCommand(parsing: "overload#1@0ms"))
        let isOver = try rig.turn { try $0.state(hash).isFinal && $0.desk.state == .latched }
        try #require(isOver)
        #expect(rig.desk.latched?.fault == .deviceFault)
        let episode = try #require(try rig.desk.summary(hash, at: rig.time.wall).story.episode)
        #expect(episode.step == .finished && episode.ticks == 59 && episode.fault == nil, "\(episode)")
        let recorded = try Recorded("\(rig.folder)/\(try #require(episode.recording?.path))")
        #expect(recorded.texts["cause"] == "deviceFault" && recorded.texts["latched"] == "true", "\(recorded.texts)")
        #expect(try LedgerReader(at: rig.folder).history.openFaults().map(\.fault) == [.deviceFault])
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

import Actuators
import Foundation
import Ports
import Quantities
import Testing

@testable import VirtualRobot
import Simulator

@Suite("the log of a run") struct RunLogTests {
    private func logged(_ faults: String = "", seed: UInt64 = 1) throws -> DynamixelBus {
        DynamixelBus(
            wire: DynamixelWire(DynamixelServo.set(.xl330M288, count: 2)), body: .xl330(2),
            line: LineSettings(rate: BaudRate(1_000_000)), faults: try FaultPlan(parsing: faults, seed: seed),
            log: RunLog(robot: "two \"servos\"\n", joints: 2, seed: seed))
    }

    /// A run with motion, noise and a fault that comes and goes.
    private func run(seed: UInt64) throws -> [UInt8] {
        var bus = try logged("packet-loss:0.2,stuck-joint#2@40ms+50ms,voltage-sag@60ms:1", seed: seed)
        var log = bus.takeLog()
        for step in 0..<40 {
            let goal = Int64(2_048 + 37 * step)
            let register = try #require(bus.wire.slaves[0].model.register(.goalPosition))
            let data = try #require(register.bytes(of: goal))
            _ = bus.ask(try packet { try $0.write(.one(id(1)), at: 64, [1].span) }, within: 1)
            _ = bus.ask(try packet { try $0.write(.one(id(1)), at: register.address, data.span) }, within: 1.5)
            log += bus.takeLog()
        }
        return log
    }

    private func lines(_ log: [UInt8]) throws -> [[String: Any]] {
        try log.split(separator: 0x0A).map {
            try #require(try JSONSerialization.jsonObject(with: Data($0)) as? [String: Any])
        }
    }

    @Test("the same seed makes the same log, bit for bit, and another seed another one")
    func reproducible() throws {
        let first = try run(seed: 7)
        #expect(try run(seed: 7) == first)
        #expect(try run(seed: 8) != first)
        #expect(try lines(first).count > 100)
    }

    @Test("bytes, faults, states and drives are there with their instants, a line of JSON each")
    func contents() throws {
        var bus = try logged("stuck-joint#2@2ms+2ms,dead-man@3ms")
        let deliveries = bus.ask(try packet { try $0.ping(.one(id(1))) }, within: 5)
        let lines = try lines(bus.takeLog())
        let head = try #require(lines.first)
        #expect(head["understudy_virtual"] as? Int == 1 && head["robot"] as? String == "two servos")
        #expect(head["joints"] as? Int == 2 && head["step_ns"] as? Int == 1_000_000)
        #expect(
            lines[1]["t"] as? Int == 0 && lines[1]["in"] as? String == "FFFFFD00010300011 94E".replacing(" ", with: ""))
        let said = lines.filter { $0["out"] != nil }
        #expect(said.map { $0["t"] as? Int } == deliveries.map { Int($0.instant.nanoseconds) })
        let marks = lines.compactMap { line in
            (line["begins"] ?? line["ends"]).map { "\(line["t"] ?? "") \($0) \(line["place"] ?? "-")" }
        }
        #expect(marks == ["2000000 stuck-joint 2", "3000000 dead-man -", "4000000 stuck-joint 2"])
        let states = lines.filter { $0["state"] != nil }
        #expect(states.map { $0["t"] as? Int } == (1...5).map { $0 * 1_000_000 })
        #expect((states[0]["state"] as? [[Double]])?.map(\.count) == [5, 5])
        #expect(states[0]["drive"] as? [String] == ["off", "off"])
        #expect(bus.takeLog().isEmpty)
    }

    @Test("bytes that no adapter takes are marked")
    func lost() throws {
        var bus = try logged("unplug@1ms")
        _ = bus.listen(2)
        bus.send([0xAB], at: bus.now)
        #expect(
            String(decoding: bus.takeLog(), as: UTF8.self).hasSuffix("{\"t\":2000000,\"in\":\"AB\",\"lost\":true}\n"))
    }

    @Test("numbers read back as the same bits, and what is no number is null")
    func numbers() throws {
        var log = RunLog(robot: "r", joints: 1, seed: 0)
        var joint = BenchJoint(position: 0.1 + 0.2, speed: .nan)
        joint.supply = .infinity
        log.stepped(BenchBody(joints: [joint]), [.duty(Duty(-0.123_456_7))], at: instant(1))
        let line = try #require(String(decoding: log.take(), as: UTF8.self).split(separator: "\n").last)
        #expect(line == "{\"t\":1000000,\"state\":[[0.3,null,0.0,null,25.0]],\"drive\":[\"d-0.1234567\"]}")
        #expect(Float("0.3") == Float(0.1 + 0.2) && Float("-0.1234567") == Float(-0.123_456_7))
    }
}

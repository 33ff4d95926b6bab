import Actuators
import Testing

@testable import VirtualRobot

@Suite("plans of faults")
struct FaultPlanTests {
    @Test("name, place, time, duration and value are read, in any order")
    func parsing() throws {
        let plan = try FaultPlan(parsing: "packet-loss@2s+500ms:0.1, stuck-joint#2@1s late-reply:7.5@250us")
        #expect(plan.faults.map(\.name) == [.packetLoss, .stuckJoint, .lateReply])
        #expect(plan.faults.map(\.place) == [nil, 1, nil])
        #expect(plan.faults.map(\.from) == [instant(2_000), instant(1_000), instant(0.25)])
        #expect(plan.faults.map(\.until) == [instant(2_500), nil, nil])
        #expect(plan.faults.map(\.value) == [0.1, 0, 7.5])
    }

    @Test("every name parses, has a sentence and a number that it allows", arguments: FaultName.allCases)
    func names(name: FaultName) throws {
        let plan = try FaultPlan(parsing: "\(name.rawValue)@1s+1s")
        #expect(plan.faults.map(\.name) == [name])
        #expect(plan.faults.map(\.value) == [name.unit?.unlessSaid ?? 0])
        #expect(name.unit.map { $0.allows($0.unlessSaid) } ?? true)
        #expect(name.summary.count > 15)
    }

    @Test("what is no plan is refused with the words that are wrong")
    func refusals() {
        let cases: [(String, FaultPlanError)] = [
            ("packet-los", .unknownName("packet-los")), ("", .unknownName("")), ("echo@2", .badTime("2")),
            ("echo@-1s", .badTime("-1s")), ("echo+xs", .badTime("xs")), ("packet-loss:1.1", .badValue("1.1")),
            ("packet-loss:", .badValue("")), ("overheating:nan", .badValue("nan")), ("stuck-joint#0", .badPlace("0")),
            ("stuck-joint#a", .badPlace("a")), ("echo#1", .noPlace(.echo)), ("unplug:3", .noValue(.unplug)),
            ("command-delay:250.1", .badValue("250.1")), ("command-delay:-1", .badValue("-1")),
        ]
        for (text, error) in cases {
            #expect(throws: error) { _ = try Fault(parsing: text[...]) }
        }
    }

    @Test("a fault is there from its first instant to the one before its end")
    func presence() throws {
        let fault = try Fault(parsing: "echo@10ms+5ms")
        let present = [9.999, 10, 14.999, 15].map { fault.isPresent(at: instant($0)) }
        #expect(present == [false, true, true, false])
        #expect(try Fault(parsing: "echo").isPresent(at: .start))
    }

    @Test("the same plan and seed make the same run, another seed another one")
    func seeds() throws {
        func run(_ seed: UInt64) throws -> [Int] {
            var bus = try bench(faults: "packet-loss:0.5", seed: seed)
            return try (0..<40).map { _ in try bus.ask { try $0.ping(.one(id(1))) }.count }
        }
        let first = try run(1)
        #expect(try run(1) == first)
        #expect(try run(2) != first)
        // Both ways have to be free: a quarter gets through.
        #expect((3...20).contains(first.reduce(0, +)))
    }
}

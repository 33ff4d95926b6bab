import Actuators
import BoardLink
import Quantities
import Testing

@testable import VirtualRobot
import Simulator

@Suite("what a person does to a running robot") struct LiveCommandTests {
    @Test("words become commands")
    func words() throws {
        let commands: [(String, LiveCommand)] = [
            ("stop", .pressStop), ("release", .releaseStop), (" hold\r", .hold), ("let-go", .letGo),
            ("mend", .mend(nil, place: nil)), ("mend stuck-joint#2", .mend(.stuckJoint, place: 1)),
            ("mend e-stop", .releaseStop), ("e-stop", .pressStop),
            ("stuck-joint#1+2s", .begin([try Fault(parsing: "stuck-joint#1+2s")])),
            ("echo unplug@1s", .begin([try Fault(parsing: "echo"), try Fault(parsing: "unplug@1s")])),
        ]
        for (line, command) in commands { #expect(try LiveCommand(parsing: line) == command, "\(line)") }
    }

    @Test("what is no command is refused with the words that are wrong")
    func refusals() {
        for (line, error) in [
            ("", FaultPlanError.unknownName("")), ("jump", .unknownName("jump")), ("stop now", .unknownName("stop")),
            ("mend jump", .unknownName("jump")), ("echo#2", .noPlace(.echo)), ("mend echo echo", .unknownName("mend")),
        ] {
            #expect(throws: error, "\(line)") { _ = try LiveCommand(parsing: line) }
        }
    }

    @Test("a fault counts its times from when it was asked for, and is mended by name and place")
    func times() throws {
        var bus = try bench(count: 3)
        _ = bus.listen(100)
        bus.obey(try LiveCommand(parsing: "board-hang#2@10ms+20ms, board-hang#3, echo"))
        let seen = [5, 10, 20].map { (milliseconds: Double) in
            _ = bus.listen(milliseconds)
            return bus.activeFaults.map { "\($0.name.rawValue)\($0.place.map { "#\($0 + 1)" } ?? "")" }
        }
        #expect(
            seen == [["board-hang#3", "echo"], ["board-hang#2", "board-hang#3", "echo"], ["board-hang#3", "echo"]])
        bus.obey(.mend(.boardHang, place: 0))
        _ = bus.listen(1)
        #expect(bus.activeFaults.count == 2)
        bus.obey(.mend(.boardHang, place: 2))
        _ = bus.listen(1)
        #expect(bus.activeFaults.map(\.name) == [.echo])
        bus.obey(.mend(nil, place: nil))
        _ = bus.listen(1)
        #expect(bus.activeFaults.isEmpty)
        #expect(try bus.ask { try $0.ping(.everyone) }.map(\.id) == [1, 2, 3])
    }

    @Test("a servo without power for two reasons has it again when both are over")
    func twoReasons() throws {
        var bus = try bench(count: 1, faults: "servo-reboot#1@10ms+30ms,e-stop@20ms+40ms")
        _ = bus.listen(50)
        #expect(try bus.ask { try $0.ping(.one(id(1))) }.isEmpty)
        _ = bus.listen(320)
        #expect(try bus.ask { try $0.ping(.one(id(1))) }.count == 1)
    }

    @Test("the stop and the switch can be worked again and again")
    func again() throws {
        var bus = try bench()
        for _ in 0..<3 {
            for (command, isStopped, isHeld) in [
                (LiveCommand.pressStop, true, true), (.letGo, true, false), (.releaseStop, false, false),
                (.hold, false, true),
            ] {
                bus.obey(command)
                _ = bus.listen(1)
                #expect(bus.isEmergencyStopped == isStopped && bus.isDeadManHeld == isHeld)
            }
        }
    }

    @Test("a board's stop input switches its outputs off even while its program stands still, and latches")
    func board() throws {
        var bench = try BoardBench(armed: 1)
        try bench.keep(.speed(RadiansPerSecond(1)), milliseconds: 100)
        #expect(bench.bench.wire.drives != [.off, .off])
        bench.bench.wire.suffer(.hang, slave: 0, isPresent: true, at: bench.bench.now)
        bench.bench.wire.suffer(.emergencyStop, slave: 0, isPresent: true, at: bench.bench.now)
        #expect(bench.bench.wire.drives == [.off, .off])
        bench.bench.wire.suffer(.hang, slave: 0, isPresent: false, at: bench.bench.now)
        bench.run(milliseconds: 2)
        #expect(bench.mode == .latched)
        #expect(bench.bench.wire.fault?.rawValue == 26)
        let clear = Clear(fault: try #require(bench.bench.wire.fault))
        #expect(try bench.outcome(.clear(clear)) == .stillPresent)
        bench.bench.wire.suffer(.emergencyStop, slave: 0, isPresent: false, at: bench.bench.now)
        bench.run(milliseconds: 2)
        #expect(bench.mode == .latched)
        // Nobody drives the joints, and until they rest nobody knows where they will be.
        #expect(try bench.outcome(.clear(clear)) == .stillPresent)
        bench.run(milliseconds: 3_000)
        #expect(try bench.outcome(.clear(clear)) == .accepted)
        #expect(bench.mode == .disarmed)
    }
}

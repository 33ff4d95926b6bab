import Actuators
import BoardLink
import Quantities
import Simulator
import Testing

@testable import VirtualRobot

/// Every kind of device does the same as ever so many milliseconds later, and lets go as soon as ever.
@Suite("Devices that act late on what they are told") struct CommandDelayTests {
    private static let late = 20

    /// Where a joint is after each of a hundred milliseconds.
    private func ways<Wire>(_ bench: inout Bench<Wire>, _ count: Int = 100) -> [Double] {
        var ways: [Double] = []
        for _ in 0..<count {
            bench.run(milliseconds: 1)
            ways.append(bench.body.joints[0].position)
        }
        return ways
    }

    private func expectShifted(_ late: [Double], _ prompt: [Double], sourceLocation: SourceLocation = #_sourceLocation)
    {
        #expect(abs(prompt[50] - prompt[0]) > 0.001, sourceLocation: sourceLocation)
        let (tail, head) = (late.dropFirst(Self.late), prompt.dropLast(Self.late))
        #expect(Array(tail) == Array(head), sourceLocation: sourceLocation)
    }

    @Test("a ring gives what was told so many rounds ago, and forgets what it is told to forget")
    func ring() throws {
        var ring = try #require(LateCommands(rounds: 3, filled: 0))
        #expect((1...8).map { ring.pass($0) } == [0, 0, 0, 1, 2, 3, 4, 5])
        ring.fill(with: 9)
        #expect((10...14).map { ring.pass($0) } == [9, 9, 9, 10, 11])
        #expect(LateCommands(rounds: 0, filled: 0) == nil)
    }

    @Test("a Dynamixel: a velocity is late, and the watchdog's stop is not")
    func dynamixel() throws {
        func speeds(_ faults: String, watchdog: Int64 = 0) throws -> [Double] {
            var bus = try bench(faults: faults)
            #expect(try bus.write(.operatingMode, 1) == nil)
            #expect(try bus.write(.torqueEnable, 1) == nil)
            #expect(try bus.write(.busWatchdog, watchdog) == nil)
            bus.send(try velocity(200), at: bus.now)
            return (0..<300).map { _ in
                _ = bus.listen(1)
                return Double(bus.body.state(of: 0).speed.value)
            }
        }
        let prompt = try speeds("")
        #expect(prompt[60] > 0.5)
        #expect(Array(try speeds("command-delay").dropFirst(20)) == Array(prompt.dropLast(20)))
        // The servo stops as soon as it has heard nothing for 100 ms, whatever is under way then.
        let (stopped, late) = (try speeds("", watchdog: 5), try speeds("command-delay:80", watchdog: 5))
        let end = try #require(stopped.indices.last { stopped[$0] > 0.1 })
        #expect(end < 160 && late[100] > 0.1)
        #expect(late.dropFirst(end + 20).allSatisfy { $0 < 0.1 })
    }

    private func velocity(_ number: Int64) throws -> [UInt8] {
        let register = try #require(Dynamixel.Model.xl330M288.register(.goalVelocity))
        let data = try #require(register.bytes(of: number))
        return try packet { try $0.write(.one(id(1)), at: register.address, data.span) }
    }

    @Test("a Dynamixel that is switched on goes to the goal it has then, and to none from before")
    func forgotten() throws {
        var bus = try bench(faults: "command-delay:100")
        #expect(try bus.write(.goalPosition, 3_000) == nil)
        _ = bus.listen(50)
        #expect(try bus.write(.goalPosition, 2_048) == nil)
        #expect(try bus.write(.torqueEnable, 1) == nil)
        for _ in 0..<200 {
            _ = bus.listen(1)
            #expect(abs(bus.body.state(of: 0).position.value) < 0.01)
        }
    }

    @Test("a Feetech: a goal is late, the one that switches it on is not")
    func feetech() throws {
        func bench(_ milliseconds: Int) throws -> Bench<FeetechWire> {
            var servos = try FeetechBench(1)
            servos.bench.wire.delayCommands(of: 0, by: milliseconds)
            try servos.set(.goalPosition, 2_048)
            servos.run(milliseconds: 50)
            try servos.set(.goalPosition, 2_400)
            #expect(try servos.get(.goalPosition) == 2_400)
            return servos.bench
        }
        var (prompt, late) = (try bench(0), try bench(Self.late))
        expectShifted(ways(&late), ways(&prompt))
        // Limp, with an old goal under way: what switches it on holds.
        var servos = try FeetechBench(1)
        servos.bench.wire.delayCommands(of: 0, by: 100)
        try servos.set(.goalPosition, 3_000)
        try servos.set(.torqueEnable, 0)
        servos.run(milliseconds: 20)
        try servos.set(.goalPosition, servos.get(.presentPosition))
        #expect(ways(&servos.bench, 200).allSatisfy { abs($0) < 0.02 })
    }

    @Test("a moteus: what it is told again and again in one mode is late, a stop is not")
    func moteus() throws {
        func bench(_ milliseconds: Int) throws -> MoteusBench {
            var moteus = try MoteusBench()
            moteus.bench.wire.delayCommands(of: 0, by: milliseconds)
            try moteus.tell(moteusOrder(.position, [0x020: 0, 0x028: -1, 0x029: -1]))
            moteus.run(milliseconds: 50)
            return moteus
        }
        func tell(_ moteus: inout MoteusBench, _ place: Float) throws -> [Double] {
            try moteus.tell(moteusOrder(.position, [0x020: place, 0x028: 2, 0x029: 20]))
            return ways(&moteus.bench)
        }
        var (prompt, late) = (try bench(0), try bench(Self.late))
        expectShifted(try tell(&late, 0.2), try tell(&prompt, 0.2))
        try late.tell(moteusOrder(.position, [0x020: 0.4]))
        try late.tell(moteusOrder(.stopped))
        late.run(milliseconds: 1)
        #expect(late.bench.wire.drives == [.off])
        late.run(milliseconds: 40)
        #expect(try late.mode() == .stopped)
        // With the end of the delay, what is under way counts.
        var mended = try bench(200)
        try mended.tell(moteusOrder(.position, [0x020: 0.4, 0x028: -1, 0x029: -1]))
        mended.bench.wire.delayCommands(of: 0, by: 0)
        mended.run(milliseconds: 2)
        #expect(abs(try mended.number(0x038) - 0.4) < 0.000_1)
    }

    @Test("a board: its currents are late, its outputs are off at once")
    func board() throws {
        var board = try BoardBench(armed: 1)
        try board.keep(.effort(.zero), milliseconds: 30)
        board.bench.wire.delayCommands(of: 0, by: Self.late)
        var seen: [Bool] = []
        for time in 0..<40 {
            if time % 10 == 0 { try board.command(.effort(NewtonMetres(-0.5))) }
            board.run(milliseconds: 1)
            seen.append(board.bench.wire.drives.contains(.current(Amperes(-0.5 / 1.212))))
        }
        #expect(seen.firstIndex(of: true) == Self.late)
        board.bench.wire.suffer(.emergencyStop, slave: 0, isPresent: true, at: board.bench.now)
        #expect(board.bench.wire.drives == [.off, .off])
    }
}

import Actuators
import Testing
import VirtualRobot
import Simulator

@Suite struct FeetechGuardTests {
    /// A servo that pushes against a stop for so long.
    private func pushing(milliseconds: Int) throws -> FeetechBench {
        var bench = try FeetechBench(1)
        bench.bench.body.joints[0].isStuck = true
        try bench.set(.goalPosition, 4_000)
        bench.run(milliseconds: milliseconds)
        return bench
    }

    @Test("after the protection time an overload leaves the protective torque")
    func overload() throws {
        var bench = try pushing(milliseconds: 1_900)
        #expect(try !bench.faults().isPresent)
        #expect(try bench.get(.presentLoad) == 970)
        bench.run(milliseconds: 400)
        #expect(try bench.faults().rawValue == 0x20)
        #expect(try bench.get(.presentLoad) == 200)
        #expect(try bench.get(.torqueEnable) == 1)
    }

    @Test("every answer carries the faults, also to a write and a synchronous read")
    func everyAnswer() throws {
        var bench = try pushing(milliseconds: 2_300)
        #expect(try bench.set(.acceleration, 5)?.faults.overload == true)
        let answers = bench.bench.send(bytes("FF FF FE 05 82 38 02 01 3F"))
        #expect(answers.map { FeetechStatus($0.bytes)?.faults.rawValue } == [0x20])
        #expect(try bench.get(.faults) == 0x20)
    }

    @Test("an overload holds for goals on the same side and ends with one on the other")
    func opposite() throws {
        var bench = try pushing(milliseconds: 2_300)
        try bench.set(.goalPosition, 3_000)
        bench.run(milliseconds: 10)
        #expect(try bench.faults().overload)
        try bench.set(.goalPosition, 1_000)
        bench.run(milliseconds: 10)
        #expect(try !bench.faults().overload)
    }

    @Test("an overload ends when the torque is switched on again")
    func enabledAgain() throws {
        var bench = try pushing(milliseconds: 2_300)
        try bench.set(.torqueEnable, 1)
        bench.run(milliseconds: 500)
        #expect(try !bench.faults().overload)
        #expect(try bench.get(.presentLoad) > 200)
    }

    @Test("a mask without the overload reports it and pushes on")
    func masked() throws {
        var bench = try FeetechBench(1)
        bench.bench.body.joints[0].isStuck = true
        try bench.set(.unloadMask, 0)
        try bench.set(.goalPosition, 4_000)
        bench.run(milliseconds: 2_500)
        #expect(try bench.faults().overload)
        #expect(try bench.get(.presentLoad) == 970)
    }

    @Test("too much current for too long opens the bridge until the torque is switched on again")
    func current() throws {
        var bench = try FeetechBench(1)
        bench.bench.body.joints[0].isStuck = true
        try bench.set(.protectionCurrent, 100)
        try bench.set(.overCurrentTime, 50)
        try bench.set(.goalPosition, 4_000)
        bench.run(milliseconds: 1_500)
        #expect(try bench.faults().rawValue == 0x08)
        #expect(try bench.get(.torqueEnable) == 0)
        #expect(bench.bench.wire.drives == [.off])
        try bench.set(.goalPosition, 3_000)
        bench.run(milliseconds: 10)
        #expect(bench.bench.wire.drives == [.off])
        try bench.set(.torqueEnable, 1)
        bench.run(milliseconds: 10)
        #expect(bench.bench.wire.drives != [.off])
    }

    @Test("heat opens the bridge; cooled down, the servo stays off until it is told")
    func heat() throws {
        var bench = try FeetechBench(1)
        try bench.set(.goalPosition, 2_100)
        bench.bench.body.joints[0].temperature = 70.4
        bench.run(milliseconds: 10)
        #expect(try bench.faults().rawValue == 0x04)
        #expect(try bench.get(.torqueEnable) == 0)
        bench.bench.body.joints[0].temperature = 70
        bench.run(milliseconds: 10)
        #expect(try !bench.faults().isPresent)
        #expect(bench.bench.wire.drives == [.off])
    }

    @Test("a supply outside the limits is reported, and by default changes nothing else", arguments: [3.95, 8.05])
    func voltage(volts: Double) throws {
        var bench = try FeetechBench(1)
        try bench.set(.goalPosition, 2_100)
        bench.bench.body.joints[0].supply = volts
        bench.run(milliseconds: 10)
        #expect(try bench.faults().rawValue == 0x01)
        #expect(try bench.get(.torqueEnable) == 1)
        try bench.set(.unloadMask, 0x2D)
        bench.run(milliseconds: 10)
        #expect(try bench.get(.torqueEnable) == 0)
    }

    @Test("an encoder that says nothing is a fault")
    func encoder() throws {
        var bench = try FeetechBench(1)
        bench.bench.body.joints[0].position = .nan
        bench.run(milliseconds: 1)
        #expect(try bench.faults().encoder)
    }

    @Test("a servo without power is silent and off, and wakes up as it was switched on first")
    func powerLoss() throws {
        var bench = try FeetechBench(2)
        try bench.set(.goalPosition, 2_500)
        bench.run(milliseconds: 100)
        bench.bench.wire.suffer(.powerLoss, slave: 0, isPresent: true, at: bench.bench.now)
        bench.run(milliseconds: 10)
        #expect(bench.bench.send(bytes("FF FF FE 02 01 FE")).map(\.slave) == [1])
        #expect(bench.bench.wire.drives == [.off, .off])
        bench.bench.wire.suffer(.powerLoss, slave: 0, isPresent: false, at: bench.bench.now)
        bench.run(milliseconds: 10)
        #expect(try bench.get(.torqueEnable) == 0)
        #expect(try bench.get(.goalPosition) == 0)
    }

    @Test("a servo whose program stands still drives on as in its last moment")
    func hang() throws {
        var bench = try FeetechBench(1)
        try bench.set(.goalPosition, 2_500)
        bench.run(milliseconds: 100)
        let driven = bench.bench.wire.drives
        #expect(driven != [.off])
        bench.bench.wire.suffer(.hang, slave: 0, isPresent: true, at: bench.bench.now)
        bench.run(milliseconds: 500)
        #expect(bench.bench.wire.drives == driven)
        #expect(bench.bench.send(bytes("FF FF 01 02 01 FB")).isEmpty)
        bench.bench.wire.suffer(.hang, slave: 0, isPresent: false, at: bench.bench.now)
        #expect(bench.bench.send(bytes("FF FF 01 02 01 FB")).count == 1)
    }

    @Test("a tripped guard stays tripped when the fault is over, and a servo can answer as its neighbour")
    func tripped() throws {
        var bench = try FeetechBench(2)
        for isPresent in [true, false] {
            bench.bench.wire.suffer(.overload, slave: 0, isPresent: isPresent, at: bench.bench.now)
            bench.run(milliseconds: 5)
            #expect(try bench.faults().rawValue == 0x20)
        }
        bench.bench.wire.suffer(.wrongIdentity, slave: 0, isPresent: true, at: bench.bench.now)
        #expect(bench.bench.send(bytes("FF FF 01 02 01 FB")).map { FeetechStatus($0.bytes)?.id } == [2])
    }
}

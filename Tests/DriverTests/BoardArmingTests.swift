import Actuators
import BoardFirmware
import BoardLink
import Ports
import Quantities
import Testing
import VirtualRobot
import Simulator

@Suite struct BoardArmingTests {
    @Test("a board as described is identified without a word")
    func identify() throws {
        var bench = try BoardBench()
        #expect(try bench.driver.identify(by: bench.soon) == [])
        let watchdog = bench.driver.watchdog
        #expect(watchdog == .actuators(Seconds(0.1)))
    }

    @Test("a board of another layout is refused, and everything else that is wrong with it is said as well")
    func everythingWrong() throws {
        let ours = LinkLayout.ofThisBuild()
        let chip = ChipIdentifier(high: 1, middle: 2, low: 3)
        var bench = try BoardBench(chip: chip) {
            $0.layout = LinkLayout(protocolVersion: ours.protocolVersion, hash: ours.hash ^ 1)
            $0.joints = .three
        }
        let problems = try bench.driver.identify(by: bench.soon).map(\.problem)
        let refusal = LayoutRefusal.layout(ours: ours.hash, theirs: ours.hash ^ 1)
        #expect(problems == [.otherModel(expected: 2, found: 3), .otherUnit, .incompatible(refusal)])
        let both = JointSet(all: try #require(JointCount(2)))
        #expect(throws: BusError.wrongDevices(both)) { try bench.driver.arm(by: bench.soon) }
        #expect(bench.mode == .unconfigured)
    }

    @Test("a board that says nothing is silent")
    func silent() throws {
        var bench = try BoardBench(faults: "board-hang")
        #expect(try bench.driver.identify(by: bench.soon).map(\.problem) == [.silent])
    }

    @Test("bounds that the hardware cannot keep are refused by their number")
    func beyondHardware() throws {
        var bench = try BoardBench { $0.most.effort = NewtonMetres(1) }
        let code = Outcome.beyondHardware.rawValue
        #expect(throws: BusError.refused(.first, code: code)) { try bench.driver.arm(by: bench.soon) }
        #expect(bench.isArmed == false)
    }

    @Test("an armed board stands where it stood, after its silence was proven")
    func arm() throws {
        var bench = try BoardBench()
        try bench.driver.arm(by: bench.soon)
        #expect(bench.isArmed == true)
        #expect(bench.mode == .armed)
        // It has been silent for a tenth of a second on purpose.
        #expect(bench.line.now > MonotonicInstant(nanoseconds: 1_100_000_000))
        var samples = unknownSamples
        #expect(try bench.driver.readStates(into: &samples, by: bench.soon).count == 2)
        #expect(samples[.first].isDriven && samples[.first].watchdog == .armed)
        #expect(abs(bench.truth(.first).position.value) < 0.002)
        try bench.driver.disarm(by: bench.soon)
        #expect(bench.mode == .disarmed)
        #expect(throws: BusError.notArmed) { try bench.driver.writeGoals(goals(.position(.zero)), by: bench.soon) }
    }

    @Test("when the host falls silent the board stops by itself, and the bus says so until it is cleared")
    func hostDies() throws {
        var bench = try BoardBench()
        let both = JointSet(all: try #require(JointCount(2)))
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        for _ in 0..<40 { _ = try bench.tick(goals(.speed(RadiansPerSecond(1))), &samples) }
        #expect(bench.truth(.first).speed.value > 0.7)
        bench.line.advance(by: .seconds(1))
        #expect(abs(bench.truth(.first).speed.value) < 0.05)
        _ = try bench.driver.readStates(into: &samples, by: bench.soon)
        #expect(bench.latched == both)
        #expect(throws: BusError.latched(both)) {
            try bench.driver.writeGoals(goals(.speed(RadiansPerSecond(1))), by: bench.soon)
        }
        try bench.driver.clear(by: bench.soon)
        #expect(bench.latched == JointSet())
        try bench.driver.arm(by: bench.soon)
        #expect(bench.mode == .armed)
    }

    @Test("a fault of the board latches, and only clear and arm lead on")
    func fault() throws {
        var bench = try BoardBench(faults: "overload@2s+1ms")
        let both = JointSet(all: try #require(JointCount(2)))
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        var stopped: BusError?
        for _ in 0..<200 where stopped == nil {
            do throws(BusError) { _ = try bench.tick(goals(.position(.zero)), &samples) } catch { stopped = error }
        }
        #expect(stopped == .latched(both))
        bench.line.advance(by: .seconds(1))
        #expect(throws: BusError.latched(both)) { try bench.driver.arm(by: bench.soon) }
        try bench.driver.clear(by: bench.soon)
        try bench.driver.arm(by: bench.soon)
        #expect(bench.mode == .armed)
    }

    @Test("a fault whose reason is still there is not cleared away")
    func stubbornFault() throws {
        var bench = try BoardBench(faults: "overheating@2s:90")
        let both = JointSet(all: try #require(JointCount(2)))
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        for _ in 0..<100 { _ = try? bench.tick(goals(.position(.zero)), &samples) }
        bench.line.advance(by: .seconds(1))
        #expect(bench.mode == .latched)
        #expect(throws: BusError.latched(both)) { try bench.driver.clear(by: bench.soon) }
        #expect(bench.latched == both)
    }

    @Test("a board that started again behind our back is found out, and takes nothing until it is armed again")
    func restarted() throws {
        var bench = try BoardBench(faults: "servo-reboot@2s+50ms")
        let both = JointSet(all: try #require(JointCount(2)))
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        var stopped: BusError?
        for _ in 0..<200 where stopped == nil || stopped == .port(.timedOut(transferred: 0)) {
            do throws(BusError) { _ = try bench.tick(goals(.position(.zero)), &samples) } catch { stopped = error }
        }
        #expect(stopped == .latched(both))
        #expect(bench.mode == .unconfigured)
        try bench.driver.clear(by: bench.soon)
        try bench.driver.arm(by: bench.soon)
        #expect(bench.mode == .armed)
    }

    @Test("letting go of an armed bus switches its motors off")
    func lettingGo() throws {
        let line: BoardLine
        do {
            var bench = try BoardBench(silence: 1_000)
            line = bench.line
            try bench.driver.arm(by: bench.soon)
            #expect(line.bus.wire.mode == .armed)
        }
        line.advance(by: .milliseconds(5))
        #expect(line.bus.wire.mode == .disarmed)
    }

    @Test("a board that cannot be read back as off is named, and one that is pulled out is a hang-up")
    func stillDriven() throws {
        let both = JointSet(all: try #require(JointCount(2)))
        var hanging = try BoardBench(faults: "board-hang@2s")
        try hanging.driver.arm(by: hanging.soon)
        hanging.line.advance(by: .seconds(2))
        #expect(throws: BusError.stillDriven(both)) { try hanging.driver.disarm(by: hanging.soon) }
        var unplugged = try BoardBench(faults: "unplug@2s")
        try unplugged.driver.arm(by: unplugged.soon)
        unplugged.line.advance(by: .seconds(2))
        var samples = unknownSamples
        let hangUp = BusError.port(.hungUp(transferred: 0))
        #expect(throws: hangUp) { _ = try unplugged.driver.readStates(into: &samples, by: unplugged.soon) }
        #expect(throws: hangUp) { try unplugged.driver.disarm(by: unplugged.soon) }
    }

    @Test("settings need joints that are exactly the robot's first ones, and a silence that can be kept")
    func settings() throws {
        let good = try BoardBench.settings(silence: 100).configuration
        let place = try #require(BoardJoint(0))
        let third = try joint(2)
        let position = good[place].position
        let moved = try #require(
            JointBounds(
                joint: third, position: position, speed: RadiansPerSecond(1), effort: NewtonMetres(1),
                temperature: Celsius(60), current: Amperes(1), braking: RadiansPerSecondSquared(60)))
        let gap = try #require(
            Configure(envelope: good.envelope, supply: good.supply, silence: Ticks(100), moved))
        #expect(Board.Settings(gap) == nil)
        let last = try #require(BoardJoint(1))
        let bounds = good[last]
        let restless = try #require(
            Configure(envelope: good.envelope, supply: good.supply, silence: Ticks(1), bounds))
        #expect(Board.Settings(restless) == nil)
    }
}

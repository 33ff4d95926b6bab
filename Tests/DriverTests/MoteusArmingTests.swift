import Actuators
import Ports
import Quantities
import Testing
import VirtualRobot
import Simulator

@Suite struct MoteusArmingTests {
    @Test("a robot as described is identified without a word", arguments: [MoteusWire.Adapter.usb, .serial])
    func identify(adapter: MoteusWire.Adapter) throws {
        var bench = try MoteusBench(adapter: adapter)
        #expect(try bench.driver.identify(by: bench.soon) == [])
        let watchdog = bench.driver.watchdog
        #expect(watchdog == .actuators(Seconds(0.1)))
    }

    @Test("everything that is wrong is listed at once")
    func everythingWrong() throws {
        var bench = try MoteusBench(
            count: 5, faults: "board-hang#1,overload#5@0s+1ms", units: [2: 3, 3: 2, 4: 99, 5: 5])
        bench.line.advance(by: .milliseconds(5))
        let found = try bench.driver.identify(by: bench.soon)
        let expected: [DeviceFinding] = [
            .init(joint: try joint(0), id: 1, problem: .silent),
            .init(joint: try joint(4), id: 5, problem: .alarm(33)),
            .init(joint: try joint(1), id: 2, problem: .swapped(with: try joint(2))),
            .init(joint: try joint(2), id: 3, problem: .swapped(with: try joint(1))),
            .init(joint: try joint(3), id: 4, problem: .otherUnit),
        ]
        #expect(found == expected)
        #expect(try bench.latched == JointSet(joint(4)))
        #expect(throws: BusError.latched(JointSet(try joint(4)))) { try bench.driver.prepare(by: bench.soon) }
    }

    @Test("a controller that is another one is not armed, and nothing is switched on")
    func wrongDevices() throws {
        var bench = try MoteusBench(units: [2: 7])
        #expect(throws: BusError.wrongDevices(JointSet(try joint(1)))) { try bench.driver.arm(by: bench.soon) }
        for slave in 0..<3 { #expect(bench.mode(of: slave) == .stopped) }
    }

    @Test(
        "an armed robot holds where it stood, and its watchdogs are set", arguments: [MoteusWire.Adapter.usb, .serial])
    func arm(adapter: MoteusWire.Adapter) throws {
        var bench = try MoteusBench(adapter: adapter)
        let before = bench.line.bus.body.state(of: 1).position
        try bench.driver.arm(by: bench.soon)
        #expect(bench.isArmed == true)
        for slave in 0..<3 { #expect(bench.mode(of: slave) == .position) }
        var samples = unknownSamples
        #expect(try bench.driver.readStates(into: &samples, by: bench.soon).count == 3)
        #expect(samples[.first].isDriven && samples[.first].watchdog == .armed)
        #expect(samples[.first].deviceClock != nil)
        #expect(abs((bench.line.bus.body.state(of: 1).position - before).value) < 0.002)
        try bench.driver.disarm(by: bench.soon)
        for slave in 0..<3 { #expect(bench.mode(of: slave) == .stopped) }
        #expect(bench.isArmed == false)
        #expect(throws: BusError.notArmed) { try bench.driver.writeGoals(goals(.position(.zero)), by: bench.soon) }
    }

    @Test("arming lets every watchdog run out once, and one that hangs meanwhile is named")
    func provenWatchdog() throws {
        var modes: Set<Moteus.Mode> = []
        let line: MoteusLine
        do {
            var bench = try MoteusBench(count: 1)
            line = bench.line
            try bench.driver.arm(by: bench.soon)
            modes.insert(bench.mode(of: 0))
        }
        // What the controller had to say of its silence is gone; the time that it took is not.
        #expect(line.now > MonotonicInstant(nanoseconds: 1_060_000_000))
        #expect(modes == [.position])
        var hanging = try MoteusBench(faults: "board-hang#2@30ms")
        #expect(throws: BusError.self) { try hanging.driver.arm(by: hanging.soon) }
        #expect(hanging.isArmed == false)
        #expect(hanging.mode(of: 0) == .stopped && hanging.mode(of: 2) == .stopped)
    }

    @Test("when the host falls silent every controller stops by itself, and only a stop leads on")
    func hostDies() throws {
        var bench = try MoteusBench()
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        for _ in 0..<50 { _ = try bench.tick(goals(.speed(RadiansPerSecond(2))), &samples) }
        #expect(bench.line.bus.body.state(of: 0).speed.value > 1.5)
        bench.line.advance(by: .seconds(1))
        for slave in 0..<3 {
            #expect(abs(bench.line.bus.body.state(of: slave).speed.value) < 0.3)
            #expect(bench.mode(of: slave) == .timeout)
        }
        _ = try bench.driver.readStates(into: &samples, by: bench.soon)
        #expect(samples[.first].watchdog == .tripped)
        try bench.driver.writeGoals(goals(.speed(RadiansPerSecond(2))), by: bench.soon)
        bench.line.advance(by: .milliseconds(20))
        #expect(bench.mode(of: 0) == .timeout)
        try bench.driver.arm(by: bench.soon)
        #expect(bench.mode(of: 0) == .position)
    }

    @Test("a fault latches: no goal goes out, and only clear and arm lead on")
    func fault() throws {
        let second = JointSet(try joint(1))
        var bench = try MoteusBench(faults: "overload#2@2s+1ms")
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        var stopped: BusError?
        for _ in 0..<300 where stopped == nil {
            do throws(BusError) { _ = try bench.tick(goals(.position(.zero)), &samples) } catch { stopped = error }
        }
        #expect(stopped == .latched(second))
        #expect(samples[try joint(1)].alarm == 33)
        #expect(!samples[try joint(1)].isDriven)
        #expect(throws: BusError.latched(second)) { try bench.driver.arm(by: bench.soon) }
        try bench.driver.clear(by: bench.soon)
        #expect(bench.latched == JointSet() && bench.isArmed == false)
        for slave in 0..<3 { #expect(bench.mode(of: slave) == .stopped) }
        try bench.driver.arm(by: bench.soon)
    }

    @Test("a limit at work is no fault")
    func limiter() throws {
        var bench = try MoteusBench(count: 1, faults: "stuck-joint")
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        for _ in 0..<100 { _ = try bench.tick(goals(.position(Radians(3))), &samples) }
        #expect(samples[.first].alarm == 0)
        #expect(bench.latched == JointSet())
        // Held back by the torque limit of the command.
        #expect(abs(samples[.first].effort.value - 1.5) < 0.1)
    }

    @Test("a controller that came back from a power loss is found stopped, and takes goals only after a new arming")
    func brownOut() throws {
        var bench = try MoteusBench(faults: "servo-reboot#3@2s+50ms")
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        var stopped: BusError?
        for _ in 0..<300 where stopped == nil || stopped == .port(.timedOut(transferred: 0)) {
            do throws(BusError) { _ = try bench.tick(goals(.position(.zero)), &samples) } catch { stopped = error }
        }
        #expect(try stopped == .latched(JointSet(joint(2))))
        #expect(!samples[try joint(2)].isDriven)
    }

    @Test("letting go of an armed bus switches its motors off")
    func lettingGo() throws {
        let line: MoteusLine
        do {
            var bench = try MoteusBench()
            line = bench.line
            try bench.driver.arm(by: bench.soon)
            #expect(line.bus.wire.controllers[0].mode == .position)
        }
        line.advance(by: .milliseconds(20))
        for slave in 0..<3 { #expect(line.bus.wire.controllers[slave].mode == .stopped) }
    }

    @Test("a motor that cannot be read back as off is named")
    func stillDriven() throws {
        var bench = try MoteusBench(faults: "board-hang#2@3s")
        try bench.driver.arm(by: bench.soon)
        bench.line.advance(by: .seconds(3))
        #expect(throws: BusError.stillDriven(JointSet(try joint(1)))) { try bench.driver.disarm(by: bench.soon) }
        #expect(bench.mode(of: 0) == .stopped && bench.mode(of: 2) == .stopped)
    }

    @Test("a port that is pulled out is a hang-up, whatever was under way")
    func unplugged() throws {
        var bench = try MoteusBench(faults: "unplug@3s")
        try bench.driver.arm(by: bench.soon)
        bench.line.advance(by: .seconds(3))
        var samples = unknownSamples
        #expect(throws: BusError.port(.hungUp(transferred: 0))) {
            _ = try bench.driver.readStates(into: &samples, by: bench.soon)
        }
        #expect(throws: BusError.port(.hungUp(transferred: 0))) { try bench.driver.disarm(by: bench.soon) }
    }
}

import Actuators
import BoardLink
import CAllocationCounter
import Ports
import Quantities
import Testing
import VirtualRobot
import Simulator

@Suite struct BoardCycleTests {
    @Test("goals move the right joints, and the samples say so")
    func moves() throws {
        var bench = try BoardBench()
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        var wanted = goals(.position(Radians(0.5)))
        wanted[try joint(1)] = .position(Radians(-0.3))
        for _ in 0..<150 { #expect(try bench.tick(wanted, &samples).count == 2) }
        #expect(abs(samples[.first].position.value - 0.5) < 0.1)
        #expect(abs(samples[try joint(1)].position.value + 0.3) < 0.1)
        #expect(abs(samples[.first].position.value - bench.truth(.first).position.value) < 0.01)
        guard case .position(let acknowledged) = samples[.first].acknowledged else { throw Missing() }
        #expect(abs(acknowledged.value - 0.5) < 0.001)
        #expect(bench.counters.damaged == 0 && bench.counters.timeOuts == 0)
    }

    @Test("a sample's moment is the board's tick on our clock, to a fraction of a millisecond")
    func moments() throws {
        var bench = try BoardBench()
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        for _ in 0..<60 {
            _ = try bench.tick(goals(.speed(RadiansPerSecond(1))), &samples, period: .milliseconds(17))
            // The bus began at one second, and the board's ticks with it.
            let tick = try #require(samples[.first].deviceClock).value
            let instant = Float(samples[.first].instant.nanoseconds) * 1e-9 - 1
            #expect(abs(tick - instant) < 0.001)
        }
    }

    @Test("a goal that no number of the wire holds is not sent, nor are the others")
    func refusedGoals() throws {
        var bench = try BoardBench()
        try bench.driver.arm(by: bench.soon)
        var mixed = goals(.position(Radians(1)))
        for goal in [
            JointGoal.position(Radians(.nan)), .position(Radians(200)), .speed(RadiansPerSecond(200)),
            .effort(NewtonMetres(100)),
        ] {
            mixed[try joint(1)] = goal
            #expect(throws: BusError.unrepresentable(try joint(1))) {
                try bench.driver.writeGoals(mixed, by: bench.soon)
            }
        }
        bench.line.advance(by: .milliseconds(20))
        #expect(abs(bench.truth(.first).position.value) < 0.01)
    }

    /// What strikes the line, and what it must show up as.
    static let troubles: [(faults: String, counter: @Sendable (BusCounters) -> UInt64)] = [
        ("packet-loss@3s:0.1", { $0.transactions }), ("bit-flips@3s:0.1", { $0.damaged }),
        ("truncation@3s:0.1", { $0.damaged }), ("late-reply@3s:4", { $0.transactions }),
        ("duplicate@3s:0.3", { $0.unexpected }), ("echo@3s", { $0.echoes }),
        ("adapter-latency@3s:16", { $0.transactions }),
    ]

    @Test("whatever strikes the line, no wrong value is believed", arguments: troubles, 1...6 as ClosedRange<UInt64>)
    func troubledLine(
        trouble: (faults: String, counter: @Sendable (BusCounters) -> UInt64), seed: UInt64
    ) throws {
        var bench = try BoardBench(faults: trouble.faults, seed: seed, silence: 1_000)
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        // The bus began at one second.
        while bench.line.now < MonotonicInstant(nanoseconds: 4_000_000_000) {
            _ = try bench.tick(goals(.speed(.zero)), &samples)
        }
        let before = trouble.counter(bench.counters)
        var answered = 0
        for cycle in 0..<100 {
            let speed = RadiansPerSecond(cycle / 25 % 2 == 0 ? 1 : -1)
            let fresh: JointSet
            do throws(BusError) {
                fresh = try bench.tick(goals(.speed(speed)), &samples)
            } catch {
                // Waiting for a state took the whole tick.
                #expect(error == .port(.timedOut(transferred: 0)))
                continue
            }
            answered += fresh.count
            guard fresh.contains(.first) else { continue }
            let age = Float((bench.line.now - samples[.first].instant) / .milliseconds(1)) / 1_000
            let truth = bench.truth(.first)
            let then = truth.position.value - truth.speed.value * age
            #expect(abs(samples[.first].position.value - then) < 0.05)
            #expect(age < 0.12)
        }
        #expect(trouble.counter(bench.counters) > before)
        #expect(answered > 175)
    }

    @Test(
        "arming gets through a bad line, and never ends in a board that is driven without us knowing", arguments: 1...20
    )
    func armingOnABadLine(seed: Int) throws {
        var bench = try BoardBench(faults: "packet-loss:0.15,bit-flips:0.1", seed: UInt64(seed))
        do throws(BusError) {
            try bench.driver.arm(by: bench.soon)
            #expect(bench.mode == .armed)
        } catch {
            #expect(bench.isArmed == false)
            if case .stillDriven = error { return }
            #expect(bench.mode != .armed)
        }
    }

    @Test("a board that falls silent has no fresh joint, and its silence is counted")
    func silence() throws {
        var bench = try BoardBench(faults: "board-hang@3s")
        try bench.driver.prepare(by: bench.soon)
        bench.line.advance(by: .seconds(3))
        var samples = unknownSamples
        _ = try bench.driver.readStates(into: &samples, by: bench.soon)
        let old = samples[.first].instant
        #expect(try bench.driver.readStates(into: &samples, by: bench.soon) == JointSet())
        #expect(samples[.first].instant == old)
        #expect(bench.counters.failures[.first] == 1 && bench.counters.timeOuts == 1)
    }

    @Test("another board of the same kind is not the one that was armed")
    func wrongIdentity() throws {
        var bench = try BoardBench(
            faults: "wrong-id@2s", chip: ChipIdentifier(high: 0x0042_0031, middle: 0x3437_5114, low: 0x3831_3830))
        try bench.driver.arm(by: bench.soon)
        bench.line.advance(by: .seconds(2))
        var samples = unknownSamples
        _ = try bench.driver.readStates(into: &samples, by: bench.soon)
        _ = try bench.driver.readStates(into: &samples, by: bench.soon)
        let both = JointSet(all: try #require(JointCount(2)))
        #expect(bench.latched == both)
        #expect(try bench.driver.identify(by: bench.soon).map(\.problem) == [.otherUnit])
    }

    @Test("a cycle of reading and writing allocates nothing", .enabled(if: callocationcounter_counts()))
    func allocations() throws {
        let bench = try BoardBench()
        let (line, other) = (bench.line, OtherSide())
        var driver = try present(
            BoardBus(UncountedPort(line.port(), other), rate: nil, settings: try BoardBench.settings(silence: 100)))
        try driver.arm(by: line.now + .seconds(20))
        var samples = unknownSamples
        let wanted = goals(.position(.zero))
        var (fresh, before) = (0, UInt64(0))
        for cycle in 0...100 {
            // The first one learns what its types are made of.
            if cycle == 1 { before = other.allocationsWithout }
            fresh += try driver.readStates(into: &samples, by: line.now + .seconds(1)).count
            try driver.writeGoals(wanted, by: line.now + .seconds(1))
        }
        #expect(other.allocationsWithout == before)
        #expect(fresh == 202)
        try driver.disarm(by: line.now + .seconds(1))
    }
}

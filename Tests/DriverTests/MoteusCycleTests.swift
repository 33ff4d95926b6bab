import Actuators
import CAllocationCounter
import Ports
import Quantities
import Testing
import VirtualRobot
import Simulator

@Suite struct MoteusCycleTests {
    @Test("goals move joints, and the samples say so")
    func moves() throws {
        var bench = try MoteusBench()
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        for _ in 0..<150 { #expect(try bench.tick(goals(.position(Radians(0.5))), &samples).count == 3) }
        for number in UInt8(0)..<3 {
            let sample = samples[try joint(number)]
            #expect(abs(sample.position.value - 0.5) < 0.1)
            let truth = bench.line.bus.body.state(of: Int(number)).position
            #expect(abs(sample.position.value - truth.value) < 0.01)
            guard case .position(let acknowledged) = sample.acknowledged else { throw Missing() }
            #expect(abs(acknowledged.value - 0.5) < 0.001)
        }
        #expect(bench.counters.retries == 0 && bench.counters.damaged == 0 && bench.counters.implausible == 0)
    }

    @Test("speed and torque goals are followed, and told apart in what comes back")
    func kinds() throws {
        var bench = try MoteusBench()
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        var wanted = goals(.position(.zero))
        wanted[try joint(1)] = .speed(RadiansPerSecond(1.5))
        wanted[try joint(2)] = .effort(NewtonMetres(-0.8))
        for _ in 0..<50 { #expect(try bench.tick(wanted, &samples).count == 3) }
        #expect(abs(samples[.first].position.value) < 0.05)
        #expect(abs(samples[try joint(1)].speed.value - 1.5) < 0.5)
        #expect(samples[try joint(2)].speed.value < -0.5)
        guard case .speed = samples[try joint(1)].acknowledged,
            case .effort(let effort) = samples[try joint(2)].acknowledged
        else { throw Missing() }
        #expect(abs(effort.value + 0.8) < 0.01)
    }

    @Test("a goal that is no number or beyond the torque limit is not sent, nor are the others")
    func refusedGoals() throws {
        var bench = try MoteusBench()
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        var mixed = goals(.position(Radians(1)))
        for goal in [
            JointGoal.position(Radians(.nan)), .speed(RadiansPerSecond(.infinity)), .effort(NewtonMetres(1.6)),
            .effort(NewtonMetres(.nan)),
        ] {
            mixed[try joint(1)] = goal
            #expect(throws: BusError.unrepresentable(try joint(1))) {
                try bench.driver.writeGoals(mixed, by: bench.soon)
            }
        }
        _ = try bench.driver.readStates(into: &samples, by: bench.soon)
        #expect(samples[.first].acknowledged == .speed(.zero))
    }

    /// What strikes the wire, and what it must show up as.
    static let troubles: [(faults: String, counter: @Sendable (BusCounters) -> UInt64)] = [
        ("packet-loss@1s:0.1", { $0.timeOuts }), ("bit-flips@1s:0.1", { $0.damaged }),
        ("truncation@1s:0.1", { $0.timeOuts + $0.damaged }), ("late-reply@1s:4", { $0.transactions }),
        ("late-reply@1s:30", { $0.unexpected + $0.lateBytes }),
        ("duplicate@1s:0.3", { $0.lateBytes + $0.unexpected }), ("echo@1s", { $0.echoes }),
        ("loose-wire#2@1s:0.2", { $0.damaged + $0.timeOuts }), ("adapter-latency@1s:16", { $0.transactions }),
    ]

    @Test("whatever strikes the wire, no wrong value is believed", arguments: troubles, 1...6 as ClosedRange<UInt64>)
    func troubledWire(
        trouble: (faults: String, counter: @Sendable (BusCounters) -> UInt64), seed: UInt64
    ) throws {
        var bench = try MoteusBench(faults: trouble.faults, seed: seed)
        try bench.driver.prepare(by: bench.soon)
        bench.line.advance(by: .seconds(1))
        let before = trouble.counter(bench.counters)
        var samples = unknownSamples
        var answered = 0
        for _ in 0..<200 {
            let fresh = try bench.driver.readStates(into: &samples, by: bench.line.now + .milliseconds(80))
            answered += fresh.count
            var rest = fresh
            while let joint = rest.popFirst() { bench.expectTrue(samples[joint], of: joint) }
            bench.line.advance(by: .milliseconds(1))
        }
        #expect(trouble.counter(bench.counters) > before)
        // Two retries recover nearly everything of this, where the answer comes in time at all.
        #expect(trouble.faults.hasPrefix("late-reply@1s:30") || answered > 500)
    }

    @Test("in motion, an answer that comes a cycle late is not taken for a new one")
    func lateInMotion() throws {
        var bench = try MoteusBench(faults: "late-reply@2s:25", watchdog: Seconds(1))
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        var believed = 0
        for _ in 0..<200 {
            do throws(BusError) {
                let fresh = try bench.tick(goals(.speed(RadiansPerSecond(3))), &samples, period: .milliseconds(24))
                guard fresh.contains(.first) else { continue }
            } catch { continue }
            believed += 1
            let age = Float((bench.line.now - samples[.first].instant) / .milliseconds(1)) / 1_000
            let truth = bench.line.bus.body.state(of: 0)
            #expect(abs(samples[.first].position.value - (truth.position.value - truth.speed.value * age)) < 0.03)
        }
        #expect(believed > 20)
        #expect(bench.counters.unexpected + bench.counters.lateBytes > 40)
    }

    @Test("goals that the adapter did not take are sent once more", arguments: 1...4 as ClosedRange<UInt64>)
    func damagedGoals(seed: UInt64) throws {
        var bench = try MoteusBench(faults: "bit-flips@1s:0.2", seed: seed, watchdog: Seconds(2))
        try bench.driver.arm(by: bench.soon)
        bench.line.advance(by: .milliseconds(600))
        let before = bench.counters.retries
        for _ in 0..<50 {
            try bench.driver.writeGoals(goals(.position(.zero)), by: bench.line.now + .milliseconds(60))
            bench.line.advance(by: .milliseconds(5))
        }
        #expect(bench.counters.retries > before)
        for slave in 0..<3 { #expect(bench.mode(of: slave) == .position) }
    }

    @Test("a controller that falls silent is named, and the others are still read", arguments: UInt8(0)..<3)
    func missing(number: UInt8) throws {
        var bench = try MoteusBench(faults: "board-hang#\(number + 1)@3s")
        try bench.driver.prepare(by: bench.soon)
        bench.line.advance(by: .seconds(3))
        var samples = unknownSamples
        let fresh = try bench.driver.readStates(into: &samples, by: bench.soon)
        let missing = try joint(number)
        let all = JointSet(all: try #require(JointCount(3)))
        #expect(fresh == all.subtracting(JointSet(missing)))
        #expect(bench.counters.failures[missing] == 1)
        #expect(bench.counters.retries == 2)
    }

    @Test("an answer under another controller's number is not taken for either", arguments: 1...3)
    func wrongIdentity(number: Int) throws {
        var bench = try MoteusBench(faults: "wrong-id#\(number)@3s", watchdog: Seconds(5))
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        var apart = goals(.speed(.zero))
        for (place, speed) in [Float(1), -1, 2].enumerated() {
            apart[try joint(UInt8(place))] = .speed(RadiansPerSecond(speed))
        }
        for _ in 0..<40 { _ = try bench.tick(apart, &samples) }
        bench.line.advance(by: MonotonicInstant(nanoseconds: 4_100_000_000) - bench.line.now)
        let fresh = try bench.driver.readStates(into: &samples, by: bench.soon)
        #expect(try !fresh.contains(joint(UInt8(number - 1))))
        var rest = fresh
        while let joint = rest.popFirst() {
            let truth = bench.line.bus.body.state(of: Int(joint.rawValue)).speed
            #expect(abs(samples[joint].speed.value - truth.value) < 0.1)
        }
    }

    @Test("a supply that no controller could have is not believed")
    func implausible() throws {
        var bench = try MoteusBench(supply: Volts(90))
        try bench.driver.prepare(by: bench.soon)
        var samples = unknownSamples
        #expect(try bench.driver.readStates(into: &samples, by: bench.soon).isEmpty)
        #expect(bench.counters.implausible == 9)
        #expect(samples[.first] == unknownSamples[.first] || samples[.first].voltage.value.isNaN)
    }

    @Test("a cycle of reading and writing allocates nothing", .enabled(if: callocationcounter_counts()))
    func allocations() throws {
        let bench = try MoteusBench(count: 6, adapter: .usb)
        let (line, other) = (bench.line, OtherSide())
        let joints = try (1...6).map { try MoteusBench.joint($0) }
        let settings = try #require(Moteus.DriverSettings(watchdog: Seconds(0.1)))
        var driver = try present(
            MoteusBus(
                UncountedPort(line.port(), other), rate: nil, hasChecksum: false, joints: joints, settings: settings))
        try driver.arm(by: line.now + .seconds(20))
        var samples = unknownSamples
        _ = try driver.readStates(into: &samples, by: line.now + .seconds(1))
        let wanted = goals(.position(.zero))
        var fresh = 0
        let before = other.allocationsWithout
        for _ in 0..<100 {
            fresh += try driver.readStates(into: &samples, by: line.now + .seconds(1)).count
            try driver.writeGoals(wanted, by: line.now + .seconds(1))
        }
        #expect(other.allocationsWithout == before)
        #expect(fresh == 600)
        try driver.disarm(by: line.now + .seconds(1))
    }
}

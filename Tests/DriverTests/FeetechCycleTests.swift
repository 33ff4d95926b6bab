import Actuators
import CAllocationCounter
import Ports
import Quantities
import Testing
import VirtualRobot
import Simulator

@Suite struct FeetechCycleTests {
    @Test("goals move joints, and the samples say so")
    func moves() throws {
        var bench = try FeetechBench()
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        for _ in 0..<200 { #expect(try bench.tick(goals(.position(Radians(0.5))), &samples).count == 3) }
        for number in UInt8(0)..<3 {
            let sample = samples[try joint(number)]
            #expect(abs(sample.position.value - 0.5) < 0.05)
            let truth = bench.line.bus.body.state(of: Int(number)).position
            #expect(abs(sample.position.value - truth.value) < 0.01)
            guard case .position(let acknowledged) = sample.acknowledged else { throw Missing() }
            #expect(abs(acknowledged.value - 0.5) < 0.001)
            #expect(sample.temperature.value > 20 && abs(sample.voltage.value - 7.4) < 0.3)
        }
        let counters = bench.counters
        #expect(counters.retries == 0 && counters.damaged == 0 && counters.implausible == 0)
    }

    @Test("a wheel turns past the end of its encoder, and its way goes on")
    func wheel() throws {
        var bench = try FeetechBench(mode: .velocity)
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        for _ in 0..<500 {
            #expect(try bench.tick(goals(.speed(RadiansPerSecond(2))), &samples).count == 3)
            let truth = bench.line.bus.body.state(of: 0).position
            #expect(abs(samples[.first].position.value - truth.value) < 0.05)
        }
        #expect(samples[.first].position.value > 8)
        #expect(abs(samples[.first].speed.value - 2) < 0.3)
    }

    @Test("a share of the supply pushes in the joint's own direction")
    func effort() throws {
        var bench = try FeetechBench(mode: .pwm)
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        for _ in 0..<50 { _ = try bench.tick(goals(.effort(NewtonMetres(-0.9))), &samples) }
        #expect(samples[.first].speed.value < -0.5)
        #expect(samples[.first].effort.value < -0.5)
        #expect(throws: BusError.unrepresentable(.first)) {
            try bench.driver.writeGoals(goals(.effort(NewtonMetres(1.5))), by: bench.soon)
        }
    }

    @Test("a goal that is no number, outside the encoder's turn or of another kind is not sent, nor are the others")
    func refusedGoals() throws {
        var bench = try FeetechBench()
        try bench.driver.arm(by: bench.soon)
        let before = bench.number(.goalPosition)
        var mixed = goals(.position(Radians(1)))
        for (goal, error) in [
            (JointGoal.position(Radians(.nan)), BusError.unrepresentable(try joint(1))),
            (.position(Radians(3.2)), .unrepresentable(try joint(1))),
            (.position(Radians(-3.2)), .unrepresentable(try joint(1))),
            (.effort(NewtonMetres(0)), .wrongGoal(try joint(1))),
        ] {
            mixed[try joint(1)] = goal
            #expect(throws: error) { try bench.driver.writeGoals(mixed, by: bench.soon) }
        }
        bench.line.advance(by: .milliseconds(5))
        #expect(bench.number(.goalPosition) == before)
    }

    /// What strikes the wire, and what it must show up as.
    static let troubles: [(faults: String, counter: @Sendable (BusCounters) -> UInt64)] = [
        ("packet-loss@9s:0.1", { $0.timeOuts }), ("bit-flips@9s:0.1", { $0.damaged + $0.unexpected }),
        ("truncation@9s:0.1", { $0.timeOuts + $0.damaged }), ("late-reply@9s:4", { $0.transactions }),
        ("late-reply@9s:30", { $0.unexpected + $0.lateBytes }),
        ("duplicate@9s:0.3", { $0.lateBytes + $0.unexpected }), ("echo@9s", { $0.echoes + $0.unexpected }),
        ("loose-wire#2@9s:0.2", { $0.damaged + $0.timeOuts }), ("adapter-latency@9s:16", { $0.transactions }),
    ]

    @Test("whatever strikes the wire, no wrong value is believed", arguments: troubles, 1...6 as ClosedRange<UInt64>)
    func troubledWire(
        trouble: (faults: String, counter: @Sendable (BusCounters) -> UInt64), seed: UInt64
    ) throws {
        var bench = try FeetechBench(faults: trouble.faults, seed: seed)
        try bench.driver.prepare(by: bench.soon)
        #expect(bench.line.now < MonotonicInstant(nanoseconds: 9_000_000_000))
        bench.line.advance(by: .seconds(9))
        let before = trouble.counter(bench.counters)
        var samples = unknownSamples
        var answered = 0
        for _ in 0..<200 {
            let fresh = try bench.driver.readStates(into: &samples, by: bench.line.now + .milliseconds(60))
            answered += fresh.count
            var rest = fresh
            while let joint = rest.popFirst() { bench.expectTrue(samples[joint], of: joint) }
            bench.line.advance(by: .milliseconds(1))
        }
        #expect(trouble.counter(bench.counters) > before)
        // Two retries recover nearly everything of this, where the answer comes in time at all.
        #expect(trouble.faults.hasPrefix("late-reply@9s:30") || answered > 500)
    }

    @Test("in motion, an answer that comes a cycle late is not taken for a new one")
    func lateInMotion() throws {
        var bench = try FeetechBench(mode: .velocity, faults: "late-reply@9s:25")
        try bench.driver.arm(by: bench.soon)
        bench.line.advance(by: .seconds(8))
        var samples = unknownSamples
        var believed = 0
        for _ in 0..<300 {
            let fresh = try? bench.tick(goals(.speed(RadiansPerSecond(3))), &samples, period: .milliseconds(24))
            guard let fresh, fresh.contains(.first) else { continue }
            believed += 1
            let age = Float((bench.line.now - samples[.first].instant) / .milliseconds(1)) / 1_000
            let truth = bench.line.bus.body.state(of: 0)
            let then = truth.position.value - truth.speed.value * age
            #expect(abs(samples[.first].position.value - then) < 0.03)
        }
        #expect(believed > 20)
        #expect(bench.counters.unexpected > 100)
    }

    @Test("an intact reading that no joint can have made is counted; when the next one agrees the encoder has jumped")
    func encoderJump() throws {
        var bench = try FeetechBench(faults: "encoder-jump#2@3s:0.5")
        let jumping = try joint(1)
        try bench.driver.arm(by: bench.soon)
        bench.line.advance(by: MonotonicInstant(nanoseconds: 3_990_000_000) - bench.line.now)
        var samples = unknownSamples
        _ = try bench.driver.readStates(into: &samples, by: bench.soon)
        #expect(abs(samples[jumping].position.value) < 0.01)
        bench.line.advance(by: .milliseconds(12))
        let fresh = try bench.driver.readStates(into: &samples, by: bench.soon)
        #expect(fresh.contains(.first) && fresh.contains(jumping))
        #expect(abs(samples[jumping].position.value.magnitude - 0.5) < 0.01)
        #expect(bench.counters.implausible == 1 && bench.counters.retries == 1)
        #expect(bench.counters.failures[jumping] == 0)
    }

    @Test("a supply on which no servo could answer is not believed")
    func impossibleVoltage() throws {
        var bench = try FeetechBench(faults: "voltage-sag@9s:6")
        try bench.driver.prepare(by: bench.soon)
        bench.line.advance(by: .seconds(9))
        var samples = unknownSamples
        #expect(try bench.driver.readStates(into: &samples, by: bench.soon) == JointSet())
        #expect(bench.counters.implausible == 9)
        #expect(bench.counters.failures[.first] == 1)
    }

    @Test("a servo that falls off the chain is named, and the others are still read", arguments: UInt8(0)..<3)
    func missingServo(number: UInt8) throws {
        var bench = try FeetechBench(faults: "board-hang#\(number + 1)@3s")
        try bench.driver.arm(by: bench.soon)
        bench.line.advance(by: .seconds(3))
        var samples = unknownSamples
        let fresh = try bench.driver.readStates(into: &samples, by: bench.soon)
        let missing = try joint(number)
        let all = JointSet(all: try #require(JointCount(3)))
        #expect(fresh == all.subtracting(JointSet(missing)))
        let counters = bench.counters
        #expect(counters.failures[missing] == 1 && counters.chainBreaks[missing] == 3)
        #expect(counters.retries == 2)
    }

    @Test("an answer under another servo's number is not taken for either", arguments: 1...3)
    func wrongIdentity(number: Int) throws {
        var bench = try FeetechBench(mode: .velocity, faults: "wrong-id#\(number)@9s")
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        var apart = goals(.speed(.zero))
        for (place, speed) in [Float(1), -1, 2].enumerated() {
            apart[try joint(UInt8(place))] = .speed(RadiansPerSecond(speed))
        }
        for _ in 0..<40 { _ = try bench.tick(apart, &samples) }
        bench.line.advance(by: MonotonicInstant(nanoseconds: 10_000_000_000) - bench.line.now)
        let fresh = try bench.driver.readStates(into: &samples, by: bench.soon)
        #expect(try !fresh.contains(joint(UInt8(number - 1))))
        var rest = fresh
        while let joint = rest.popFirst() {
            let truth = bench.line.bus.body.state(of: Int(joint.rawValue)).speed
            #expect(abs(samples[joint].speed.value - truth.value) < 0.1)
        }
    }

    @Test("states are read from a bus that was prepared")
    func unprepared() throws {
        var bench = try FeetechBench()
        var samples = unknownSamples
        #expect(throws: BusError.notPrepared) { _ = try bench.driver.readStates(into: &samples, by: bench.soon) }
    }

    @Test("a cycle of reading and writing allocates nothing", .enabled(if: callocationcounter_counts()))
    func allocations() throws {
        let bench = try FeetechBench(count: 6)
        let (line, other) = (bench.line, OtherSide())
        let joints = try (1...6).map { try FeetechBench.joint(feetechID($0), .sts3215, .position) }
        var driver = try present(
            FeetechBus(UncountedPort(line.port(), other), rate: FeetechBench.rate, joints: joints))
        try driver.arm(by: line.now + .seconds(20))
        var samples = unknownSamples
        _ = try driver.readStates(into: &samples, by: line.now + .seconds(1))
        let wanted = goals(.position(samples[.first].position))
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

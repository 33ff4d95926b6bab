import Actuators
import CAllocationCounter
import Ports
import Quantities
import Testing
import VirtualRobot
import Simulator

@Suite struct DynamixelCycleTests {
    @Test("goals move joints, and the samples say so")
    func moves() throws {
        var bench = try DynamixelBench()
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        for _ in 0..<100 { #expect(try bench.tick(goals(.position(Radians(0.5))), &samples).count == 3) }
        for number in UInt8(0)..<3 {
            let sample = samples[try joint(number)]
            #expect(abs(sample.position.value - 0.5) < 0.05)
            let truth = bench.line.bus.body.state(of: Int(number)).position
            #expect(abs(sample.position.value - truth.value) < 0.01)
            #expect(sample.acknowledged.map { abs(position($0).value - 0.5) < 0.001 } == true)
            #expect(sample.temperature.value > 20 && abs(sample.voltage.value - 5) < 0.3)
        }
        let counters = bench.driver.counters
        #expect(counters.retries == 0 && counters.damaged == 0)
    }

    private func position(_ goal: JointGoal) -> Radians {
        if case .position(let position) = goal { position } else { Radians(.nan) }
    }

    @Test("torque goals push in the joint's own direction, whichever way round the servo sits")
    func torque() throws {
        let id = try #require(Dynamixel.ServoID(1))
        for direction in [JointMounting.Direction.same, .opposite] {
            let mounting = try #require(
                JointMounting(direction: direction, zero: Radians(.pi), torque: .perAmpere(NewtonMetres(0.42))))
            let servo = try #require(
                Dynamixel.Joint(id: id, model: .xl330M288, mode: .current, mounting: mounting))
            var bench = try DynamixelBench(DynamixelServo.set(.xl330M288, count: 1), joints: [servo])
            try bench.driver.arm(by: bench.soon)
            var samples = unknownSamples
            for _ in 0..<20 { _ = try bench.tick(goals(.effort(NewtonMetres(0.2))), &samples) }
            #expect(samples[.first].speed.value > 0.5)
            #expect(samples[.first].effort.value > 0.1)
            let actuator = bench.line.bus.body.state(of: 0).speed.value
            #expect(direction == .same ? actuator > 0.5 : actuator < -0.5)
        }
    }

    @Test("a goal that is no number, too large or of another kind is not sent, nor are the others")
    func refusedGoals() throws {
        var bench = try DynamixelBench()
        try bench.driver.arm(by: bench.soon)
        let before = bench.number(.goalPosition)
        var mixed = goals(.position(Radians(1)))
        for (goal, error) in [
            (JointGoal.position(Radians(.nan)), BusError.unrepresentable(try joint(1))),
            (.position(Radians(.infinity)), .unrepresentable(try joint(1))),
            (.position(Radians(1e9)), .unrepresentable(try joint(1))),
            (.effort(NewtonMetres(0)), .wrongGoal(try joint(1))),
        ] {
            mixed[try joint(1)] = goal
            #expect(throws: error) { try bench.driver.writeGoals(mixed, by: bench.soon) }
        }
        bench.line.advance(by: .milliseconds(5))
        #expect(bench.number(.goalPosition) == before)
    }

    @Test("servos of different versions and modes are read and driven together")
    func mixed() throws {
        let mounting = try #require(JointMounting(torque: .perAmpere(NewtonMetres(0.4))))
        // The window of the older one stands elsewhere, so the request names each servo's own.
        let kinds: [(Dynamixel.Model, Dynamixel.OperatingMode, UInt8)] = [
            (.xl330M288, .position, 52), (.xl330M077, .current, 53), (.xl330M288, .velocity, 53),
        ]
        var joints: [Dynamixel.Joint] = []
        var servos = DynamixelServo.set(.xl330M288, count: 3)
        for (place, kind) in kinds.enumerated() {
            servos[place].model = kind.0
            servos[place].firmware = Dynamixel.Firmware(kind.2)
            joints.append(
                try #require(
                    Dynamixel.Joint(id: servos[place].id, model: kind.0, mode: kind.1, mounting: mounting)))
        }
        var bench = try DynamixelBench(servos, joints: joints)
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        var wanted = goals(.position(Radians(0.5)))
        wanted[try joint(1)] = .effort(NewtonMetres(0.2))
        wanted[try joint(2)] = .speed(RadiansPerSecond(1))
        for _ in 0..<50 { #expect(try bench.tick(wanted, &samples).count == 3) }
        #expect(samples[try joint(0)].acknowledged == .position(samplePosition(of: 0.5)))
        #expect(samples[try joint(1)].speed.value > 0.5)
        #expect(abs(samples[try joint(2)].speed.value - 1) < 0.3)
        #expect(samples[try joint(2)].deviceClock == nil)
    }

    /// The nearest step of the encoder.
    private func samplePosition(of angle: Float) -> Radians {
        let step = 2 * Float.pi / 4_096
        return Radians((angle / step).rounded() * step)
    }

    /// What strikes the wire, and what it must show up as.
    static let troubles: [(faults: String, counter: @Sendable (BusCounters) -> UInt64)] = [
        ("packet-loss@1s:0.1", { $0.timeOuts }), ("bit-flips@1s:0.1", { $0.damaged }),
        ("truncation@1s:0.1", { $0.timeOuts + $0.damaged }), ("late-reply@1s:4", { $0.transactions }),
        ("duplicate@1s:0.3", { $0.lateBytes + $0.unexpected }), ("echo@1s", { $0.echoes }),
        ("loose-wire#2@1s:0.2", { $0.damaged + $0.timeOuts }), ("adapter-latency@1s:16", { $0.transactions }),
    ]

    @Test("whatever strikes the wire, no wrong value is believed", arguments: troubles, 1...8 as ClosedRange<UInt64>)
    func troubledWire(
        trouble: (faults: String, counter: @Sendable (BusCounters) -> UInt64), seed: UInt64
    ) throws {
        var bench = try DynamixelBench(faults: trouble.faults, seed: seed, watchdog: .armed(steps: 20))
        try bench.driver.arm(by: bench.soon)
        if bench.line.now < MonotonicInstant(nanoseconds: 2_000_000_000) { bench.line.advance(by: .seconds(1)) }
        // The guard has had its silence; this is about what comes after.
        try bench.driver.disarm(by: bench.soon)
        #expect(bench.number(.torqueEnable, of: 1) == 0)
        let before = trouble.counter(bench.driver.counters)
        var samples = unknownSamples
        var answered = 0
        for _ in 0..<200 {
            let fresh = try bench.driver.readStates(into: &samples, by: bench.line.now + .milliseconds(60))
            answered += fresh.count
            var rest = fresh
            while let joint = rest.popFirst() { try expectTrue(samples[joint], of: joint, bench.line) }
            bench.line.advance(by: .milliseconds(1))
        }
        let counters = bench.driver.counters
        #expect(trouble.counter(counters) > before)
        // Two retries recover nearly everything of this.
        #expect(answered > 500)
    }

    private func expectTrue(_ sample: JointSample, of joint: JointIndex, _ line: DynamixelLine) throws {
        let truth = line.bus.body.state(of: Int(joint.rawValue))
        #expect(abs(sample.position.value - truth.position.value) < 0.004)
        #expect(abs(sample.voltage.value - truth.voltage.value) < 0.11)
        #expect(abs(sample.temperature.value - truth.temperature.value) < 1.01)
        #expect(!sample.isDriven)
    }

    @Test("in motion, an answer that comes a cycle late is not taken for a new one", arguments: [UInt8(44), 53])
    func lateInMotion(firmware: UInt8) throws {
        var bench = try DynamixelBench(mode: .velocity, faults: "late-reply@4s:25", watchdog: .armed(steps: 100)) {
            for place in $0.indices { $0[place].firmware = Dynamixel.Firmware(firmware) }
        }
        try bench.driver.arm(by: bench.soon)
        let speed = goals(.speed(RadiansPerSecond(3)))
        var samples = unknownSamples
        while bench.line.now < MonotonicInstant(nanoseconds: 4_990_000_000) { _ = try bench.tick(speed, &samples) }
        #expect(bench.line.bus.body.state(of: 0).speed.value > 2)
        var believed = 0
        for _ in 0..<200 {
            let fresh = try bench.driver.readStates(into: &samples, by: bench.line.now + .milliseconds(24))
            guard fresh.contains(.first) else { continue }
            believed += 1
            let age = Float((bench.line.now - samples[.first].instant) / .milliseconds(1)) / 1_000
            let truth = bench.line.bus.body.state(of: 0)
            let then = truth.position.value - truth.speed.value * age
            #expect(abs(samples[.first].position.value - then) < 0.03)
        }
        let counters = bench.driver.counters
        #expect(counters.unexpected + counters.lateBytes > 100)
        #expect(believed < 200)
    }

    @Test("a servo that falls off the chain is named, and the others are still read", arguments: UInt8(0)..<3)
    func missingServo(number: UInt8) throws {
        var bench = try DynamixelBench(faults: "board-hang#\(number + 1)@2s")
        try bench.driver.arm(by: bench.soon)
        bench.line.advance(by: .seconds(2))
        var samples = unknownSamples
        let fresh = try bench.driver.readStates(into: &samples, by: bench.soon)
        var others = JointSet(all: bench.driver.joints)
        let missing = try joint(number)
        others.remove(missing)
        #expect(fresh == others)
        let counters = bench.driver.counters
        #expect(counters.failures[missing] == 1)
        // Without the first one nobody begins the shared answer: there is no chain that could break.
        #expect(number == 0 || counters.chainBreaks[missing] >= 1)
        #expect(counters.retries == 2)
    }

    @Test("an answer under another servo's number is not taken for either")
    func wrongIdentity() throws {
        var bench = try DynamixelBench(faults: "wrong-id#1@2s")
        try bench.driver.arm(by: bench.soon)
        bench.line.advance(by: .seconds(2))
        var samples = unknownSamples
        let fresh = try bench.driver.readStates(into: &samples, by: bench.soon)
        #expect(!fresh.contains(.first))
        var rest = fresh
        while let joint = rest.popFirst() {
            let truth = bench.line.bus.body.state(of: Int(joint.rawValue)).position
            #expect(abs(samples[joint].position.value - truth.value) < 0.004)
        }
    }

    @Test("a cycle of reading and writing allocates nothing", .enabled(if: callocationcounter_counts()))
    func allocations() throws {
        let bench = try DynamixelBench(count: 6)
        let (line, other) = (bench.line, OtherSide())
        let mounting = try #require(JointMounting(torque: .perAmpere(NewtonMetres(0.4))))
        let joints = try DynamixelServo.set(.xl330M288, count: 6).map {
            try #require(Dynamixel.Joint(id: $0.id, model: .xl330M288, mode: .position, mounting: mounting))
        }
        var driver = try present(
            Actuators.DynamixelBus(UncountedPort(line.port(), other), rate: BaudRate(1_000_000), joints: joints))
        try driver.arm(by: line.now + .seconds(20))
        var samples = unknownSamples
        var wanted = goals(.position(.zero))
        _ = try driver.readStates(into: &samples, by: line.now + .seconds(1))
        for position in UInt8(0)..<6 { wanted[try joint(position)] = .position(samples[try joint(position)].position) }
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

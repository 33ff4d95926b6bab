import Quantities
import Testing

@testable import Supervision

/// What one tick with this reading finds, on a healthy robot that is only watched.
private func found(_ change: (inout JointReading) -> Void) -> Fault? {
    var rig = Rig()
    rig.observe()
    change(&rig[0])
    return rig.tick().fault
}

/// The same where motion matters: the robot was already there on the tick before, so that nothing jumps.
private func found(at position: Float, speed: Float = 0) -> Fault? {
    var rig = Rig()
    rig[0] = .at(position, speed: speed)
    rig.observe()
    return rig.tick().fault
}

@Suite struct JudgingTests {
    @Test("a healthy reading passes")
    func healthy() { #expect(found { _ in } == nil) }

    @Test("a position counts up to its limits", arguments: [-2.0625, -2, -1.9375, 0, 1.9375, 2, 2.0625] as [Float])
    func position(value: Float) { #expect(found(at: value) == (value.magnitude > 2 ? .positionOutside : nil)) }

    @Test("a speed counts up to the overspeed", arguments: [-16.25, -16, -8.25, 8.25, 16, 16.25] as [Float])
    func speed(value: Float) {
        let isTooFast = value.magnitude > 16
        var wide = JointEnvelope.sample()
        wide.position = limit(-100, 100)
        var rig = Rig([wide])
        rig.observe()
        rig[0].speed = RadiansPerSecond(value)
        #expect(rig.tick().fault == (isTooFast ? .overspeed : nil))
    }

    @Test("an effort counts up to the over-effort", arguments: [-8.25, -8, 4.25, 8, 8.25] as [Float])
    func effort(value: Float) {
        let fault = found { $0.effort = NewtonMetres(value) }
        #expect(fault == (value.magnitude > 8 ? .overEffort : nil))
    }

    @Test("a temperature counts up to the hottest allowed", arguments: [63.5, 64, 64.5] as [Float])
    func temperature(value: Float) {
        #expect(found { $0.temperature = Celsius(value) } == (value > 64 ? .overTemperature : nil))
    }

    @Test("a voltage counts between its limits", arguments: [3.75, 4, 16, 16.25] as [Float])
    func voltage(value: Float) {
        let expected: Fault? = value < 4 ? .underVoltage : value > 16 ? .overVoltage : nil
        #expect(found { $0.voltage = Volts(value) } == expected)
    }

    @Test("each sensor's age counts up to its own limit")
    func staleness() {
        for (limit, set): (Float, @Sendable (inout JointReading, Seconds) -> Void) in [
            (0.0625, { $0.motionAge = $1 }), (2, { $0.temperatureAge = $1 }), (1, { $0.voltageAge = $1 }),
        ] {
            #expect(found { set(&$0, Seconds(limit)) } == nil)
            #expect(found { set(&$0, Seconds(limit + 0.0625)) } == .staleSensor)
            #expect(found { set(&$0, Seconds(.nan)) } == .staleSensor)
        }
    }

    @Test("any number of a reading that is not finite is found", arguments: [Float.nan, .infinity, -.infinity])
    func finite(value: Float) {
        let changes: [@Sendable (inout JointReading) -> Void] = [
            { $0.position = Radians(value) }, { $0.speed = RadiansPerSecond(value) },
            { $0.effort = NewtonMetres(value) }, { $0.current = Amperes(value) },
            { $0.temperature = Celsius(value) }, { $0.voltage = Volts(value) },
        ]
        for change in changes { #expect(found(change) == .sensorNotFinite) }
    }

    @Test("a reading that is not finite is never learned from")
    func notLearned() {
        var rig = Rig()
        rig.observe()
        rig[0].position = Radians(.nan)
        rig[0].temperature = Celsius(.nan)
        rig.tick()
        rig[0] = .sample
        #expect(rig.tick().fault == nil)
    }

    @Test("a joint that is not finite does not hide the one after it")
    func bothJoints() {
        var rig = Rig([.sample(), .sample()])
        rig.observe()
        rig[0].position = Radians(.nan)
        #expect(rig.tick().finding == Finding(fault: .sensorNotFinite, joint: joint(0)))
        rig[0] = .sample
        rig[1].position = Radians(.nan)
        #expect(rig.tick().finding == Finding(fault: .sensorNotFinite, joint: joint(1)))
    }

    @Test("a joint past the last one is not judged")
    func beyondCount() {
        var rig = Rig()
        rig.observe()
        rig[1].position = Radians(.nan)
        #expect(rig.tick().fault == nil)
    }

    @Test("a jump is what overspeed and the allowance do not explain", arguments: [-1, 1] as [Float])
    func jump(direction: Float) {
        // 16 rad/s over 1/128 s and the allowance of 1/8 rad: a quarter of a radian.
        #expect(found { $0.position = Radians(0.25 * direction) } == nil)
        #expect(found { $0.position = Radians(0.28125 * direction) } == .encoderJump)
    }

    @Test("more time explains a longer way")
    func jumpInTime() {
        var rig = Rig()
        rig.observe()
        rig.elapsed = Seconds(1 / 64)
        rig[0].position = Radians(0.375)
        #expect(rig.tick().fault == nil)
    }

    @Test("the first look at a robot is no jump, and neither is a new look after a person's act")
    func firstLook() {
        var rig = Rig()
        rig[0].position = Radians(1.5)
        rig.observe()
        #expect(rig.supervisor.latestFinding == nil)
        _ = rig.supervisor.handle(.fault(.deviceLost))
        for _ in 0..<4 { rig.tick() }
        #expect(rig.supervisor.handle(.clear(by: alice)) == .verifyAgain)
        rig[0].position = Radians(-1.5)
        rig.observe()
        #expect(rig.supervisor.latestFinding == nil)
    }

    @Test("a joint that cannot be stopped before its limit is already outside", arguments: [-1, 1] as [Float])
    func stopping(direction: Float) {
        // At 4 rad/s: 4/64 + 16/64 = 0.3125 rad.
        #expect(found(at: 1.6875 * direction, speed: 4 * direction) == nil)
        #expect(found(at: 1.75 * direction, speed: 4 * direction) == .stoppingDistance)
        #expect(found(at: 1.75 * direction, speed: -4 * direction) == nil)
        #expect(found(at: 2 * direction, speed: 0) == nil)
    }

    @Test("the power of all joints together is limited")
    func power() {
        for (effort, expected): (Float, Fault?) in [(4, nil), (-4, nil), (4.25, .overPower), (-4.25, .overPower)] {
            var wide = JointEnvelope.sample()
            wide.position = limit(-100, 100)
            var rig = Rig([wide, wide])
            rig.observe()
            for raw: UInt8 in [0, 1] {
                rig[raw].effort = NewtonMetres(effort)
                rig[raw].speed = RadiansPerSecond(8)
            }
            #expect(rig.tick().finding == expected.map { Finding(fault: $0, joint: nil) })
        }
    }

    @Test("the energy over the last moments is limited, braking included")
    func energy() {
        var wide = JointEnvelope.sample()
        wide.position = limit(-100, 100)
        var rig = Rig([wide])
        rig.observe()
        rig[0].effort = NewtonMetres(-8)
        rig[0].speed = RadiansPerSecond(8)
        // 64 W in, 32 W drained: 1/4 J more each tick above the half joule of the first, 16 J after 63 ticks.
        for _ in 0..<63 { #expect(rig.tick().fault == nil) }
        #expect(rig.supervisor.watch.energy.level == 16)
        #expect(rig.tick().fault == .overEnergy)
    }

    @Test("late ticks in a row hold and then stop")
    func late() {
        var rig = Rig()
        rig.observe()
        rig.elapsed = Seconds(1 / 64)
        #expect(rig.tick().fault == nil)
        rig.elapsed = Seconds(1 / 32)
        #expect([rig.tick().fault, rig.tick().fault, rig.tick().fault] == [nil, .lateTicks, .lateTicks])
        #expect([rig.tick().fault, rig.tick().fault] == [.lostTicks, .lostTicks])
        rig.elapsed = Seconds(1 / 64)
        #expect(rig.tick().fault == nil)
        rig.elapsed = Seconds(1 / 32)
        #expect(rig.tick().fault == nil)
    }

    @Test(
        "a clock that does not advance is no clock", arguments: [0, -0.0078125, .nan, .infinity, -.infinity] as [Float])
    func clock(elapsed: Float) {
        var rig = Rig()
        rig.observe()
        rig.elapsed = Seconds(elapsed)
        #expect(rig.tick().fault == .clockFault)
        rig.elapsed = Seconds(1 / 128)
        #expect(rig.tick().fault == nil, "the models must not have been fed \(elapsed)")
    }

    @Test("the motor model follows the current in real time, up to the deadline")
    func heat() {
        for (elapsed, winding): (Float, Float) in [(1 / 128, 32.125), (1 / 64, 32.25), (1 / 32, 32.25)] {
            var rig = Rig()
            rig.observe()
            // From 32 °C with a housing at 32 °C: 8 A in 2 Ω are 128 W into 8 J/K.
            rig[0].current = Amperes(8)
            rig.elapsed = Seconds(elapsed)
            rig.tick()
            #expect(rig.supervisor.memory[joint(0)].heat?.winding == Celsius(winding))
        }
    }

    @Test("a load that leaves too little time is found, and a hot winding stays hot through a stop")
    func thermal() {
        var rig = Rig()
        rig.observe()
        rig[0].current = Amperes(8)
        #expect(rig.tick().fault == nil)
        var ticks = 0
        while rig.tick().fault == nil { ticks += 1 }
        #expect(rig.supervisor.latestFinding == Finding(fault: .thermalForecast, joint: joint(0)))
        let winding = rig.supervisor.memory[joint(0)].heat?.winding
        _ = rig.supervisor.handle(.fault(.deviceLost))
        rig[0].current = .zero
        for _ in 0..<4 { rig.tick() }
        _ = rig.supervisor.handle(.clear(by: alice))
        rig.observe()
        let after = rig.supervisor.memory[joint(0)].heat?.winding
        #expect(ticks > 10)
        if let winding, let after {
            #expect(after.value > winding.value - 1)
        } else {
            Issue.record("the winding was forgotten")
        }
    }

    @Test("exactly the least time left is enough")
    func thermalEdge() {
        var heat = MotorTemperature(resting: Celsius(32))
        heat.follow(Amperes(8), sensor: Celsius(32), over: Seconds(1 / 128), of: .sample)
        let left = heat.timeLeft(at: Amperes(8), of: .sample).value
        for (least, expected): (Float, Fault?) in [(left, nil), (left.nextUp, .thermalForecast)] {
            var limits = JointEnvelope.sample()
            limits.motor = EnvelopeTests.motor(least: least)
            var rig = Rig([limits])
            rig.observe()
            rig[0].current = Amperes(8)
            #expect(rig.tick().fault == expected)
        }
    }

    @Test("a reading keeps every number it is given")
    func reading() {
        let reading = JointReading(
            position: Radians(1), speed: RadiansPerSecond(2), effort: NewtonMetres(3), current: Amperes(4),
            temperature: Celsius(5), voltage: Volts(6), motionAge: Seconds(7), temperatureAge: Seconds(8),
            voltageAge: Seconds(9))
        let motion = [reading.position.value, reading.speed.value, reading.effort.value, reading.current.value]
        let ages = [reading.motionAge.value, reading.temperatureAge.value, reading.voltageAge.value]
        #expect(motion == [1, 2, 3, 4] && ages == [7, 8, 9])
        #expect(reading.temperature == Celsius(5) && reading.voltage == Volts(6))
    }

    @Test("a clock fault feeds the motor model nothing")
    func clockFeedsNothing() {
        var rig = Rig()
        rig.observe()
        rig[0].current = Amperes(8)
        rig.elapsed = .zero
        rig.tick()
        #expect(rig.supervisor.memory[joint(0)].heat?.winding == Celsius(32))
    }

    @Test("only a new watch starts the counters anew")
    func keepsCounting() {
        var rig = Rig()
        rig.observe()
        rig.elapsed = Seconds(1 / 32)
        rig.tick()
        _ = rig.supervisor.handle(.fault(.operatorStop))
        #expect(rig.tick().fault == .lateTicks)
    }

    @Test("rest is a fresh reading below the rest speed, and parked is rest at the park position")
    func motion() {
        let limits = JointEnvelope.sample()
        #expect(limits.motion(of: .at(0, speed: 0.0625)) == .moving)
        #expect(limits.motion(of: .at(0, speed: -0.0625)) == .moving)
        #expect(limits.motion(of: .at(0, speed: -0.03125)) == .resting)
        #expect(limits.motion(of: .at(0.5625)) == .parked && limits.motion(of: .at(0.4375)) == .parked)
        #expect(limits.motion(of: .at(0.625)) == .resting && limits.motion(of: .at(0.375)) == .resting)
        var stale = JointReading.at(0.5)
        stale.motionAge = Seconds(1)
        #expect(limits.motion(of: stale) == .moving)
    }

    @Test("the robot is as far from parked as its least parked joint")
    func wholeMotion() {
        var rig = Rig([.sample(), .sample()])
        _ = rig.supervisor.handle(.fault(.deviceLost))
        func isStopped() -> Bool {
            for _ in 0..<3 { rig.tick() }
            guard case .latched(let stop) = rig.supervisor.mode else { return false }
            return stop.isStopped
        }
        #expect(isStopped())
        rig[0].speed = RadiansPerSecond(1)
        #expect(!isStopped())
        rig[0] = .sample
        rig[1].speed = RadiansPerSecond(1)
        #expect(!isStopped())
        rig[1] = .sample
        rig[0].position = Radians(.nan)
        #expect(!isStopped())
    }

    @Test("nothing is judged before the robot is watched")
    func unwatched() {
        var rig = Rig()
        for event in [Event.identified, .verified] {
            rig[0].position = Radians(.nan)
            let verdict = rig.tick(.position(Radians(1)))
            #expect(verdict.ruling == .idle(nil) && verdict.action == .none && verdict[0] == .off)
            #expect(verdict.rule == .none)
            _ = rig.supervisor.handle(event)
        }
        #expect(rig.supervisor.mode == .verified)
    }

    @Test("counters start anew when the robot is watched anew")
    func forgets() {
        var rig = Rig()
        rig.observe()
        rig.elapsed = Seconds(1 / 32)
        rig.tick()
        rig[0].effort = NewtonMetres(8)
        rig[0].speed = RadiansPerSecond(4)
        rig.tick()
        #expect(rig.supervisor.watch.lateTicks == Ticks(2) && rig.supervisor.watch.energy.level > 0)
        #expect(rig.supervisor.latestFinding != nil)
        rig.supervisor.watch.commandTravel = Bucket()
        _ = rig.supervisor.watch.commandTravel.overflows(
            after: .zero, adding: 1, allowed: Allowance(capacity: 8, drain: PerSecond(1)))
        _ = rig.supervisor.handle(.observe)
        #expect(rig.supervisor.watch.lateTicks == .zero && rig.supervisor.watch.energy.level == 0)
        #expect(rig.supervisor.watch.commandTravel.level == 0 && rig.supervisor.latestFinding == nil)
        #expect(throws: Refusal.notHealthy(nil)) {
            _ = try rig.supervisor.grant(.sample(), for: approvedPlan)
        }
    }

    @Test("a finding on a robot that is only watched names its rule and keeps the outputs off")
    func idleFinding() {
        var rig = Rig()
        rig.observe()
        rig[0].temperature = Celsius(80)
        let verdict = rig.tick()
        #expect(verdict.ruling == .idle(Finding(fault: .overTemperature, joint: joint(0))))
        #expect(verdict.rule == .temperature && verdict[0] == .off && verdict.action == .none)
    }
}

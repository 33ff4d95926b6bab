import Quantities
import Testing

@testable import Supervision

/// A robot that runs, with joint 0 where the test wants it.
private func running(
    _ limits: JointEnvelope = .sample(), robot: RobotEnvelope = .sample, at position: Float = 0, speed: Float = 0
) throws -> Rig {
    var rig = Rig([limits], robot: robot)
    rig[0] = .at(position, speed: speed)
    try rig.start()
    return rig
}

@Suite struct PositionDriveTests {
    @Test("a command inside every limit goes through as asked")
    func passes() throws {
        var rig = try running()
        let verdict = rig.tick(.position(Radians(0.001953125)))
        #expect(verdict.ruling == .pass && verdict.rule == .none && verdict[0] == .position(Radians(0.001953125)))
        #expect(verdict.objections[joint(0)] == .none && verdict.action == .none)
    }

    @Test("the first tick of an episode commands the present position, so that switching on moves nothing")
    func startsAtPresent() throws {
        var rig = try running(at: 1)
        #expect(rig.tick(.position(Radians(1))).ruling == .pass)
        #expect(rig.tick(.position(Radians(1)))[0] == .position(Radians(1)))
    }

    @Test("a command gains speed with the acceleration limit", arguments: [-1, 1] as [Float])
    func acceleration(direction: Float) throws {
        var rig = try running()
        // 64 rad/s² over 1/128 s twice: 1/256 rad in the first tick, then 2/256, then 3/256 more.
        let far = JointCommand.position(Radians(direction))
        for (tick, total): (Int, Float) in [(1, 1), (2, 3), (3, 6)] {
            let verdict = rig.tick(far)
            let given = direction * total / 256
            #expect(verdict[0] == .position(Radians(given)), "tick \(tick)")
            #expect(verdict.ruling == .clamp(joint(0), .acceleration, asked: direction, given: given))
            #expect(verdict.rule == .acceleration && verdict.objections[joint(0)] == .acceleration)
        }
    }

    @Test("a command slows down with the acceleration limit too")
    func deceleration() throws {
        var rig = try running()
        for _ in 0..<4 { rig.tick(.position(Radians(1))) }
        #expect(rig.supervisor.memory[joint(0)].commandedSpeed == RadiansPerSecond(2))
        let verdict = rig.tick(.position(.zero))
        #expect(verdict[0] == .position(Radians(13.0 / 256)))
        #expect(verdict.rule == .acceleration)
    }

    @Test("a command keeps the speed limit")
    func speed() throws {
        var limits = JointEnvelope.sample()
        limits.acceleration = RadiansPerSecondSquared(4096)
        for direction: Float in [-1, 1] {
            var rig = try running(limits)
            // 8 rad/s over 1/128 s.
            let verdict = rig.tick(.position(Radians(direction)))
            #expect(verdict[0] == .position(Radians(direction / 16)) && verdict.rule == .speed)
        }
    }

    @Test("a command brakes before the end of its range and stops inside it", arguments: [-1, 1] as [Float])
    func stopping(direction: Float) throws {
        var rig = try running()
        var rules: Set<UInt8> = []
        var last: Float = 0
        for _ in 0..<256 {
            rig[0].position = Radians(last)
            let verdict = rig.tick(.position(Radians(10 * direction)))
            last = verdict[0].value
            rules.insert(verdict.rule.rawValue)
            #expect(verdict.fault == nil && last.magnitude <= 1.75)
        }
        #expect(last.magnitude > 1.7499)
        #expect(rules.contains(Rule.stopping.rawValue))
    }

    @Test("braking at the end of the range is no harder than the joint surely brakes", arguments: [-1, 1] as [Float])
    func brakesEvenly(direction: Float) throws {
        var rig = try running()
        var (last, lastSpeed): (Float, Float) = (0, 0)
        for _ in 0..<256 {
            rig[0].position = Radians(last * direction)
            let next = rig.tick(.position(Radians(10 * direction)))[0].value * direction
            let speed = (next - last) * 128
            #expect(speed - lastSpeed >= -32.0 / 128 - 1e-3 && speed - lastSpeed <= 64.0 / 128 + 1e-3)
            (last, lastSpeed) = (next, speed)
        }
    }

    @Test("a start outside the commanded range is left there, can come back and cannot go further")
    func startsOutside() throws {
        for direction: Float in [-1, 1] {
            var rig = try running(at: 1.875 * direction)
            let out = rig.tick(.position(Radians(3 * direction)))
            #expect(out[0] == .position(Radians(1.875 * direction)) && out.rule == .position)
            let back = rig.tick(.position(.zero))
            let expected: Float = (1.875 - 1.0 / 256) * direction
            #expect(back[0] == .position(Radians(expected)))
        }
    }

    @Test("a command leads the measurement by no more than the lead", arguments: [-1, 1] as [Float])
    func lead(direction: Float) throws {
        var rig = try running()
        var verdict = rig.tick(.position(Radians(direction)))
        for _ in 0..<64 where verdict.rule != .tracking { verdict = rig.tick(.position(Radians(direction))) }
        #expect(verdict[0] == .position(Radians(0.5 * direction)) && verdict.rule == .tracking)
    }

    @Test("a joint that does not follow is a fault")
    func tracking() throws {
        for (position, expected): (Float, Fault?) in [
            (-1, nil), (-1.0625, .trackingError), (1, nil), (1.0625, .trackingError),
        ] {
            var limits = JointEnvelope.sample()
            limits.jumpAllowance = Radians(4)
            var rig = try running(limits)
            rig.tick(.position(.zero))
            rig[0].position = Radians(position)
            #expect(rig.tick(.position(.zero)).fault == expected)
        }
    }

    @Test("a command stays inside the approved tube", arguments: [-1, 1] as [Float])
    func tube(direction: Float) throws {
        var rig = Rig()
        rig.tube = Tube(repeating: limit(-0.015625, 0.015625))
        try rig.start(.sample(tube: true))
        var verdict = rig.tick(.position(Radians(direction)))
        for _ in 0..<16 where verdict.rule != .tube { verdict = rig.tick(.position(Radians(direction))) }
        #expect(verdict[0] == .position(Radians(0.015625 * direction)) && verdict.rule == .tube)
    }

    @Test("a burst of ticks gains nothing, and a late tick does not leap")
    func realTime() throws {
        let spans: [(elapsed: Float, counted: Float)] = [(0.00390625, 0.00390625), (0.015625, 0.0078125)]
        for (elapsed, counted) in spans {
            var rig = try running()
            rig.elapsed = Seconds(elapsed)
            let given: Float = 64 * counted * counted
            #expect(rig.tick(.position(Radians(1)))[0] == .position(Radians(given)))
        }
    }
}

@Suite struct SpeedDriveTests {
    let limits = JointEnvelope.sample(.sampleSpeed)

    @Test("a command gains speed with the acceleration limit", arguments: [-1, 1] as [Float])
    func acceleration(direction: Float) throws {
        var rig = try running(limits)
        #expect(rig.tick(.speed(RadiansPerSecond(0.5 * direction))).ruling == .pass)
        let verdict = rig.tick(.speed(RadiansPerSecond(6 * direction)))
        #expect(verdict[0] == .speed(RadiansPerSecond(direction)) && verdict.rule == .acceleration)
    }

    @Test("a command keeps the speed limit", arguments: [-1, 1] as [Float])
    func speed(direction: Float) throws {
        var quick = limits
        quick.acceleration = RadiansPerSecondSquared(4096)
        var rig = try running(quick)
        let verdict = rig.tick(.speed(RadiansPerSecond(9 * direction)))
        #expect(verdict[0] == .speed(RadiansPerSecond(8 * direction)) && verdict.rule == .speed)
    }

    @Test("towards an end of the range only as fast as the joint can still stop", arguments: [-1, 1] as [Float])
    func stopping(direction: Float) throws {
        var quick = limits
        quick.acceleration = RadiansPerSecondSquared(4096)
        // 0.3125 rad before the end of the commanded range, 4 rad/s can just be stopped.
        var rig = try running(quick, at: 1.4375 * direction)
        let verdict = rig.tick(.speed(RadiansPerSecond(8 * direction)))
        let error = verdict[0].value - 4 * direction
        #expect(error.magnitude < 1e-5 && verdict.rule == .stopping)
        #expect(rig.tick(.speed(RadiansPerSecond(-8 * direction)))[0] == .speed(RadiansPerSecond(-8 * direction)))
    }

    @Test("braking before the end comes before a smooth command", arguments: [-1, 1] as [Float])
    func brakesFirst(direction: Float) throws {
        var rig = try running(limits)
        for _ in 0..<8 { rig.tick(.speed(RadiansPerSecond(8 * direction))) }
        #expect(rig.supervisor.memory[joint(0)].sent == .speed(RadiansPerSecond(4 * direction)))
        rig[0].position = Radians(0.125 * direction)
        for step in 2...14 {
            rig[0].position = Radians(0.125 * Float(step) * direction)
            rig.tick(.speed(RadiansPerSecond(8 * direction)))
        }
        #expect(rig[0].position == Radians(1.75 * direction))
        #expect(rig.supervisor.memory[joint(0)].sent.value == 0)
    }
}

@Suite struct EffortDriveTests {
    let limits = JointEnvelope.sample(.sampleEffort)

    /// What becomes of the full effort in this direction, once its slew has been waited for.
    func given(_ asked: Float, at position: Float, speed: Float) throws -> (value: Float, rule: Rule) {
        var quick = limits
        quick.effortSlew = NewtonMetresPerSecond(65_536)
        var rig = try running(quick, at: position, speed: speed)
        let verdict = rig.tick(.effort(NewtonMetres(asked)))
        #expect(verdict.fault == nil)
        return (verdict[0].value, verdict.rule)
    }

    @Test("an effort keeps its slew", arguments: [-1, 1] as [Float])
    func slew(direction: Float) throws {
        var rig = try running(limits)
        let first = rig.tick(.effort(NewtonMetres(3 * direction)))
        #expect(first[0] == .effort(NewtonMetres(2 * direction)) && first.rule == .effortSlew)
        #expect(rig.tick(.effort(NewtonMetres(3 * direction))).ruling == .pass)
        #expect(rig.tick(.effort(.zero))[0] == .effort(NewtonMetres(direction)))
    }

    @Test("an effort keeps its limit", arguments: [-1, 1] as [Float])
    func effort(direction: Float) throws {
        let answer = try given(5 * direction, at: 0, speed: 0)
        #expect(answer.value == 4 * direction && answer.rule == .effort)
    }

    @Test("towards an end the effort fades out over the softening, away from it it does not")
    func fades() throws {
        // At rest, 1.75 rad is the end of the commanded range: full effort at 1.5, half at 1.625, none at 1.75;
        // behind it the joint's spring of 8 N·m a radian pushes back.
        for (position, expected): (Float, Float) in [(1.5, 4), (1.625, 2), (1.6875, 1), (1.75, 0), (1.875, -1)] {
            for direction: Float in [-1, 1] {
                let towards = try given(4 * direction, at: position * direction, speed: 0)
                #expect(towards.value == expected * direction)
                #expect(towards.rule == (expected == 4 ? .none : .stopping))
                #expect(try given(-4 * direction, at: position * direction, speed: 0).value == -4 * direction)
            }
        }
    }

    @Test("the faster a joint comes, the earlier its effort fades and turns to braking")
    func brakes() throws {
        // At 4 rad/s half of the effort is allowed, and 0.3125 rad are needed: none is left at 1.4375. Beyond it the effort brakes with 16 N·m a radian, up
        // to what the damping gives, 2 N·m.
        for (position, expected): (Float, Float) in [
            (1.1875, 2), (1.3125, 2), (1.375, 1), (1.4375, 0), (1.5, -1), (1.5625, -2), (1.625, -2),
        ] {
            for direction: Float in [-1, 1] {
                let answer = try given(4 * direction, at: position * direction, speed: 4 * direction)
                #expect((answer.value - expected * direction).magnitude < 1e-5, "at \(position)")
            }
        }
    }

    @Test("the damping brakes with no more than the effort limit")
    func brakesWithin() throws {
        var strong = limits
        strong.drive = .effort(stiffness: NewtonMetresPerRadian(8), damping: NewtonMetreSecondsPerRadian(4))
        strong.effortSlew = NewtonMetresPerSecond(65_536)
        var rig = try running(strong, at: 1.6875, speed: 4)
        #expect(rig.tick(.effort(NewtonMetres(4)))[0] == .effort(NewtonMetres(-4)))
    }

    @Test("near the speed limit the effort fades out and turns to braking beyond it")
    func fadesWithSpeed() throws {
        var wide = limits
        wide.position = limit(-100, 100)
        wide.effortSlew = NewtonMetresPerSecond(65_536)
        // The fault is 8 rad/s above the limit of 8 rad/s; the effort fades over as much below it.
        for (speed, expected): (Float, Float) in [(0, 4), (4, 2), (8, 0), (12, -2), (16, -4)] {
            for direction: Float in [-1, 1] {
                var rig = try running(wide, speed: speed * direction)
                let verdict = rig.tick(.effort(NewtonMetres(4 * direction)))
                #expect(verdict[0].value == expected * direction)
                #expect(verdict.rule == (speed == 0 ? .none : .speed))
            }
        }
    }

    @Test("braking before an end comes before a smooth effort")
    func brakesFirst() throws {
        var loose = limits
        loose.jumpAllowance = Radians(1)
        var rig = try running(loose, at: 1.25, speed: 4)
        rig.tick(.effort(NewtonMetres(2)))
        rig[0].position = Radians(1.5625)
        let verdict = rig.tick(.effort(NewtonMetres(4)))
        #expect(verdict[0] == .effort(NewtonMetres(-2)) && verdict.rule == .stopping)
    }

    @Test("efforts that put too much power in are scaled down alike, braking ones are not")
    func power() throws {
        var wide = limits
        wide.position = limit(-100, 100)
        wide.speed = RadiansPerSecond(64)
        wide.overspeed = RadiansPerSecond(72)
        wide.effortSlew = NewtonMetresPerSecond(65_536)
        func verdict(_ efforts: [Float], speed: Float) throws -> Verdict {
            var rig = Rig([wide, wide, wide])
            try rig.start()
            for raw: UInt8 in 0..<3 {
                rig[raw].speed = RadiansPerSecond(speed)
                rig.asked[joint(raw)] = .effort(NewtonMetres(efforts[Int(raw)]))
            }
            return rig.tick()
        }
        // 4 + 4 N·m at 16 rad/s are 128 W, twice what is allowed.
        let scaled = try verdict([-4, 4, 4], speed: 16)
        #expect(scaled.ruling == .clamp(joint(1), .power, asked: 4, given: 2))
        #expect(scaled[0].value == -4 && scaled[1].value == 2 && scaled[2].value == 2)
        #expect(scaled.objections[joint(0)] == .none)
        #expect(try verdict([-4, 2, 2], speed: 16).ruling == .pass)
        // However little power one of them puts in, it is scaled with the others: half a watt of 128.5.
        let small = try verdict([4, 4, 0.03125], speed: 16)
        #expect((small[2].value - 0.03125 * 64 / 128.5).magnitude < 1e-6 && small.objections[joint(2)] == .power)
        // With the motion, an effort of exactly zero power stays what it is.
        let still = try verdict([4, 0, 4], speed: 16)
        #expect(still[1].value == 0 && still.objections[joint(1)] == .none)
    }
}

@Suite struct DrivingTests {
    @Test("a command that is not a number is a fault and nothing of it is sent", arguments: [Float.nan, .infinity])
    func notFinite(value: Float) throws {
        var rig = try running()
        rig.tick(.position(.zero))
        let verdict = rig.tick(.position(Radians(value)))
        #expect(verdict.ruling == .stop(.slowStop, Finding(fault: .commandNotFinite, joint: joint(0))))
        #expect(verdict[0] == .position(.zero) && verdict.rule == .finite && verdict.action == .descend(.slowStop))
        #expect(rig.supervisor.watch.commandTravel.level == 0, "nothing is counted of what is no command")
    }

    @Test("a command of another kind than the drive is a fault")
    func wrongKind() throws {
        for (limits, command): (JointEnvelope, JointCommand) in [
            (.sample(), .speed(.zero)), (.sample(), .off), (.sample(.sampleSpeed), .effort(.zero)),
            (.sample(.sampleEffort), .position(.zero)),
        ] {
            var rig = try running(limits)
            let verdict = rig.tick(command)
            #expect(verdict.finding == Finding(fault: .commandKind, joint: joint(0)))
            #expect(verdict.rule == .ladder)
        }
    }

    @Test("every joint's command is judged, not only the first")
    func secondJoint() throws {
        var rig = Rig([.sample(), .sample()])
        try rig.start()
        rig.asked[joint(1)] = .position(Radians(1))
        let verdict = rig.tick()
        #expect(verdict.ruling == .clamp(joint(1), .acceleration, asked: 1, given: 1.0 / 256))
        #expect(verdict[0] == .position(.zero) && verdict[1] == .position(Radians(1.0 / 256)))
        rig.asked[joint(1)] = .position(Radians(.nan))
        #expect(rig.tick().finding == Finding(fault: .commandNotFinite, joint: joint(1)))
    }

    @Test("a command that was refused for its rate was not sent, and the stop starts from the one before")
    func refusedRate() throws {
        var narrow = RobotEnvelope.sample
        narrow.commandRate = 1e-4
        var rig = try running(robot: narrow)
        let verdict = rig.tick(.position(Radians(1)))
        #expect(verdict.fault == .commandRate && verdict[0] == .position(.zero))
        #expect(rig.supervisor.memory[joint(0)].commandedSpeed == .zero)
    }

    @Test("every joint starts from where it is, not only the first")
    func secondStarts() throws {
        var rig = Rig([.sample(), .sample()])
        rig[1].position = Radians(1)
        rig.asked[joint(1)] = .position(Radians(1))
        try rig.start()
        let verdict = rig.tick()
        #expect(verdict.ruling == .pass && verdict[1] == .position(Radians(1)))
    }

    @Test("a robot moved by hand after an episode has not lost its command")
    func movedByHand() throws {
        var limits = JointEnvelope.sample()
        limits.jumpAllowance = Radians(4)
        var rig = try running(limits, at: 0.5)
        rig.tick(.position(Radians(0.5)))
        _ = rig.supervisor.handle(.finish)
        for _ in 0..<12 { rig.tick() }
        #expect(rig.supervisor.mode == .observing)
        rig[0].position = Radians(-1)
        #expect(rig.tick().fault == nil)
    }

    @Test("joints past the last one get no command")
    func beyondCount() throws {
        var rig = try running()
        rig.asked[joint(1)] = .position(Radians(.nan))
        let verdict = rig.tick()
        #expect(verdict[1] == .off && verdict.fault == nil)
    }

    /// A robot of two effort drives without slew, whose every command is a step of this many full ranges.
    func chatters(_ ranges: Float, robot: RobotEnvelope = .sample) throws -> Rig {
        var quick = JointEnvelope.sample(.sampleEffort)
        quick.effortSlew = NewtonMetresPerSecond(65_536)
        var rig = Rig([quick, quick], robot: robot)
        try rig.start()
        for raw: UInt8 in 0..<2 { rig.asked[joint(raw)] = .effort(NewtonMetres(4 * ranges)) }
        return rig
    }

    @Test("commands of all joints together change only so much in a tick")
    func commandRate() throws {
        var narrow = RobotEnvelope.sample
        narrow.commandRate = 0.5
        var calm = try chatters(0.5, robot: narrow)
        #expect(calm.tick().ruling == .pass)
        var wild = try chatters(0.5625, robot: narrow)
        let verdict = wild.tick()
        #expect(verdict.ruling == .stop(.hold, Finding(fault: .commandRate, joint: nil)))
        #expect(verdict.rule == .commandRate && verdict.action == .descend(.hold))
        #expect(verdict[0] == .effort(.zero), "what was refused must not have been sent")
    }

    @Test("a hold for chattering ends by itself and the episode goes on")
    func recovers() throws {
        var narrow = RobotEnvelope.sample
        narrow.commandRate = 0.5
        var rig = try chatters(0.5625, robot: narrow)
        rig.tick()
        for raw: UInt8 in 0..<2 { rig.asked[joint(raw)] = .effort(.zero) }
        for _ in 0..<3 { #expect(rig.tick().ruling == .stop(.hold, nil)) }
        let last = rig.tick()
        #expect(last.action == .proceed && last.ruling == .stop(.hold, nil) && rig.supervisor.mode.isRunning)
        #expect(rig.tick().ruling == .pass)
    }

    @Test("commands change only so much over time, however small each step is")
    func commandTravel() throws {
        var rig = try chatters(0.5)
        // Each tick both joints step by half a range: 1 range a tick, less 1/32 drained, and 8 are allowed at once.
        var verdicts: [Verdict] = []
        for tick in 0..<9 {
            let effort = NewtonMetres(tick.isMultiple(of: 2) ? 2 : -2)
            for raw: UInt8 in 0..<2 { rig.asked[joint(raw)] = .effort(effort) }
            verdicts.append(rig.tick())
        }
        #expect(verdicts[0..<8].allSatisfy { $0.ruling == .pass })
        #expect(verdicts[8].finding == Finding(fault: .commandRateSustained, joint: nil))
    }

    @Test("an episode that demands a tube stops without one")
    func tubeMissing() throws {
        var rig = Rig()
        try rig.start(.sample(tube: true))
        #expect(rig.tick().finding == Finding(fault: .tubeMissing, joint: joint(0)))
        var free = Rig()
        try free.start(.sample(tube: false))
        #expect(free.tick().fault == nil)
    }

    @Test("leaving the approved tube is a fault after the patience, and each episode starts with all of it")
    func leftTube() throws {
        var rig = Rig()
        rig.tube = Tube(repeating: limit(0.25, 1))
        try rig.start(.sample(tube: true))
        #expect(rig.tick().fault == nil)
        _ = rig.supervisor.handle(.fault(.operatorStop))
        for _ in 0..<1100 where rig.supervisor.mode != .observing { rig.tick() }
        #expect(rig.supervisor.mode == .observing)
        let permit = try rig.supervisor.grant(.sample(serial: 2, tube: true), for: approvedPlan)
        try rig.supervisor.begin(permit)
        #expect(rig.tick().fault == nil)
        #expect(rig.tick().finding == Finding(fault: .leftTube, joint: joint(0)))
    }

    @Test("a fault in the measurement stops the robot on the same tick")
    func measuredFault() throws {
        var rig = try running()
        rig.tick(.position(.zero))
        rig[0].temperature = Celsius(80)
        let verdict = rig.tick(.position(Radians(1)))
        #expect(verdict.ruling == .stop(.slowStop, Finding(fault: .overTemperature, joint: joint(0))))
        #expect(verdict.action == .descend(.slowStop) && verdict[0] == .position(.zero))
    }

    @Test("a sensor that is gone switches every output off on the same tick")
    func sensorGone() throws {
        var rig = try running()
        rig.tick(.position(.zero))
        rig[0].motionAge = Seconds(1)
        let verdict = rig.tick(.position(.zero))
        #expect(verdict.ruling == .stop(.limp, Finding(fault: .staleSensor, joint: joint(0))))
        #expect(verdict[0] == .off && verdict.objections[joint(0)] == .none)
        #expect(verdict.action == .descend(.limp))
    }

    @Test("an episode past its horizon is stopped by its own clock")
    func horizon() throws {
        var rig = Rig()
        try rig.start(.sample(horizon: 2))
        #expect(rig.tick().ruling == .pass && rig.tick().ruling == .pass)
        let verdict = rig.tick()
        #expect(verdict.ruling == .stop(.slowStop, nil) && verdict.rule == .ladder)
        #expect(verdict.action == .descend(.slowStop))
        #expect(rig.supervisor.latestFinding == nil)
    }
}

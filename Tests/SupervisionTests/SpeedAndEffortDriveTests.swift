import Quantities
import Testing

@testable import Supervision

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
        let share: Float = 64 / 128.5
        #expect((small[2].value - 0.03125 * share).magnitude < 1e-6 && small.objections[joint(2)] == .power)
        #expect((small[0].value - 4 * share).magnitude < 1e-5 && small.objections[joint(0)] == .power)
        // With the motion, an effort of exactly zero power stays what it is.
        let still = try verdict([4, 0, 4], speed: 16)
        #expect(still[1].value == 0 && still.objections[joint(1)] == .none)
    }
}

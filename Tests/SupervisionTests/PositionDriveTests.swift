import Quantities
import Testing

@testable import Supervision

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

    @Test(
        "a joint that moves by itself drags its command along and is a fault all the same",
        arguments: [-1, 1] as [Float], [false, true])
    func drags(direction: Float, isRelative: Bool) throws {
        let start = direction / 2
        var rig = try running(at: start)
        var given = start
        // 4 rad/s, which the command could follow for ever. It is meant to stay at its start, or where it was last.
        for tick in 1...32 {
            rig[0].position = Radians(start - direction * Float(tick) / 32)
            let verdict = rig.tick(.position(Radians(isRelative ? given : start)))
            given = verdict[0].value
            let dragged = max(0, Float(tick) / 32 - 0.5)
            #expect(given == start - direction * dragged && verdict.fault == nil, "tick \(tick): \(given)")
            #expect(verdict.rule == (dragged > 0 ? .tracking : .none), "tick \(tick)")
        }
        rig[0].position = Radians(start - direction * 33 / 32)
        let verdict = rig.tick()
        #expect(verdict.fault == .trackingError && verdict.rung == .slowStop)
    }

    @Test(
        "where a joint was meant to be goes with what the learner wants, not with what the joint forces",
        arguments: [-1, 1] as [Float])
    func wanders(direction: Float) throws {
        let start = direction / 2
        var rig = try running(at: start)
        var given = start
        // The joint goes away four times as fast as the learner wants it to; the first step is half a one.
        for tick in 1...42 {
            rig[0].position = Radians(start - direction * Float(tick) / 32)
            let verdict = rig.tick(.position(Radians(given - direction / 128)))
            given = verdict[0].value
            let wanted = (Float(tick) - 0.5) / 128
            #expect(given == start - direction * max(wanted, Float(tick) / 32 - 0.5), "tick \(tick): \(given)")
            #expect(verdict.fault == nil, "tick \(tick)")
        }
        rig[0].position = Radians(start - direction * 43 / 32)
        #expect(rig.tick().fault == .trackingError)
    }

    @Test("a joint that comes back to its lead is judged anew", arguments: [-1, 1] as [Float])
    func comesBack(direction: Float) throws {
        let start = direction / 2
        var rig = try running(at: start)
        var given = start
        // Away by 0.75 rad, which drags the command by 0.25, and on by 7/64 until it has slowed down; back to 0.5, which is
        // the lead from the start; then 1 rad from where the command is now.
        for place in Array(1...24) + (16...23).reversed() + (17...43) {
            rig[0].position = Radians(start - direction * Float(place) / 32)
            let verdict = rig.tick(.position(Radians(given)))
            given = verdict[0].value
            #expect(verdict.fault == nil, "\(place)")
        }
        rig[0].position = Radians(start - direction * 44 / 32)
        #expect(rig.tick().fault == .trackingError)
    }

    @Test("a joint that jams on its way to park is let go of, and not pushed until the time for parking is over")
    func jams() throws {
        var rig = try running(at: -1)
        rig.tick(.position(Radians(-1)))
        _ = rig.supervisor.handle(.fault(.operatorStop))
        var ticks = 0
        // It parks at 0.5 with 1 rad/s and stands at -1: 1 rad on it is too far. 1024 ticks are the time for parking.
        while rig.supervisor.mode.rung != .limp, ticks < 1_024 {
            let verdict = rig.tick()
            if verdict.rung == .park { ticks += 1 }
            if verdict.rung == .limp { #expect(verdict.fault == .trackingError && verdict[0] == .off) }
        }
        #expect(ticks > 128 && ticks < 140, "\(ticks)")
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

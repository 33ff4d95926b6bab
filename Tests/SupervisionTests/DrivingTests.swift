import Quantities
import Testing

@testable import Supervision

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

import Quantities
import Testing

@testable import Supervision

@Suite struct StoppingTests {
    let span = Seconds(1 / 128)

    func memory(goal: Float, speed: Float) -> JointMemory {
        var memory = JointMemory()
        memory.goal = Radians(goal)
        memory.goalSpeed = RadiansPerSecond(speed)
        return memory
    }

    @Test("the goal slows down evenly and then stays", arguments: [Rung.hold, .slowStop, .limp])
    func slowsDown(rung: Rung) {
        for direction: Float in [-1, 1] {
            var memory = memory(goal: 0, speed: direction)
            var speeds: [Float] = []
            for _ in 0..<6 {
                memory.moveGoal(on: rung, of: .sample(), parkSpeed: RadiansPerSecond(1), over: span)
                speeds.append(memory.goalSpeed.value * direction)
            }
            #expect(speeds == [0.75, 0.5, 0.25, 0, 0, 0])
            #expect(memory.goal == Radians(1.5 / 128 * direction))
        }
    }

    @Test(
        "the goal goes to the park position at park speed and arrives without passing it",
        arguments: [-1.5, 1.5] as [Float])
    func parks(start: Float) {
        var memory = memory(goal: start, speed: 0)
        var fastest: Float = 0
        for _ in 0..<400 {
            let before = memory.goal
            memory.moveGoal(on: .park, of: .sample(), parkSpeed: RadiansPerSecond(1), over: span)
            fastest = max(fastest, memory.goalSpeed.value.magnitude)
            let (was, now) = (Radians(0.5) - before, Radians(0.5) - memory.goal)
            #expect(was.value * now.value >= -1e-9, "the goal passed the park position")
        }
        #expect(fastest == 1)
        #expect((memory.goal - Radians(0.5)).magnitude < Radians(1e-4))
    }

    @Test("a joint that was never seen starts from nothing")
    func unseen() {
        let memory = JointMemory()
        #expect(memory.position == .zero && memory.goal == .zero && memory.goalSpeed == .zero)
        #expect(memory.commandedSpeed == .zero && memory.objection == .none && memory.heat == nil)
        #expect(memory.sent == .off && Shaped().command == .off && Shaped().objection == .none)
        #expect(memory.meant == .zero && Shaped().meant == .zero)
    }

    @Test("each kind of drive is asked to follow the goal")
    func asks() {
        let memory = memory(goal: 1, speed: 3)
        let reading = JointReading.at(0.5, speed: 1)
        #expect(memory.askedByGoal(.position, reading) == 1)
        #expect(memory.askedByGoal(.sampleSpeed, reading) == 3 + 0.5 * 2)
        #expect(memory.askedByGoal(.sampleEffort, reading) == 8 * 0.5 + 0.5 * 2)
    }

    @Test("an episode starts from the present with everything at rest")
    func starts() {
        for (drive, sent): (Drive, JointCommand) in [
            (.position, .position(Radians(1))), (.sampleSpeed, .speed(.zero)), (.sampleEffort, .effort(.zero)),
        ] {
            var memory = memory(goal: 7, speed: 7)
            memory.commandedSpeed = RadiansPerSecond(7)
            memory.position = Radians(1)
            memory.start(drive)
            #expect(memory.goal == Radians(1) && memory.goalSpeed == .zero && memory.commandedSpeed == .zero)
            #expect(memory.meant == Radians(1))
            #expect(memory.sent == sent)
        }
    }

    @Test("a position drive stops from its command, other drives from what they do")
    func follows() {
        var memory = memory(goal: 0, speed: 0)
        memory.start(.position)
        memory.remember(Shaped(command: .position(Radians(0.0625)), objection: .speed), over: span)
        #expect(memory.commandedSpeed == RadiansPerSecond(8) && memory.objection == .speed)
        memory.followWhileRunning(.at(0.5, speed: 2))
        #expect(memory.goal == Radians(0.0625) && memory.goalSpeed == RadiansPerSecond(8))
        memory.start(.sampleSpeed)
        memory.remember(Shaped(command: .speed(RadiansPerSecond(4)), objection: .none), over: span)
        memory.followWhileRunning(.at(0.5, speed: 2))
        #expect(memory.goal == Radians(0.5) && memory.goalSpeed == RadiansPerSecond(2))
        #expect(memory.sent == .speed(RadiansPerSecond(4)) && memory.commandedSpeed == .zero)
    }

    /// Stops a robot whose joint follows every position command at once, until it is watched again; the whole story.
    func wayDown(_ fault: Fault, from position: Float) throws -> (rungs: [Rung], positions: [Float]) {
        var rig = Rig()
        rig[0] = .at(position)
        try rig.start()
        for _ in 0..<32 {
            rig[0].position = Radians(rig.tick(.position(Radians(position + 0.25)))[0].value)
        }
        _ = rig.supervisor.handle(.fault(fault))
        var (rungs, positions): ([Rung], [Float]) = ([], [])
        for _ in 0..<1000 {
            let verdict = rig.tick()
            guard let rung = verdict.rung else { break }
            if rungs.last != rung { rungs.append(rung) }
            if case .position(let given) = verdict[0] {
                rig[0].speed = (given - rig[0].position) / rig.elapsed
                rig[0].position = given
                positions.append(given.value)
            } else {
                rig[0].speed = .zero
            }
        }
        return (rungs, positions)
    }

    @Test("an operator's stop slows down, parks, goes limp and settles")
    func operatorStop() throws {
        let story = try wayDown(.operatorStop, from: -1)
        #expect(story.rungs == [.slowStop, .park, .limp])
        #expect((try #require(story.positions.last) - 0.5).magnitude <= 0.0625)
    }

    @Test("a stop that must not park goes limp where it came to rest")
    func doesNotPark() throws {
        let story = try wayDown(.overspeed, from: -1)
        #expect(story.rungs == [.slowStop, .limp])
        #expect(try #require(story.positions.last) < -0.5)
    }

    @Test("every step of a stop keeps the limits of speed and of braking")
    func keepsLimits() throws {
        let positions = try wayDown(.operatorStop, from: -1).positions
        let speeds = zip(positions.dropFirst(), positions).map { ($0 - $1) * 128 }
        #expect(speeds.allSatisfy { $0.magnitude <= 8 })
        for (next, speed) in zip(speeds.dropFirst(), speeds) { #expect((next - speed).magnitude <= 0.5 + 1e-3) }
    }

    @Test("an effort drive is held by its spring and damper, inside the envelope")
    func holdsEffort() throws {
        var rig = Rig([.sample(.sampleEffort)])
        try rig.start()
        rig[0] = .at(0.125, speed: 1)
        rig.tick(.effort(.zero))
        _ = rig.supervisor.handle(.fault(.deadManReleased))
        // The goal slows from 1 to 3/4 rad/s and moves on by 3/512 rad; the damper sees 1/4 rad/s.
        let verdict = rig.tick(.effort(NewtonMetres(4)))
        let expected: Float = 8 * 0.75 / 128 + 0.5 * -0.25
        #expect((verdict[0].value - expected).magnitude < 1e-6)
        #expect(verdict.ruling == .stop(.hold, nil))
    }

    @Test("a stop's own commands are shaped, and say by which rule")
    func shapesStops() throws {
        var slow = JointEnvelope.sample(.sampleEffort)
        slow.effortSlew = NewtonMetresPerSecond(128)
        var rig = Rig([slow])
        try rig.start()
        rig.tick(.effort(.zero))
        _ = rig.supervisor.handle(.fault(.deadManReleased))
        rig[0].position = Radians(0.25)
        let verdict = rig.tick(.effort(.zero))
        #expect(verdict[0] == .effort(NewtonMetres(-1)) && verdict.objections[joint(0)] == .effortSlew)
    }

    @Test("every joint is stopped, not only the first")
    func allJoints() throws {
        var rig = Rig([.sample(.sampleEffort), .sample(.sampleEffort)])
        try rig.start()
        rig.tick()
        _ = rig.supervisor.handle(.fault(.deadManReleased))
        rig[1].speed = RadiansPerSecond(2)
        let verdict = rig.tick()
        #expect(verdict[0] == .effort(.zero) && verdict[1] == .effort(NewtonMetres(-1)) && verdict[2] == .off)
    }

    @Test("the tube of an episode does not bind its stop")
    func withoutTube() throws {
        var rig = Rig()
        rig.tube = Tube(repeating: limit(-0.03125, 0.03125))
        try rig.start(.sample(tube: true))
        rig.tick(.position(.zero))
        _ = rig.supervisor.handle(.finish)
        var farthest: Float = 0
        for _ in 0..<64 {
            rig[0].position = Radians(rig.tick()[0].value)
            farthest = max(farthest, rig[0].position.value)
        }
        #expect(farthest > 0.0625)
    }

    @Test("a finished episode ends watched, and the next needs a new permit")
    func finishes() throws {
        var rig = Rig()
        rig[0] = .at(0.5)
        rig.asked[joint(0)] = .position(Radians(0.5))
        try rig.start()
        rig.tick()
        #expect(rig.supervisor.handle(.finish) == .descend(.slowStop))
        var actions: [Action] = []
        for _ in 0..<9 { actions.append(rig.tick().action) }
        #expect(actions.filter { $0 != .none } == [.descend(.park), .descend(.limp), .settle])
        #expect(rig.supervisor.mode == .observing && rig.tick().ruling == .idle(nil))
        #expect(throws: Refusal.serialUsed(1, latest: 1)) {
            _ = try rig.supervisor.grant(.sample(), for: approvedPlan)
        }
    }

    @Test("of two things to do in one tick the later is told")
    func actions() throws {
        var rig = Rig()
        try rig.start()
        rig.tick()
        rig[0].temperature = Celsius(80)
        #expect(rig.tick().action == .descend(.slowStop))
        for _ in 0..<2 { rig.tick() }
        #expect(rig.supervisor.mode.rung == .park)
        rig[0].motionAge = Seconds(1)
        #expect(rig.tick().action == .descend(.limp))
    }
}

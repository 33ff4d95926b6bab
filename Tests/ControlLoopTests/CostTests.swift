import Actuators
import CAllocationCounter
import Episodes
import Hashing
import Policies
import Ports
import Quantities
import Robots
import Supervision
import Simulator
import Testing
import Threads
import VirtualRobot

@testable import ControlLoop

@Suite("what the loop costs")
struct CostTests {
    private struct Quiet {
        let loop: ControlLoop<QuietBus, Script>
        let channels: Outside

        init() throws {
            let envelope = try LoopBench.pendulum()
            let channels = LoopChannels<Script>()
            let joints = try #require(JointCount(1))
            loop = ControlLoop(
                QuietBus(joints: joints), under: Supervisor(envelope, latestSerial: 0), settings: LoopSettings(),
                channels: channels.loop)
            self.channels = Outside(channels.outside)
            let orders = self.channels
            for order in [Order<Script>.identify, .verified, .observe] { _ = orders.orders.append(order) }
            for _ in 0..<10 { loop.turn() }
            let approval = Approval(
                serial: 1, plan: LoopBench.plan, envelope: envelope.identity, horizon: Ticks(6_000), demandsTube: false)
            let script = Script(length: .max) { _ in 0.02 }
            _ = orders.orders.append(.run(approval, plan: LoopBench.plan, script, stops: 0))
            for _ in 0..<10 { loop.turn() }
        }

        func drain() { while channels.ticks.next() != nil { continue } }
    }

    @Test("a tick asks for no memory, whether anybody takes the records or not")
    func allocations() throws {
        let quiet = try Quiet()
        guard case .running = quiet.loop.supervisor.mode else {
            Issue.record("the episode did not begin: \(quiet.loop.supervisor.mode)")
            return
        }
        guard callocationcounter_counts() else { return }
        quiet.drain()
        let before = callocationcounter_of_this_thread()
        for _ in 0..<2_000 { quiet.loop.turn() }
        #expect(callocationcounter_of_this_thread() - before == 0)
        #expect(quiet.channels.ticks.dropped > 900)
    }

    @Test("punctuality is measured: lateness, work and what was left out")
    func timing() throws {
        let quiet = try Quiet()
        for _ in 0..<100 { quiet.loop.turn() }
        let timing = quiet.loop.timing
        #expect(timing.work.quantile(0.5).map { abs($0 - 300_000) < 30_000 } == true)
        #expect(timing.misses == 0)
        quiet.loop.robot.delay = .milliseconds(12)
        for _ in 0..<3 { quiet.loop.turn() }
        #expect(quiet.loop.timing.misses >= 4)
        #expect(quiet.loop.timing.span.most >= 12_000_000)
    }

    @Test("a bus that takes too long every tick holds the robot, and then stops it")
    func lateTicks() throws {
        let quiet = try Quiet()
        quiet.loop.robot.delay = .milliseconds(12)
        for _ in 0..<6 { quiet.loop.turn() }
        guard case .held(let hold) = quiet.loop.supervisor.mode else {
            Issue.record("no hold: \(quiet.loop.supervisor.mode)")
            return
        }
        #expect(hold.cause == .lateTicks)
        for _ in 0..<10 { quiet.loop.turn() }
        guard case .latched(let stop) = quiet.loop.supervisor.mode else {
            Issue.record("no stop: \(quiet.loop.supervisor.mode)")
            return
        }
        #expect(stop.cause == .lostTicks)
    }

    @Test("a bus that answers nothing keeps the loop from coming round for no longer than one order may wait")
    func comesRound() throws {
        let quiet = try Quiet()
        quiet.loop.robot.isSilent = true
        var longest = Duration.zero
        let inputs = quiet.channels.inputs
        for turn in 0..<6_000 {
            // When it has given up waiting for its joints to rest it takes orders again.
            if turn % 2_500 == 2_499 {
                for order in [Order<Script>.identify, .prepare, .clear(Operator(userNumber: 1))] {
                    _ = quiet.channels.orders.append(order)
                }
            }
            let (rounds, before) = (inputs.rounds, quiet.loop.robot.now)
            quiet.loop.turn()
            #expect(inputs.rounds > rounds)
            longest = max(longest, quiet.loop.robot.now - before)
        }
        #expect(longest > .seconds(5) && longest < .seconds(11), "\(longest)")
    }

    @Test("on its way down the ladder when it is to end, a loop comes round with every tick")
    func quits() throws {
        let quiet = try Quiet()
        let (rounds, ticks) = (quiet.channels.inputs.rounds, quiet.channels.inputs.supervisedTicks)
        _ = quiet.channels.orders.append(.quit)
        quiet.loop.turn()
        #expect(quiet.loop.isOver)
        let stopping = quiet.channels.inputs.supervisedTicks - ticks
        #expect(stopping > 20 && quiet.channels.inputs.rounds - rounds >= stopping)
    }

    @Test("the supervised ticks are counted where a watchdog can see them, and only those")
    func beats() throws {
        let quiet = try Quiet()
        let before = quiet.channels.inputs.supervisedTicks
        for _ in 0..<7 { quiet.loop.turn() }
        #expect(quiet.channels.inputs.supervisedTicks - before == 7)
        _ = quiet.channels.orders.append(.quit)
        quiet.loop.turn()
        let after = quiet.channels.inputs.supervisedTicks
        #expect(quiet.loop.isOver)
        #expect(quiet.channels.inputs.supervisedTicks == after)
    }

    @Test("a tick of a reset and of a policy asks for no memory either", .enabled(if: callocationcounter_counts()))
    func pilots() throws {
        let folder = try Folder("pendulum")
        let envelope = folder.robot.envelope.envelope
        let shape = try PolicyShape(inputs: 3, hidden: [64, 64], outputs: 1, squashes: true)
        let band = try ApprovedBand(
            stride: Ticks(6_000), joints: envelope.count, limits: [envelope.joints[.first].position])
        let episode = try EpisodeProgram(
            folder.robot, policy: Policy.orthogonal(shape, seed: 1), noise: NoiseKey(run: 1, iteration: 1, episode: 1),
            band: band, horizon: Ticks(2_000))
        let program = RobotProgram.episode(episode, after: try ResetProgram(folder.robot, within: Ticks(3_000)))
        // The first flight of a process also meets what the language's runtime makes once, at the first use of a type.
        _ = fly(program.makePilot())
        let flown = fly(program.makePilot())
        #expect(flown.allocations == 0)
        #expect(flown.resetting > 50 && flown.flying > 500)
    }

    @Test("nor does a tick of motions that move, hold and swing", .enabled(if: callocationcounter_counts()))
    func motions() throws {
        let waves = [1, 3].map { MotionScript.Wave(amplitude: Radians(0.01), rate: RadiansPerSecond($0)) }
        let steps: [[MotionScript.Motion]] = [
            [.move(to: Radians(0.01))], [.move(to: .zero)], [.hold], [.swing(waves)],
        ]
        try expectNoAllocation("pendulum", steps, at: [.zero])
    }

    @Test("nor does a tick of motions that push", .enabled(if: callocationcounter_counts()))
    func pushes() throws {
        let waves = [1, 3].map { MotionScript.Wave(amplitude: NewtonMetres(0.1), rate: RadiansPerSecond($0)) }
        let steps: [[MotionScript.Motion]] = [
            [.push(NewtonMetres(0.1), waves), .hold], [.push(.zero, []), .push(.zero, waves)],
        ]
        try expectNoAllocation("leg", steps, at: [Radians(0.5), Radians(-1)])
    }

    private func expectNoAllocation(_ name: String, _ steps: [[MotionScript.Motion]], at starts: [Radians]) throws {
        let folder = try Folder(name)
        let envelope = folder.robot.envelope.envelope
        let script = try MotionScript(
            .calibration, steps: steps.map { .init(ticks: Ticks(150), fade: Ticks(20), motions: $0) })
        let band = try ApprovedBand(
            stride: Ticks(6_000), joints: envelope.count,
            limits: starts.indices.map { envelope.joints.elements[$0].position })
        let program = RobotProgram.motions(try MotionProgram(folder.robot, script, band: band), after: nil)
        _ = fly(program.makePilot(), at: starts)
        let pilot = program.makePilot()
        let flown = fly(pilot, at: starts)
        #expect(flown.allocations == 0)
        #expect(flown.flying == Int(script.ticks.rawValue) - 1 && pilot.result == .moved(.done), "\(pilot.result)")
    }

    /// A thousand ticks of a pilot whose joints stand at their start.
    private func fly(
        _ pilot: RobotPilot, at starts: [Radians] = [.zero]
    ) -> (allocations: UInt64, resetting: Int, flying: Int) {
        var readings = PerJoint<JointReading>(repeating: .unknown)
        for place in starts.indices {
            readings.elements[place].position = starts[place]
            readings.elements[place].speed = .zero
            readings.elements[place].effort = .zero
        }
        var commands = PerJoint<JointCommand>(repeating: .off)
        var (resetting, flying) = (0, 0)
        let before = callocationcounter_of_this_thread()
        var tick = Ticks.zero
        while tick < Ticks(1_000) {
            let moment = Moment(tick: tick, instant: .past, readings: readings, sent: commands)
            guard pilot.act(moment, into: &commands) == .goOn, case .some = pilot.tube() else { break }
            if pilot.leg == .reset { resetting += 1 } else { flying += 1 }
            tick = tick.next
        }
        return (UInt64(callocationcounter_of_this_thread() - before), resetting, flying)
    }
}

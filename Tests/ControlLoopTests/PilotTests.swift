import Actuators
import Episodes
import Expressions
import Hashing
import Policies
import Ports
import Quantities
import Robots
import Simulator
import Supervision
import Testing
import Threads
import VirtualRobot

@testable import ControlLoop

@Suite("what flies a robot") struct PilotTests {
    private static let key = NoiseKey(run: 11, iteration: 2, episode: 3)
    /// A target for the reacher, as the middle of what its task draws.
    private static let target: [Float] = [0, 0.75, 0.2]

    private func band(_ robot: Robot, ticks: Int32, around half: Float? = nil) throws -> ApprovedBand {
        let envelope = robot.envelope.envelope
        let limits = try (0..<Int(envelope.count.rawValue)).map { place in
            let joint = try #require(JointIndex(UInt8(place)))
            guard let half else { return envelope.joints[joint].position }
            let middle = robot.file.starts[place].position.value
            return try #require(Limit(Radians(middle - half), Radians(middle + half)))
        }
        return try ApprovedBand(stride: Ticks(ticks), joints: envelope.count, limits: limits)
    }

    private func episode(
        _ folder: Folder, ticks: Int32, draws: [Float] = [], around half: Float? = nil, logDeviation: Float = -2
    ) throws -> EpisodeProgram {
        try EpisodeProgram(
            folder.robot, policy: folder.policy(logDeviation: logDeviation), noise: Self.key, draws: draws,
            band: band(folder.robot, ticks: ticks, around: half), horizon: Ticks(ticks))
    }

    @Test("an arm is brought to its start and runs its policy in one flight, and is never limp between the two")
    func resetAndEpisode() throws {
        let folder = try Folder("reacher")
        let bench = try folder.reacher(at: [0.4, -0.6, 1.3])
        bench.observe()
        let reset = try ResetProgram(folder.robot, draws: Self.target, within: Ticks(2_000))
        let program = RobotProgram.episode(
            try episode(folder, ticks: 120, draws: Self.target), after: reset)
        let end = try #require(bench.fly(program, tube: true), "\(bench.reports)")
        #expect(end.leg == .episode && end.cause == nil && end.isReadBack && !end.isLatched, "\(end)\n\(bench.story)")
        #expect(end.result == .ended(.horizon, isSuccess: false))
        let (resetting, running) = (
            bench.running.filter { $0.leg == .reset }, bench.running.filter { $0.leg == .episode }
        )
        #expect(resetting.count > 100 && running.count >= 119)
        let first = try #require(running.first)
        for (place, start) in folder.robot.file.starts.enumerated() {
            let joint = try #require(JointIndex(UInt8(place)))
            #expect(abs(first.samples[joint].position.value - start.position.value) < 0.2)
        }
        #expect(
            bench.running.dropFirst().allSatisfy { tick in (0..<3).allSatisfy { tick.samples.elements[$0].isDriven } })
        #expect((0..<3).allSatisfy { bench.line.bus.wire.number(.torqueEnable, of: $0) == 0 })
    }

    @Test("what a policy asks is what its weights, the noise of its key and the recorded readings come to")
    func sameBits() throws {
        let folder = try Folder("pendulum")
        let bench = try folder.pendulum()
        bench.observe()
        let program = try episode(folder, ticks: 200)
        let end = try #require(bench.fly(.episode(program, after: nil)), "\(bench.reports)")
        #expect(end.ticks == Ticks(200) && end.cause == nil)
        let runner = PolicyRunner(try folder.policy())
        let task = folder.robot.file.task
        let seen = task.program.only(0..<task.observationCount)
        let asking = bench.ticks.filter { $0.leg == .episode && $0.asked[.first] != .off }.prefix(200)
        #expect(asking.count == 200)
        for (number, tick) in asking.enumerated() {
            let sample = tick.samples[.first]
            let measured = [sample.position.value, sample.speed.value, sample.effort.value]
            // In doubles here and in floats there: a unit in the last place may differ before the network.
            let observation = seen.values(
                states: measured.map(Double.init), inputs: [Double](repeating: 0, count: 4)
            ).map { Float($0) }
            var (latent, action): ([Float], [Float]) = ([0], [0])
            var latents = latent.mutableSpan
            var actions = action.mutableSpan
            runner.act(
                on: observation.span, noise: NoiseStream(Self.key, for: .action), tick: UInt32(number),
                latent: &latents, action: &actions)
            // The task's efforts go from -0.17 to 0.17 N·m.
            #expect(abs(tick.asked[.first].value - action[0] * 0.17) < 1e-6)
        }
    }

    @Test("two runs of the same flight ask and measure the same bits")
    func twice() throws {
        let folder = try Folder("pendulum")
        let runs = try (0..<2).map { _ in
            let bench = try folder.pendulum()
            bench.observe()
            _ = bench.fly(.episode(try episode(folder, ticks: 100, logDeviation: 0), after: nil))
            return bench.ticks.map {
                [$0.asked[.first].value.bitPattern, $0.samples[.first].position.value.bitPattern]
            }
        }
        #expect(runs[0].count > 100 && runs[0] == runs[1])
    }

    @Test("a pendulum is unwound, let go, and accepted when it hangs")
    func pendulumReset() throws {
        let folder = try Folder("pendulum")
        let bench = try folder.pendulum(at: [2.5])
        bench.observe()
        let end = try #require(bench.fly(.reset(ResetProgram(folder.robot, within: Ticks(5_000)))), "\(bench.reports)")
        #expect(end.result == .atStart && end.cause == nil && end.isReadBack)
        #expect(abs(bench.line.bus.body.state(of: 0).position.value) < 0.2)
    }

    @Test("a robot that does not get to its start does not begin its episode, and says why")
    func vainReset() throws {
        let folder = try Folder("reacher") { $0.replacing("accept: \"all(", with: "accept: \"time > 1 and all(") }
        let bench = try folder.reacher()
        bench.observe()
        let reset = try ResetProgram(folder.robot, draws: Self.target, within: Ticks(2_500))
        let end = try #require(
            bench.fly(.episode(try episode(folder, ticks: 50, draws: Self.target), after: reset)), "\(bench.reports)")
        #expect(end.leg == .reset && end.result == .resetFailed(.notAccepted) && end.cause == nil)
        #expect(bench.running.allSatisfy { $0.leg == .reset })
        let short = try ResetProgram(folder.robot, draws: Self.target, within: Ticks(20))
        let second = bench.fly(.reset(short), serial: 2)
        #expect(second?.result == .resetFailed(.time) && second?.ticks == Ticks(20))
    }

    @Test("the approved band holds commands in and stops whoever leaves it")
    func band() throws {
        let folder = try Folder("reacher")
        let bench = try folder.reacher()
        bench.observe()
        let program = try episode(folder, ticks: 290, draws: Self.target, around: 0.01, logDeviation: 2)
        let end = try #require(bench.fly(.episode(program, after: nil), tube: true), "\(bench.reports)")
        let start = folder.robot.file.starts.map(\.position.value)
        for tick in bench.running where tick.isSent {
            for place in 0..<3 {
                let sent = tick.verdict.commands.elements[place].value
                #expect(abs(sent - start[place]) < 0.1)
            }
        }
        #expect(
            bench.running.contains { tick in
                tick.verdict.objections.elements.indices.contains { tick.verdict.objections.elements[$0] == .tube }
            })
        #expect(end.cause == nil || end.cause == .leftTube)
    }

    @Test("what cannot be flown is refused before anything moves")
    func problems() throws {
        let reacher = try Folder("reacher")
        #expect(throws: ProgramProblem.draws(0, needed: 3)) { try episode(reacher, ticks: 50) }
        #expect(throws: ProgramProblem.bandTooShort(Ticks(50), horizon: Ticks(60))) {
            try EpisodeProgram(
                reacher.robot, policy: reacher.policy(), noise: Self.key, draws: Self.target,
                band: band(reacher.robot, ticks: 50), horizon: Ticks(60))
        }
        let pendulum = try Folder("pendulum")
        #expect(throws: ProgramProblem.observations(3, policy: reacher.robot.file.task.observationCount)) {
            try EpisodeProgram(
                pendulum.robot, policy: reacher.policy(), noise: Self.key, band: band(pendulum.robot, ticks: 50),
                horizon: Ticks(50))
        }
        let limp = try Folder("reacher") {
            $0.replacing("{ step: \"rest\", for_s: 0.4, within_s: 4 }", with: "{ step: \"relax\" }")
        }
        #expect(throws: ProgramProblem.relaxes(step: 2, .first)) {
            try ResetProgram(limp.robot, draws: Self.target, within: Ticks(100))
        }
    }
}

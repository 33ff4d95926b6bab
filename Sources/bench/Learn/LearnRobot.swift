import Embodiment
import Hashing
import Learner
import Learning
import Models
import Policies
import Quantities
import Robots
import Simulator

/// One virtual robot that performs whole episodes in process: its body and its metal, as bought, without a line between.
struct LearnRobot {
    let robot: GapRobot
    let pupil: Pupil
    /// Which one of all robots that were ever bought.
    let seed: UInt64
    let spread: Float
    private let settling = Seconds(0.3)

    init(_ robot: GapRobot, seed: UInt64, spread: Float) {
        self.robot = robot
        self.seed = seed
        self.spread = spread
        do throws(PupilProblem) { pupil = try Pupil(robot.limited, bytes: []) } catch {
            preconditionFailure("\(robot.file.name): \(error)")
        }
    }

    var stage: Stage { pupil.stage }

    /// An episode of a policy with the noise of a key, and what was measured and commanded in it.
    ///
    /// - Parameter goesOn: is told what was measured on each tick, and may stop the episode.
    func perform(
        _ policy: Policy, _ key: NoiseKey, while goesOn: (_ tick: Int, _ measured: [Float]) -> Bool = { _, _ in true }
    ) -> (Performance, Trace) {
        let planned = robot.file.stageStarts.part(key)
        let joints = robot.file.joints.count
        let positions = Array(planned.measured.prefix(joints))
        var body = robot.body(seed: seed, spread: spread, starts: positions)
        var electronics = BodyElectronics(for: robot.file)
        var commands = planned.commands
        for _ in 0..<ticks(settling) {
            let now = robot.measurements(of: body)
            let (places, speeds) = (now.prefix(joints).map { Float($0) }, now[joints..<2 * joints].map { Float($0) })
            commands = GapCommands.resting(robot.file, at: positions, positions: places, speeds: speeds)
            tick(&body, &electronics, commands)
        }
        let part = StagePart(
            measured: measured(body), commands: commands, draws: planned.draws, noise: key)
        var retrace = Retrace(stage, policy, part)
        var trace = Trace(measured: stage.task.measured, joints: joints)
        while retrace.isPlaying {
            let now = measured(body)
            retrace.see(now, commands: commands)
            commands = limited(retrace.commands())
            trace.append(now, commands)
            if retrace.isPlaying, !goesOn(trace.ticks - 1, now) { retrace.stop() }
            tick(&body, &electronics, commands)
        }
        guard let performance = retrace.performance() else { preconditionFailure("an episode without an end") }
        return (performance, trace)
    }

    private func ticks(_ time: Seconds) -> Int { Int((time / robot.file.period).rounded()) }

    private func measured(_ body: borrowing RobotBody) -> [Float] { robot.measurements(of: body).map { Float($0) } }

    private func limited(_ commands: [Float]) -> [Float] {
        zip(commands, robot.file.joints).map { command, joint in
            guard joint.drive == .effort, case .perAmpere(let torque) = joint.torque, let most = joint.currentLimit
            else {
                return command
            }
            let limit = torque.value * most.value
            return min(max(command, -limit), limit)
        }
    }

    private func tick(_ body: inout RobotBody, _ electronics: inout BodyElectronics, _ commands: [Float]) {
        electronics.take(commands)
        for _ in 0..<Int((robot.file.period.value * 1_000).rounded()) { electronics.advance(&body) }
    }
}

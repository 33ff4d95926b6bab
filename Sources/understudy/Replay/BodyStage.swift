import Embodiment
import Episodes
import Quantities
import Replay
import Robots
import Simulator

/// The virtual robot in the place of the robot, in this process: its body, and the electronics of its servos.
///
/// It is the one of the folder, without a spread, and can only be put down at rest: an episode begins so.
struct BodyStage {
    private let robot: RobotFile
    private let mjcf: String
    /// Until nothing of how it was put down is left.
    private static let settling = 0.5

    init(_ run: LoadedRun, _ options: ReplayOptions, in surroundings: Surroundings) throws(Outcome.Refusal) {
        let name = run.episode.plan.robot.text
        let source = options.source(options.robot ?? name)
        do throws(RobotSource.Trouble) { mjcf = try source.read(in: surroundings).mjcf } catch {
            throw Outcome.Refusal(
                status: .invalidConfiguration, text: "the robot \(quoted(name)) has no body: its folder is not valid",
                next: "say with --robots where it is, and see: understudy explain robot \(shown(name))")
        }
        robot = run.robot
    }

    func start(_ seen: JointsSeen) throws(ModelProblem) -> ([Float]) -> JointsSeen {
        var actor: BodyActor
        do throws(FileProblems) { actor = try BodyActor(robot, mjcf, at: seen.positions) } catch { throw .badModel }
        for _ in 0..<Int((Self.settling / Double(robot.period.value)).rounded()) { actor.rest(at: seen.positions) }
        return { told in
            actor.act(told)
            return actor.seen(told)
        }
    }
}

private struct BodyActor {
    private let robot: RobotFile
    private var body: RobotBody
    private var electronics: BodyElectronics

    init(_ robot: RobotFile, _ mjcf: String, at places: [Float]) throws(FileProblems) {
        self.robot = robot
        body = try robot.virtualBody(mjcf, seed: 1, spread: 0, starts: places.map { Radians($0) })
        electronics = BodyElectronics(for: robot)
    }

    mutating func act(_ told: [Float]) {
        electronics.take(told)
        for _ in 0..<Int((robot.period.value * 1_000).rounded()) { electronics.advance(&body) }
    }

    /// Where it was put; a joint that is pushed and not led hangs as it likes.
    mutating func rest(at places: [Float]) {
        let now = seen(places)
        act(
            robot.joints.indices.map { joint in
                switch robot.task.commands[joint] {
                case .direct: robot.joints[joint].drive == .position ? places[joint] : 0
                case .step: places[joint]
                case .spring(_, _, let stiffness, let damping):
                    stiffness.value * (places[joint] - now.positions[joint]) - damping.value * now.speeds[joint]
                }
            })
    }

    func seen(_ told: [Float]) -> JointsSeen {
        let states = robot.joints.indices.map { body.state(of: $0) }
        var sensors: [String: Float] = [:]
        for sensor in robot.sensors { sensors[sensor.name] = body.motion(ofJoint: sensor.bodySensor)?.position ?? 0 }
        return JointsSeen(
            positions: states.map(\.position.value), speeds: states.map(\.speed.value),
            efforts: states.indices.map { robot.joints[$0].drive == .effort ? told[$0] : 0 }, sent: told,
            sensors: sensors)
    }
}

import Embodiment
import Episodes
import Ports
import Quantities
import Recordings
import Replay
import Robots
import Simulator
import Supervision

/// The motion of a recording, drawn: how the robot moved while its policy was in command.
struct ReplayView {
    private let robot: RobotFile
    private let mjcf: String
    /// By tick, then by joint.
    private let positions: [[Radians]]
    private static let rows = 14

    init(_ options: ReplayOptions, in surroundings: Surroundings) throws(Outcome.Refusal) {
        let path = options.runs[0]
        let source = options.robot.map { RobotSource($0, robots: options.robots) }
        let run = try LoadedRun(path, robot: source, robots: options.robots, in: surroundings)
        let name = run.episode.plan.robot.text
        let loaded: LoadedRobot
        do throws(RobotSource.Trouble) {
            loaded = try (source ?? RobotSource(name, robots: options.robots, envelopes: options.envelopes)).read(
                in: surroundings)
        } catch {
            throw Outcome.Refusal(
                status: .invalidConfiguration,
                text: "the robot \(quoted(name)) cannot be drawn: its folder is not valid",
                next: "say with --robots where it is, and see: understudy explain robot \(shown(name))")
        }
        (robot, mjcf) = (loaded.robot.file, loaded.mjcf)
        let log = run.episode.log
        let joints = log.joints.indices.compactMap { JointIndex(UInt8(clamping: $0)) }
        positions = run.episode.acts.map { tick in joints.map { log.ticks[tick].joints[$0].position } }
        guard !positions.isEmpty else {
            throw Outcome.Refusal(
                status: .invalidConfiguration, text: "'\(shown(path))' holds no tick on which a policy was in command",
                next: "understudy recording info '\(shown(path))'")
        }
    }

    func run(in surroundings: Surroundings) -> Outcome {
        if surroundings.devices.isWatched { play(surroundings) }
        return Outcome(output: strip(surroundings.output))
    }

    private func picture(_ tick: Int, columns: Int, rows: Int, _ style: Style) -> [String] {
        do throws(FileProblems) {
            let body = try robot.virtualBody(mjcf, seed: 1, spread: 0, starts: positions[tick])
            return body.outline.lines(columns: columns, rows: rows, style)
        } catch { return [] }
    }

    /// Twenty pictures a second, in the place of each other.
    private func play(_ surroundings: Surroundings) {
        let step = max(1, Int((0.05 / robot.period.value).rounded()))
        let tell = surroundings.devices.tell
        var drawn = 0
        for tick in stride(from: 0, to: positions.count, by: step) {
            let next = MonotonicInstant.now() + .milliseconds(50)
            if surroundings.devices.isInterrupted() { break }
            let lines = picture(tick, columns: 60, rows: Self.rows, surroundings.errors)
            let time = decimal(Double(tick) * Double(robot.period.value), 2)
            tell((drawn > 0 ? "\u{1B}[\(drawn)A" : "") + (lines + ["t = \(time) s"]).map { "\u{1B}[K\($0)\n" }.joined())
            drawn = lines.count + 1
            MonotonicInstant.sleep(until: next)
        }
        if drawn > 0 { tell("\u{1B}[\(drawn)A\u{1B}[J") }
    }

    /// Some pictures side by side, evenly from the first tick to the last.
    private func strip(_ style: Style) -> String {
        let (count, columns, rows) = (7, 14, 7)
        let ticks = (0..<count).map { $0 * (positions.count - 1) / (count - 1) }
        let pictures = ticks.map { picture($0, columns: columns, rows: rows, style) }
        let lines = (0..<rows).map { row in pictures.map { $0.isEmpty ? "" : $0[row] }.joined() }
        let times = ticks.map { padded("   \(decimal(Double($0) * Double(robot.period.value), 1)) s", columns) }
        return (lines + [times.joined()]).map { "\($0)\n" }.joined()
    }
}

import Cockpit
import ControlLoop
import Guard
import Ports
import Robots

/// A stop when no guard answers: a guard that lives and does not answer is asked to end, which stops the robot; and then
/// the robot itself is told to switch off, and read back.
struct StopWithoutGuard {
    let options: CallOptions

    init(_ options: CallOptions) { self.options = options }

    func run(in surroundings: Surroundings) -> Outcome {
        let source = RobotSource(options.robot, robots: options.robots, envelopes: options.envelopes)
        do throws(GuardTrouble) {
            let robot = try GuardedRobot(source, port: options.port, in: surroundings)
            return try stop(robot, in: surroundings)
        } catch {
            return error.outcome(in: surroundings)
        }
    }

    private func stop(_ robot: GuardedRobot, in surroundings: Surroundings) throws(GuardTrouble) -> Outcome {
        let state = options.state ?? "/var/lib/understudy/\(robot.facts.name)"
        let wasAsked = GuardProcess(state: state).end(within: .seconds(90))
        guard let rate = robot.rate else { throw .port("") }
        let line = try robot.line(rate)
        let settings = SeatSettings(folder: state, loop: LoopSettings(for: robot.loaded.robot), latestSerial: 0)
        let outcome: SafeStopOutcome
        do throws(SeatProblem) { outcome = try robot.maker(settings).safeStop(line) } catch { throw .seat(error) }
        let first = wasAsked ? "the guard did not answer and was asked to end; " : "no guard runs; "
        switch outcome {
        case .off: return Outcome(output: "\(first)every motor was read back as off\n")
        case .unknown(let why):
            return .failure(
                .deviceFault, "\(first)the motors could not be read back as off: \(why)",
                next: "cut the supply of the robot", surroundings.errors)
        }
    }
}

import Cockpit
import ControlLoop
import Episodes
import Guard
import Ledger
import Ports
import Quantities
import Robots
import Supervision

/// A stop when no guard listens: a guard that lives is asked to end, which stops the robot; and then the robot itself is
/// told to switch off, and read back.
struct StopWithoutGuard {
    let options: CallOptions
    /// Whether the guard has answered that it has no place.
    let isCrowded: Bool

    init(_ options: CallOptions, isCrowded: Bool = false) {
        self.options = options
        self.isCrowded = isCrowded
    }

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
        let state = options.state ?? GuardInterface.state(of: robot.facts.name.text)
        let end = GuardProcess(state: state).end(within: Self.patience(with: robot.facts.envelope))
        if end == .notPermitted {
            return .failure(
                .refused,
                isCrowded
                    ? "the guard has no place left for this user, who may not end it"
                    : "no guard answers, and this user may not end one that does not",
                next: "sudo understudy stop \(options.robot), or cut the supply of the robot", surroundings.errors)
        }
        guard let rate = robot.rate else { throw .port("") }
        let line = try robot.line(rate)
        let settings = SeatSettings(folder: state, loop: LoopSettings(for: robot.loaded.robot), latestSerial: 0)
        let outcome: SafeStopOutcome
        do throws(SeatProblem) { outcome = try robot.maker(settings).safeStop(line) } catch { throw .seat(error) }
        let trouble = note(in: state)
        switch outcome {
        case .off:
            return Outcome(
                output: "\(words(end)); every motor was read back as off\n\(trouble == nil ? keptDown : "")",
                errors: trouble.map { warning($0, surroundings.errors) } ?? "")
        case .unknown(let why):
            var failure = Outcome.failure(
                .deviceFault, "\(words(end)); the motors could not be read back as off: \(why)",
                next: "cut the supply of the robot", surroundings.errors)
            failure.errors += trouble.map { warning($0, surroundings.errors) } ?? ""
            return failure
        }
    }

    /// The robot first; then the next guard has to know of it, or it flies what was approved before.
    ///
    /// - Returns: why the ledger does not take it; nil where it does, or where there is none.
    private func note(in state: String) -> LedgerError? {
        let path = "\(state)/\(LedgerReader.fileName)"
        do throws(LedgerError) {
            // A ledger is never made here.
            _ = try LedgerReader(at: state)
            var ledger = try Ledger.open(at: path, program: "understudy \(Help.version)", now: .ofThisMachine)
            try ledger.report(stop: options.why, by: .thisProcess(), at: .ofThisMachine)
            return nil
        } catch {
            return error == .missing ? nil : error
        }
    }

    private var keptDown: String {
        """
        what was allowed before does not fly until an operator lets it
          next: understudy resume \(shown(options.robot)), when a guard runs again

        """
    }

    private func warning(_ error: LedgerError, _ style: Style) -> String {
        """
        \(style.bold("warning")): the ledger does not know of this stop (\(error)): the next guard flies what was approved
          next: sudo understudy stop \(shown(options.robot)), before or as soon as it runs

        """
    }

    /// As long as its way down the ladder may take, and somewhat more.
    private static func patience(with envelope: Envelope) -> Duration {
        let times = envelope.robot.times
        let ticks = [times.hold, times.slowStop, times.park, times.limp].reduce(0) { $0 + Double($1.rawValue) }
        return .seconds(ticks * Double(envelope.robot.period.value) + 5)
    }

    /// What comes first in the answer.
    private func words(_ end: GuardProcess.End) -> String {
        let guardsWord = isCrowded ? "the guard had no place left for this user" : "the guard did not answer"
        return switch end {
        case .noGuard: "no guard runs"
        case .ended: "\(guardsWord), was asked to end, and ended"
        case .killed: "\(guardsWord), did not end when it was asked to, and was killed"
        case .notPermitted: "no guard answers"
        }
    }
}

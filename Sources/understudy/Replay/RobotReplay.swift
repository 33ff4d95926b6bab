import Episodes
import GuardCalls
import Ports
import Quantities
import Replay
import Robots
import Supervision

/// A recording's motion on the robot itself, or on a virtual one: a plan like any other, which a person approves, which is
/// supervised, recorded, and can be stopped.
struct RobotReplay {
    private let options: ReplayOptions
    private let surroundings: Surroundings
    private let run: LoadedRun
    private let folder: RobotFolder
    private let motion: MotionReplay

    init(_ options: ReplayOptions, in surroundings: Surroundings) throws(CalibrationStop) {
        (self.options, self.surroundings) = (options, surroundings)
        let source = options.robot.map(options.source)
        do throws(Outcome.Refusal) {
            run = try LoadedRun(options.runs[0], robot: source, robots: options.robots, in: surroundings)
        } catch { throw CalibrationStop(error, surroundings.errors) }
        let name = run.episode.plan.robot.text
        folder = try RobotFolder(source ?? options.source(name), in: surroundings)
        do throws(MotionReplayProblem) {
            motion = try MotionReplay(run.episode, on: folder.robot, stretch: options.stretch)
        } catch { throw CalibrationStop(error.refusal(run.path, folder.robot.file), surroundings.errors) }
    }

    func play() throws(CalibrationStop) -> Outcome {
        let file = folder.robot.file
        let place = GuardPlace(socket: options.socket, state: options.state)
        var flights = CalibrationFlights(place, for: "replay", file, surroundings)
        let known = try flights.robot()
        guard known.robot == folder.digest else {
            throw CalibrationStop(
                outcome: .failure(
                    .invalidConfiguration, "the guard guards \(quoted(known.name)) as another file has it",
                    next: "end the guard and start it anew, so that it reads '\(shown(folder.path))'",
                    surroundings.errors))
        }
        let plans = CalibrationPlans(
            folder.robot, task: known.robot, calibration: known.calibration, session: UInt32(folder.measured.count))
        let flight = PlannedFlight(.check, "the recorded motion") { number throws(CalibrationPlanProblem) in
            try plans.replay(motion, attempt: number)
        }
        if options.isDryRun { return dryRun }
        Interruption.hold()
        var comparison: MotionComparison?
        let style = surroundings.errors
        try flights.fly([flight], anew: true, look: look) { flight, episode, end throws(CalibrationStop) in
            comparison = episode.map { MotionComparison(motion, flown: $0, period: file.period) }
            guard end.state == .finished else { throw CalibrationStop(outcome: end.unflown(flight.title, style)) }
        }
        return report(comparison)
    }

    private var dryRun: Outcome {
        let (period, lead) = (Double(folder.robot.file.period.value), Double(motion.lead.rawValue))
        let seconds = Double(motion.script.ticks.rawValue) * period
        return Outcome(
            output: "would propose to the guard: \(decimal(lead * period, 1)) s to where the recording begins, then "
                + "\(decimal(seconds - lead * period, 1)) s of its motion\n")
    }

    /// How far the robot is beside the recorded course while it moves: on its way there, and when it follows.
    private func look() {
        guard surroundings.devices.isWatched else { return }
        do throws(CallError) {
            let path = GuardPlace(socket: options.socket).call(of: folder.robot.file.name).path
            var caller = try GuardCaller(to: path, by: .now() + .seconds(1))
            let pose = try caller.atHand().positions.compactMap(\.self)
            guard pose.count == motion.places[0].count else { return }
            let beside = decimal(Double(motion.distance(of: pose).value), 3)
            surroundings.devices.tell("\u{1B}[K  beside the recorded course by \(beside) rad\r")
        } catch {
            // It is only to be looked at; whoever waits for the plan hears of a guard that is gone.
        }
    }

    private func report(_ comparison: MotionComparison?) -> Outcome {
        guard let comparison else { return Outcome(output: "played; the guard has no recording of it\n") }
        let whole = comparison.ticks == comparison.of ? "" : ", \(comparison.ticks) of \(comparison.of) ticks"
        let lines = comparison.joints.map { joint in
            "  \(padded(shown(joint.name), 12)) usually \(decimal(Double(joint.usual.value), 3)) rad beside the recording, "
                + "at most \(decimal(Double(joint.largest.value), 3)) at \(decimal(Double(joint.at.value), 2)) s"
        }
        guard options.asJSON else {
            return Outcome(output: (["played once more\(whole)"] + lines).map { "\($0)\n" }.joined())
        }
        let joints = comparison.joints.map { joint in
            JSONText.object([
                ("joint", .text(joint.name)), ("error_rms_rad", .number(joint.usual.value)),
                ("error_largest_rad", .number(joint.largest.value)), ("largest_at_s", .number(joint.at.value)),
            ])
        }
        let json = JSONText.object([
            ("file", .text(run.path)), ("ticks", .integer(comparison.ticks)),
            ("recorded_ticks", .integer(comparison.of)),
            ("joints", .list(joints)),
        ])
        return Outcome(output: "\(json)\n")
    }
}

extension MotionReplayProblem {
    fileprivate func refusal(_ path: String, _ robot: RobotFile) -> Outcome.Refusal {
        let name = { (joint: Int) in shown(robot.joints[joint].name) }
        let seconds = { (ticks: Ticks) in decimal(Double(ticks.rawValue) * Double(robot.period.value), 1) }
        let (text, next) =
            switch self {
            case .otherJoints: ("is of a robot with other joints", "say with --as which robot it is")
            case .tooShort(let ticks):
                ("holds \(ticks) ticks under command, which is no motion", "understudy recording info \(shown(path))")
            case .outside(let joint, let position, let low, let high):
                (
                    "brings \(name(joint)) to \(rounded(position.value)) rad, outside of \(rounded(low.value)) to "
                        + "\(rounded(high.value))",
                    "see the limits: understudy explain envelope \(shown(robot.envelopeName))"
                )
            case .tooFast(let joint, let speed, let most):
                (
                    "moves \(name(joint)) with \(rounded(speed.value)) rad/s, and \(rounded(most.value)) are allowed",
                    "play it more slowly: --slower 2"
                )
            case .tooLong(let ticks, let most):
                (
                    "takes \(seconds(ticks)) s with its way there, and a permit leaves \(seconds(most))",
                    "let the envelope's horizon_s be longer, or --slower less"
                )
            case .motions(let defect): ("holds no motion that can be planned: \(defect)", "take another recording")
            }
        return Outcome.Refusal(status: .invalidConfiguration, text: "'\(shown(path))' \(text)", next: next)
    }
}

import Episodes
import Quantities
import Recordings
import Replay
import Robots
import Supervision

/// What came of playing recordings once more.
struct ReplayReport {
    let runs: [Run]
    let model: Model?
    /// The virtual robot in the place of a model.
    let body: Model?

    struct Run {
        let path: String
        let episode: FlownEpisode
        let safety: Safety?
    }

    struct Safety {
        let envelope: String
        /// Whether these are the rules that the episode was approved for.
        let isSame: Bool
        let replay: SafetyReplay
    }

    struct Model {
        /// Nil for the virtual robot.
        let name: String?
        let joints: [String]
        let growth: ErrorGrowth
        let fidelity: Fidelity
        /// Of the first recording with a policy: what was measured, and what the model made of its start.
        let traces: Traces?
    }

    init(_ options: ReplayOptions, in surroundings: Surroundings) throws(Outcome.Refusal) {
        let source = options.robot.map(options.source)
        var loaded: [LoadedRun] = []
        for path in options.runs {
            loaded.append(try LoadedRun(path, robot: source, robots: options.robots, in: surroundings))
        }
        var runs: [Run] = []
        for run in loaded {
            let safety = try options.safety.map { part throws(Outcome.Refusal) in
                try Safety(run, part, options.envelopes, in: surroundings)
            }
            runs.append(Run(path: run.path, episode: run.episode, safety: safety))
        }
        self.runs = runs
        model = try options.model.map { part throws(Outcome.Refusal) in try Model(loaded, part.name) }
        body = options.isBody ? try Model(loaded, options, in: surroundings) : nil
    }

    /// A verdict that differs under the same rules is a program or a recording that cannot be trusted.
    var status: ExitStatus {
        runs.allSatisfy { $0.isSound } ? .done : .integrityFailure
    }
}

extension ReplayReport.Run {
    /// Where the end is missing, nobody knows on which ticks the approved band held: a difference may be its doing.
    fileprivate var isSound: Bool {
        guard let safety, safety.isSame, episode.end != nil else { return true }
        return safety.replay.isIdentical
    }
}

extension ReplayReport.Safety {
    fileprivate init(
        _ run: LoadedRun, _ part: ReplayOptions.Part, _ folder: String?, in surroundings: Surroundings
    ) throws(Outcome.Refusal) {
        let folder = RobotSource.folder(folder, usual: DoctorOptions.usualEnvelopes, in: surroundings)
        let own = EnvelopeSource(name: run.robot.envelopeName, folder: folder)
        let wanted = part.name.map { EnvelopeSource(name: $0, folder: folder) } ?? own
        let envelope = try Self.envelope(wanted, in: surroundings)
        let approved = run.episode.plan.envelope.digest
        self.envelope = wanted.path
        isSame = envelope.envelope.identity == approved
        // What came from outside is found out under the rules of then, where those are still there.
        let then = try part.name == nil ? envelope : Self.envelope(own, in: surroundings)
        do throws(SafetyProblem) {
            let inputs = try SafetyInputs(run.episode, run.robot, then.envelope)
            let first = try SafetyReplay(run.episode, inputs, under: then.envelope)
            replay = part.name == nil ? first : first.repeated(under: envelope.envelope)
        } catch {
            throw Outcome.Refusal(
                status: .invalidConfiguration, text: "'\(shown(run.path))' \(error.text)",
                next: "say with --as and --safety=ENVELOPE which robot it is")
        }
    }

    static func envelope(
        _ source: EnvelopeSource, in surroundings: Surroundings
    ) throws(Outcome.Refusal) -> EnvelopeFile {
        guard case .success(let bytes) = surroundings.read(source.path) else {
            throw Outcome.Refusal(
                status: .invalidConfiguration, text: "cannot read the envelope '\(shown(source.path))'",
                next: "say with --safety=ENVELOPE or --envelopes where it is")
        }
        do throws(FileProblems) { return try EnvelopeFile(parsing: bytes) } catch {
            throw Outcome.Refusal(
                status: .invalidConfiguration, text: "the envelope '\(shown(source.path))' is not valid",
                next: "run 'understudy explain envelope \(shown(source.path))'")
        }
    }
}

extension ReplayReport.Model {
    /// The virtual robot as the folder has it: its body and the electronics of its servos, without a line in between.
    fileprivate init(
        _ runs: [LoadedRun], _ options: ReplayOptions, in surroundings: Surroundings
    ) throws(Outcome.Refusal) {
        let first = try Self.first(of: runs)
        let stage = try BodyStage(first, options, in: surroundings)
        let (robot, episodes) = (first.robot, runs.map(\.episode))
        do throws(ModelProblem) {
            name = nil
            joints = first.episode.log.joints
            growth = try ErrorGrowth(episodes, period: robot.period, from: stage.start)
            fidelity = try Fidelity(episodes, robot) { episode throws(ModelProblem) in
                try EpisodeTrace(played: episode, robot, in: stage.start)
            }
            traces = try episodes.first { $0.policy != nil && !$0.acts.isEmpty }.map { episode throws(ModelProblem) in
                try Traces(episode, robot, beside: EpisodeTrace(played: episode, robot, in: stage.start))
            }
        } catch {
            throw Outcome.Refusal(status: .invalidConfiguration, text: error.text, next: error.nextStep)
        }
    }

    private static func first(of runs: [LoadedRun]) throws(Outcome.Refusal) -> LoadedRun {
        guard let first = runs.first else { preconditionFailure("there is a recording, or nothing is played") }
        if let other = runs.first(where: {
            $0.robot.name != first.robot.name || $0.episode.log.joints != first.episode.log.joints
        }) {
            throw Outcome.Refusal(
                status: .invalidConfiguration,
                text: "'\(shown(other.path))' is of another robot than '\(shown(first.path))'",
                next: "play recordings of one robot at a time")
        }
        return first
    }

    fileprivate init(_ runs: [LoadedRun], _ wanted: String?) throws(Outcome.Refusal) {
        let first = try Self.first(of: runs)
        do throws(ModelProblem) {
            let rolling = try RollingModel(first.robot, named: wanted)
            let episodes = runs.map(\.episode)
            name = rolling.name
            joints = first.episode.log.joints
            growth = try ErrorGrowth(episodes, rolling, period: first.robot.period)
            fidelity = try Fidelity(episodes, first.robot, rolling)
            traces = try episodes.first { $0.policy != nil && !$0.acts.isEmpty }.map { episode throws(ModelProblem) in
                try Traces(episode, first.robot, rolling)
            }
        } catch {
            throw Outcome.Refusal(status: .invalidConfiguration, text: error.text, next: error.nextStep)
        }
    }
}

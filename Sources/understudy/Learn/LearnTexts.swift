import Episodes
import GuardCalls
import Learner
import Learning
import Robots
import Supervision

extension LearnOptions {
    /// Why it does not go on, for people: what happened, which thing, what next.
    func outcome(_ trouble: LearnerTrouble, _ style: Style) -> Outcome {
        outcome(trouble, at: socket, style)
    }

    private func outcome(_ trouble: LearnerTrouble, at socket: String?, _ style: Style) -> Outcome {
        switch trouble {
        case .robot(let place, let trouble):
            let isHere = place.rank == 0
            var outcome = outcome(trouble, at: isHere ? socket : place.socket, style)
            let at = isHere ? "here" : "on \(shown(place.host))"
            outcome.errors = "robot \(place.number) (rank \(place.rank), \(at)) ends the run:\n\(outcome.errors)"
            return outcome
        case .call(.call(let error)):
            return CallOptions(task: .status, robot: source.name, socket: socket).failure(error, style)
        default: return refusal(trouble).outcome(style)
        }
    }

    private var robot: String { shown(source.name) }

    private func refusal(_ trouble: LearnerTrouble) -> Outcome.Refusal {
        switch trouble {
        case .folder(let error): error.refusal(run ?? "/var/lib/understudy-learner/\(source.name)/run")
        case .checkpoint(.otherVersion(let version, let written)):
            Outcome.Refusal(version, "the checkpoint of the run", written: written)
        case .checkpoint(let error):
            Outcome.Refusal(
                status: .integrityFailure, text: "the checkpoint of the run cannot be gone on from: \(error)",
                next: "begin another run with --run FOLDER; this one stays as it is")
        case .changed(let change): change.refusal(robot)
        case .plan(.defect(let defect)):
            Outcome.Refusal(
                status: .failed, text: "no plan can be made of what the model expects: \(defect)",
                next: "look at the model: understudy explain robot \(robot)")
        case .policy(let error):
            Outcome.Refusal(
                status: .failed, text: "a step led out of the numbers (\(error)); the last checkpoint stands",
                next: "look at the reward and the model: understudy learn \(robot) --dry-run")
        case .beginning(let problem): Outcome.Refusal(problem, robot: robot)
        case .noBeginning:
            Outcome.Refusal(
                status: .invalidConfiguration, text: "the run was to begin with files, and has not begun",
                next: "the same command with the same --from, or another folder with --run")
        case .call(.call(let error)):
            Outcome.Refusal(
                status: .notReachable, text: "the guard does not answer: \(error)", next: "understudy status \(robot)")
        case .call(.unreadable(let field)):
            Outcome.Refusal(
                status: .failed, text: "the guard's answer lacks \(quoted(field))",
                next: "compare 'understudy --version' with the guard's")
        case .record(let plan, let path, let problem):
            Outcome.Refusal(
                status: .integrityFailure,
                text: "the recording '\(shown(path))' of plan \(plan.start) is no evidence: \(problem)",
                next: "understudy recording info '\(shown(path))'; --recordings says where the guard keeps them")
        case .noRecording(let plan):
            Outcome.Refusal(
                status: .failed, text: "plan \(plan.start) was flown, and the guard has no recording of it",
                next: "journalctl -u understudy-guard@\(robot)   # why; then begin another run with --run")
        default: decided(trouble)
        }
    }

    private func decided(_ trouble: LearnerTrouble) -> Outcome.Refusal {
        switch trouble {
        case .denied(let plan, let why):
            let reason = why.isEmpty ? "" : ": \(quoted(why))"
            return Outcome.Refusal(
                status: .refused, text: "plan \(plan.start) was denied\(reason); nothing is flown in its place",
                next: "change what was wrong with it, and begin another run with --run FOLDER")
        case .cameToNothing(let plan, let state, let times, let fault):
            let cause = fault.map { ", the last time with fault \($0)" } ?? ""
            let next = fault.map { "understudy explain fault \($0), then the same command again" }
            return Outcome.Refusal(
                status: .refused, text: "plan \(plan.start) came to nothing \(times) times (\(state.rawValue))\(cause)",
                next: next ?? "understudy status \(robot)   # why, then the same command again")
        case .strangeEpisode(let plan):
            return Outcome.Refusal(
                status: .integrityFailure, text: "the episode of plan \(plan.start) is not what the run asked for",
                next: "begin another run with --run FOLDER; this one stays as it is")
        case .otherKind(let part):
            return Outcome.Refusal(
                status: .invalidConfiguration, text: "\(part.rawValue) is another one than that of robot 1",
                next: "the robots of a run are of one kind: copy robot 1's folder and envelope there")
        case .sameRobot(let other):
            return Outcome.Refusal(
                status: .invalidConfiguration,
                text: "its guard goes by the same record of a calibration as that of robot \(other), or both by none",
                next: "every robot has a guard and a record of its own: understudy calibrate \(robot)")
        case .notSent(let plan, let recording):
            return Outcome.Refusal(
                status: .integrityFailure,
                text: "plan \(plan.start) was flown, and its recording '\(shown(recording))' cannot be read there",
                next: "--recordings says where the guard keeps them, of which this user has to be allowed to read there"
            )
        default: preconditionFailure("\(trouble) has words of its own")
        }
    }
}

extension FolderError {
    fileprivate func refusal(_ folder: String) -> Outcome.Refusal {
        let place = "'\(shown(folder))'"
        switch self {
        case .inUse:
            return Outcome.Refusal(
                status: .refused, text: "another learner has the run \(place)",
                next: "end it, or say another --run FOLDER")
        case .system(let what, let path, let code):
            return Outcome.Refusal(
                status: .invalidConfiguration,
                text: "cannot \(what) '\(shown(path))': \(FileTrouble(code: code).reason)",
                next: "say with --run where this user may write")
        case .damaged(let name):
            return Outcome.Refusal(
                status: .integrityFailure, text: "\(quoted(name)) of the run \(place) is not as it was written",
                next: "begin another run with --run FOLDER, or restore a copy of this one")
        case .otherVersion(let name, let version, let written):
            return Outcome.Refusal(version, "\(quoted(name)) of the run \(place)", written: written)
        }
    }
}

extension Outcome.Refusal {
    /// Nothing is damaged; another version of this program has it.
    fileprivate init(_ version: UInt32, _ what: String, written: UInt32) {
        let age = version < written ? "an older" : "a newer"
        self.init(
            status: .invalidConfiguration,
            text: "\(what) was begun by \(age) version of understudy (version \(version), this one writes \(written))",
            next: "go on with the understudy that began it, or begin another run with --run FOLDER; "
                + "'--from FOLDER/policy' begins with what a finished one has learnt")
    }
}

extension RunChange {
    fileprivate func refusal(_ robot: String) -> Outcome.Refusal {
        let what: String
        switch self {
        case .robot(let then, let now): what = "the run is of the robot \(quoted(then)), and this is \(quoted(now))"
        case .hash(let part, let then, let now):
            what = "\(part.rawValue) has changed since then: \(then.start) then, \(now.start) now"
        case .method(let then, let now): what = "the run learns by \(then.word), not by \(now.word)"
        case .robots(let then, let now):
            what = "the run was begun with \(then) \(then == 1 ? "robot" : "robots"), not with \(now)"
        case .calibration(let number, let then, let now):
            what = "the record of the calibration of robot \(number) has changed: \(then.start) then, \(now.start) now"
        case .exchanged(let number, let was):
            return Outcome.Refusal(
                status: .invalidConfiguration, text: "robot \(number) of the run was robot \(was) when it began",
                next: "the same command with the processes in the order in which the run began, each beside its robot")
        case .way(let name, let then, let now):
            what = "the run was begun with --\(name) \(then), not with --\(name) \(now)"
        case .seed(let then, let now): what = "the run has the seed \(then), not \(now)"
        }
        let text = "\(what); what was learnt is bound to what it was learnt with"
        return Outcome.Refusal(
            status: .invalidConfiguration, text: text,
            next: "put it back, or begin another run: understudy learn \(robot) --run FOLDER")
    }
}

extension Outcome.Refusal {
    init(_ problem: PupilProblem, robot: String) {
        let next = "look at its models: understudy explain robot \(shown(robot))"
        switch problem {
        case .noModel:
            self.init(
                status: .invalidConfiguration, text: "\(quoted(robot)) has no model that could rehearse", next: next)
        case .badModel(let error):
            self.init(
                status: .invalidConfiguration, text: "the model of \(quoted(robot)) cannot be rolled forward: \(error)",
                next: next)
        }
    }
}

extension Digest {
    /// As much of it as people compare.
    var start: String { String(text.prefix(12)) }
}

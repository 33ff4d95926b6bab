import Recordings
import Replay
import Robots

extension Outcome.Refusal {
    /// Why a file is no episode that can be played.
    init(_ path: String, _ error: EpisodeLogError) {
        let name = shown(path)
        if case .recording(let error) = error {
            let status: ExitStatus =
                switch error {
                case .system: .invalidConfiguration
                default: .integrityFailure
                }
            let next = error.nextStep.replacing("FILE", with: name)
            self.init(status: status, text: error.text(name), next: next)
            return
        }
        self.init(
            status: .invalidConfiguration, text: "'\(name)' \(error.text)",
            next: "run 'understudy recording info \(name)'")
    }
}

extension EpisodeLogError {
    fileprivate var text: String {
        switch self {
        case .recording: "is no recording"
        case .missingChannels(let topics):
            "is no episode of this program: it has no \(topics.joined(separator: ", no "))"
        case .badMessage(let topic, let sequence, let byte):
            "has a message of \(topic), tick \(sequence), that does not read as it should at its byte \(byte)"
        case .unknownWord(let word, let topic, let sequence):
            "says \(quoted(word)) in \(topic), tick \(sequence), which this version does not know"
        case .tooManyJoints(let count): "tells of \(count) joints, more than a robot can have"
        case .halfTick(let tick, let lacks): "tells of tick \(tick), but not in \(lacks)"
        case .noTicks: "has no tick"
        }
    }
}

extension FlownProblem {
    var text: String {
        switch self {
        case .missingFile(let name): "carries no \(name): it was not made by a guard that flew a plan"
        case .badPlan: "carries a plan that cannot be read"
        case .badPolicy: "carries a policy that cannot be read"
        case .otherJoints(let plan, let recorded): "has \(recorded) joints, and its plan \(plan)"
        }
    }
}

extension SafetyProblem {
    var text: String {
        switch self {
        case .otherJoints(let envelope, let recorded): "has \(recorded) joints, and the envelope \(envelope)"
        case .unknownCurrent(let joint):
            "does not say what the motor of \(quoted(joint)) drew, and its robot's file has no torque for an ampere"
        case .neverRan: "is of a robot that was never under way"
        }
    }
}

extension ModelProblem {
    var text: String {
        switch self {
        case .noModel(let name?): "the robot has no model \(quoted(name))"
        case .noModel(nil): "the robot has no model"
        case .notRecorded(let name): "\(quoted(name)) is needed, and recordings of this robot do not hold it"
        case .otherPolicy(let inputs, let outputs):
            "the policy of the recording has \(inputs) inputs and \(outputs) outputs, and the robot's task others"
        case .otherJoints(let robot, let recorded): "the recording has \(recorded) joints, and the robot \(robot)"
        case .badModel: "the model cannot be rolled forward"
        case .notMeasured(let name): "the model does not say what \(quoted(name)) would be"
        case .noEpisode: "the recording holds no tick on which the policy was in command"
        }
    }

    /// What helps.
    var nextStep: String {
        switch self {
        case .noModel, .badModel, .notMeasured: "look at the models of the robot: understudy explain robot ROBOT"
        case .notRecorded: "use --safety alone, or a model and a task that read joints only"
        case .otherPolicy, .otherJoints: "say with --as which robot the recording is of"
        case .noEpisode: "use --safety alone, or another recording"
        }
    }
}

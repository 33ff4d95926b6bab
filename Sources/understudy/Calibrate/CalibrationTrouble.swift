import GuardCalls
import Models
import Quantities
import Replay
import Robots

extension Outcome.Refusal {
    init(_ problem: RecordedFitProblem) {
        switch problem {
        case .model(let problem):
            self.init(status: .invalidConfiguration, text: problem.text, next: problem.nextStep)
        case .fit(.nothingFree):
            self.init(
                status: .invalidConfiguration, text: "no parameter of the model may change",
                next: "give some of them low, high and prior_sd: understudy explain prior_sd")
        case .fit(.tooLittle(let windows, let recordings, let atLeast)):
            self.init(
                status: .invalidConfiguration,
                text: "\(windows) pieces of motion from \(recordings) stretches are too little: some must be held out",
                next: "record more; \(atLeast) recordings of a second are the least")
        case .fit(.diverges):
            self.init(
                status: .invalidConfiguration, text: "the model runs away even with the parameters that are believed",
                next: "check the parameters, or give the model more substeps")
        case .fit(let problem):
            self.init(
                status: .invalidConfiguration, text: "the model cannot be fitted: \(problem)",
                next: "check the model: understudy explain robot ROBOT")
        }
    }
}

/// Where a guard is, and what it keeps.
struct GuardPlace: Equatable, Sendable {
    var socket: String?
    /// The folder of the guard's ledger, where recordings are.
    var state: String?

    /// As whoever calls a guard for another reason: the same words for the same troubles.
    ///
    /// - Parameter name: the robot's own, where a file was given.
    func call(of name: String) -> CallOptions {
        var call = CallOptions(task: .status, robot: name)
        call.socket = socket
        return call
    }
}

extension CalibrationStop {
    init(_ error: CallError, _ call: CallOptions, _ style: Style) {
        switch error {
        case .call(let error): outcome = call.failure(error, style)
        case .unreadable(let field):
            outcome = .failure(
                .failed, "the guard's answer lacks \(quoted(field)), or has it in another form",
                next: "compare 'understudy --version' with the guard's", style)
        }
    }

    init(_ problem: CalibrationPlanProblem, _ style: Style) {
        let (text, next) =
            switch problem {
            case .motions(let defect): ("its motions are none: \(defect)", "mend start and limits in the robot's file")
            case .plan(let defect): ("no plan can be made of its motions: \(defect)", "mend the robot's file")
            case .tooLong(let ticks, let most):
                (
                    "one joint takes \(ticks.rawValue) ticks to measure, and its envelope allows \(most.rawValue)",
                    "let the envelope's horizon_s be longer, or its park_speed quicker"
                )
            case .model(let problem): (problem.text, problem.nextStep)
            case .design(let problem): ("no experiment can be designed: \(problem)", "check the model's parameters")
            }
        outcome = .failure(
            .invalidConfiguration, "the robot cannot be calibrated by motions: \(text)", next: next, style)
    }
}

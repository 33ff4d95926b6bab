import Models
import Replay
import Robots

/// A robot that is to be measured by its recordings.
struct CalibrateOptions: Equatable, Sendable {
    let robot: String
    let runs: [String]
    let model: String?
    let robots: String?
    let asJSON: Bool

    static func parse(_ words: ArraySlice<String>) throws(UsageError) -> CalibrateOptions {
        let line = try CommandLineWords(words, of: .calibrate, allowed: [.model, .robots, .json, .help])
        guard let robot = line.arguments.first else { throw .missingWord("a ROBOT", .calibrate) }
        let runs = Array(line.arguments.dropFirst())
        guard !runs.isEmpty else { throw .missingWord("a RUN of the robot", .calibrate) }
        let model = line.value(of: .model).flatMap { $0.isEmpty ? nil : $0 }
        return CalibrateOptions(
            robot: robot, runs: runs, model: model, robots: line.value(of: .robots), asJSON: line.has(.json))
    }

    func run(in surroundings: Surroundings) -> Outcome {
        let source = RobotSource(robot, robots: robots)
        do throws(Outcome.Refusal) {
            var loaded: [LoadedRun] = []
            for path in runs {
                loaded.append(try LoadedRun(path, robot: source, robots: robots, in: surroundings))
            }
            let report = try CalibrationReport(loaded, model)
            return Outcome(output: asJSON ? "\(report.json)\n" : report.text(surroundings.output))
        } catch { return error.outcome(surroundings.errors) }
    }
}

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

import Guard
import Models
import Replay
import Robots

/// A robot that is to be measured: by motions that its guard flies, or by recordings that there are.
struct CalibrateOptions: Equatable, Sendable {
    let robot: String
    /// None: measure the robot itself.
    let runs: [String]
    let model: String?
    let robots: String?
    var envelopes: String?
    var socket: String?
    /// The folder of the guard's ledger, where recordings are.
    var state: String?
    /// Only whether the last record still holds.
    var isCheck = false
    /// Measures the joints and leaves the model as it is.
    var isWithoutModel = false
    /// Says what would be proposed, and proposes nothing.
    var isDryRun = false
    let asJSON: Bool

    static func parse(_ words: ArraySlice<String>) throws(UsageError) -> CalibrateOptions {
        let line = try CommandLineWords(
            words, of: .calibrate,
            allowed: [
                .model, .robots, .envelopes, .socket, .state, .check, .withoutModel, .dryRun, .json, .help,
            ])
        guard let robot = line.arguments.first else { throw .missingWord("a ROBOT", .calibrate) }
        let runs = Array(line.arguments.dropFirst())
        if !runs.isEmpty {
            for option in [Option.socket, .state, .check, .withoutModel, .dryRun, .envelopes] where line.has(option) {
                throw .unexpectedArgument(runs[0], .calibrate)
            }
        } else if line.has(.model) {
            throw .missingWord("a RUN of the robot", .calibrate)
        }
        if line.has(.check), line.has(.withoutModel) { throw .exclusive(.check, .withoutModel, .calibrate) }
        let model = line.value(of: .model).flatMap { $0.isEmpty ? nil : $0 }
        var options = CalibrateOptions(
            robot: robot, runs: runs, model: model, robots: line.value(of: .robots), asJSON: line.has(.json))
        options.envelopes = line.value(of: .envelopes)
        options.socket = line.value(of: .socket)
        options.state = line.value(of: .state)
        options.isCheck = line.has(.check)
        options.isWithoutModel = line.has(.withoutModel)
        options.isDryRun = line.has(.dryRun)
        return options
    }

    func run(in surroundings: Surroundings) -> Outcome {
        if runs.isEmpty {
            do throws(CalibrationStop) { return try CalibrationRun(self, in: surroundings).run() } catch {
                return error.outcome
            }
        }
        do throws(Outcome.Refusal) {
            let source = RobotSource(robot, robots: robots)
            var loaded: [LoadedRun] = []
            for path in runs {
                loaded.append(try LoadedRun(path, robot: source, robots: robots, in: surroundings))
            }
            let report = try CalibrationReport(loaded, model)
            return Outcome(output: asJSON ? "\(report.json)\n" : report.text(surroundings.output))
        } catch { return error.outcome(surroundings.errors) }
    }
}

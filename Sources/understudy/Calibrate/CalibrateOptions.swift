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
    /// Believes the robot's file where its joints end, and where their zeros are.
    var isWithoutEnds = false
    /// How the motors warm, by recordings, in the place of how they move.
    var isWarmth = false
    /// Says what would be proposed, and proposes nothing.
    var isDryRun = false
    let asJSON: Bool

    static func parse(_ words: ArraySlice<String>) throws(UsageError) -> CalibrateOptions {
        let line = try CommandLineWords(
            words, of: .calibrate,
            allowed: [
                .model, .robots, .envelopes, .socket, .state, .check, .withoutModel, .withoutEnds, .warmth, .dryRun,
                .json, .help,
            ])
        guard let robot = line.arguments.first else { throw .missingWord("a ROBOT", .calibrate) }
        let runs = Array(line.arguments.dropFirst())
        if !runs.isEmpty {
            // Only the heat is held against an envelope.
            let others = [Option.socket, .state, .check, .withoutModel, .withoutEnds, .dryRun]
            for option in others + [line.has(.warmth) ? .model : .envelopes] where line.has(option) {
                throw .unexpectedArgument(runs[0], .calibrate)
            }
        } else if line.has(.model) || line.has(.warmth) {
            throw .missingWord("a RUN of the robot", .calibrate)
        }
        for option in [Option.withoutModel, .withoutEnds] where line.has(.check) && line.has(option) {
            throw .exclusive(.check, option, .calibrate)
        }
        let model = line.value(of: .model).flatMap { $0.isEmpty ? nil : $0 }
        var options = CalibrateOptions(
            robot: robot, runs: runs, model: model, robots: line.value(of: .robots), asJSON: line.has(.json))
        options.envelopes = line.value(of: .envelopes)
        options.socket = line.value(of: .socket)
        options.state = line.value(of: .state)
        options.isCheck = line.has(.check)
        options.isWithoutModel = line.has(.withoutModel)
        options.isWithoutEnds = line.has(.withoutEnds)
        options.isWarmth = line.has(.warmth)
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
            if isWarmth { return heat(of: loaded, in: surroundings) }
            let report = try CalibrationReport(loaded, model)
            return Outcome(output: asJSON ? "\(report.json)\n" : report.text(surroundings.output))
        } catch { return error.outcome(surroundings.errors) }
    }

    private func heat(of runs: [LoadedRun], in surroundings: Surroundings) -> Outcome {
        do throws(RobotSource.Trouble) {
            let loaded = try RobotSource(robot, robots: robots, envelopes: envelopes).read(in: surroundings)
            let envelope = loaded.robot.envelope.envelope
            let report = HeatReport(runs.map(\.episode.log), loaded.robot.file, within: envelope)
            let text = HeatText(report: report, envelope: "the envelope \(loaded.robot.file.envelopeName)")
            return text.outcome(asJSON: asJSON, in: surroundings)
        } catch { return GuardTrouble.robot(error).outcome(in: surroundings) }
    }
}

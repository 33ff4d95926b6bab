import Recordings
import Replay
import Robots

/// A recording that is to become a table.
struct ExportOptions: Equatable, Sendable {
    let run: String
    let form: Form

    enum Form: String, CaseIterable, Sendable { case csv, flat }

    static func parse(_ words: ArraySlice<String>) throws(UsageError) -> ExportOptions {
        let line = try CommandLineWords(words, of: .export, allowed: [.form, .help])
        guard let run = line.arguments.first else { throw .missingWord("a RUN", .export) }
        if line.arguments.count > 1 { throw .unexpectedArgument(line.arguments[1], .export) }
        let word = line.value(of: .form) ?? "csv"
        guard let form = Form(rawValue: word) else { throw .badValue("the form", word, "csv or flat", .export) }
        return ExportOptions(run: run, form: form)
    }

    func run(in surroundings: Surroundings) -> Outcome {
        do throws(Outcome.Refusal) {
            switch form {
            case .csv:
                return Outcome(output: ExportTable(everythingOf: try EpisodeLog(atPath: run)).text)
            case .flat:
                let run = try LoadedRun(run, robot: nil, robots: nil, in: surroundings)
                do throws(ModelProblem) {
                    return Outcome(output: try ExportTable(flat: run.episode, run.robot).text)
                } catch {
                    throw Outcome.Refusal(
                        status: .invalidConfiguration, text: error.text, next: "use --form csv, which needs no task")
                }
            }
        } catch { return error.outcome(surroundings.errors) }
    }
}

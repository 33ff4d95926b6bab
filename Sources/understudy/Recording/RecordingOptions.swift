import Robots

/// What is to be done with recordings.
enum RecordingOptions: Equatable, Sendable {
    case info(String, asJSON: Bool)
    case recover([String], output: String?, asJSON: Bool)

    private static let tasks = ["info", "recover"]

    static func parse(_ words: ArraySlice<String>) throws(UsageError) -> Verb {
        let line = try CommandLineWords(words, of: .recording, allowed: [.json, .output, .help])
        guard let task = line.arguments.first else { throw .missingWord(tasks.joined(separator: " or "), .recording) }
        let files = Array(line.arguments.dropFirst())
        switch task {
        case "info":
            if line.has(.output) { throw .optionOfTask(.output, "recover", .recording) }
            guard let file = files.first else { throw .missingWord("a FILE", .recording) }
            if files.count > 1 { throw .unexpectedArgument(files[1], .recording) }
            return .recording(.info(file, asJSON: line.has(.json)))
        case "recover":
            if files.isEmpty { throw .missingWord("a FILE", .recording) }
            return .recording(.recover(files, output: line.value(of: .output), asJSON: line.has(.json)))
        default: throw .unknownRecordingTask(task, nearest: nearest(to: task, among: tasks))
        }
    }
}

extension RecordingOptions {
    func run(in surroundings: Surroundings) -> Outcome {
        switch self {
        case .info(let file, let asJSON):
            let facts = RecordingFacts(of: file)
            return Outcome(
                status: facts.status, output: asJSON ? "\(facts.json)\n" : facts.text(surroundings.output),
                errors: facts.complaint(surroundings.errors))
        case .recover(let files, let folder, let asJSON):
            let rescues = files.map { Rescue(of: $0, into: folder) }
            let status = rescues.map(\.status).max { $0.rawValue < $1.rawValue } ?? .done
            let output = asJSON ? "\(JSONText.list(rescues.map(\.json)))\n" : rescues.map(\.text).joined()
            return Outcome(
                status: status, output: output, errors: rescues.map { $0.complaint(surroundings.errors) }.joined())
        }
    }
}

import JSON
import Learning
import Reports
import Robots

/// Which course is to be told, and how.
struct ReportOptions: Equatable, Sendable {
    /// The folder of a learner, or the log in it.
    let path: String
    let page: String?
    /// Where TensorBoard finds the curves.
    let events: String?
    let asJSON: Bool

    static func parse(_ words: ArraySlice<String>) throws(UsageError) -> ReportOptions {
        let line = try CommandLineWords(words, of: .report, allowed: [.html, .tensorboard, .json, .help])
        guard let path = line.arguments.first else { throw .missingWord("a FOLDER", .report) }
        if line.arguments.count > 1 { throw .unexpectedArgument(line.arguments[1], .report) }
        return ReportOptions(
            path: path, page: line.value(of: .html), events: line.value(of: .tensorboard), asJSON: line.has(.json))
    }

    func run(in surroundings: Surroundings) -> Outcome {
        do throws(Outcome.Refusal) {
            let (log, folder) = try read(in: surroundings)
            let story = CourseStory(log)
            if let page {
                let html = story.page(motions: RecordedMotion.firstAndLast(of: log, in: folder)).html
                try Self.made(page, surroundings.create(page, html), by: .html)
            }
            if let events {
                // TensorBoard takes every file for one of its own that has this in its name.
                let file = "\(events)/\(CourseStory.eventsFile)"
                try Self.made(file, surroundings.createBytes(file, story.events), by: .tensorboard)
            }
            return Outcome(output: asJSON ? "\(story.json)\n" : story.text(surroundings.output))
        } catch {
            return error.outcome(surroundings.errors)
        }
    }

    private static func made(_ file: String, _ trouble: FileTrouble?, by option: Option) throws(Outcome.Refusal) {
        guard let trouble else { return }
        throw Outcome.Refusal(
            status: .invalidConfiguration, text: "cannot write '\(shown(file))': \(trouble.reason)",
            next: "choose another name with \(option.name)")
    }

    private func read(in surroundings: Surroundings) throws(Outcome.Refusal) -> (CourseLog, folder: String) {
        let isFile = path.hasSuffix(".jsonl")
        let file = isFile ? path : "\(path)/\(CourseLog.fileName)"
        let parts = file.split(separator: "/", omittingEmptySubsequences: false)
        let folder = parts.count > 1 ? parts.dropLast().joined(separator: "/") : "."
        switch surroundings.read(file) {
        case .failure(let trouble):
            throw Outcome.Refusal(
                status: .invalidConfiguration, text: "cannot read '\(shown(file))': \(trouble.reason)",
                next: "name the folder that a learner wrote to, or its \(CourseLog.fileName)")
        case .success(let bytes):
            do throws(CourseLog.Problem) {
                return (try CourseLog(decoding: bytes), folder)
            } catch {
                throw Outcome.Refusal(
                    status: .integrityFailure, text: "'\(shown(file))' \(error.text)",
                    next: "take the log from a copy; the recordings beside it are whole on their own")
            }
        }
    }
}

extension CourseLog.Problem {
    fileprivate var text: String {
        switch self {
        case .empty: "has no first line: the learner was stopped before its first episode, or it is no log of a course"
        case .json(let line, let error): "has no JSON in line \(line), at its byte \(error.byte)"
        case .missing(let line, let key): "says nothing that can be used about \(quoted(key)) in line \(line)"
        case .unknownVersion(let version): "is of version \(version), which this program does not know"
        }
    }
}

import Reports
import Robots

/// What recordings are to be played through.
struct ReplayOptions: Equatable, Sendable {
    let runs: [String]
    /// Whether the runs are captures of a line's bytes, to be read once more.
    let isBytes: Bool
    let safety: Part?
    let model: Part?
    /// Instead of the robot that the recordings carry.
    let robot: String?
    let robots: String?
    let envelopes: String?
    let page: String?
    let asJSON: Bool
    /// Whether the motion is to be seen, and nothing else.
    var isView = false

    /// A part of the work, with the name of something else than what is usual.
    struct Part: Equatable, Sendable {
        let name: String?
    }

    static func parse(_ words: ArraySlice<String>) throws(UsageError) -> ReplayOptions {
        let line = try CommandLineWords(
            words, of: .replay,
            allowed: [.bytes, .safety, .model, .view, .robot, .robots, .envelopes, .html, .json, .help])
        guard !line.arguments.isEmpty else { throw .missingWord("a RUN", .replay) }
        let part = { (option: Option) in line.value(of: option).map { Part(name: $0.isEmpty ? nil : $0) } }
        let (safety, model) = (part(.safety), part(.model))
        let isBytes = line.has(.bytes)
        for other in [Option.safety, .model, .robot, .html] where isBytes && line.has(other) {
            throw .exclusive(.bytes, other, .replay)
        }
        for other in [Option.bytes, .safety, .model, .html, .json] where line.has(.view) && line.has(other) {
            throw .exclusive(.view, other, .replay)
        }
        if line.has(.view), line.arguments.count > 1 { throw .unexpectedArgument(line.arguments[1], .replay) }
        let isBoth = safety == nil && model == nil
        return ReplayOptions(
            runs: line.arguments, isBytes: isBytes, safety: isBoth ? Part(name: nil) : safety,
            model: isBoth ? Part(name: nil) : model,
            robot: line.value(of: .robot), robots: line.value(of: .robots), envelopes: line.value(of: .envelopes),
            page: line.value(of: .html), asJSON: line.has(.json), isView: line.has(.view))
    }
}

extension ReplayOptions {
    func run(in surroundings: Surroundings) -> Outcome {
        do throws(Outcome.Refusal) {
            if isView { return try ReplayView(self, in: surroundings).run(in: surroundings) }
            if isBytes { return try readBytes(surroundings.output) }
            let report = try ReplayReport(self, in: surroundings)
            if let page, let trouble = surroundings.create(page, report.page.html) {
                let text = "cannot write '\(shown(page))': \(trouble.reason)"
                throw Outcome.Refusal(
                    status: .invalidConfiguration, text: text, next: "choose another name with --html")
            }
            let output = asJSON ? "\(report.json)\n" : report.text(surroundings.output)
            return Outcome(status: report.status, output: output)
        } catch {
            return error.outcome(surroundings.errors)
        }
    }

    private func readBytes(_ style: Style) throws(Outcome.Refusal) -> Outcome {
        var captures: [(path: String, capture: BusCapture)] = []
        for path in runs { captures.append((path, try BusCapture.read(path))) }
        let json = JSONText.list(captures.map { $0.capture.json($0.path) })
        let text = captures.map { $0.capture.text($0.path, style) }.joined()
        return Outcome(output: asJSON ? "\(json)\n" : text)
    }
}

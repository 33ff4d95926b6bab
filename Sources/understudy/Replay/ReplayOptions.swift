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
    /// Whether the virtual robot is to be held against the recordings as a model is.
    var isBody = false
    /// Whether the motion is to be seen, and nothing else.
    var isView = false
    /// Whether it is to be played on the robot.
    var isRobot = false
    /// How many times as long that takes.
    var stretch = 1
    var isDryRun = false
    var socket: String?
    /// The folder of the guard's ledger, where recordings are.
    var state: String?

    /// A robot of the folders that were named.
    func source(_ robot: String) -> RobotSource { RobotSource(robot, robots: robots, envelopes: envelopes) }

    /// A part of the work, with the name of something else than what is usual.
    struct Part: Equatable, Sendable {
        let name: String?
    }

    static func parse(_ words: ArraySlice<String>) throws(UsageError) -> ReplayOptions {
        let line = try CommandLineWords(
            words, of: .replay,
            allowed: [
                .bytes, .safety, .model, .body, .view, .robot, .asRobot, .robots, .envelopes, .slower, .socket, .state,
                .dryRun, .html, .json, .help,
            ])
        guard !line.arguments.isEmpty else { throw .missingWord("a RUN", .replay) }
        let part = { (option: Option) in line.value(of: option).map { Part(name: $0.isEmpty ? nil : $0) } }
        let (safety, model) = (part(.safety), part(.model))
        let isBytes = line.has(.bytes)
        for other in [Option.safety, .model, .body, .robot, .html] where isBytes && line.has(other) {
            throw .exclusive(.bytes, other, .replay)
        }
        for other in [Option.bytes, .safety, .model, .body, .robot, .html, .json]
        where line.has(.view) && line.has(other) {
            throw .exclusive(.view, other, .replay)
        }
        for other in [Option.safety, .model, .body, .html] where line.has(.robot) && line.has(other) {
            throw .exclusive(.robot, other, .replay)
        }
        for option in [Option.slower, .socket, .state, .dryRun] where line.has(option) && !line.has(.robot) {
            throw .missingWord("--robot beside \(option.name)", .replay)
        }
        if line.has(.view) || line.has(.robot), line.arguments.count > 1 {
            throw .unexpectedArgument(line.arguments[1], .replay)
        }
        let isBoth = safety == nil && model == nil && !line.has(.body)
        var options = ReplayOptions(
            runs: line.arguments, isBytes: isBytes, safety: isBoth ? Part(name: nil) : safety,
            model: isBoth ? Part(name: nil) : model,
            robot: line.value(of: .asRobot), robots: line.value(of: .robots), envelopes: line.value(of: .envelopes),
            page: line.value(of: .html), asJSON: line.has(.json))
        (options.isBody, options.isView, options.isRobot) = (line.has(.body), line.has(.view), line.has(.robot))
        options.isDryRun = line.has(.dryRun)
        (options.socket, options.state) = (line.value(of: .socket), line.value(of: .state))
        if let word = line.value(of: .slower) {
            guard let times = Int(word), (1...20).contains(times) else {
                throw .badValue("how much slower", word, "a whole number from 1 to 20", .replay)
            }
            options.stretch = times
        }
        return options
    }
}

extension ReplayOptions {
    func run(in surroundings: Surroundings) -> Outcome {
        do throws(Outcome.Refusal) {
            if isRobot { return onRobot(surroundings) }
            if isView { return try ReplayView(self, in: surroundings).run(in: surroundings) }
            if isBytes { return try readBytes(in: surroundings) }
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

    private func onRobot(_ surroundings: Surroundings) -> Outcome {
        do throws(CalibrationStop) { return try RobotReplay(self, in: surroundings).play() } catch {
            return error.outcome
        }
    }

    /// Recordings of a guard and captures of virtual robots, in any order.
    private func readBytes(in surroundings: Surroundings) throws(Outcome.Refusal) -> Outcome {
        var (texts, objects, isSound) = ([String](), [JSONText](), true)
        for path in runs {
            if try RecordedBytes.isRecording(path) {
                let bytes = try RecordedBytes(path, self, in: surroundings)
                texts.append(bytes.text(surroundings.output))
                objects.append(bytes.json)
                isSound = isSound && bytes.isSound
            } else {
                let capture = try BusCapture.read(path)
                texts.append(capture.text(path, surroundings.output))
                objects.append(capture.json(path))
            }
        }
        let output = asJSON ? "\(JSONText.list(objects))\n" : texts.joined()
        return Outcome(status: isSound ? .done : .integrityFailure, output: output)
    }
}

import Robots

extension Verb {
    /// Understands a command line and does what it asks.
    static func run(_ words: [String], in surroundings: Surroundings) -> Outcome {
        do throws(UsageError) {
            return try parse(words).run(in: surroundings)
        } catch {
            return error.outcome(surroundings.errors)
        }
    }

    private func run(in surroundings: Surroundings) -> Outcome {
        switch self {
        case .help(let verb): return Outcome(output: Help.text(verb))
        case .version: return Outcome(output: "understudy \(Help.version)\n")
        case .explain(.envelope(let name, let folder), let asJSON):
            return EnvelopeSource(name: name, folder: folder).explain(asJSON: asJSON, in: surroundings)
        case .explain(.robot(let source), let asJSON): return source.explain(asJSON: asJSON, in: surroundings)
        case .`init`(let options): return options.run(in: surroundings)
        case .explain(let topic, let asJSON):
            let style = asJSON ? .plain : surroundings.output
            guard let explanation = Explanation(topic, style) else {
                preconditionFailure("every topic but an envelope and a robot is explained without a file")
            }
            return Outcome(output: asJSON ? "\(explanation.json)\n" : explanation.text)
        case .doctor(let options):
            let servos = options.look?.findings(in: surroundings) ?? []
            let robot = options.robot?.findings(in: surroundings) ?? []
            let switches = [options.deadManFinding(in: surroundings)].compactMap { $0 }
            let report = DoctorReport(surroundings.examine(options), options, devices: switches + servos, robot: robot)
            let output = options.asJSON ? "\(report.json)\n" : report.text(surroundings.output)
            return Outcome(status: report.exitStatus, output: output)
        case .scan(let options): return options.run(in: surroundings)
        case .servo(let options): return options.run(in: surroundings)
        case .setup(let options): return options.run(in: surroundings)
        case .board(let options): return options.run(in: surroundings)
        case .virtual(let options): return options.run(in: surroundings)
        case .recording(let options): return options.run(in: surroundings)
        case .replay(let options): return options.run(in: surroundings)
        case .export(let options): return options.run(in: surroundings)
        case .calibrate(let options): return options.run(in: surroundings)
        case .report(let options): return options.run(in: surroundings)
        case .verify(let options): return options.run(in: surroundings)
        case .budget(let options): return options.run(in: surroundings)
        case .`guard`(let options): return options.run(in: surroundings)
        case .learn(let options): return options.run(in: surroundings)
        case .call(let options): return options.run(in: surroundings)
        }
    }
}

/// Where an envelope comes from: a file, or a name in a folder.
struct EnvelopeSource {
    let name: String
    let folder: String

    private var isFile: Bool { name.contains("/") || name.hasSuffix(".json5") }

    var path: String { isFile ? name : "\(folder)/\(name).json5" }

    func explain(asJSON: Bool, in surroundings: Surroundings) -> Outcome {
        switch surroundings.read(path) {
        case .failure(let trouble): return unreadable(trouble, in: surroundings)
        case .success(let bytes):
            do throws(FileProblems) {
                let file = try EnvelopeFile(parsing: bytes)
                let explanation = Explanation.envelope(file, at: path, asJSON ? .plain : surroundings.output)
                return Outcome(output: asJSON ? "\(explanation.json)\n" : explanation.text)
            } catch {
                return .invalid(error.all, at: path, asJSON: asJSON, in: surroundings)
            }
        }
    }

    private func unreadable(_ trouble: FileTrouble, in surroundings: Surroundings) -> Outcome {
        let style = surroundings.errors
        guard !isFile, let files = surroundings.list(folder) else {
            let text = "cannot read '\(shown(path))': \(trouble.reason)"
            return .failure(.invalidConfiguration, text, next: "check the path of the file", style)
        }
        let known = files.filter { $0.hasSuffix(".json5") }.map { String($0.dropLast(6)) }
        guard !known.contains(name) else {
            let text = "cannot read '\(shown(path))': \(trouble.reason)"
            return .failure(.invalidConfiguration, text, next: "check who may read the file", style)
        }
        let meant = nearest(to: name, among: known).map { "; did you mean \(quoted($0))?" } ?? ""
        let text = "there is no envelope \(quoted(name)) in '\(shown(folder))'\(meant)"
        let names =
            known.isEmpty ? "the folder has no envelopes" : "these exist: \(shown(known.joined(separator: ", ")))"
        return .failure(.invalidConfiguration, text, next: names, style)
    }
}

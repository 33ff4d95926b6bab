import Robots

/// `understudy init NAME --like ROBOT`: a folder of a robot of one's own, from one that is there.
struct InitOptions: Equatable, Sendable {
    let name: String
    let like: String
    /// Where the new robot and its envelope go, and where the other one is looked for first.
    var robots = RobotSource.usualRobots
    var envelopes = DoctorOptions.usualEnvelopes
    var isDryRun = false

    static func parse(_ words: ArraySlice<String>) throws(UsageError) -> InitOptions {
        let line = try CommandLineWords(words, of: .`init`, allowed: [.like, .robots, .envelopes, .dryRun, .help])
        guard let name = line.arguments.first else { throw .missingWord("a NAME for the robot", .`init`) }
        if line.arguments.count > 1 { throw .unexpectedArgument(line.arguments[1], .`init`) }
        guard RobotTemplate.isName(name) else { throw .badValue("NAME", name, RobotTemplate.nameRule, .`init`) }
        guard let like = line.value(of: .like) else { throw .missingOption(.like, .`init`) }
        var options = InitOptions(name: name, like: like)
        options.robots = line.value(of: .robots) ?? options.robots
        options.envelopes = line.value(of: .envelopes) ?? options.envelopes
        options.isDryRun = line.has(.dryRun)
        return options
    }

    func run(in surroundings: Surroundings) -> Outcome {
        let asked = robots == RobotSource.usualRobots ? nil : robots
        let limits = envelopes == DoctorOptions.usualEnvelopes ? nil : envelopes
        var source = RobotSource(like, robots: asked, envelopes: limits)
        // Robots of one's own may be elsewhere, and the one to begin from among those that came with the program.
        if let share = surroundings.share, !isThere(source, in: surroundings) {
            source = RobotSource(
                like, robots: "\(share)/\(RobotSource.usualRobots)",
                envelopes: "\(share)/\(DoctorOptions.usualEnvelopes)")
        }
        return source.load(asJSON: false, in: surroundings) { loaded in
            write(loaded, source, in: surroundings)
        }
    }

    private func isThere(_ source: RobotSource, in surroundings: Surroundings) -> Bool {
        if case .success = surroundings.read(source.path(in: surroundings)) { true } else { false }
    }

    private func write(
        _ loaded: LoadedRobot, _ source: RobotSource, in surroundings: Surroundings
    ) -> Outcome {
        let robot = loaded.robot
        let folder = RobotSource.folder(source.envelopes, usual: DoctorOptions.usualEnvelopes, in: surroundings)
        let envelope = "\(folder)/\(robot.file.envelopeName).json5"
        var files: [(path: String, text: String)] = []
        let template = RobotTemplate(like: robot, name: name)
        let sources: [(String, String, (String) -> String?)] = [
            (loaded.path, "\(robots)/\(name)/robot.json5", template.robotText),
            (envelope, "\(envelopes)/\(name).json5", template.envelopeText),
            (loaded.bodyPath, "\(robots)/\(name)/\(robot.file.body.file)", { $0 }),
        ]
        for (from, to, rename) in sources {
            guard case .success(let bytes) = surroundings.read(from),
                let text = rename(String(decoding: bytes, as: UTF8.self))
            else { return broken(from, in: surroundings) }
            files.append((to, text))
        }
        return make(files, in: surroundings)
    }

    private func broken(_ path: String, in surroundings: Surroundings) -> Outcome {
        .failure(
            .failed, "'\(shown(path))' changed while it was read", next: "run the command again", surroundings.errors)
    }

    private func make(_ files: [(path: String, text: String)], in surroundings: Surroundings) -> Outcome {
        for file in files {
            if case .failure(let trouble) = surroundings.read(file.path), trouble.isMissing { continue }
            let text = "'\(shown(file.path))' is there already, and nothing is ever overwritten"
            return .failure(
                .failed, text, next: "choose another NAME, or move it away", surroundings.errors)
        }
        guard !isDryRun else {
            let lines = files.map { "would write \(shown($0.path)), \($0.text.utf8.count) bytes\n" }
            return Outcome(output: lines.joined())
        }
        var made = ""
        for file in files {
            if let trouble = surroundings.create(file.path, file.text) {
                let outcome = Outcome.failure(
                    .failed, "cannot write '\(shown(file.path))': \(trouble.reason)",
                    next: "mend that, remove what was written, and run the command again", surroundings.errors)
                return Outcome(status: outcome.status, output: made, errors: outcome.errors)
            }
            made += "wrote \(shown(file.path))\n"
        }
        return Outcome(output: made + next)
    }

    private var next: String {
        let robots = robots == RobotSource.usualRobots ? "" : " --robots \(shown(robots))"
        let limits = envelopes == DoctorOptions.usualEnvelopes ? "" : " --envelopes \(shown(envelopes))"
        return """

            Now make it yours: servos, numbers and zeros in robot.json5; limits in the envelope,
            which another person should review. To check both as often as you like:
              understudy explain robot \(name)\(robots)\(limits)

            """
    }
}

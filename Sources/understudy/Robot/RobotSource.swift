import Robots

/// Where a robot comes from: a file, or a name in a folder of robots; and where its envelope is.
struct RobotSource: Equatable, Sendable {
    let name: String
    /// Nil is the usual one.
    let robots: String?
    let envelopes: String?

    init(_ name: String, robots: String? = nil, envelopes: String? = nil) {
        self.name = name
        self.robots = robots
        self.envelopes = envelopes
    }

    static let usualRobots = "Calibration"

    /// The folder that was asked for, the usual one if it is there, or that of the installation.
    static func folder(_ asked: String?, usual: String, in surroundings: Surroundings) -> String {
        if let asked { return asked }
        guard surroundings.list(usual) == nil, let share = surroundings.share else { return usual }
        let installed = "\(share)/\(usual)"
        return surroundings.list(installed) == nil ? usual : installed
    }

    private var isFile: Bool { name.contains("/") || name.hasSuffix(".json5") }

    func path(in surroundings: Surroundings) -> String {
        guard !isFile else { return name }
        return "\(RobotSource.folder(robots, usual: RobotSource.usualRobots, in: surroundings))/\(name)/robot.json5"
    }

    func explain(asJSON: Bool, in surroundings: Surroundings) -> Outcome {
        load(asJSON: asJSON, in: surroundings) { robot, path in
            let explanation = Explanation.robot(robot, at: path, asJSON ? .plain : surroundings.output)
            return Outcome(output: asJSON ? "\(explanation.json)\n" : explanation.text)
        }
    }

    /// Reads the robot and its envelope and holds them against each other, and goes on only if all of it is right.
    func load(asJSON: Bool, in surroundings: Surroundings, _ then: (Robot, String) -> Outcome) -> Outcome {
        let path = path(in: surroundings)
        switch surroundings.read(path) {
        case .failure(let trouble): return unreadable(trouble, path, in: surroundings)
        case .success(let bytes):
            do throws(FileProblems) {
                let file = try RobotFile(parsing: bytes)
                return envelope(of: file, at: path, asJSON: asJSON, in: surroundings, then)
            } catch {
                return .invalid(error.all, at: path, asJSON: asJSON, in: surroundings)
            }
        }
    }

    private func envelope(
        of file: RobotFile, at path: String, asJSON: Bool, in surroundings: Surroundings,
        _ then: (Robot, String) -> Outcome
    ) -> Outcome {
        let folder = RobotSource.folder(envelopes, usual: DoctorOptions.usualEnvelopes, in: surroundings)
        let envelopePath = "\(folder)/\(file.envelopeName).json5"
        let envelope: EnvelopeFile
        switch surroundings.read(envelopePath) {
        case .failure(let trouble):
            let text =
                "the envelope of \(quoted(file.name)) cannot be read: '\(shown(envelopePath))': \(trouble.reason)"
            let next = "write it, or say with --envelopes where it is"
            return .failure(.invalidConfiguration, text, next: next, surroundings.errors)
        case .success(let bytes):
            do throws(FileProblems) {
                envelope = try EnvelopeFile(parsing: bytes)
            } catch {
                return .invalid(error.all, at: envelopePath, asJSON: asJSON, in: surroundings)
            }
        }
        do throws(FileProblems) {
            let robot = try Robot(file, within: envelope)
            if let unknown = file.problems(knowing: KnownProduct.all) { throw unknown }
            return then(robot, path)
        } catch {
            return .invalid(error.all, at: path, asJSON: asJSON, in: surroundings)
        }
    }

    private func unreadable(_ trouble: FileTrouble, _ path: String, in surroundings: Surroundings) -> Outcome {
        let folder = RobotSource.folder(robots, usual: RobotSource.usualRobots, in: surroundings)
        let known = surroundings.list(folder) ?? []
        guard !isFile, trouble.isMissing, !known.isEmpty, !known.contains(name) else {
            let text = "cannot read '\(shown(path))': \(trouble.reason)"
            let next = "check the path, or who may read the file; 'understudy init NAME --like pendulum' makes a folder"
            return .failure(.invalidConfiguration, text, next: next, surroundings.errors)
        }
        let meant = nearest(to: name, among: known).map { "; did you mean \(quoted($0))?" } ?? ""
        let text = "there is no robot \(quoted(name)) in '\(shown(folder))'\(meant)"
        let next = "these exist: \(shown(known.joined(separator: ", ")))"
        return .failure(.invalidConfiguration, text, next: next, surroundings.errors)
    }
}

extension KnownProduct {
    /// Everything that can be bought or pretended, as the virtual bus names it.
    static let all: [KnownProduct] = VirtualProduct.allNames.compactMap { name in
        VirtualProduct(name).map { KnownProduct(name: name, driver: $0.family.driver) }
    }
}

extension VirtualProduct.Family {
    /// As robot files spell the language of these servos.
    fileprivate var driver: DriverName {
        switch self {
        case .dynamixel: .dynamixel
        case .feetech: .feetech
        case .moteus: .moteus
        }
    }
}

import Embodiment
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
        load(asJSON: asJSON, in: surroundings) { loaded in
            let explanation = Explanation.robot(loaded.robot, at: loaded.path, asJSON ? .plain : surroundings.output)
            return Outcome(output: asJSON ? "\(explanation.json)\n" : explanation.text)
        }
    }

    /// Reads the robot and its envelope and holds them against each other, and goes on only if all of it is right.
    func load(asJSON: Bool, in surroundings: Surroundings, _ then: (LoadedRobot) -> Outcome) -> Outcome {
        do throws(Trouble) {
            return then(try read(in: surroundings))
        } catch {
            switch error {
            case .invalid(let problems, let path):
                return .invalid(problems, at: path, asJSON: asJSON, in: surroundings)
            case .refused(let refusal): return refusal.outcome(surroundings.errors)
            }
        }
    }

    /// Why there is no robot to go on with.
    enum Trouble: Error, Equatable {
        /// A file says what is not allowed: everything about it, and which file.
        case invalid([FileProblem], at: String)
        case refused(Outcome.Refusal)
    }

    /// The robot, with its envelope and its body.
    func read(in surroundings: Surroundings) throws(Trouble) -> LoadedRobot {
        let path = path(in: surroundings)
        switch surroundings.read(path) {
        case .failure(let trouble): throw .refused(unreadable(trouble, path, in: surroundings))
        case .success(let bytes):
            let file = try Self.parsed(path) { () throws(FileProblems) in try RobotFile(parsing: bytes) }
            let envelope = try envelope(of: file, in: surroundings)
            return try Self.parsed(path) { () throws(FileProblems) in
                let robot = try Robot(file, within: envelope)
                if let unknown = file.problems(knowing: KnownProduct.all) { throw unknown }
                // A body that does not load is found now, and not by whoever wants to pretend the robot.
                let bodyPath = file.bodyPath(beside: path)
                let mjcf = try text(of: file, at: bodyPath, in: surroundings)
                _ = try file.virtualBody(mjcf, seed: 1)
                return LoadedRobot(robot: robot, path: path, bytes: bytes, bodyPath: bodyPath, mjcf: mjcf)
            }
        }
    }

    private static func parsed<Value>(
        _ path: String, _ parse: () throws(FileProblems) -> Value
    ) throws(Trouble) -> Value {
        do throws(FileProblems) { return try parse() } catch { throw .invalid(error.all, at: path) }
    }

    private func envelope(of file: RobotFile, in surroundings: Surroundings) throws(Trouble) -> EnvelopeFile {
        let folder = RobotSource.folder(envelopes, usual: DoctorOptions.usualEnvelopes, in: surroundings)
        let path = "\(folder)/\(file.envelopeName).json5"
        switch surroundings.read(path) {
        case .failure(let trouble):
            let text = "the envelope of \(quoted(file.name)) cannot be read: '\(shown(path))': \(trouble.reason)"
            let next = "write it, or say with --envelopes where it is"
            throw .refused(Outcome.Refusal(status: .invalidConfiguration, text: text, next: next))
        case .success(let bytes):
            return try Self.parsed(path) { () throws(FileProblems) in try EnvelopeFile(parsing: bytes) }
        }
    }

    private func text(of file: RobotFile, at path: String, in surroundings: Surroundings) throws(FileProblems) -> String
    {
        switch surroundings.read(path) {
        case .failure(let trouble): throw FileProblems(file.problem(ofBody: trouble.reason))
        case .success(let bytes): return String(decoding: bytes, as: UTF8.self)
        }
    }

    private func unreadable(
        _ trouble: FileTrouble, _ path: String, in surroundings: Surroundings
    ) -> Outcome.Refusal {
        let folder = RobotSource.folder(robots, usual: RobotSource.usualRobots, in: surroundings)
        let known = surroundings.list(folder) ?? []
        guard !isFile, trouble.isMissing, !known.isEmpty, !known.contains(name) else {
            let text = "cannot read '\(shown(path))': \(trouble.reason)"
            let next = "check the path, or who may read the file; 'understudy init NAME --like pendulum' makes a folder"
            return Outcome.Refusal(status: .invalidConfiguration, text: text, next: next)
        }
        let meant = nearest(to: name, among: known).map { "; did you mean \(quoted($0))?" } ?? ""
        let text = "there is no robot \(quoted(name)) in '\(shown(folder))'\(meant)"
        let next = "these exist: \(shown(known.joined(separator: ", ")))"
        return Outcome.Refusal(status: .invalidConfiguration, text: text, next: next)
    }
}

/// A robot whose folder and envelope are right, with where they were and what its body says.
struct LoadedRobot {
    let robot: Robot
    let path: String
    /// Of the robot's file, exactly those that were parsed.
    let bytes: [UInt8]
    let bodyPath: String
    let mjcf: String

    /// Where its file lies.
    var folder: String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }
}

extension RobotFile {
    /// The file of the virtual body lies beside the robot's.
    fileprivate func bodyPath(beside path: String) -> String {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return (folder + [Substring(body.file)]).joined(separator: "/")
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

public import Learning
public import Supervision
internal import Episodes
internal import JSON

/// What a run is of: fixed when it begins. A learner that finds something else when it comes back does not go on.
public struct RunIdentity: Equatable, Sendable {
    public let robot: String
    /// The hashes of the robot's file, of its envelope and of the record of its calibration.
    public let file: Digest
    public let envelope: Digest
    public let calibration: Digest
    /// Of the calibrations of the other robots of the run, in their order; most runs have one robot.
    public var others: [Digest] = []
    public let method: Course.Settings.Method
    public let seed: UInt64
    /// At most so many real episodes.
    public let episodes: Int
    public var way: Way

    /// How a step of the gradient is made, where it is not as usual.
    public struct Way: Equatable, Sendable {
        public var steps = Course.Settings.StepRule.adam
        /// So many earlier batches are used again.
        public var reuse = 0
        /// So many models correct the gradient together.
        public var models = 1
        /// The hash of what it begins with; nil where that is chance.
        public var from: Digest?

        public init() {}
    }

    /// How many robots of a kind fly its episodes.
    public var robots: Int { 1 + others.count }

    public init(
        robot: String, file: Digest, envelope: Digest, calibration: Digest, method: Course.Settings.Method,
        seed: UInt64, episodes: Int, way: Way = Way()
    ) {
        self.robot = robot
        self.file = file
        self.envelope = envelope
        self.calibration = calibration
        self.method = method
        self.seed = seed
        self.episodes = episodes
        self.way = way
    }

    /// What is not as it was; nil when a run may go on. How many episodes it may buy is for its owner to change.
    public func change(to now: RunIdentity) -> RunChange? {
        if robot != now.robot { return .robot(then: robot, now: now.robot) }
        let hashes = [
            (RunChange.Part.robotFile, file, now.file), (.envelope, envelope, now.envelope),
            (.calibration, calibration, now.calibration),
        ]
        if let exchange = exchange(with: now) { return exchange }
        for (part, then, now) in hashes where then != now { return .hash(part, then: then, now: now) }
        if robots != now.robots { return .robots(then: robots, now: now.robots) }
        for (place, pair) in zip(others, now.others).enumerated() where pair.0 != pair.1 {
            return .calibration(robot: place + 2, then: pair.0, now: pair.1)
        }
        if method != now.method { return .method(then: method, now: now.method) }
        if seed != now.seed { return .seed(then: seed, now: now.seed) }
        return zip(way.words, now.way.words).first { $0.0 != $0.1 }.map { then, now in
            .way(then.name, then: then.value, now: now.value)
        }
    }

    /// The same robots in another order.
    private func exchange(with now: RunIdentity) -> RunChange? {
        let (then, now) = ([calibration] + others, [now.calibration] + now.others)
        guard then.count == now.count else { return nil }
        for (place, found) in now.enumerated() where found != then[place] {
            guard let was = then.firstIndex(of: found), now[was] != found else { continue }
            return .exchanged(robot: place + 1, was: was + 1)
        }
        return nil
    }

    private static let format: UInt32 = 1

    var bytes: [UInt8] {
        var object: JSONObject = [
            "format": .integer(Int64(Self.format)), "robot": .text(robot), "robot_sha256": .text(file.text),
            "envelope_sha256": .text(envelope.text), "calibration_sha256": .text(calibration.text),
            "method": .text(method.word), "seed": .text("\(seed)"), "episodes": .integer(Int64(episodes)),
            "steps": .text(way.steps.rawValue), "reuse": .integer(Int64(way.reuse)),
            "models": .integer(Int64(way.models)),
        ]
        object["from_sha256"] = way.from.map { .text($0.text) }
        if !others.isEmpty { object["other_calibrations_sha256"] = .list(others.map { .text($0.text) }) }
        return JSONValue.object(object).bytes + [0x0A]
    }

    init(_ bytes: [UInt8], name: String) throws(FolderError) {
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue(parsing: bytes) } catch { throw .damaged(name) }
        let words = value.object ?? [:]
        guard let format = words["format"]?.integer.flatMap({ UInt32(exactly: $0) }) else { throw .damaged(name) }
        guard format == Self.format else { throw .otherVersion(name, format, written: Self.format) }
        func digest(_ key: String) throws(FolderError) -> Digest {
            guard let digest = words[key]?.text.flatMap(Digest.init(text:)) else { throw .damaged(name) }
            return digest
        }
        guard let robot = words["robot"]?.text,
            let method = words["method"]?.text.flatMap({ Course.Settings.Method(word: $0) }),
            let seed = words["seed"]?.text.flatMap({ UInt64($0) }),
            let episodes = words["episodes"]?.integer.flatMap({ Int(exactly: $0) }), episodes > 0,
            let way = Way(words)
        else { throw .damaged(name) }
        self.init(
            robot: robot, file: try digest("robot_sha256"), envelope: try digest("envelope_sha256"),
            calibration: try digest("calibration_sha256"), method: method, seed: seed, episodes: episodes,
            way: way)
        for word in words["other_calibrations_sha256"]?.list ?? [] {
            guard let other = word.text.flatMap(Digest.init(text:)) else { throw .damaged(name) }
            others.append(other)
        }
    }
}

extension RunIdentity.Way {
    /// A run that was begun before there were others has the usual way.
    fileprivate init?(_ words: JSONObject) {
        if let word = words["steps"] {
            guard let rule = word.text.flatMap(Course.Settings.StepRule.init(rawValue:)) else { return nil }
            steps = rule
        }
        for (key, place, least) in [("reuse", \Self.reuse, 0), ("models", \.models, 1)] {
            guard let word = words[key] else { continue }
            guard let number = word.integer.flatMap({ Int(exactly: $0) }), number >= least else { return nil }
            self[keyPath: place] = number
        }
        if let word = words["from_sha256"] {
            guard let digest = word.text.flatMap(Digest.init(text:)) else { return nil }
            from = digest
        }
    }

    /// As a command line has it.
    public var words: [(name: String, value: String)] {
        [
            ("steps", steps.rawValue), ("reuse", "\(reuse)"), ("models", "\(models)"),
            ("from", from.map { "files of hash \($0.text.prefix(12))" } ?? "nothing"),
        ]
    }
}

/// What is another one than when the run began.
public enum RunChange: Error, Equatable, Sendable {
    public enum Part: String, Sendable {
        case robotFile = "the robot's file"
        case envelope = "the envelope"
        case calibration = "the record of the calibration"
    }

    case robot(then: String, now: String)
    case hash(Part, then: Digest, now: Digest)
    /// How many of a kind there are.
    case robots(then: Int, now: Int)
    /// Of another robot than the first; they count from one.
    case calibration(robot: Int, then: Digest, now: Digest)
    /// A robot of the run is in the place of another one.
    case exchanged(robot: Int, was: Int)
    case method(then: Course.Settings.Method, now: Course.Settings.Method)
    case seed(then: UInt64, now: UInt64)
    /// One of the words of a way.
    case way(String, then: String, now: String)
}

extension Course.Settings.Method {
    /// As people write it.
    public init?(word: String) {
        guard let method = Self.allCases.first(where: { $0.word == word }) else { return nil }
        self = method
    }
}

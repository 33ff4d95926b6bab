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
    public let method: Course.Settings.Method
    public let seed: UInt64
    /// At most so many real episodes.
    public let episodes: Int

    public init(
        robot: String, file: Digest, envelope: Digest, calibration: Digest, method: Course.Settings.Method,
        seed: UInt64, episodes: Int
    ) {
        self.robot = robot
        self.file = file
        self.envelope = envelope
        self.calibration = calibration
        self.method = method
        self.seed = seed
        self.episodes = episodes
    }

    /// What is not as it was; nil when a run may go on. How many episodes it may buy is for its owner to change.
    public func change(to now: RunIdentity) -> RunChange? {
        if robot != now.robot { return .robot(then: robot, now: now.robot) }
        let hashes = [
            (RunChange.Part.robotFile, file, now.file), (.envelope, envelope, now.envelope),
            (.calibration, calibration, now.calibration),
        ]
        for (part, then, now) in hashes where then != now { return .hash(part, then: then, now: now) }
        if method != now.method { return .method(then: method, now: now.method) }
        return seed == now.seed ? nil : .seed(then: seed, now: now.seed)
    }

    var bytes: [UInt8] {
        let object: JSONObject = [
            "format": 1, "robot": .text(robot), "robot_sha256": .text(file.text),
            "envelope_sha256": .text(envelope.text), "calibration_sha256": .text(calibration.text),
            "method": .text(method.word), "seed": .text("\(seed)"), "episodes": .integer(Int64(episodes)),
        ]
        return JSONValue.object(object).bytes + [0x0A]
    }

    init(_ bytes: [UInt8], name: String) throws(FolderError) {
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue(parsing: bytes) } catch { throw .damaged(name) }
        let words = value.object ?? [:]
        func digest(_ key: String) throws(FolderError) -> Digest {
            guard let digest = words[key]?.text.flatMap(Digest.init(text:)) else { throw .damaged(name) }
            return digest
        }
        guard let robot = words["robot"]?.text,
            let method = words["method"]?.text.flatMap({ Course.Settings.Method(word: $0) }),
            let seed = words["seed"]?.text.flatMap({ UInt64($0) }),
            let episodes = words["episodes"]?.integer.flatMap({ Int(exactly: $0) }), episodes > 0
        else { throw .damaged(name) }
        self.init(
            robot: robot, file: try digest("robot_sha256"), envelope: try digest("envelope_sha256"),
            calibration: try digest("calibration_sha256"), method: method, seed: seed, episodes: episodes)
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
    case method(then: Course.Settings.Method, now: Course.Settings.Method)
    case seed(then: UInt64, now: UInt64)
}

extension Course.Settings.Method {
    /// As people write it.
    public init?(word: String) {
        guard let method = Self.allCases.first(where: { $0.word == word }) else { return nil }
        self = method
    }
}

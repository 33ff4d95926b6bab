public import JSON
public import Policies

/// What a course was, episode by episode, as whoever runs it writes it down: one line of JSON for each real episode,
/// and one before them that says whose it is. Everything that is told about a course later is told from this.
public struct CourseLog: Equatable, Sendable {
    /// What the file is called in a learner's folder.
    public static let fileName = "course.jsonl"

    public let head: Head
    public private(set) var entries: [Entry]

    public init(_ head: Head, _ entries: [Entry] = []) {
        self.head = head
        self.entries = entries
    }

    /// The first line.
    public struct Head: Equatable, Sendable {
        public let robot: String
        public let run: UInt64
        public let method: Course.Settings.Method
        public let tickSeconds: Double
        /// Ticks of a whole episode.
        public let horizon: Int

        public init(robot: String, run: UInt64, method: Course.Settings.Method, tickSeconds: Double, horizon: Int) {
            (self.robot, self.run, self.method) = (robot, run, method)
            (self.tickSeconds, self.horizon) = (tickSeconds, horizon)
        }
    }

    /// One real episode, and what was learnt when it was there.
    public struct Entry: Equatable, Sendable {
        /// The number that the guard gave it.
        public let episode: UInt64
        /// How many real episodes there were with this one.
        public let realEpisodes: Int
        /// How long the robot had moved for them altogether.
        public let robotSeconds: Double
        /// The mean worth of a tick.
        public let worth: Double
        /// What it was bought for.
        public let phase: Course.Phase
        /// Whether it ran a policy that is still to be checked, instead of the one that is held for the best.
        public let isCandidate: Bool
        /// What the course noted after it; only the last episode of a batch has any.
        public let notes: [Course.Note]
        /// What had been said about buying it.
        public let purchase: Purchase?
        /// Where its recording is, seen from the log's folder.
        public let recording: String?
        /// The number of the fault that stopped it.
        public let fault: Int?
        /// The name of the policy that flew it, and of the one that whoever stopped behind it would be left with.
        public let policy: String?
        public let kept: String?
        /// Which robot flew it, counted from one; nil in a run of one.
        public let robot: Int?

        public init(
            episode: UInt64, realEpisodes: Int, robotSeconds: Double, worth: Double, phase: Course.Phase,
            isCandidate: Bool = false, notes: [Course.Note] = [], purchase: Purchase? = nil, recording: String? = nil,
            fault: Int? = nil, robot: Int? = nil, policy: String? = nil, kept: String? = nil
        ) {
            (self.episode, self.realEpisodes, self.robotSeconds) = (episode, realEpisodes, robotSeconds)
            (self.worth, self.phase, self.isCandidate, self.notes) = (worth, phase, isCandidate, notes)
            (self.purchase, self.recording, self.fault, self.robot) = (purchase, recording, fault, robot)
            (self.policy, self.kept) = (policy, kept)
        }
    }

    /// Why a text is no log.
    public enum Problem: Error, Equatable, Sendable {
        /// There is not even a first line.
        case empty
        /// Lines count from 1.
        case json(line: Int, JSONError)
        case missing(line: Int, key: String)
        /// Written by another version of this program.
        case unknownVersion(Int64)
    }

    /// Reads the lines of a file. A last one without its end was cut off by a crash and is left out.
    public init(decoding bytes: [UInt8]) throws(Problem) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        guard let first = lines.first else { throw .empty }
        head = try Head(LogFields(line: 1, Array(first)))
        entries = []
        for (place, line) in lines.enumerated().dropFirst() where !line.isEmpty {
            entries.append(try Entry(LogFields(line: place + 1, Array(line))))
        }
    }

    /// The whole file.
    public var encoded: [UInt8] { head.encoded + entries.flatMap(\.encoded) }
}

extension CourseLog.Head {
    private static let version: Int64 = 1

    /// The line with its end.
    public var encoded: [UInt8] {
        let object: JSONObject = [
            "course": .integer(Self.version), "robot": .text(robot), "run": .text("\(run)"),
            "method": .text(method.word), "tick_s": .real(tickSeconds), "horizon": .integer(Int64(horizon)),
        ]
        return JSONValue.object(object).bytes + [UInt8(ascii: "\n")]
    }

    init(_ fields: LogFields) throws(CourseLog.Problem) {
        let version = try fields.integer("course")
        guard version == Self.version else { throw .unknownVersion(version) }
        self.init(
            robot: try fields.text("robot"), run: try fields.parsed("run") { UInt64($0) },
            method: try fields.parsed("method") { word in
                Course.Settings.Method.allCases.first { $0.word == word }
            }, tickSeconds: try fields.number("tick_s"), horizon: Int(try fields.integer("horizon")))
    }
}

extension CourseLog.Entry {
    /// The line with its end.
    public var encoded: [UInt8] {
        var object: JSONObject = [
            "episode": .text("\(episode)"), "real_episodes": .integer(Int64(realEpisodes)),
            "robot_s": .real(robotSeconds), "worth": .real(worth), "phase": .text(phase.word),
            "is_candidate": .boolean(isCandidate),
        ]
        if !notes.isEmpty { object["notes"] = .list(notes.map(\.json)) }
        object["purchase"] = purchase?.json
        object["recording"] = recording.map { .text($0) }
        object["fault"] = fault.map { .integer(Int64($0)) }
        object["policy"] = policy.map { .text($0) }
        object["kept"] = kept.map { .text($0) }
        object["robot"] = robot.map { .integer(Int64($0)) }
        return JSONValue.object(object).bytes + [UInt8(ascii: "\n")]
    }

    init(_ fields: LogFields) throws(CourseLog.Problem) {
        var notes: [Course.Note] = []
        for value in fields["notes"]?.list ?? [] { notes.append(try Course.Note(fields.inside(value, "notes"))) }
        let purchase = fields["purchase"]
        self.init(
            episode: try fields.parsed("episode") { UInt64($0) },
            realEpisodes: Int(try fields.integer("real_episodes")), robotSeconds: try fields.number("robot_s"),
            worth: try fields.number("worth"),
            phase: try fields.parsed("phase") { word in Course.Phase.allCases.first { $0.word == word } },
            isCandidate: fields["is_candidate"]?.boolean ?? false, notes: notes,
            purchase: try purchase.map { (value) throws(CourseLog.Problem) in
                try Purchase(fields.inside(value, "purchase"))
            },
            recording: fields["recording"]?.text, fault: fields["fault"]?.integer.map { Int($0) },
            robot: fields["robot"]?.integer.map { Int($0) }, policy: fields["policy"]?.text, kept: fields["kept"]?.text)
    }
}

extension Policy {
    /// As much of its identity as tells the policies of a run apart.
    public var shortName: String {
        let identity = identity
        return [identity[0], identity[1]].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }
}

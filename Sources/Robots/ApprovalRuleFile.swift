public import Episodes
public import Supervision

/// What `safety/approval/NAME.json5` says, checked. It allows nothing by itself: a person has to adopt exactly this file.
public struct ApprovalRuleFile: Equatable, Sendable {
    public let rule: StandingRule
    /// The hash of the file's bytes, comments included: what was read is what was adopted.
    public let digest: Digest

    /// Reads a file. Throws everything that is wrong with it at once.
    public init(parsing bytes: [UInt8]) throws(ApprovalRuleProblems) {
        let document: JSON5Value
        do throws(JSON5Error) {
            document = try JSON5.parse(bytes)
        } catch {
            throw ApprovalRuleProblems(all: [ApprovalRuleProblem(error.position, "", .notJSON5(error.problem))])
        }
        var reader = ApprovalRuleReader(document)
        let rule = reader.read()
        guard let rule, reader.problems.isEmpty else { throw ApprovalRuleProblems(all: reader.problems) }
        self.rule = rule
        digest = Digest(of: bytes.span)
    }
}

/// One key of such a file: what it may say and what that means.
public struct ApprovalRuleKey: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        case number(symbol: String, low: Double, high: Double)
        case whole(low: Int, high: Int)
        case name
        case digest
        case instant
    }

    public let name: String
    public let kind: Kind
    public let help: String
    /// Whether a file may leave it out, which is the same as asking nothing.
    public let isOptional: Bool

    /// Every key; each that is not optional has to be there, because a rule that is silent about a condition would be read
    /// in two ways.
    public static let all: [ApprovalRuleKey] = [
        ApprovalRuleKey("format", .whole(low: 1, high: 1), "The version of this file's format."),
        ApprovalRuleKey("rule", .name, "The rule's name, as in the name of this file."),
        ApprovalRuleKey("robot", .name, "The robot that it is for."),
        ApprovalRuleKey(
            "envelope", .digest, "The hash of the envelope that must be in force; another envelope voids the rule."),
        ApprovalRuleKey(
            "least_margin_share", .number(symbol: "of the range", low: 0.01, high: 1),
            "Every expected motion keeps at least this share of the range to each limit."),
        ApprovalRuleKey(
            "policy_distance_nats", .number(symbol: "nats", low: 0, high: 10),
            "The farthest that a policy may be from the one that a person approved last."),
        ApprovalRuleKey(
            "hottest_c", .number(symbol: "°C", low: -20, high: 150),
            "No motor may be hotter before the episode, nor be expected to become so."),
        ApprovalRuleKey(
            "least_time_left_s", .number(symbol: "s", low: 0, high: 86_400),
            "The least time that the thermal forecast must leave at every moment."),
        ApprovalRuleKey(
            "widest_band_rad", .number(symbol: "rad", low: 0.001, high: 100),
            "No joint's band may be wider at any tick of the dossier; without it the band may be as wide as it likes.",
            isOptional: true),
        ApprovalRuleKey("episodes_per_day", .whole(low: 1, high: 10_000), "So many episodes in any 24 hours."),
        ApprovalRuleKey("until", .instant, "The rule ends then."),
        ApprovalRuleKey("signer", .name, "The user who has to adopt it."),
    ]

    init(_ name: String, _ kind: Kind, _ help: String, isOptional: Bool = false) {
        self.name = name
        self.kind = kind
        self.help = help
        self.isOptional = isOptional
    }

    /// As the end of the sentence "expected: …".
    public var allowed: String {
        switch kind {
        case .number(let symbol, let low, let high): "a number from \(plain(low)) to \(plain(high)) \(symbol)"
        case .whole(let low, let high): low == high ? "the number \(low)" : "a whole number from \(low) to \(high)"
        case .name: "a name of 1 to 64 letters, digits, '.', '_', ':' and '-'"
        case .digest: "the 64 hexadecimal digits that 'understudy explain envelope NAME --json' gives"
        case .instant: "a moment in UTC like 2026-12-31T18:00:00Z"
        }
    }
}

/// One thing that is wrong with the file, and where.
public struct ApprovalRuleProblem: Equatable, Sendable {
    public enum Complaint: Equatable, Sendable {
        case notJSON5(JSON5Error.Problem)
        case notAnObject(ValueKind)
        case unknownKey(nearest: String?)
        case missing(ApprovalRuleKey)
        case wrongKind(ValueKind, ApprovalRuleKey)
        /// The value, as the file has it.
        case notAllowed(String, ApprovalRuleKey)
    }

    public let position: TextPosition
    public let key: String
    public let complaint: Complaint

    init(_ position: TextPosition, _ key: String, _ complaint: Complaint) {
        self.position = position
        self.key = key
        self.complaint = complaint
    }

    /// What is wrong, as one sentence without its end.
    public var problem: String {
        switch complaint {
        case .notJSON5(let problem): problem.text
        case .notAnObject(let found): "the file is \(found.words)"
        case .unknownKey: "\(quoted(key)) is not a key"
        case .missing: "\(quoted(key)) is missing"
        case .wrongKind(let found, _): "\(quoted(key)) is \(found.words)"
        case .notAllowed(let value, _): "\(quoted(key)) is \(quoted(value))"
        }
    }

    /// What would have been right.
    public var expected: String {
        switch complaint {
        case .notJSON5(let problem): problem.expected
        case .notAnObject: "an object: { … }"
        case .unknownKey(let nearest):
            nearest.map { "perhaps '\($0)'" }
                ?? "one of \(ApprovalRuleKey.all.map(\.name).joined(separator: ", "))"
        case .missing(let key), .wrongKind(_, let key), .notAllowed(_, let key): "\(key.allowed). \(key.help)"
        }
    }
}

/// Everything that is wrong with a file, in the order of the file.
public struct ApprovalRuleProblems: Error, Equatable, Sendable {
    public let all: [ApprovalRuleProblem]
}

extension ValueKind {
    fileprivate var words: String {
        switch self {
        case .null: "null"
        case .boolean: "true or false"
        case .number: "a number"
        case .text: "a text"
        case .list: "a list"
        case .object: "an object"
        }
    }
}

extension FileProblem {
    /// What is wrong, as one sentence without its end.
    public var problem: String {
        let name = quoted(key)
        return switch complaint {
        case .notJSON5(let problem): problem.text
        case .notAnObject(let found): "\(key.isEmpty ? "the file" : name) is \(found.text)"
        case .wrongKind(let found, _): "\(name) is \(found.text)"
        case .unknownKey: "\(name) is not a key"
        case .unitMissing: "\(name) is without a unit"
        case .missing: "\(name) is missing"
        case .outside(let value, let row): "\(name) is \(row.spelled(plain(value)))"
        case .notANumber: "\(name) is NaN"
        case .notWhole(let value, _): "\(name) is \(plain(value))"
        case .badName(let text): "\(name) is \(quoted(text))"
        case .unknownChoice(let text, _, _): "\(name) is \(quoted(text))"
        case .otherDrive(let wanted, let actual):
            "\(name) is for the drive '\(wanted.rawValue)', and this joint has '\(actual.rawValue)'"
        case .givenTwice(let position): "\(name) is already given for every joint in line \(position.line)"
        case .sameJointName(let text, let first): "\(name) is \(quoted(text)) again, as in line \(first.line)"
        case .jointCount(let count): "\(name) has \(count) entries"
        case .notBelow(let value, let other), .above(let value, let other):
            "\(name) is \(value.text) and \(quoted(other.key)) is \(other.text)"
        case .parkOutside(let value, _, _), .softeningTooWide(let value, _): "\(name) is \(value.text)"
        case .noTick(let value, _): "\(name) is \(value.text), which comes to no tick at all"
        case .motorTooQuick(let time, _): "the winding follows its load within \(rounded(time)) s (\(name))"
        case .robot(let complaint): complaint.problem(name)
        case .fitting(let complaint): complaint.problem(name)
        }
    }

    /// What would have been right.
    public var expected: String {
        switch complaint {
        case .notJSON5(let problem): problem.expected
        case .notAnObject: "an object: { … }"
        case .wrongKind(_, let kind): KeyRow.allowed(kind)
        case .unknownKey(_, let nearest): nearest.map { "perhaps '\($0)'" } ?? "a key that the reference lists"
        case .unitMissing(_, let known):
            "a key that ends with its unit: \(known.map { quoted($0) }.joined(separator: " or "))"
        case .missing(let row), .outside(_, let row), .notANumber(let row), .notWhole(_, let row): row.allowed
        case .badName: KeyRow.allowed(.name)
        case .unknownChoice(_, let choices, let nearest):
            KeyRow.allowed(.choice(choices)) + (nearest.map { "; perhaps \"\($0)\"" } ?? "")
        case .otherDrive: "only the keys of this joint's drive"
        case .givenTwice: "each key once: for every joint or for this joint"
        case .sameJointName: "a name of its own for each joint"
        case .jointCount: KeyRow.allowed(.joints)
        case .notBelow(let value, let other): "\(quoted(value.row.name)) below \(quoted(other.row.name))"
        case .above(let value, let other): "\(quoted(value.row.name)) at most \(quoted(other.row.name))"
        case .parkOutside(_, let low, let high):
            "a position from \(rounded(low)) to \(rounded(high)) rad: inside the limits by 'softening_rad'"
        case .softeningTooWide(_, let span): "less than half of the \(rounded(span)) rad between the position limits"
        case .noTick(_, let period): "at least one tick of \(plain(period)) s"
        case .motorTooQuick(_, let deadline): "more than twice 'deadline_s', which is \(plain(deadline)) s"
        case .robot(let complaint): complaint.expected
        case .fitting(let complaint): complaint.expected
        }
    }

    /// What to do now.
    public var nextStep: String {
        switch complaint {
        case .notJSON5, .notAnObject: "correct the file and check it again"
        case .unknownKey(_, nil): "run 'understudy explain reference' for all keys"
        case .unitMissing(_, let known):
            "rename the key; 'understudy explain \(known.first ?? keyName)' says what it means"
        case .unknownKey(_, let nearest?): "run 'understudy explain \(nearest)', or remove the key"
        case .missing: "add it; 'understudy explain \(keyName)' says what it means"
        case .wrongKind, .outside, .notANumber, .notWhole, .badName, .unknownChoice,
            .jointCount, .notBelow, .above, .parkOutside, .softeningTooWide, .noTick, .motorTooQuick:
            "run 'understudy explain \(keyName)' and correct the value"
        case .otherDrive: "remove the key, or change the joint's 'drive'"
        case .givenTwice: "remove one of the two"
        case .sameJointName: "rename one of the two joints"
        case .robot(let complaint): complaint.nextStep(keyName)
        case .fitting(let complaint): complaint.nextStep
        }
    }

    /// The last part of the path that is a key.
    private var keyName: String {
        let parts = key.split(separator: ".").map { String($0.prefix { $0 != "[" }) }
        // Names that a file gives itself are no keys; what they belong to is one.
        return parts.last { part in KeyTable.all.contains { $0.row(named: part) != nil } } ?? parts.last ?? key
    }
}

extension QuotedValue {
    fileprivate var text: String { row.spelled(plain(value)) }
}

extension ValueKind {
    var text: String {
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

internal import JSON

/// The members of one line of a log, or of an object inside of it.
struct LogFields {
    let line: Int
    private let object: JSONObject

    init(line: Int, _ bytes: [UInt8]) throws(CourseLog.Problem) {
        do throws(JSONError) {
            guard let object = try JSONValue(parsing: bytes).object else {
                throw JSONError(byte: 0, problem: .expected(.value))
            }
            (self.line, self.object) = (line, object)
        } catch {
            throw .json(line: line, error)
        }
    }

    private init(line: Int, object: JSONObject) { (self.line, self.object) = (line, object) }

    /// - Parameter key: what it is called where it stands.
    func inside(_ value: JSONValue, _ key: String) throws(CourseLog.Problem) -> LogFields {
        guard let object = value.object else { throw .missing(line: line, key: key) }
        return LogFields(line: line, object: object)
    }

    subscript(key: String) -> JSONValue? { object[key] }

    func integer(_ key: String) throws(CourseLog.Problem) -> Int64 { try found(key, object[key]?.integer) }
    func text(_ key: String) throws(CourseLog.Problem) -> String { try found(key, object[key]?.text) }

    /// What is no number was written as null, because JSON has no word for it.
    func number(_ key: String) throws(CourseLog.Problem) -> Double {
        if let value = object[key], value.isNull { return .nan }
        return try found(key, object[key]?.number)
    }

    func parsed<Value>(_ key: String, _ parse: (String) -> Value?) throws(CourseLog.Problem) -> Value {
        try found(key, parse(try text(key)))
    }

    func interval(_ key: String) throws(CourseLog.Problem) -> Interval {
        let fields = try inside(try found(key, object[key]), key)
        return Interval(
            try fields.number("value"), low: try fields.number("low"), high: try fields.number("high"))
    }

    private func found<Value>(_ key: String, _ value: Value?) throws(CourseLog.Problem) -> Value {
        guard let value else { throw .missing(line: line, key: key) }
        return value
    }
}

extension Interval {
    var json: JSONValue { .object(["value": .real(value), "low": .real(low), "high": .real(high)]) }
}

extension Purchase {
    var json: JSONValue {
        var object: JSONObject = [
            "purpose": .text(purpose.word), "taken": .integer(Int64(taken)), "episodes": .integer(Int64(episodes)),
            "free_per_real": .integer(Int64(freePerReal)), "cost": .real(cost),
        ]
        object["gain"] = gain?.json
        object["needed"] = needed.map { .integer(Int64($0)) }
        object["is_worth_it"] = isWorthIt.map { .boolean($0) }
        return .object(object)
    }

    init(_ fields: LogFields) throws(CourseLog.Problem) {
        self.init(
            try fields.parsed("purpose") { word in Purpose.allCases.first { $0.word == word } },
            taken: Int(try fields.integer("taken")), of: Int(try fields.integer("episodes")),
            freePerReal: Int(try fields.integer("free_per_real")), cost: try fields.number("cost"),
            gain: fields["gain"] == nil ? nil : try fields.interval("gain"),
            needed: fields["needed"]?.integer.map { Int($0) }, isWorthIt: fields["is_worth_it"]?.boolean)
    }
}

extension Purchase.Purpose {
    var word: String {
        switch self {
        case .look: "look"
        case .check: "check"
        case .climb: "climb"
        }
    }
}

extension Course.Settings.Method {
    /// What it is called in files.
    public var word: String {
        switch self {
        case .real: "real"
        case .released: "released"
        case .unbiased: "unbiased"
        case .rehearse: "rehearse"
        }
    }
}

extension Course.Phase {
    /// What it is called in files.
    public var word: String {
        switch self {
        case .look: "look"
        case .check: "check"
        case .climb: "climb"
        case .finished: "finished"
        }
    }
}

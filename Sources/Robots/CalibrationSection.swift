/// One object of a record, by its keys.
struct CalibrationSection {
    private let position: TextPosition
    private let label: String
    private let members: [JSON5Member]

    init(_ value: JSON5Value, label: String) throws(CalibrationProblem) {
        guard case .object(let members) = value.content else {
            throw CalibrationProblem(value.position, label, expected: "an object: { … }")
        }
        position = value.position
        self.label = label
        self.members = members
    }

    /// A whole file.
    init(parsing bytes: [UInt8]) throws(CalibrationProblem) {
        let document: JSON5Value
        do throws(JSON5Error) { document = try JSON5.parse(bytes) } catch {
            throw CalibrationProblem(error.position, "", expected: error.problem.expected)
        }
        try self.init(document, label: "")
    }

    func refuseStrangers(to known: [String]) throws(CalibrationProblem) {
        for member in members where !known.contains(member.key) {
            let meant = nearest(to: member.key, among: known).map { "perhaps '\($0)'" }
            throw CalibrationProblem(
                member.keyPosition, label + member.key, expected: meant ?? "one of \(known.joined(separator: ", "))")
        }
    }

    func problem(_ key: String, expected: String) -> CalibrationProblem {
        CalibrationProblem(members.first { $0.key == key }?.value.position ?? position, label + key, expected: expected)
    }

    private func content(_ key: String) -> JSON5Value.Content? { members.first { $0.key == key }?.value.content }

    func text<Value>(
        _ key: String, expected: String, _ parse: (String) -> Value?
    ) throws(CalibrationProblem) -> Value {
        guard case .text(let text)? = content(key), let value = parse(text) else {
            throw problem(key, expected: expected)
        }
        return value
    }

    /// Must be written down, and may be null: what nobody knows is said to be unknown.
    func optionalText(_ key: String) throws(CalibrationProblem) -> String? {
        if case .null? = content(key) { return nil }
        return try text(key, expected: "a text, or null") { $0.isEmpty ? nil : $0 }
    }

    func choice(_ key: String, _ words: [String]) throws(CalibrationProblem) -> String {
        let expected = words.map { "\"\($0)\"" }.joined(separator: " or ")
        return try text(key, expected: expected) { words.contains($0) ? $0 : nil }
    }

    func whole(_ key: String, _ range: ClosedRange<Int>) throws(CalibrationProblem) -> Int {
        guard case .number(let number)? = content(key), let whole = Int(exactly: number), range.contains(whole) else {
            throw problem(key, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return whole
    }

    func number(_ key: String) throws(CalibrationProblem) -> Double {
        guard case .number(let number)? = content(key), number.isFinite else {
            throw problem(key, expected: "a number")
        }
        return number
    }

    /// - Parameter mayLack: the key came later than the format.
    func optionalNumber(_ key: String, mayLack: Bool = false) throws(CalibrationProblem) -> Double? {
        let content = content(key)
        if content == nil && mayLack { return nil }
        if case .null? = content { return nil }
        return try number(key)
    }

    func texts(_ key: String) throws(CalibrationProblem) -> [String] {
        guard case .list(let values)? = content(key) else { throw problem(key, expected: "a list of texts") }
        var texts: [String] = []
        for value in values {
            guard case .text(let text) = value.content else { throw problem(key, expected: "a list of texts") }
            texts.append(text)
        }
        return texts
    }

    /// Nil when the key is not there, or null.
    func optionalSection(_ key: String) throws(CalibrationProblem) -> CalibrationSection? {
        guard let value = members.first(where: { $0.key == key })?.value else { return nil }
        if case .null = value.content { return nil }
        return try CalibrationSection(value, label: "\(label)\(key).")
    }

    func sections(_ key: String) throws(CalibrationProblem) -> [CalibrationSection] {
        guard case .list(let values)? = content(key), !values.isEmpty else {
            throw problem(key, expected: "a list with every device")
        }
        var all: [CalibrationSection] = []
        for (place, value) in values.enumerated() {
            all.append(try CalibrationSection(value, label: "\(label)\(key)[\(place)]."))
        }
        return all
    }
}

public import Quantities

/// A channel of JSON messages: which entries it tells about, and by which named fields.
///
/// Foxglove and PlotJuggler plot such a channel as it is: every number is a field of its own, and the time of a message is
/// that of the recording.
public struct JSONChannel<Entry: Sendable>: Sendable {
    public let topic: String
    /// The name of the schema.
    public let name: String
    public let summary: String
    public let fields: [JSONField<Entry>]
    /// Whether an entry becomes a message of this channel.
    public let includes: @Sendable (Entry) -> Bool

    public init(
        topic: String, name: String, summary: String, fields: [JSONField<Entry>],
        includes: @escaping @Sendable (Entry) -> Bool = { _ in true }
    ) {
        self.topic = topic
        self.name = name
        self.summary = summary
        self.fields = fields
        self.includes = includes
    }

    func write(_ entry: Entry, to line: inout JSONLine) {
        line.beginObject()
        for field in fields {
            line.key(field.key)
            field.write(entry, &line)
        }
        line.endObject()
    }

    /// What the messages look like, as a JSON schema.
    func schema(id: UInt16) -> Schema {
        var line = JSONLine()
        line.beginObject()
        line.members([("$schema", "https://json-schema.org/draft/2020-12/schema"), ("title", name)])
        line.members([("description", summary), ("type", "object")])
        line.key(JSONKey("properties"))
        line.beginObject()
        for field in fields {
            line.key(field.key)
            field.shape.describe(field.summary, to: &line)
        }
        line.endObject()
        line.key(JSONKey("required"))
        line.texts(fields.map(\.name))
        line.endObject()
        return Schema(id: id, name: name, encoding: "jsonschema", data: line.bytes)
    }
}

/// One member of a channel's messages.
public struct JSONField<Entry: Sendable>: Sendable {
    /// With its unit: `position_rad`.
    public let name: String
    public let summary: String
    let shape: JSONShape
    let key: JSONKey
    let write: @Sendable (Entry, inout JSONLine) -> Void

    init(
        _ name: String, _ summary: String, _ shape: JSONShape,
        _ write: @escaping @Sendable (Entry, inout JSONLine) -> Void
    ) {
        self.name = name
        self.summary = summary
        self.shape = shape
        key = JSONKey(name)
        self.write = write
    }
}

/// What a field's value looks like.
indirect enum JSONShape: Sendable {
    case number, integer, boolean, text
    case words([String])
    /// An object with a member for each joint.
    case joints([String], JSONShape)

    func describe(_ summary: String, to line: inout JSONLine) {
        line.beginObject()
        if !summary.isEmpty { line.members([("description", summary)]) }
        switch self {
        // What could not be measured is null.
        case .number:
            line.key(JSONKey("type"))
            line.texts(["number", "null"])
        case .integer: line.members([("type", "integer")])
        case .boolean: line.members([("type", "boolean")])
        case .text: line.members([("type", "string")])
        case .words(let words):
            line.members([("type", "string")])
            line.key(JSONKey("examples"))
            line.texts(words)
        case .joints(let names, let shape):
            line.members([("type", "object")])
            line.key(JSONKey("properties"))
            line.beginObject()
            for name in names {
                line.key(JSONKey(name))
                shape.describe("", to: &line)
            }
            line.endObject()
        }
        line.endObject()
    }
}

extension JSONLine {
    fileprivate mutating func members(_ members: [(String, String)]) {
        for (name, value) in members {
            key(JSONKey(name))
            text(value)
        }
    }

    fileprivate mutating func texts(_ texts: [String]) {
        beginList()
        for text in texts { self.text(text) }
        endList()
    }
}

extension JSONField {
    /// A value with a unit; what is not finite is written as null.
    public static func quantity<Unit: Quantity>(
        _ name: String, _ summary: String, _ value: @escaping @Sendable (Entry) -> Unit
    ) -> JSONField {
        JSONField(name, summary, .number) { $1.number(value($0).value) }
    }

    public static func integer(
        _ name: String, _ summary: String, _ value: @escaping @Sendable (Entry) -> Int64
    ) -> JSONField {
        JSONField(name, summary, .integer) { $1.integer(value($0)) }
    }

    public static func boolean(
        _ name: String, _ summary: String, _ value: @escaping @Sendable (Entry) -> Bool
    ) -> JSONField {
        JSONField(name, summary, .boolean) { $1.boolean(value($0)) }
    }

    /// One of these words, by its number. A number without a word is written as it is: `#7`.
    public static func word(
        _ name: String, _ summary: String, _ words: [String], _ value: @escaping @Sendable (Entry) -> UInt8
    ) -> JSONField {
        JSONField(name, summary, .words(words)) { $1.word(words, value($0)) }
    }

    /// A value of each joint, as an object with a member for each.
    public static func joints<Unit: Quantity>(
        _ name: String, _ summary: String, _ joints: JointNames,
        _ value: @escaping @Sendable (Entry, JointIndex) -> Unit
    ) -> JSONField {
        each(name, summary, joints, .number) { $2.number(value($0, $1).value) }
    }

    public static func jointIntegers(
        _ name: String, _ summary: String, _ joints: JointNames,
        _ value: @escaping @Sendable (Entry, JointIndex) -> Int64
    ) -> JSONField {
        each(name, summary, joints, .integer) { $2.integer(value($0, $1)) }
    }

    public static func jointWords(
        _ name: String, _ summary: String, _ joints: JointNames, _ words: [String],
        _ value: @escaping @Sendable (Entry, JointIndex) -> UInt8
    ) -> JSONField {
        each(name, summary, joints, .words(words)) { $2.word(words, value($0, $1)) }
    }

    static func each(
        _ name: String, _ summary: String, _ joints: JointNames, _ shape: JSONShape,
        _ write: @escaping @Sendable (Entry, JointIndex, inout JSONLine) -> Void
    ) -> JSONField {
        JSONField(name, summary, .joints(joints.names, shape)) { entry, line in
            line.beginObject()
            for (joint, key) in joints.keys {
                line.key(key)
                write(entry, joint, &line)
            }
            line.endObject()
        }
    }
}

extension JSONLine {
    mutating func word(_ words: [String], _ number: UInt8) {
        text(Int(number) < words.count ? words[Int(number)] : "#\(number)")
    }
}

/// The joints of a robot by name, in their order.
public struct JointNames: Sendable {
    public let names: [String]
    let keys: [(joint: JointIndex, key: JSONKey)]

    /// nil for no joints, more than a robot can have, or two of one name.
    public init?(_ names: [String]) {
        guard JointCount(UInt8(clamping: names.count)) != nil, Set(names).count == names.count else { return nil }
        self.names = names
        keys = names.enumerated().compactMap { place, name in
            JointIndex(UInt8(place)).map { ($0, JSONKey(name)) }
        }
    }
}

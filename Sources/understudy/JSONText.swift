/// A JSON value on its way out. Members keep their order, so the same result is the same text.
indirect enum JSONText: Equatable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    /// What is not finite becomes null: JSON has no word for it.
    case number(Float)
    case text(String)
    case list([JSONText])
    case object([(key: String, value: JSONText)])

    static func == (left: JSONText, right: JSONText) -> Bool { left.description == right.description }

    static func texts(_ texts: [String]) -> JSONText { .list(texts.map { .text($0) }) }

    static func optional(_ text: String?) -> JSONText { text.map { .text($0) } ?? .null }
}

extension JSONText: CustomStringConvertible {
    /// Indented by two blanks a level, without a line break at the end.
    var description: String { render(indent: "") }

    private func render(indent: String) -> String {
        let deeper = indent + "  "
        switch self {
        case .null: return "null"
        case .boolean(let truth): return truth ? "true" : "false"
        case .integer(let number): return "\(number)"
        case .number(let number): return number.isFinite ? "\(number)" : "null"
        case .text(let text): return JSONText.quote(text)
        case .list(let elements) where elements.isEmpty: return "[]"
        case .object(let members) where members.isEmpty: return "{}"
        case .list(let elements):
            let lines = elements.map { deeper + $0.render(indent: deeper) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(indent)]"
        case .object(let members):
            let lines = members.map { "\(deeper)\(JSONText.quote($0.key)): \($0.value.render(indent: deeper))" }
            return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
        }
    }

    private static func quote(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\r": quoted += "\\r"
            case "\u{00}"..."\u{1F}", "\u{7F}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

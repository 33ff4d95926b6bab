/// What each operator, constant and property may be mistaken for.
enum Operators {
    static let comparisons = [
        "<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"], "==": ["!="], "!=": ["=="],
        "===": ["!=="], "!==": ["==="],
    ]
    static let ranges = ["..<": "...", "...": "..<"]
    static let assignments = [
        "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "%=": "*=", "&+=": "&-=", "&-=": "&+=", "&*=": "&+=",
        "<<=": ">>=", ">>=": "<<=", "&=": "|=", "|=": "&=", "^=": "&=",
    ]
    static let arithmetic = [
        "+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "&+": "&-", "&-": "&+", "&*": "&+",
        "<<": ">>", ">>": "<<", "&<<": "&>>", "&>>": "&<<", "&": "|", "|": "&", "^": "&",
    ]
    static let logic: Set = ["&&", "||", "??"]
    static let statics = [
        "zero": [".init(1)", "1"], "infinity": [".zero"], "nan": [".zero"],
        "max": [".min", "(-.greatestFiniteMagnitude)"], "min": [".max"], "pi": [".zero"],
    ]
    static let droppedProperties: Set = ["magnitude", "next"]

    /// Where the types of the operands have no opposite operation (a torque divided by a speed is no power), the result
    /// is doubled, or the operands of a difference change places.
    static func fallback(_ name: String, _ left: String, _ right: String) -> [Candidate] {
        switch name {
        case "*", "/": [Candidate("(((\(left)) \(name) (\(right))) * 2)", shown: "(\(left) \(name) \(right)) * 2")]
        case "-": [Candidate("((\(right)) - (\(left)))", shown: "\(right) - \(left)")]
        case "+": [Candidate("(\(left))", shown: left), Candidate("(\(right))", shown: right)]
        default: []
        }
    }

    static func integer(_ text: String) -> Int? {
        let digits = text.replacing("_", with: "")
        for (prefix, radix) in [("0x", 16), ("0b", 2), ("0o", 8)] where digits.hasPrefix(prefix) {
            return Int(digits.dropFirst(2), radix: radix)
        }
        return Int(digits).flatMap { $0 < .max ? $0 : nil }
    }
}

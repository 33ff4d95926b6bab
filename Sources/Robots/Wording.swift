/// A word from outside, fit for a message: in quotes, without control characters, not longer than a line.
public func quoted(_ text: String) -> String {
    let start = String(String.UnicodeScalarView(text.unicodeScalars.prefix(60)))
    return "'\(shown(start))\(text.unicodeScalars.count > 60 ? "…" : "")'"
}

/// A path from outside, complete, with nothing in it that a terminal would act on.
public func shown(_ path: String) -> String { path.unicodeScalars.map(printable).joined() }

/// One character, or its number when a terminal would act on it instead of showing it.
func printable(_ scalar: Unicode.Scalar) -> String {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
        "U+" + hexadecimal(scalar)
    default: String(scalar)
    }
}

private func hexadecimal(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}

/// A number as a person would write it, and as JSON5 reads it: exactly, without `.0`.
public func plain(_ value: some BinaryFloatingPoint & CustomStringConvertible) -> String {
    if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
    if value.isNaN { return "NaN" }
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// A number that was computed, rounded to three digits that mean something.
public func rounded(_ value: Float) -> String {
    guard value.isFinite, value != 0 else { return plain(value) }
    var scale = 1.0
    while abs(Double(value)) * scale < 100 && scale < 1e9 { scale *= 10 }
    while abs(Double(value)) * scale >= 1_000 && scale > 1e-9 { scale /= 10 }
    return plain(Float((Double(value) * scale).rounded() / scale))
}

extension KeyRow {
    /// The unit, or nothing for a bare count or a word.
    public var symbol: String? {
        switch kind {
        case .number(let symbol, _, _), .byJoint(let symbol, _, _): symbol.isEmpty ? nil : symbol
        default: nil
        }
    }

    /// The value with its unit.
    public func spelled(_ value: String) -> String { symbol.map { "\(value) \($0)" } ?? value }

    /// What the key may be set to, as the end of the sentence "expected: …".
    public var allowed: String { KeyRow.allowed(kind) }

    static func allowed(_ kind: Kind) -> String {
        switch kind {
        case .number(let symbol, let low, let high):
            "a number from \(plain(low)) to \(plain(high))\(symbol.isEmpty ? "" : " \(symbol)")"
        case .whole(let low, let high): low == high ? "the number \(low)" : "a whole number from \(low) to \(high)"
        case .name: "a name of 1 to 32 characters: small letters, digits, '_' and '-', a letter first"
        case .choice(let words): words.map { "\"\($0)\"" }.joined(separator: " or ")
        case .joints: "a list of 1 to 16 objects, one for each joint"
        case .everyJoint: "an object with keys of a joint"
        default: allowedInRobotFile(kind)
        }
    }

    private static func allowedInRobotFile(_ kind: Kind) -> String {
        switch kind {
        case .word: "a name of 1 to 32 characters: small letters, digits and '_', a letter first"
        case .sentence: "a text"
        case .file: "the name of a file in the same folder"
        case .port: "a port, such as usb:0403:6014:FT7W9ZLQ or /dev/serial/by-id/NAME"
        case .flag: "true or false"
        case .plain: "a number"
        case .unit: "a unit, such as rad/s, N*m or 1"
        case .formula: "an expression that is a number"
        case .condition: "an expression that is true or false"
        case .lines: "a list of lines: \"name = expression\""
        case .wholes(let low, let high, let most): "a list of at most \(most) whole numbers from \(low) to \(high)"
        case .byJoint(let symbol, let low, let high):
            "an object with a number from \(plain(low)) to \(plain(high)) \(symbol) for each joint"
        case .object(let scope): "an object: \(outline(scope))"
        case .objects(let scope): "a list of objects: [\(outline(scope)), …]"
        case .named(let scope): "an object of objects: { \(scope.isByJoint ? "JOINT" : "NAME"): \(outline(scope)), … }"
        case .number, .whole, .name, .choice, .joints, .everyJoint: ""
        }
    }

    /// The keys that such an object must have.
    private static func outline(_ scope: Scope) -> String {
        let keys = KeyTable.robot.rows(of: scope).filter { $0.presence == .required }.map { "\($0.name): …" }
        return "{ \((keys.isEmpty ? ["…"] : keys).joined(separator: ", ")) }"
    }
}

extension KeyRow.Scope {
    fileprivate var isByJoint: Bool { prefix.hasSuffix("JOINT.") }
}

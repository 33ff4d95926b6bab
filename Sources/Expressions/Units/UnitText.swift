/// Why a text is no unit.
public enum UnitError: Error, Equatable, Sendable {
    case unknown(String, nearest: String?)
    /// Something else than a unit, a number or an operator, at this place in Unicode scalars.
    case unexpected(at: Int)
    /// Longer or deeper than a unit can be, or a power that no quantity has.
    case unreasonable
}

extension Dimension {
    /// Reads `rad/s`, `N*m*s/rad`, `kg*m^2`, `J/(kg*K)`, `1`; also with `·`, `²` and `Ω`.
    public init(parsing text: String) throws(UnitError) {
        let scalars = Array(text.unicodeScalars.prefix(101))
        guard scalars.count <= 100 else { throw .unreasonable }
        var reader = UnitReader(scalars)
        self = try reader.product(depth: 0)
        guard reader.next == nil else { throw reader.unexpected }
    }
}

private struct UnitReader {
    private let text: [Unicode.Scalar]
    private var index = 0

    init(_ text: [Unicode.Scalar]) {
        self.text = text
        skipBlanks()
    }

    var next: Unicode.Scalar? { index < text.count ? text[index] : nil }
    var unexpected: UnitError { .unexpected(at: index) }

    private mutating func skipBlanks() { while next == " " { index += 1 } }

    private mutating func advance() {
        index += 1
        skipBlanks()
    }

    mutating func product(depth: Int) throws(UnitError) -> Dimension {
        guard depth < 8 else { throw .unreasonable }
        var product = try factor(depth: depth)
        while let symbol = next, ["*", "·", "/"].contains(symbol) {
            advance()
            let right = try factor(depth: depth)
            product = symbol == "/" ? product / right : product * right
            guard product.isReasonable else { throw .unreasonable }
        }
        return product
    }

    private mutating func factor(depth: Int) throws(UnitError) -> Dimension {
        let unit = try unit(depth: depth)
        guard let raised = unit.raised(to: Double(try power())) else { throw .unreasonable }
        return raised
    }

    private mutating func unit(depth: Int) throws(UnitError) -> Dimension {
        guard next != "(" else {
            advance()
            let inner = try product(depth: depth + 1)
            guard next == ")" else { throw unexpected }
            advance()
            return inner
        }
        let start = index
        while let letter = next, letter.properties.isAlphabetic || letter == "°" || letter == "1" { index += 1 }
        guard index > start else { throw unexpected }
        let name = String(String.UnicodeScalarView(text[start..<index]))
        skipBlanks()
        let plain = name == "Ω" ? "ohm" : name == "°C" ? "degC" : name
        if let unit = Dimension.units[plain] { return unit }
        throw .unknown(name, nearest: nearest(to: name, among: Dimension.units.keys.filter { $0 != "1" }))
    }

    private mutating func power() throws(UnitError) -> Int {
        switch next {
        case "²":
            advance()
            return 2
        case "³":
            advance()
            return 3
        case "^":
            advance()
            let isNegative = next == "-"
            if isNegative { advance() }
            guard let digit = next, digit.isDigit else { throw unexpected }
            advance()
            let power = Int(digit.value - 0x30)
            return isNegative ? -power : power
        default: return 1
        }
    }
}

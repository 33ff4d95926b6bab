extension JSON5Parser {
    /// A number as JSON5 spells it: sign, `0x1F`, `.5`, `5.`, exponents, `Infinity`, `NaN`.
    mutating func number() throws(JSON5Error) -> Double {
        let negative = cursor.take("-")
        if !negative { _ = cursor.take("+") }
        let magnitude = try magnitude()
        if let next = cursor.next, next.continuesIdentifier || next == "." || next == "\\" {
            throw cursor.error(.numberRunsOn(cursor.found))
        }
        return negative ? -magnitude : magnitude
    }

    private mutating func magnitude() throws(JSON5Error) -> Double {
        switch (cursor.next, cursor.peek(1)) {
        case ("I", _), ("N", _): try namedNumber()
        case ("0", "x"), ("0", "X"): try hexNumber()
        default: try decimalNumber()
        }
    }

    private mutating func namedNumber() throws(JSON5Error) -> Double {
        let start = cursor
        let word = cursor.take { $0.continuesIdentifier }
        switch word {
        case "Infinity": return .infinity
        case "NaN": return .nan
        default: throw start.error(.unknownWord(word))
        }
    }

    private mutating func hexNumber() throws(JSON5Error) -> Double {
        cursor.advance()
        cursor.advance()
        let digits = cursor.take { $0.hexDigit != nil }
        guard !digits.isEmpty else { throw unexpected(.hexDigits(1)) }
        return try converted("0x" + digits)
    }

    private mutating func decimalNumber() throws(JSON5Error) -> Double {
        guard !(cursor.next == "0" && cursor.peek(1)?.isDecimalDigit == true) else { throw cursor.error(.leadingZero) }
        let whole = digits()
        let fraction = cursor.take(".") ? digits() : ""
        guard !whole.isEmpty || !fraction.isEmpty else { throw unexpected(.digit) }
        return try converted("\(whole.isEmpty ? "0" : whole).\(fraction.isEmpty ? "0" : fraction)\(try exponent())")
    }

    private mutating func exponent() throws(JSON5Error) -> String {
        guard cursor.take("e") || cursor.take("E") else { return "" }
        let negative = cursor.take("-")
        if !negative { _ = cursor.take("+") }
        let digits = digits()
        guard !digits.isEmpty else { throw unexpected(.digit) }
        return negative ? "e-\(digits)" : "e\(digits)"
    }

    private mutating func digits() -> String { cursor.take { $0.isDecimalDigit } }

    /// Rounds to the nearest `Double`; what is too large becomes infinite, as in every JSON5 reader.
    private func converted(_ spelling: String) throws(JSON5Error) -> Double {
        guard let number = Double(spelling) else { throw unexpected(.digit) }
        return number
    }
}

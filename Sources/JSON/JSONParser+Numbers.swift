extension JSONParser {
    /// A number as JSON spells it; whole when it has neither point nor exponent.
    mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        let isSigned = take(UInt8(ascii: "-"))
        guard let first = next, first.isDigit else { throw error(.expected(isSigned ? .digit : .value)) }
        // A zero stands alone before the point.
        if first == UInt8(ascii: "0") { position += 1 } else { skipDigits() }
        let hasFraction = try fraction()
        let isWhole = try !exponent() && !hasFraction
        guard position - start <= JSONLimits.numberLength else {
            throw JSONError(byte: start, problem: .numberTooLong(limit: JSONLimits.numberLength))
        }
        let spelled = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole {
            guard let number = Int64(spelled) else { throw JSONError(byte: start, problem: .integerTooLarge) }
            return .integer(number)
        }
        guard let number = Double(spelled), number.isFinite else {
            throw JSONError(byte: start, problem: .realTooLarge)
        }
        return .real(number)
    }

    /// Whether there was one.
    private mutating func fraction() throws(JSONError) -> Bool {
        guard take(UInt8(ascii: ".")) else { return false }
        try digits()
        return true
    }

    private mutating func exponent() throws(JSONError) -> Bool {
        guard take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) else { return false }
        if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
        try digits()
        return true
    }

    private mutating func digits() throws(JSONError) {
        guard next?.isDigit == true else { throw error(.expected(.digit)) }
        skipDigits()
    }

    private mutating func skipDigits() {
        while next?.isDigit == true { position += 1 }
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

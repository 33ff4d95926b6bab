extension JSON5Parser {
    /// A text in single or double quotes.
    mutating func text() throws(JSON5Error) -> String {
        let opened = cursor.position
        guard let quote = cursor.next else { throw unexpected(.value) }
        cursor.advance()
        var text = String.UnicodeScalarView()
        var count = 0
        places = TextPlaces()
        places.note(0, at: cursor.position)
        while !cursor.take(quote) {
            guard let scalar = cursor.next else { throw cursor.error(.unterminatedText(opened: opened)) }
            if scalar == "\n" || scalar == "\r" { throw cursor.error(.lineBreakInText) }
            if scalar == "\\" {
                if let escaped = try escape() {
                    text.append(escaped)
                    count += 1
                }
            } else {
                text.append(scalar)
                count += 1
                cursor.advance()
            }
            places.note(count, at: cursor.position)
        }
        return String(text)
    }

    /// A key without quotes; `\u0061` is allowed in it when it spells a letter.
    mutating func identifier() throws(JSON5Error) -> String {
        var name = String.UnicodeScalarView()
        while let scalar = cursor.next, scalar == "\\" || scalar.continuesIdentifier {
            let start = cursor
            let letter = scalar == "\\" ? try identifierEscape() : scalar
            guard name.isEmpty ? letter.startsIdentifier : letter.continuesIdentifier else {
                throw start.error(.badEscape(.character(letter)))
            }
            name.append(letter)
            if scalar != "\\" { cursor.advance() }
        }
        return String(name)
    }

    private mutating func identifierEscape() throws(JSON5Error) -> Unicode.Scalar {
        cursor.advance()
        guard cursor.take("u") else { throw cursor.error(.badEscape(cursor.found)) }
        return try unicodeEscape()
    }

    /// What a backslash stands for; nil for an escaped line break, which stands for nothing.
    private mutating func escape() throws(JSON5Error) -> Unicode.Scalar? {
        cursor.advance()
        guard let letter = cursor.next else { throw cursor.error(.badEscape(.end)) }
        if letter.isDecimalDigit { return try zeroEscape() }
        let carriageReturn = letter == "\r"
        cursor.advance()
        switch letter {
        case "u": return try unicodeEscape()
        case "x": return try scalar(hexDigits(2))
        case _ where letter.isLineBreak:
            if carriageReturn { _ = cursor.take("\n") }
            return nil
        default: return JSON5Parser.shortEscapes[letter] ?? letter
        }
    }

    private static let shortEscapes: [Unicode.Scalar: Unicode.Scalar] = [
        "b": "\u{08}", "f": "\u{0C}", "n": "\n", "r": "\r", "t": "\t", "v": "\u{0B}",
    ]

    /// `\0` is allowed; octal escapes like `\07` and `\1` are not.
    private mutating func zeroEscape() throws(JSON5Error) -> Unicode.Scalar {
        guard cursor.next == "0", cursor.peek(1)?.isDecimalDigit != true else {
            throw cursor.error(.badEscape(cursor.found))
        }
        cursor.advance()
        return "\0"
    }

    /// Four digits after `\u`, or two such escapes that form a surrogate pair.
    private mutating func unicodeEscape() throws(JSON5Error) -> Unicode.Scalar {
        let start = cursor
        let first = try hexDigits(4)
        guard (0xD800...0xDBFF).contains(first) else { return try scalar(first, from: start) }
        guard cursor.take("\\"), cursor.take("u") else { throw start.error(.loneSurrogate) }
        let second = try hexDigits(4)
        guard (0xDC00...0xDFFF).contains(second) else { throw start.error(.loneSurrogate) }
        return try scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00), from: start)
    }

    private func scalar(_ value: UInt32, from start: TextCursor? = nil) throws(JSON5Error) -> Unicode.Scalar {
        guard let scalar = Unicode.Scalar(value) else { throw (start ?? cursor).error(.loneSurrogate) }
        return scalar
    }

    private mutating func hexDigits(_ count: Int) throws(JSON5Error) -> UInt32 {
        var value: UInt32 = 0
        for remaining in stride(from: count, to: 0, by: -1) {
            guard let digit = cursor.next?.hexDigit else { throw unexpected(.hexDigits(remaining)) }
            value = value << 4 | digit
            cursor.advance()
        }
        return value
    }
}

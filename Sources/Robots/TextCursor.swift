/// Walks over a text one character at a time and knows the line and the column.
struct TextCursor {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var line = 1
    private var column = 1

    /// Decodes UTF-8. Throws where the first byte is that belongs to no character.
    init(decoding bytes: Span<UInt8>) throws(JSON5Error) {
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(bytes.count)
        do throws(UTF8.ValidationError) {
            var iterator = try UTF8Span(validating: bytes).makeUnicodeScalarIterator()
            while let scalar = iterator.next() { scalars.append(scalar) }
        } catch {
            throw JSON5Error(
                position: TextCursor.position(of: error.byteOffsets.lowerBound, in: bytes), problem: .notUTF8)
        }
        self.scalars = scalars
    }

    /// The next character, not yet taken.
    var next: Unicode.Scalar? { peek(0) }
    var found: JSON5Error.Found { next.map { .character($0) } ?? .end }
    var position: TextPosition { TextPosition(line: line, column: column) }

    func peek(_ distance: Int) -> Unicode.Scalar? {
        index + distance < scalars.count ? scalars[index + distance] : nil
    }

    /// Takes one character. A carriage return with its line feed ends one line, not two.
    mutating func advance() {
        guard let scalar = next else { return }
        let endsLine = scalar.isLineBreak && !(scalar == "\r" && peek(1) == "\n")
        index += 1
        line += endsLine ? 1 : 0
        column = endsLine ? 1 : column + 1
    }

    /// Takes the next character if it is `expected`.
    mutating func take(_ expected: Unicode.Scalar) -> Bool {
        guard next == expected else { return false }
        advance()
        return true
    }

    /// Takes characters as long as they are `wanted`.
    mutating func take(while wanted: (Unicode.Scalar) -> Bool) -> String {
        var taken = String.UnicodeScalarView()
        while let scalar = next, wanted(scalar) {
            taken.append(scalar)
            advance()
        }
        return String(taken)
    }

    func error(_ problem: JSON5Error.Problem) -> JSON5Error { JSON5Error(position: position, problem: problem) }

    /// Where a byte is, in text that is valid up to that byte.
    private static func position(of offset: Int, in bytes: Span<UInt8>) -> TextPosition {
        var line = 1
        var column = 1
        for index in 0..<min(offset, bytes.count) {
            let isLineFeed = bytes[index] == 0x0A
            let continues = bytes[index] & 0xC0 == 0x80
            line += isLineFeed ? 1 : 0
            column = isLineFeed ? 1 : column + (continues ? 0 : 1)
        }
        return TextPosition(line: line, column: column)
    }
}

extension Unicode.Scalar {
    /// The four characters that end a line in JSON5.
    var isLineBreak: Bool { self == "\n" || self == "\r" || self == "\u{2028}" || self == "\u{2029}" }

    var isBlank: Bool {
        switch self {
        case "\t", "\u{0B}", "\u{0C}", " ", "\u{A0}", "\u{FEFF}": true
        default: isLineBreak || properties.generalCategory == .spaceSeparator
        }
    }

    var isDecimalDigit: Bool { "0" <= self && self <= "9" }

    var hexDigit: UInt32? {
        switch self {
        case "0"..."9": value - 0x30
        case "a"..."f": value - 0x61 + 10
        case "A"..."F": value - 0x41 + 10
        default: nil
        }
    }

    var startsIdentifier: Bool {
        if self == "$" || self == "_" { return true }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber:
            return true
        default: return false
        }
    }

    var continuesIdentifier: Bool {
        if startsIdentifier || self == "\u{200C}" || self == "\u{200D}" { return true }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .decimalNumber, .connectorPunctuation: return true
        default: return false
        }
    }
}

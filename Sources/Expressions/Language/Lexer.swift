/// The smallest parts of an expression.
struct Token: Equatable {
    enum Kind: Equatable {
        case number(Double)
        case name(String)
        case symbol(Symbol)
        case end
    }

    enum Symbol: String {
        case plus = "+", minus = "-", times = "*", divide = "/", power = "^"
        case less = "<", atMost = "<=", greater = ">", atLeast = ">=", equal = "==", different = "!="
        case open = "(", close = ")", openBracket = "[", closeBracket = "]", comma = ",", dot = "."
        case and, or, not, `if`, then, `else`
    }

    let kind: Kind
    let range: Range<Int>

    var found: ExpressionError.Found {
        switch kind {
        case .number(let number): .word("\(number)")
        case .name(let name): .word(name)
        case .symbol(let symbol): .word(symbol.rawValue)
        case .end: .end
        }
    }
}

/// Cuts a text into tokens, one at a time.
struct Lexer {
    private let text: [Unicode.Scalar]
    private var index = 0

    init(_ text: [Unicode.Scalar]) { self.text = text }

    private var next: Unicode.Scalar? { peek(0) }
    private func peek(_ distance: Int) -> Unicode.Scalar? {
        index + distance < text.count ? text[index + distance] : nil
    }

    mutating func token() throws(Flaw) -> Token {
        while let blank = next, blank.properties.isWhitespace { index += 1 }
        let start = index
        guard let first = next else { return Token(kind: .end, range: start..<start) }
        if first.isDigit || first == "." && peek(1)?.isDigit == true { return try number() }
        if first.startsName {
            let word = word()
            let kind = Token.Symbol(rawValue: word).map { Token.Kind.symbol($0) } ?? .name(word)
            return Token(kind: kind, range: start..<index)
        }
        return try symbol(first)
    }

    private mutating func word() -> String {
        var word = String.UnicodeScalarView()
        while let scalar = next, scalar.continuesName {
            word.append(scalar)
            index += 1
        }
        return String(word)
    }

    private mutating func symbol(_ first: Unicode.Scalar) throws(Flaw) -> Token {
        for length in [2, 1] where index + length <= text.count {
            var spelling = String.UnicodeScalarView()
            spelling.append(contentsOf: text[index..<index + length])
            guard let symbol = Token.Symbol(rawValue: String(spelling)) else { continue }
            defer { index += length }
            return Token(kind: .symbol(symbol), range: index..<index + length)
        }
        throw Flaw(range: index..<index + 1, problem: .expected(.operatorOrEnd, found: .character(first)))
    }

    private mutating func number() throws(Flaw) -> Token {
        let start = index
        skipDigits()
        if next == "." {
            index += 1
            skipDigits()
        }
        if next == "e" || next == "E" {
            index += 1
            if next == "+" || next == "-" { index += 1 }
            skipDigits()
        }
        let end = index
        // What runs on belongs to the number that was meant.
        while let scalar = next, scalar.continuesName || scalar == "." { index += 1 }
        let spelling = String(String.UnicodeScalarView(text[start..<index]))
        guard index == end, let value = Double(spelling.hasSuffix(".") ? spelling + "0" : spelling) else {
            throw Flaw(range: start..<index, problem: .badNumber(spelling))
        }
        guard value.isFinite else { throw Flaw(range: start..<index, problem: .numberTooLarge(spelling)) }
        return Token(kind: .number(value), range: start..<index)
    }

    private mutating func skipDigits() { while let digit = next, digit.isDigit { index += 1 } }
}

/// What is wrong with one text, before it is known whose text it is.
struct Flaw: Error {
    let range: Range<Int>
    let problem: ExpressionError.Problem
}

extension Unicode.Scalar {
    var isDigit: Bool { "0" <= self && self <= "9" }

    var startsName: Bool {
        if self == "_" || ("a"..."z").contains(self) || ("A"..."Z").contains(self) { return true }
        return value > 0x7F && properties.isAlphabetic
    }

    var continuesName: Bool { startsName || isDigit }
}

/// Whether a word may be a name: letters, digits and underlines, not a digit first, no word of the language.
func isName(_ word: String) -> Bool {
    guard let first = word.unicodeScalars.first, first.startsName else { return false }
    return word.unicodeScalars.allSatisfy(\.continuesName) && word.unicodeScalars.count <= 64
}

func isReserved(_ word: String) -> Bool {
    Token.Symbol(rawValue: word) != nil || Function(rawValue: word) != nil || word == Language.pi
}

enum Language {
    static let pi = "pi"
}

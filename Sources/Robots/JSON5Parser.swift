/// The entrance: text to value, for any bytes whatsoever.
public enum JSON5 {
    /// Files of this house are a few kilobytes; a megabyte is somebody's mistake.
    public static let sizeLimit = 1 << 20
    /// How deep lists and objects may nest: far more than a person writes, far less than the stack holds.
    public static let depthLimit = 64

    /// Parses one JSON5 text. Duplicate keys are errors.
    public static func parse(_ bytes: Span<UInt8>) throws(JSON5Error) -> JSON5Value {
        guard bytes.count <= sizeLimit else {
            let problem = JSON5Error.Problem.tooLarge(bytes: bytes.count, limit: sizeLimit)
            throw JSON5Error(position: TextPosition(line: 1, column: 1), problem: problem)
        }
        var parser = JSON5Parser(cursor: try TextCursor(decoding: bytes))
        return try parser.document()
    }

    public static func parse(_ bytes: [UInt8]) throws(JSON5Error) -> JSON5Value { try parse(bytes.span) }
}

/// Recursive descent over one text; strings and numbers are in files of their own.
struct JSON5Parser {
    var cursor: TextCursor
    /// Of the text that was read last.
    var places = TextPlaces()
    private var depth = 0

    init(cursor: TextCursor) { self.cursor = cursor }

    mutating func document() throws(JSON5Error) -> JSON5Value {
        try skipBlanks()
        let value = try value()
        try skipBlanks()
        guard cursor.next == nil else { throw unexpected(.end) }
        return value
    }

    func unexpected(_ expectation: JSON5Error.Expectation) -> JSON5Error {
        cursor.error(.expected(expectation, found: cursor.found))
    }

    private mutating func value() throws(JSON5Error) -> JSON5Value {
        let position = cursor.position
        let content = try content()
        guard case .text = content else { return JSON5Value(position: position, content: content) }
        return JSON5Value(position: position, content: content, places: places)
    }

    private mutating func content() throws(JSON5Error) -> JSON5Value.Content {
        switch cursor.next {
        case "{": return .object(try nested { parser throws(JSON5Error) in try parser.members() })
        case "[": return .list(try nested { parser throws(JSON5Error) in try parser.elements() })
        case "\"", "'": return .text(try text())
        case let start? where start.isDecimalDigit || "+-.".unicodeScalars.contains(start): return .number(try number())
        case let start? where start.startsIdentifier: return try word()
        default: throw unexpected(.value)
        }
    }

    /// Runs `read` one level deeper, after the opening bracket.
    private mutating func nested<Read>(
        _ read: (inout JSON5Parser) throws(JSON5Error) -> Read
    ) throws(JSON5Error) -> Read {
        guard depth < JSON5.depthLimit else { throw cursor.error(.tooDeep(limit: JSON5.depthLimit)) }
        depth += 1
        cursor.advance()
        let result = try read(&self)
        depth -= 1
        return result
    }

    private mutating func members() throws(JSON5Error) -> [JSON5Member] {
        var members: [JSON5Member] = []
        var seen: [String: TextPosition] = [:]
        try skipBlanks()
        while !cursor.take("}") {
            let member = try member()
            if let first = seen.updateValue(member.keyPosition, forKey: member.key) {
                throw JSON5Error(position: member.keyPosition, problem: .duplicateKey(member.key, first: first))
            }
            members.append(member)
            try skipBlanks()
            guard cursor.take(",") || cursor.next == "}" else { throw unexpected(.commaOrBrace) }
            try skipBlanks()
        }
        return members
    }

    private mutating func member() throws(JSON5Error) -> JSON5Member {
        let position = cursor.position
        let key = try key()
        try skipBlanks()
        guard cursor.take(":") else { throw unexpected(.colon) }
        try skipBlanks()
        return JSON5Member(key: key, keyPosition: position, value: try value())
    }

    private mutating func key() throws(JSON5Error) -> String {
        switch cursor.next {
        case "\"", "'": try text()
        case "\\": try identifier()
        case let start? where start.startsIdentifier: try identifier()
        default: throw unexpected(.key)
        }
    }

    private mutating func elements() throws(JSON5Error) -> [JSON5Value] {
        var elements: [JSON5Value] = []
        try skipBlanks()
        while !cursor.take("]") {
            elements.append(try value())
            try skipBlanks()
            guard cursor.take(",") || cursor.next == "]" else { throw unexpected(.commaOrBracket) }
            try skipBlanks()
        }
        return elements
    }

    private mutating func word() throws(JSON5Error) -> JSON5Value.Content {
        let start = cursor
        let word = cursor.take { $0.continuesIdentifier }
        switch word {
        case "null": return .null
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "Infinity": return .number(.infinity)
        case "NaN": return .number(.nan)
        default: throw start.error(.unknownWord(word))
        }
    }

    private mutating func skipBlanks() throws(JSON5Error) {
        while let next = cursor.next {
            if next.isBlank {
                cursor.advance()
            } else if next == "/", cursor.peek(1) == "/" {
                _ = cursor.take { !$0.isLineBreak }
            } else if next == "/", cursor.peek(1) == "*" {
                try skipBlockComment()
            } else {
                return
            }
        }
    }

    private mutating func skipBlockComment() throws(JSON5Error) {
        let start = cursor
        cursor.advance()
        cursor.advance()
        while !(cursor.next == "*" && cursor.peek(1) == "/") {
            guard cursor.next != nil else { throw start.error(.unterminatedComment) }
            cursor.advance()
        }
        cursor.advance()
        cursor.advance()
    }
}

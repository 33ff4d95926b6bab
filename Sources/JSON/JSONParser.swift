extension JSONValue {
    /// Reads one text: strict, without comments, trailing commas or keys that come twice.
    public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        guard bytes.count <= limits.bytes else {
            throw JSONError(byte: 0, problem: .tooLarge(bytes: bytes.count, limit: limits.bytes))
        }
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            throw JSONError(byte: error.byteOffsets.lowerBound, problem: .notUTF8)
        }
        var parser = JSONParser(bytes, limits)
        self = try parser.document()
    }
}

/// Recursive descent over bytes that are known to be UTF-8; strings and numbers are in files of their own.
struct JSONParser {
    let bytes: [UInt8]
    let limits: JSONLimits
    var position = 0
    private var depth = 0
    private var values = 0

    init(_ bytes: [UInt8], _ limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// The byte that comes next, nil behind the last one.
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    func error(_ problem: JSONError.Problem) -> JSONError { JSONError(byte: position, problem: problem) }

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value()
        skipBlanks()
        guard next == nil else { throw error(.expected(.end)) }
        return value
    }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// Takes `byte` when it comes next.
    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        skipBlanks()
        values += 1
        guard values <= limits.values else { throw error(.tooManyValues(limit: limits.values)) }
        switch next {
        case UInt8(ascii: "{"): return .object(try nested { parser throws(JSONError) in try parser.members() })
        case UInt8(ascii: "["): return .list(try nested { parser throws(JSONError) in try parser.elements() })
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let spelled = word.description.utf8
        guard bytes[position...].starts(with: spelled) else { throw error(.expected(.value)) }
        position += spelled.count
        return value
    }

    /// Runs `read` one level deeper, behind the opening bracket.
    private mutating func nested<Read>(
        _ read: (inout JSONParser) throws(JSONError) -> Read
    ) throws(JSONError) -> Read {
        guard depth < limits.depth else { throw error(.tooDeep(limit: limits.depth)) }
        depth += 1
        position += 1
        let result = try read(&self)
        depth -= 1
        return result
    }

    private mutating func elements() throws(JSONError) -> [JSONValue] {
        var elements: [JSONValue] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) { return elements }
        while true {
            elements.append(try value())
            skipBlanks()
            if take(UInt8(ascii: "]")) { return elements }
            guard take(UInt8(ascii: ",")) else { throw error(.expected(.commaOrBracket)) }
        }
    }

    private mutating func members() throws(JSONError) -> JSONObject {
        var members: [JSONObject.Member] = []
        var seen: Set<String> = []
        skipBlanks()
        if take(UInt8(ascii: "}")) { return JSONObject() }
        while true {
            members.append(try member(notIn: &seen))
            skipBlanks()
            if take(UInt8(ascii: "}")) { return JSONObject(distinct: members) }
            guard take(UInt8(ascii: ",")) else { throw error(.expected(.commaOrBrace)) }
        }
    }

    private mutating func member(notIn seen: inout Set<String>) throws(JSONError) -> JSONObject.Member {
        skipBlanks()
        guard next == UInt8(ascii: "\"") else { throw error(.expected(.key)) }
        let place = position
        let key = try text()
        guard seen.insert(key).inserted else { throw JSONError(byte: place, problem: .duplicateKey(key)) }
        skipBlanks()
        guard take(UInt8(ascii: ":")) else { throw error(.expected(.colon)) }
        return JSONObject.Member(key: key, value: try value())
    }
}

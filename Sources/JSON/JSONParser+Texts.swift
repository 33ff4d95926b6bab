extension JSONParser {
    /// A text from its opening quote to its closing one.
    mutating func text() throws(JSONError) -> String {
        position += 1
        var spelled: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: spelled, as: UTF8.self)
            case UInt8(ascii: "\\"): spelled.append(contentsOf: try escape())
            case ..<0x20: throw error(.controlCharacter(byte))
            default:
                spelled.append(byte)
                position += 1
            }
        }
        throw error(.unterminatedText)
    }

    /// What a backslash and what follows it spell.
    private mutating func escape() throws(JSONError) -> [UInt8] {
        position += 1
        guard let letter = next else { throw error(.unterminatedText) }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [letter]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(String(Character(try character())).utf8)
        default:
            position -= 1
            throw error(.unknownEscape(letter))
        }
    }

    /// The character of `\uXXXX`, or of two of them that belong together.
    private mutating func character() throws(JSONError) -> Unicode.Scalar {
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw error(.loneSurrogate) }
        let second = try hexadecimal()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x1_0000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw error(.loneSurrogate) }
        return scalar
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        var number: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = next.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
                throw error(.expected(.hexDigit))
            }
            number = number << 4 | UInt32(digit)
            position += 1
        }
        return number
    }
}

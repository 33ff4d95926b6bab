/// Reads the members of one JSON object after the other, as recordings of this house write them: numbers come back with
/// the bits that were written, and nothing is built that nobody asked for.
struct FieldScanner {
    /// Not what was expected, at this byte of the message.
    struct Flaw: Error, Equatable {
        let byte: Int
    }

    private let bytes: ArraySlice<UInt8>
    private var place: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        place = bytes.startIndex
    }

    private var next: UInt8? { place < bytes.endIndex ? bytes[place] : nil }

    var flaw: Flaw { Flaw(byte: place - bytes.startIndex) }

    @inline(__always)
    private mutating func skipBlanks() {
        while let byte = next, byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
    }

    @inline(__always)
    private mutating func take(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard next == byte else { return false }
        place += 1
        return true
    }

    /// Hands over the name of each member; `read` takes its value or skips it.
    mutating func members(
        _ read: (Name, inout FieldScanner) throws(Flaw) -> Void
    ) throws(Flaw) {
        guard take(UInt8(ascii: "{")) else { throw flaw }
        if take(UInt8(ascii: "}")) { return }
        repeat {
            let key = try name()
            guard take(UInt8(ascii: ":")) else { throw flaw }
            try read(key, &self)
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw flaw }
    }

    /// A number; NaN for null, which is how what is no number is written.
    mutating func number() throws(Flaw) -> Float {
        skipBlanks()
        if let (digits, end) = digits(), let number = digits.nearest {
            place = end
            return number
        }
        let word = try bareWord()
        if word == "null" { return .nan }
        guard let number = Float(word) else { throw flaw }
        return number
    }

    mutating func integer() throws(Flaw) -> Int64 {
        skipBlanks()
        if let (digits, end) = digits(), !digits.hasPoint, digits.power == 0 {
            place = end
            return digits.isNegative ? -Int64(digits.mantissa) : Int64(digits.mantissa)
        }
        guard let number = Int64(try bareWord()) else { throw flaw }
        return number
    }

    /// What stands here in digits, and where it ends; nil where it is longer, or written otherwise.
    private func digits() -> (Digits, end: Int)? {
        var (digits, place, count) = (Digits(), place, 0)
        if place < bytes.endIndex, bytes[place] == UInt8(ascii: "-") {
            digits.isNegative = true
            place += 1
        }
        var last = place
        while place < bytes.endIndex {
            let byte = bytes[place]
            if byte == UInt8(ascii: "."), !digits.hasPoint, place > last {
                digits.hasPoint = true
                last = place + 1
            } else if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), count < Digits.most {
                digits.mantissa = digits.mantissa * 10 + UInt64(byte - UInt8(ascii: "0"))
                if digits.hasPoint { digits.power -= 1 }
                count += 1
            } else {
                break
            }
            place += 1
        }
        // A digit before the point, and one behind it.
        guard place > last else { return nil }
        guard place < bytes.endIndex, bytes[place] == UInt8(ascii: "e") else { return ending(digits, place) }
        return exponent(digits, place + 1)
    }

    private func exponent(_ before: Digits, _ start: Int) -> (Digits, end: Int)? {
        var (digits, place, power) = (before, start, 0)
        let isNegative = place < bytes.endIndex && bytes[place] == UInt8(ascii: "-")
        if isNegative || (place < bytes.endIndex && bytes[place] == UInt8(ascii: "+")) { place += 1 }
        let first = place
        while place < bytes.endIndex, place < first + 3, let digit = Self.digit(bytes[place]) {
            power = power * 10 + digit
            place += 1
        }
        guard place > first else { return nil }
        digits.power += isNegative ? -power : power
        // Even without a point this is no integer of ours.
        digits.hasPoint = true
        return ending(digits, place)
    }

    private static func digit(_ byte: UInt8) -> Int? {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? Int(byte - UInt8(ascii: "0")) : nil
    }

    private func ending(_ digits: Digits, _ place: Int) -> (Digits, end: Int)? {
        place < bytes.endIndex && Self.isOfWord(bytes[place]) ? nil : (digits, place)
    }

    /// A bare word: a number, or null.
    private mutating func bareWord() throws(Flaw) -> String {
        skipBlanks()
        let start = place
        while let byte = next, Self.isOfWord(byte) { place += 1 }
        guard place > start else { throw flaw }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    /// Letters, digits, signs and points; not what a number of C may have beyond that.
    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"): true
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "E"): true
        default: false
        }
    }

    mutating func text() throws(Flaw) -> String { try name().text }

    /// A text. Of what is written with a backslash only quotes, backslashes and numbered characters are known.
    mutating func name() throws(Flaw) -> Name {
        guard take(UInt8(ascii: "\"")) else { throw flaw }
        let start = place
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { place += 1 }
        if next == UInt8(ascii: "\"") {
            defer { place += 1 }
            return Name(bytes[start..<place])
        }
        return Name(try withEscapes(Array(bytes[start..<place])))
    }

    private mutating func withEscapes(_ start: [UInt8]) throws(Flaw) -> ArraySlice<UInt8> {
        var text = start
        while let byte = next, byte != UInt8(ascii: "\"") {
            place += 1
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                continue
            }
            text += try escaped()
        }
        guard take(UInt8(ascii: "\"")) else { throw flaw }
        return text[...]
    }

    private mutating func escaped() throws(Flaw) -> [UInt8] {
        guard let byte = next else { throw flaw }
        place += 1
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return [byte] }
        guard byte == UInt8(ascii: "u"), place + 4 <= bytes.endIndex,
            let code = UInt32(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16),
            let scalar = Unicode.Scalar(code)
        else { throw flaw }
        place += 4
        return Array(String(Character(scalar)).utf8)
    }

    /// A value that nobody wants: a later version may write more than this one knows.
    mutating func skip(depth: Int = 0) throws(Flaw) {
        guard depth < 16 else { throw flaw }
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): try members { _, rest throws(Flaw) in try rest.skip(depth: depth + 1) }
        case UInt8(ascii: "["): try skipList(depth)
        case UInt8(ascii: "\""): _ = try name()
        default: _ = try bareWord()
        }
    }

    private mutating func skipList(_ depth: Int) throws(Flaw) {
        _ = take(UInt8(ascii: "["))
        if take(UInt8(ascii: "]")) { return }
        repeat { try skip(depth: depth + 1) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw flaw }
    }
}

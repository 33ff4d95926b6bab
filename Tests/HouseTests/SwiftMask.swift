/// Blanks the comments and the contents of strings in Swift source, so that a rule about code reads only code.
///
/// The code inside an interpolation stays. Regex literals are not known here; the house does not use them.
struct SwiftMask {
    private let input: [UInt8]
    private var output: [UInt8] = []
    private var position = 0

    private static let newline = UInt8(ascii: "\n")
    private static let lineComment = Array("//".utf8)
    private static let commentStart = Array("/*".utf8)
    private static let commentEnd = Array("*/".utf8)
    private static let tripleQuote = Array("\"\"\"".utf8)
    private static let hash = UInt8(ascii: "#")
    private static let quote = UInt8(ascii: "\"")

    static func code(of text: String) -> String {
        var mask = SwiftMask(input: Array(text.utf8))
        mask.output.reserveCapacity(mask.input.count)
        mask.scanCode(untilParenthesis: false)
        return String(decoding: mask.output, as: UTF8.self)
    }

    private init(input: [UInt8]) { self.input = input }

    private func next(is word: [UInt8], after distance: Int = 0) -> Bool {
        let start = position + distance
        guard start + word.count <= input.count else { return false }
        return word.indices.allSatisfy { input[start + $0] == word[$0] }
    }

    private mutating func keep(_ count: Int = 1) {
        let end = min(position + count, input.count)
        output += input[position..<end]
        position = end
    }

    private mutating func blank(_ count: Int = 1) {
        let end = min(position + count, input.count)
        output += input[position..<end].map { $0 == Self.newline ? $0 : UInt8(ascii: " ") }
        position = end
    }

    private mutating func scanCode(untilParenthesis: Bool) {
        var depth = 0
        while position < input.count {
            switch input[position] {
            case UInt8(ascii: "/") where next(is: Self.lineComment): scanLineComment()
            case UInt8(ascii: "/") where next(is: Self.commentStart): scanBlockComment()
            case Self.quote, Self.hash:
                if let hashes = hashesBeforeQuote() { scanString(hashes) } else { keep() }
            case UInt8(ascii: "("):
                depth += 1
                keep()
            case UInt8(ascii: ")"):
                depth -= 1
                if untilParenthesis, depth < 0 { return }
                keep()
            default: keep()
            }
        }
    }

    private mutating func scanLineComment() {
        while position < input.count, input[position] != Self.newline { blank() }
    }

    private mutating func scanBlockComment() {
        var depth = 0
        repeat {
            let opens = next(is: Self.commentStart)
            let closes = next(is: Self.commentEnd)
            if opens { depth += 1 }
            if closes { depth -= 1 }
            blank(opens || closes ? 2 : 1)
        } while depth > 0 && position < input.count
    }

    /// How many `#` stand before the quote that starts a string here; nil when no string starts here.
    private func hashesBeforeQuote() -> Int? {
        let hashes = input[position...].prefix { $0 == Self.hash }.count
        return next(is: [Self.quote], after: hashes) ? hashes : nil
    }

    private mutating func scanString(_ hashes: Int) {
        let quotes = next(is: Self.tripleQuote, after: hashes) ? Self.tripleQuote : [Self.quote]
        let fence = Array(repeating: Self.hash, count: hashes)
        let end = quotes + fence
        let escape = [UInt8(ascii: "\\")] + fence
        keep(end.count)
        while position < input.count {
            if next(is: end) { return keep(end.count) }
            if quotes.count == 1, input[position] == Self.newline { return }
            if next(is: escape), next(is: [UInt8(ascii: "(")], after: escape.count) {
                blank(escape.count)
                keep()
                scanCode(untilParenthesis: true)
            } else {
                blank(next(is: escape) ? escape.count + 1 : 1)
            }
        }
    }
}

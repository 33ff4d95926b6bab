/// Why a text is not JSON5, and where.
public struct JSON5Error: Error, Equatable, Sendable {
    public enum Problem: Equatable, Sendable {
        case tooLarge(bytes: Int, limit: Int)
        case notUTF8
        case expected(Expectation, found: Found)
        case unterminatedComment
        case unterminatedText(opened: TextPosition)
        case lineBreakInText
        case badEscape(Found)
        /// Half of a surrogate pair: not a character.
        case loneSurrogate
        case leadingZero
        /// A number runs straight into something else, as in `12ab`.
        case numberRunsOn(Found)
        case unknownWord(String)
        case duplicateKey(String, first: TextPosition)
        case tooDeep(limit: Int)
    }

    /// What would have been right.
    public enum Expectation: Equatable, Sendable {
        case value, key, colon, commaOrBrace, commaOrBracket, digit, hexDigits(Int), end
    }

    /// What was there instead.
    public enum Found: Equatable, Sendable {
        case character(Unicode.Scalar)
        case end
    }

    public let position: TextPosition
    public let problem: Problem

    public init(position: TextPosition, problem: Problem) {
        self.position = position
        self.problem = problem
    }
}

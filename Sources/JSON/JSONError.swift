/// What is wrong with a text that should be JSON, and at which byte.
public struct JSONError: Error, Equatable, Sendable {
    public enum Expectation: Equatable, Sendable {
        case value, key, colon, digit, hexDigit, end
        case commaOrBrace, commaOrBracket
    }

    public enum Problem: Equatable, Sendable {
        case tooLarge(bytes: Int, limit: Int)
        case tooDeep(limit: Int)
        case tooManyValues(limit: Int)
        case notUTF8
        case expected(Expectation)
        case duplicateKey(String)
        case unterminatedText
        /// A character below the blank that was not written as an escape.
        case controlCharacter(UInt8)
        case unknownEscape(UInt8)
        /// Half of a pair that spells one character.
        case loneSurrogate
        /// A whole number that 64 bits do not hold.
        case integerTooLarge
        /// A number beyond what `Double` holds.
        case realTooLarge
        case numberTooLong(limit: Int)
    }

    /// From zero on.
    public let byte: Int
    public let problem: Problem

    public init(byte: Int, problem: Problem) {
        self.byte = byte
        self.problem = problem
    }
}

/// How much one text may ask of whoever reads it.
public struct JSONLimits: Equatable, Sendable {
    public var bytes: Int
    public var depth: Int
    /// A value needs far more memory than the two bytes it may be written with.
    public var values: Int

    public init(bytes: Int = 1 << 20, depth: Int = 32, values: Int = 200_000) {
        self.bytes = bytes
        self.depth = depth
        self.values = values
    }

    /// The longest number: seventeen digits are all that a `Double` has, and some write many zeros.
    public static let numberLength = 128
}

/// One thing that is wrong with a set of expressions, and where. Cases hold values; a door makes the sentence.
public struct ExpressionError: Error, Equatable, Sendable {
    /// The name of the definition or output whose text is wrong.
    public let owner: String
    /// The place in that text, in Unicode scalars; empty at the end of the text, where something is missing.
    public let range: Range<Int>
    public let problem: Problem

    public init(owner: String, range: Range<Int>, problem: Problem) {
        self.owner = owner
        self.range = range
        self.problem = problem
    }

    public enum Problem: Equatable, Sendable {
        // The text.
        case tooLong(characters: Int, limit: Int)
        case tooDeep(limit: Int)
        case expected(Expectation, found: Found)
        /// `1.2.3`, `12ab`, `1e`.
        case badNumber(String)
        /// No lane holds it.
        case numberTooLarge(String)
        /// `a < b < c`, which would compare a truth with a number.
        case chainedComparison

        // The names.
        case unknownName(String, nearest: String?)
        case unknownFunction(String, nearest: String?)
        /// A function stands without its arguments.
        case functionWithoutArguments(String)
        /// A name is followed by arguments.
        case notAFunction(String)
        /// Definitions that need each other, the first one again at the end.
        case cycle([String])
        case duplicate(String)
        case badName(String)
        /// The name already means something.
        case reservedName(String)

        // The meaning.
        case argumentCount(function: String, wanted: ClosedRange<Int>, found: Int)
        case wantedNumber
        case wantedTruth
        case wantedScalar(found: Int)
        case wantedVector
        case differentLengths(Int, Int)
        case wrongLength(wanted: Int, found: Int)
        case indexOutside(Int, count: Int)
        case unknownElement(String, nearest: String?)

        // The units.
        case badUnit(String, UnitError)
        /// Two sides that have to be the same kind of quantity.
        case differentUnits(Dimension, Dimension)
        /// A function or exponent that takes a plain number or an angle.
        case wantedPlainNumber(found: Dimension)
        /// A quantity to a power that is not known before the program runs.
        case unknownPower(of: Dimension)
        case wrongUnit(wanted: Dimension, found: Dimension)

        /// The program as a whole.
        case tooLarge(limit: Int)
    }

    public enum Expectation: Equatable, Sendable {
        case operand, operatorOrEnd, closingParenthesis, closingBracket, commaOrParenthesis, commaOrBracket, index
        case elementName, then, otherwise
    }

    public enum Found: Equatable, Sendable {
        case word(String)
        case character(Unicode.Scalar)
        case end
    }
}

/// Everything that is wrong with a set of expressions, definitions first. One that exists holds at least one.
public struct ExpressionErrors: Error, Equatable, Sendable {
    public let all: [ExpressionError]

    init(_ error: ExpressionError) { all = [error] }

    init?(_ all: [ExpressionError]) {
        guard !all.isEmpty else { return nil }
        self.all = all
    }
}

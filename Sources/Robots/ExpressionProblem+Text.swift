import Expressions

// The words for what is wrong with an expression; its room has numbers and cases only.
extension ExpressionError.Problem {
    var text: String {
        switch self {
        case .tooLong(let characters, _): "it has \(characters) characters"
        case .tooDeep: "it nests too deeply"
        case .expected(_, let found): found.text
        case .badNumber(let text): "\(quoted(text)) is no number"
        case .numberTooLarge(let text): "\(quoted(text)) is too large for a number"
        case .chainedComparison: "one comparison follows another"
        case .unknownName(let name, _): "\(quoted(name)) is no name that is known here"
        case .unknownFunction(let name, _): "\(quoted(name)) is no function"
        case .functionWithoutArguments(let name): "the function \(quoted(name)) has no arguments"
        case .notAFunction(let name): "\(quoted(name)) is no function, but a value"
        case .cycle(let names): "names that need each other: \(names.map { quoted($0) }.joined(separator: ", "))"
        case .duplicate(let name): "the name \(quoted(name)) is taken already"
        case .badName(let name): "\(quoted(name)) cannot be a name"
        case .reservedName(let name): "\(quoted(name)) is a word of the language"
        case .argumentCount(let function, _, let found): "\(quoted(function)) has \(found) arguments"
        case .wantedNumber: "it is a condition"
        case .wantedTruth: "it is a number"
        case .wantedScalar(let found): "it is a vector of \(found)"
        case .wantedVector: "it is a single number"
        case .differentLengths(let left, let right): "vectors of \(left) and of \(right) meet"
        case .wrongLength(_, let found): "it has \(found) elements"
        case .indexOutside(let index, _): "there is no element \(index)"
        case .unknownElement(let name, _): "there is no element \(quoted(name))"
        case .badUnit(let text, let error): "\(quoted(text)) is no unit: \(error.text)"
        case .differentUnits(let left, let right): "\(left.symbol) and \(right.symbol) meet"
        case .wantedPlainNumber(let found): "it has the unit \(found.symbol)"
        case .unknownPower(let unit): "\(unit.symbol) to a power that is not known before the program runs"
        case .wrongUnit(_, let found): "it comes to \(found.symbol)"
        case .tooLarge: "all expressions together are too large"
        }
    }

    var expected: String {
        switch self {
        case .tooLong(_, let limit): "at most \(limit) characters"
        case .tooDeep(let limit): "at most \(limit) levels"
        case .expected(let expectation, _): expectation.text
        case .badNumber, .numberTooLarge: "a number such as 2, 0.5 or 1e-3"
        case .chainedComparison: "one comparison at a time: a < b and b < c"
        case .unknownName(_, let nearest), .unknownFunction(_, let nearest), .unknownElement(_, let nearest):
            nearest.map { "perhaps \(quoted($0))" } ?? expectedName
        case .functionWithoutArguments(let name): "\(name)(…)"
        case .notAFunction: "an operator between the name and the parenthesis"
        case .cycle: "names that do not need themselves"
        case .duplicate, .reservedName: "another name"
        case .badName: "letters, digits and '_', a letter first"
        case .argumentCount(_, let wanted, _):
            wanted.count == 1 ? "\(wanted.lowerBound)" : "from \(wanted.lowerBound) to \(wanted.upperBound)"
        case .wantedNumber: "a number"
        case .wantedTruth: "a condition, such as a < b"
        case .wantedScalar: "a single number; sum(…), norm(…) and v.name make one of a vector"
        case .wantedVector: "a vector, such as position or [1, 2]"
        case .differentLengths: "vectors of one length"
        case .wrongLength(let wanted, _): "\(wanted) elements"
        case .indexOutside(_, let count): "an index from 0 to \(count - 1)"
        case .badUnit(_, let error): error.expected
        case .differentUnits: "the same unit on both sides"
        case .wantedPlainNumber: "a plain number or an angle; divide by something of that unit"
        case .unknownPower: "a number as the power"
        case .wrongUnit(let wanted, _): wanted.symbol
        case .tooLarge: "smaller or fewer expressions"
        }
    }

    private var expectedName: String {
        switch self {
        case .unknownFunction: Function.allCases.map(\.rawValue).joined(separator: ", ")
        case .unknownElement: "the name of an element, such as a joint"
        default: "a name that is defined, measured or declared"
        }
    }
}

extension ExpressionError.Found {
    fileprivate var text: String {
        switch self {
        case .word(let word): "\(quoted(word)) stands here"
        case .character(let character): "\(quoted(String(character))) stands here"
        case .end: "it ends here"
        }
    }
}

extension ExpressionError.Expectation {
    fileprivate var text: String {
        switch self {
        case .operand: "a number, a name or a parenthesis"
        case .operatorOrEnd: "an operator or the end"
        case .closingParenthesis: "')'"
        case .closingBracket: "']'"
        case .commaOrParenthesis: "',' or ')'"
        case .commaOrBracket: "',' or ']'"
        case .index: "a whole number"
        case .elementName: "the name of an element"
        case .then: "'then'"
        case .otherwise: "'else'"
        }
    }
}

extension UnitError {
    fileprivate var text: String {
        switch self {
        case .unknown(let name, _): "\(quoted(name)) is none"
        case .unexpected(let index): "something else stands at character \(index + 1)"
        case .unreasonable: "it is too long or too high a power"
        }
    }

    fileprivate var expected: String {
        let example = "units such as rad/s, N*m or kg*m^2"
        return if case .unknown(_, let nearest?) = self { "\(example); perhaps \(quoted(nearest))" } else { example }
    }
}

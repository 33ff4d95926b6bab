/// What is wrong with the text of an interface, and where.
public struct InterfaceError: Error, Equatable, Sendable {
    public enum Expectation: Equatable, Sendable {
        case interface, interfaceName, member, memberName, fieldName, type, structure, arrow
        case colonOrComma, commaOrParenthesis, keyType, closingBracket
    }

    public enum Problem: Equatable, Sendable {
        case tooLarge(bytes: Int, limit: Int)
        case tooDeep(limit: Int)
        case notUTF8
        case expected(Expectation)
        /// `??`
        case optionalTwice
        /// Values and typed fields in one pair of parentheses.
        case mixedFields
        case duplicateMember(String)
        case duplicateField(String)
        case unknownType(String)
        /// The name is that of a method or an error.
        case noType(String)
        /// Every value of it would contain another one.
        case endlessType(String)
    }

    /// Both count from one; a column is one byte.
    public let line: Int
    public let column: Int
    public let problem: Problem

    public init(line: Int, column: Int, problem: Problem) {
        self.line = line
        self.column = column
        self.problem = problem
    }
}

/// One step of an expression: operands come before what is done with them, so nothing that reads a tree recurses.
struct Step {
    enum Kind: Equatable {
        case number(Double)
        case name(String)
        case negate, not
        case binary(BinaryOperator)
        /// Condition, value, other value.
        case conditional
        case call(String, count: Int)
        case list(count: Int)
        case index(Int)
        case element(String)
    }

    let kind: Kind
    /// What the step and its operands cover in the text.
    let range: Range<Int>
    /// Where the operator, name or index itself stands.
    let place: Range<Int>
}

enum BinaryOperator: Equatable {
    case add, subtract, multiply, divide, power
    case less, atMost, greater, atLeast, equal, different
    case and, or

    init?(_ kind: Token.Kind) {
        guard case .symbol(let symbol) = kind else { return nil }
        switch symbol {
        case .plus: self = .add
        case .minus: self = .subtract
        case .times: self = .multiply
        case .divide: self = .divide
        case .power: self = .power
        case .less: self = .less
        case .atMost: self = .atMost
        case .greater: self = .greater
        case .atLeast: self = .atLeast
        case .equal: self = .equal
        case .different: self = .different
        case .and: self = .and
        case .or: self = .or
        case .open, .close, .openBracket, .closeBracket, .comma, .dot, .not, .if, .then, .else: return nil
        }
    }

    /// How tightly it binds; `not` stands between `and` and the comparisons, a sign between products and powers.
    var strength: Int {
        switch self {
        case .or: 1
        case .and: 2
        case .less, .atMost, .greater, .atLeast, .equal, .different: 4
        case .add, .subtract: 5
        case .multiply, .divide: 6
        case .power: 8
        }
    }

    var isComparison: Bool { strength == 4 }

    static let strengthOfNot = 3
    static let strengthOfSign = 7
}

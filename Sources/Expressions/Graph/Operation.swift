/// What one node computes from its operands.
enum Operation: UInt8 {
    /// A number of the program; its bits stand in the node.
    case constant
    /// A number from outside; its slot stands in the node.
    case slot
    // One operand.
    case negate, magnitude, sign, squareRoot, sine, cosine, tangent, arcSine, arcCosine
    case exponential, logarithm, tanh, wrap
    /// 1 where the condition holds, else 0.
    case number
    case not
    /// The operand itself, into a result that needs it in a place of its own.
    case copy
    // Two operands.
    case add, subtract, multiply, divide, minimum, maximum, arcTangent, power
    case less, atMost, equal, different
    case and, or
    // Three: condition, value, other value.
    case select
    // Made of the others when the tape is written, with the roundings of both.
    /// a·b + c, a·b − c, c − a·b.
    case multiplyAdd, multiplySubtract, subtractProduct
    /// The sine, and the cosine into a second place.
    case sineAndCosine

    var operandCount: Int {
        switch self {
        case .constant, .slot: 0
        case .negate, .magnitude, .sign, .squareRoot, .sine, .cosine, .tangent, .arcSine, .arcCosine: 1
        case .exponential, .logarithm, .tanh, .wrap, .number, .not, .copy, .sineAndCosine: 1
        case .add, .subtract, .multiply, .divide, .minimum, .maximum, .arcTangent, .power: 2
        case .less, .atMost, .equal, .different, .and, .or: 2
        case .select, .multiplyAdd, .multiplySubtract, .subtractProduct: 3
        }
    }

    /// Whether exchanging the operands changes no bit of the result.
    var commutes: Bool {
        [.add, .multiply, .equal, .different, .and, .or].contains(self)
    }
}

struct Node: Hashable {
    typealias Index = Int32

    let operation: Operation
    var a: Index = 0
    var b: Index = 0
    var c: Index = 0
    /// The bits of a constant, or the number of a slot.
    var payload: UInt64 = 0

    func operand(_ position: Int) -> Index { position == 0 ? a : position == 1 ? b : c }
}

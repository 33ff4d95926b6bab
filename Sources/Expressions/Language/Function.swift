/// The functions of the language.
public enum Function: String, CaseIterable, Sendable {
    case min, max, abs, sign, clamp
    case sin, cos, tan, asin, acos, atan, atan2
    case exp, log, sqrt, tanh, wrap
    case sum, dot, norm, any, all

    /// How many arguments it takes.
    public var arguments: ClosedRange<Int> {
        switch self {
        // One vector, or numbers to compare.
        case .min, .max: 1...16
        case .clamp: 3...3
        case .atan2, .dot: 2...2
        case .abs, .sign, .sin, .cos, .tan, .asin, .acos, .atan, .exp, .log, .sqrt, .tanh, .wrap: 1...1
        case .sum, .norm, .any, .all: 1...1
        }
    }

    /// The operation on each element, for functions of one number.
    var elementwise: Operation? {
        switch self {
        case .abs: .magnitude
        case .sign: .sign
        case .sin: .sine
        case .cos: .cosine
        case .tan: .tangent
        case .asin: .arcSine
        case .acos: .arcCosine
        case .exp: .exponential
        case .log: .logarithm
        case .sqrt: .squareRoot
        case .tanh: .tanh
        case .wrap: .wrap
        case .min, .max, .clamp, .atan, .atan2, .sum, .dot, .norm, .any, .all: nil
        }
    }
}

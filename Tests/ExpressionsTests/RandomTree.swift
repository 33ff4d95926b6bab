@testable import Expressions

/// An expression as a tree, evaluated in the plainest way: one lane, one node after the other.
indirect enum NumberTree {
    case literal(Double)
    /// A slot: x, y, the parameter p, or an element of the vector v.
    case slot(Int)
    case negated(NumberTree)
    case binary(String, NumberTree, NumberTree)
    case power(NumberTree, Int)
    case call(String, [NumberTree])
    case conditional(TruthTree, NumberTree, NumberTree)
    /// `sum(v * t)`.
    case weighted(NumberTree)
}

indirect enum TruthTree {
    case compare(String, NumberTree, NumberTree)
    case not(TruthTree)
    case binary(String, TruthTree, TruthTree)
}

let treeVocabulary: [Vocabulary.Declaration] = [
    .init("x", .state), .init("y", .input), .init("p", .parameter), .init("v", .state, count: 3),
]
let slotTexts = ["x", "y", "p", "v[0]", "v[1]", "v[2]"]

extension NumberTree {
    static func random(_ depth: Int, using generator: inout SplitMix) -> NumberTree {
        let kind = depth == 0 ? Int.random(in: 0..<2, using: &generator) : Int.random(in: 0..<12, using: &generator)
        func next() -> NumberTree { random(depth - 1, using: &generator) }
        switch kind {
        case 0: return .literal(literals[Int.random(in: 0..<literals.count, using: &generator)])
        case 1: return .slot(Int.random(in: 0..<6, using: &generator))
        case 2: return .negated(next())
        case 3...6: return .binary(["+", "-", "*", "/"][kind - 3], next(), next())
        case 7: return .power(next(), Int.random(in: -5...9, using: &generator))
        case 8, 9:
            let (name, count) = functions[Int.random(in: 0..<functions.count, using: &generator)]
            return .call(name, (0..<count).map { _ in next() })
        case 10: return .conditional(.random(depth - 1, using: &generator), next(), next())
        default: return .weighted(next())
        }
    }

    static let literals: [Double] = [0, 1, 2, 0.5, 0.1, 3.25, 1e-3, 1e30, 100, 7]
    static let functions: [(String, Int)] = [
        ("abs", 1), ("sign", 1), ("sqrt", 1), ("sin", 1), ("cos", 1), ("tan", 1), ("asin", 1), ("acos", 1), ("exp", 1),
        ("log", 1), ("tanh", 1), ("wrap", 1), ("atan", 1), ("min", 2), ("max", 2), ("min", 3), ("atan2", 2),
        ("clamp", 3), ("pow", 2), ("sin", 1), ("cos", 1),
    ]

    var text: String {
        switch self {
        case .literal(let value): "\(value)"
        case .slot(let slot): slotTexts[slot]
        case .negated(let inner): "(-\(inner.text))"
        case .binary(let symbol, let left, let right): "(\(left.text) \(symbol) \(right.text))"
        case .power(let base, let exponent): "((\(base.text)) ^ \(exponent))"
        case .call("pow", let arguments): "((\(arguments[0].text)) ^ (\(arguments[1].text) + x))"
        case .call(let name, let arguments): "\(name)(\(arguments.map(\.text).joined(separator: ", ")))"
        case .conditional(let condition, let left, let right):
            "(if \(condition.text) then \(left.text) else \(right.text))"
        case .weighted(let inner): "sum(v * \(inner.text))"
        }
    }

    func value<Element: Lane>(_ slots: [Element]) -> Element {
        switch self {
        case .literal(let value): return Element(value)
        case .slot(let slot): return slots[slot]
        case .negated(let inner): return -inner.value(slots)
        case .binary("+", let left, let right): return left.value(slots) + right.value(slots)
        case .binary("-", let left, let right): return left.value(slots) - right.value(slots)
        case .binary("*", let left, let right): return left.value(slots) * right.value(slots)
        case .binary(_, let left, let right): return left.value(slots) / right.value(slots)
        case .power(let base, let exponent): return repeated(base.value(slots), exponent)
        case .call(let name, let arguments): return apply(name, arguments.map { $0.value(slots) }, slots[0])
        case .conditional(let condition, let left, let right):
            return condition.value(slots) ? left.value(slots) : right.value(slots)
        case .weighted(let inner):
            let weight = inner.value(slots)
            return (slots[3] * weight + slots[4] * weight) + slots[5] * weight
        }
    }
}

extension TruthTree {
    static func random(_ depth: Int, using generator: inout SplitMix) -> TruthTree {
        let kind = depth == 0 ? 0 : Int.random(in: 0..<4, using: &generator)
        switch kind {
        case 0, 1:
            let symbol = ["<", "<=", ">", ">=", "==", "!="][Int.random(in: 0..<6, using: &generator)]
            let left = NumberTree.random(max(depth - 1, 0), using: &generator)
            return .compare(symbol, left, .random(max(depth - 1, 0), using: &generator))
        case 2: return .not(.random(depth - 1, using: &generator))
        default:
            let left = TruthTree.random(depth - 1, using: &generator)
            let symbol = Int.random(in: 0..<2, using: &generator) == 0 ? "and" : "or"
            return .binary(symbol, left, .random(depth - 1, using: &generator))
        }
    }

    var text: String {
        switch self {
        case .compare(let symbol, let left, let right): "(\(left.text) \(symbol) \(right.text))"
        case .not(let inner): "(not \(inner.text))"
        case .binary(let symbol, let left, let right): "(\(left.text) \(symbol) \(right.text))"
        }
    }

    func value<Element: Lane>(_ slots: [Element]) -> Bool {
        switch self {
        case .not(let inner): return !inner.value(slots)
        case .binary("and", let left, let right): return left.value(slots) && right.value(slots)
        case .binary(_, let left, let right): return left.value(slots) || right.value(slots)
        case .compare(let symbol, let left, let right):
            let (a, b) = (left.value(slots), right.value(slots))
            switch symbol {
            case "<": return a < b
            case "<=": return a <= b
            case ">": return a > b
            case ">=": return a >= b
            case "==": return a == b
            default: return a != b
            }
        }
    }
}

/// The base multiplied by itself, with the squares shared, and one division at the end.
private func repeated<Element: Lane>(_ base: Element, _ exponent: Int) -> Element {
    var squares = [base]
    while 1 << squares.count <= abs(exponent) {
        squares.append(squares[squares.count - 1] * squares[squares.count - 1])
    }
    let factors = squares.indices.filter { abs(exponent) >> $0 & 1 == 1 }.map { squares[$0] }
    let product = factors.dropFirst().reduce(factors.first ?? 1) { $0 * $1 }
    return exponent < 0 ? 1 / product : product
}

private func smaller<Element: Lane>(_ a: Element, _ b: Element) -> Element { b < a || b.isNaN ? b : a }
private func larger<Element: Lane>(_ a: Element, _ b: Element) -> Element { a < b || b.isNaN ? b : a }

private func apply<Element: Lane>(_ name: String, _ values: [Element], _ x: Element) -> Element {
    let vectors = values.map { Element.Vector(repeating: $0) }
    let first = vectors[0]
    switch name {
    case "abs": return values[0].magnitude
    case "sign": return values[0] > 0 ? 1 : values[0] < 0 ? -1 : values[0]
    case "sqrt": return values[0].squareRoot()
    case "sin": return first.sine[0]
    case "cos": return first.cosine[0]
    case "tan": return first.tangent[0]
    case "asin": return first.arcSine[0]
    case "acos": return first.arcCosine[0]
    case "exp": return first.exponential[0]
    case "log": return first.logarithm[0]
    case "tanh": return first.hyperbolicTangent[0]
    case "wrap": return first.wrapped[0]
    case "atan": return Element.Vector.arcTangent(first, Element.Vector(repeating: 1))[0]
    case "atan2": return Element.Vector.arcTangent(first, vectors[1])[0]
    case "min": return values.dropFirst().reduce(values[0], smaller)
    case "max": return values.dropFirst().reduce(values[0], larger)
    case "clamp": return smaller(larger(values[0], values[1]), values[2])
    default: return Element.Vector.power(values[0], values[1] + x)
    }
}

extension Builder {
    mutating func call(_ function: Function, _ meanings: [Meaning], _ ranges: [Range<Int>]) -> Meaning? {
        let kind: Meaning.Kind = function == .any || function == .all ? .truth : .number
        let all = ranges[0].lowerBound..<ranges[ranges.count - 1].upperBound
        guard let arguments = wanted(kind, meanings, ranges) else { return nil }
        switch function {
        case .abs, .sign, .sin, .cos, .tan, .asin, .acos, .exp, .log, .sqrt, .tanh, .wrap:
            return function.elementwise.flatMap { apply($0, function, arguments[0], at: ranges[0]) }
        case .atan:
            plain(arguments[0], at: ranges[0])
            let one = Meaning(nodes: [graph.constant(1)])
            return angle(elementwise(.arcTangent, [arguments[0], one], at: all))
        case .atan2:
            _ = sameUnit(arguments, at: all)
            return angle(elementwise(.arcTangent, arguments, at: all))
        case .min: return extreme(.minimum, arguments, at: all)
        case .max: return extreme(.maximum, arguments, at: all)
        case .clamp:
            let unit = sameUnit(arguments, at: all)
            let raised = elementwise(.maximum, [arguments[0], arguments[1]], at: all)
            return with(unit, raised.flatMap { elementwise(.minimum, [$0, arguments[2]], at: all) })
        case .sum: return reduced(.add, arguments[0], at: all)
        case .any: return reduced(.or, arguments[0], at: all)
        case .all: return reduced(.and, arguments[0], at: all)
        case .dot: return dot(arguments[0], arguments[1], ranges)
        case .norm:
            return dot(arguments[0], arguments[0], [ranges[0], ranges[0]]).flatMap { squared in
                with(root(squared.unit), elementwise(.squareRoot, [squared], at: all))
            }
        }
    }

    /// Functions of one number, with what they do to its unit.
    private mutating func apply(
        _ operation: Operation, _ function: Function, _ argument: Meaning, at range: Range<Int>
    ) -> Meaning? {
        let result = elementwise(operation, [argument], at: range)
        switch function {
        case .abs: return result
        case .sqrt: return with(root(argument.unit), result)
        case .sign: return angle(result)
        default:
            plain(argument, at: range)
            return angle(result)
        }
    }

    private func with(_ unit: Meaning.Unit, _ meaning: Meaning?) -> Meaning? {
        var meaning = meaning
        meaning?.unit = unit
        return meaning
    }

    /// A plain number, of which an angle is one.
    private func angle(_ meaning: Meaning?) -> Meaning? { with(.known(.plain), meaning) }

    private func root(_ unit: Meaning.Unit) -> Meaning.Unit {
        guard let dimension = unit.dimension else { return unit }
        return dimension.raised(to: 0.5).map { .known($0) } ?? .unknown
    }

    /// The smallest or largest of several numbers, element by element, or of one vector.
    private mutating func extreme(_ operation: Operation, _ arguments: [Meaning], at range: Range<Int>) -> Meaning? {
        guard arguments.count > 1 else { return reduced(operation, arguments[0], at: range) }
        let unit = sameUnit(arguments, at: range)
        var result: Meaning? = arguments[0]
        for argument in arguments.dropFirst() {
            result = result.flatMap { elementwise(operation, [$0, argument], at: range) }
        }
        return with(unit, result)
    }

    /// From the first element to the last, in this order: rounding is part of the result.
    private mutating func reduced(_ operation: Operation, _ argument: Meaning, at range: Range<Int>) -> Meaning? {
        guard let vector = wantedVector(argument, range), afford(vector.nodes.count, at: range) else { return nil }
        var result = vector.nodes[0]
        for node in vector.nodes.dropFirst() { result = graph.node(operation, result, node) }
        return Meaning(kind: vector.kind, nodes: [result], unit: vector.unit)
    }

    private mutating func dot(_ left: Meaning, _ right: Meaning, _ ranges: [Range<Int>]) -> Meaning? {
        let both = ranges[0].lowerBound..<ranges[1].upperBound
        guard let left = wantedVector(left, ranges[0]), let right = wantedVector(right, ranges[1]),
            let products = combine(.multiply, [left, right], ranges, at: both)
        else { return nil }
        return reduced(.add, products, at: both)
    }
}

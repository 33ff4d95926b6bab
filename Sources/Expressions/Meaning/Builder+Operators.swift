extension Builder {
    mutating func combine(
        _ binary: BinaryOperator, _ meanings: [Meaning], _ ranges: [Range<Int>], at place: Range<Int>
    ) -> Meaning? {
        let kind: Meaning.Kind = binary == .and || binary == .or ? .truth : .number
        let both = ranges[0].lowerBound..<ranges[1].upperBound
        guard let sides = wanted(kind, meanings, ranges) else { return nil }
        switch binary {
        case .and: return elementwise(.and, sides, at: both)
        case .or: return elementwise(.or, sides, at: both)
        case .less: return compare(.less, sides, at: both)
        case .atMost: return compare(.atMost, sides, at: both)
        case .greater: return compare(.less, sides.reversed(), at: both)
        case .atLeast: return compare(.atMost, sides.reversed(), at: both)
        case .equal: return compare(.equal, sides, at: both)
        case .different: return compare(.different, sides, at: both)
        case .add: return sum(.add, sides, at: both)
        case .subtract: return sum(.subtract, sides, at: both)
        case .multiply, .divide: return product(binary, sides, at: both)
        case .power: return power(sides, ranges)
        }
    }

    private mutating func compare(_ operation: Operation, _ sides: [Meaning], at range: Range<Int>) -> Meaning? {
        _ = sameUnit(sides, at: range)
        guard var truth = elementwise(operation, sides, at: range) else { return nil }
        truth.kind = .truth
        truth.unit = .unknown
        return truth
    }

    private mutating func sum(_ operation: Operation, _ sides: [Meaning], at range: Range<Int>) -> Meaning? {
        let unit = sameUnit(sides, at: range)
        guard var sum = elementwise(operation, sides, at: range) else { return nil }
        sum.unit = unit
        return sum
    }

    private mutating func product(_ binary: BinaryOperator, _ sides: [Meaning], at range: Range<Int>) -> Meaning? {
        let operation: Operation = binary == .multiply ? .multiply : .divide
        guard var product = elementwise(operation, sides, at: range) else { return nil }
        product.unit = unit(ofProduct: sides[0].unit, sides[1].unit, isQuotient: binary == .divide)
        return product
    }

    private func unit(ofProduct left: Meaning.Unit, _ right: Meaning.Unit, isQuotient: Bool) -> Meaning.Unit {
        if left == .unknown || right == .unknown { return .unknown }
        if left == .literal && right == .literal { return .literal }
        let (a, b) = (left.dimension ?? .plain, right.dimension ?? .plain)
        let unit = isQuotient ? a / b : a * b
        return unit.isReasonable ? .known(unit) : .unknown
    }

    private mutating func power(_ sides: [Meaning], _ ranges: [Range<Int>]) -> Meaning? {
        let (base, exponent) = (sides[0], sides[1])
        plain(exponent, at: ranges[1])
        let both = ranges[0].lowerBound..<ranges[1].upperBound
        let constant = exponent.isVector ? nil : literal(exponent.nodes[0])
        let unit = unit(of: base, toThe: constant, at: ranges[0])
        guard var power = power(base, exponent, constant, at: both) else { return nil }
        power.unit = unit
        return power
    }

    /// The value of a written number, also of one with a sign.
    private func literal(_ index: Node.Index) -> Double? {
        let node = graph[index]
        return node.operation == .negate ? graph.value(of: node.a).map { -$0 } : graph.value(of: index)
    }

    /// Small whole exponents are products, a half is a root; everything else takes a logarithm.
    private mutating func power(
        _ base: Meaning, _ exponent: Meaning, _ constant: Double?, at range: Range<Int>
    ) -> Meaning? {
        if constant == 0.5 { return elementwise(.squareRoot, [base], at: range) }
        guard let constant, let whole = Int(exactly: constant), whole.magnitude <= Graph.largestPower else {
            return elementwise(.power, [base, exponent], at: range)
        }
        guard afford(base.nodes.count * 8, at: range) else { return nil }
        var power = base
        power.nodes = base.nodes.map { graph.power($0, whole) }
        return power
    }

    private mutating func unit(of base: Meaning, toThe exponent: Double?, at range: Range<Int>) -> Meaning.Unit {
        guard let dimension = base.unit.dimension, !dimension.isPlain else { return base.unit }
        guard let exponent else {
            note(.unknownPower(of: dimension), at: range)
            return .unknown
        }
        return dimension.raised(to: exponent).map { .known($0) } ?? .unknown
    }
}

// Kinds and lengths: what fits together, and what is computed element by element.
extension Builder {
    mutating func wanted(_ kind: Meaning.Kind, _ meaning: Meaning, _ range: Range<Int>) -> Meaning? {
        guard meaning.kind != kind else { return meaning }
        note(kind == .number ? .wantedNumber : .wantedTruth, at: range)
        return nil
    }

    /// All of them, if each is of the kind.
    mutating func wanted(_ kind: Meaning.Kind, _ meanings: [Meaning], _ ranges: [Range<Int>]) -> [Meaning]? {
        let right = zip(meanings, ranges).compactMap { wanted(kind, $0, $1) }
        return right.count == meanings.count ? right : nil
    }

    /// The length that vectors have in common; 1 when all are single numbers.
    private mutating func commonCount(_ meanings: [Meaning], at range: Range<Int>) -> Int? {
        let lengths = meanings.filter(\.isVector).map(\.nodes.count)
        guard let other = lengths.first(where: { $0 != lengths[0] }) else { return lengths.first ?? 1 }
        note(.differentLengths(lengths[0], other), at: range)
        return nil
    }

    /// The same operation on each element. The unit and the kind are those of the last operand.
    mutating func elementwise(_ operation: Operation, _ meanings: [Meaning], at range: Range<Int>) -> Meaning? {
        guard let count = commonCount(meanings, at: range), afford(count, at: range), var result = meanings.last else {
            return nil
        }
        result.nodes = (0..<count).map { element in
            let operands = meanings.map { $0.node(element) }
            return graph.node(
                operation, operands[0], operands.count > 1 ? operands[1] : 0, operands.count > 2 ? operands[2] : 0)
        }
        let vectors = meanings.filter(\.isVector)
        result.isVector = !vectors.isEmpty
        result.elements = commonElements(vectors)
        return result
    }

    private func commonElements(_ vectors: [Meaning]) -> [String] {
        let named = vectors.map(\.elements).filter { !$0.isEmpty }
        guard let first = named.first, named.allSatisfy({ $0 == first }) else { return [] }
        return first
    }

    mutating func choose(_ meanings: [Meaning], _ ranges: [Range<Int>]) -> Meaning? {
        guard let condition = wanted(.truth, meanings[0], ranges[0]),
            let other = wanted(meanings[1].kind, meanings[2], ranges[2])
        else { return nil }
        let both = ranges[1].lowerBound..<ranges[2].upperBound
        let unit = sameUnit([meanings[1], other], at: both)
        guard meanings[1].kind == .number else {
            // A truth is chosen by truths: the bits of all three are masks.
            return elementwise(.select, [condition, meanings[1], other], at: both)
        }
        guard var chosen = elementwise(.select, [condition, meanings[1], other], at: both) else { return nil }
        chosen.unit = unit
        return chosen
    }

    mutating func list(_ meanings: [Meaning], _ ranges: [Range<Int>]) -> Meaning? {
        guard let numbers = wanted(meanings[0].kind, meanings, ranges) else { return nil }
        if let vector = numbers.indices.first(where: { numbers[$0].isVector }) {
            note(.wantedScalar(found: numbers[vector].nodes.count), at: ranges[vector])
            return nil
        }
        guard numbers.count <= ExpressionLimits.elements else {
            note(.tooLarge(limit: ExpressionLimits.elements), at: ranges[0])
            return nil
        }
        let unit = sameUnit(numbers, at: ranges[0].lowerBound..<ranges[ranges.count - 1].upperBound)
        return Meaning(kind: numbers[0].kind, nodes: numbers.map { $0.nodes[0] }, isVector: true, unit: unit)
    }

    mutating func element(
        _ index: Int, of meaning: Meaning, at place: Range<Int>, of range: Range<Int>
    ) -> Meaning? {
        guard let vector = wantedVector(meaning, range) else { return nil }
        guard vector.nodes.indices.contains(index) else {
            note(.indexOutside(index, count: vector.nodes.count), at: place)
            return nil
        }
        return Meaning(kind: vector.kind, nodes: [vector.nodes[index]], unit: vector.unit)
    }

    mutating func element(
        _ name: String, of meaning: Meaning, at place: Range<Int>, of range: Range<Int>
    ) -> Meaning? {
        guard let vector = wantedVector(meaning, range) else { return nil }
        guard let index = vector.elements.firstIndex(of: name) else {
            note(.unknownElement(name, nearest: nearest(to: name, among: vector.elements)), at: place)
            return nil
        }
        return Meaning(kind: vector.kind, nodes: [vector.nodes[index]], unit: vector.unit)
    }

    mutating func wantedVector(_ meaning: Meaning, _ range: Range<Int>) -> Meaning? {
        guard !meaning.isVector else { return meaning }
        note(.wantedVector, at: range)
        return nil
    }
}

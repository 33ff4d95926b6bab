extension Builder {
    /// The unit of numbers that have to be of one kind; notes the first two that are not.
    mutating func sameUnit(_ meanings: [Meaning], at range: Range<Int>) -> Meaning.Unit {
        let known = meanings.compactMap(\.unit.dimension)
        guard let first = known.first else {
            return meanings.contains { $0.unit == .unknown } ? .unknown : .literal
        }
        if let other = known.first(where: { $0 != first }) { note(.differentUnits(first, other), at: range) }
        return .known(first)
    }

    /// Notes a number that has a unit where a plain number or an angle is wanted.
    mutating func plain(_ meaning: Meaning, at range: Range<Int>) {
        if let dimension = meaning.unit.dimension, !dimension.isPlain {
            note(.wantedPlainNumber(found: dimension), at: range)
        }
    }

    /// Notes what does not fit the output that was asked for.
    mutating func check(_ meaning: Meaning, against output: Output, _ range: Range<Int>) {
        switch output.shape {
        case .any: break
        case .number:
            if meaning.kind != .number { note(.wantedNumber, at: range) }
            if meaning.isVector { note(.wantedScalar(found: meaning.nodes.count), at: range) }
        case .truth:
            if meaning.kind != .truth { note(.wantedTruth, at: range) }
            if meaning.isVector { note(.wantedScalar(found: meaning.nodes.count), at: range) }
        case .vector(let count):
            if meaning.kind != .number { note(.wantedNumber, at: range) }
            if !meaning.isVector {
                note(.wantedVector, at: range)
            } else if meaning.nodes.count != count {
                note(.wrongLength(wanted: count, found: meaning.nodes.count), at: range)
            }
        }
        if let unit = output.unit { _ = check(meaning, hasUnit: unit, range) }
    }

    /// Notes a unit that is another one than was said, or that is none; answers the one that was said.
    mutating func check(_ meaning: Meaning, hasUnit unit: String, _ range: Range<Int>) -> Dimension? {
        do throws(UnitError) {
            let wanted = try Dimension(parsing: unit)
            if let found = meaning.unit.dimension, found != wanted {
                note(.wrongUnit(wanted: wanted, found: found), at: range)
            }
            return wanted
        } catch {
            note(.badUnit(unit, error), at: 0..<0)
            return nil
        }
    }
}

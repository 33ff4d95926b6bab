/// Runs instructions, one after the other, each over all blocks of a tile.
///
/// A block is loaded before it is stored, so a result may take the place of an operand.
struct Machine<Vector: LaneVector> {
    let columns: ColumnTable
    let blocks: Int

    @inline(__always)
    func execute(_ instructions: Span<Instruction>) {
        for index in instructions.indices { execute(instructions[index]) }
    }

    @inline(__always)
    private func execute(_ instruction: Instruction) {
        switch instruction.operation {
        case .add: pair(instruction) { $0 + $1 }
        case .subtract: pair(instruction) { $0 - $1 }
        case .multiply: pair(instruction) { $0 * $1 }
        case .multiplyAdd: triple(instruction) { $0 * $1 + $2 }
        case .multiplySubtract: triple(instruction) { $0 * $1 - $2 }
        case .subtractProduct: triple(instruction) { $2 - $0 * $1 }
        case .divide: pair(instruction) { $0 / $1 }
        case .negate: single(instruction) { -$0 }
        case .sine: single(instruction) { $0.sine }
        case .cosine: single(instruction) { $0.cosine }
        case .sineAndCosine: sineAndCosine(instruction)
        case .minimum: pair(instruction) { Vector.minimum($0, $1) }
        case .maximum: pair(instruction) { Vector.maximum($0, $1) }
        case .less: pair(instruction) { $0.isLess(than: $1) }
        case .atMost: pair(instruction) { $0.isAtMost($1) }
        case .equal: pair(instruction) { $0.isEqual(to: $1) }
        case .different: pair(instruction) { ~$0.isEqual(to: $1) }
        case .and: pair(instruction) { $0 & $1 }
        case .or: pair(instruction) { $0 | $1 }
        case .not: single(instruction) { ~$0 }
        case .select: triple(instruction) { $0.choose($1, else: $2) }
        case .number: single(instruction) { $0 & Vector(1) }
        case .copy: single(instruction) { $0 }
        case .magnitude: single(instruction) { $0.magnitude }
        case .sign: single(instruction) { $0.signum }
        case .squareRoot: single(instruction) { $0.squareRoot }
        case .tangent: single(instruction) { $0.tangent }
        case .arcSine: single(instruction) { $0.arcSine }
        case .arcCosine: single(instruction) { $0.arcCosine }
        case .arcTangent: pair(instruction) { Vector.arcTangent($0, $1) }
        case .exponential: single(instruction) { $0.exponential }
        case .logarithm: single(instruction) { $0.logarithm }
        case .tanh: single(instruction) { $0.hyperbolicTangent }
        case .wrap: single(instruction) { $0.wrapped }
        case .power: power(instruction)
        case .constant, .slot: preconditionFailure("a number that is there already is not computed")
        }
    }

    @inline(__always)
    private func single(_ instruction: Instruction, _ compute: (Vector) -> Vector) {
        let (destination, a) = (columns[instruction.destination], columns[instruction.a])
        var (to, from) = (0, 0)
        for _ in 0..<blocks {
            let (first, second): (Vector, Vector) = (a.load(from), a.load(from &+ 16))
            destination.store(compute(first), to)
            destination.store(compute(second), to &+ 16)
            to &+= destination.step
            from &+= a.step
        }
    }

    @inline(__always)
    private func pair(_ instruction: Instruction, _ compute: (Vector, Vector) -> Vector) {
        let (destination, a, b) = (columns[instruction.destination], columns[instruction.a], columns[instruction.b])
        var (to, left, right) = (0, 0, 0)
        for _ in 0..<blocks {
            let first = compute(a.load(left), b.load(right))
            let second = compute(a.load(left &+ 16), b.load(right &+ 16))
            destination.store(first, to)
            destination.store(second, to &+ 16)
            to &+= destination.step
            left &+= a.step
            right &+= b.step
        }
    }

    @inline(__always)
    private func triple(_ instruction: Instruction, _ compute: (Vector, Vector, Vector) -> Vector) {
        let (a, b, c) = (columns[instruction.a], columns[instruction.b], columns[instruction.c])
        let destination = columns[instruction.destination]
        var (to, x, y, z) = (0, 0, 0, 0)
        for _ in 0..<blocks {
            let first = compute(a.load(x), b.load(y), c.load(z))
            let second = compute(a.load(x &+ 16), b.load(y &+ 16), c.load(z &+ 16))
            destination.store(first, to)
            destination.store(second, to &+ 16)
            to &+= destination.step
            x &+= a.step
            y &+= b.step
            z &+= c.step
        }
    }

    @inline(__always)
    private func sineAndCosine(_ instruction: Instruction) {
        let (sine, cosine, a) = (columns[instruction.destination], columns[instruction.b], columns[instruction.a])
        var (toSine, toCosine, from) = (0, 0, 0)
        for _ in 0..<blocks {
            for offset in stride(from: 0, to: Column.blockSize, by: 16) {
                let angle: Vector = a.load(from &+ offset)
                let both = angle.sineAndCosine
                sine.store(both.sine, toSine &+ offset)
                cosine.store(both.cosine, toCosine &+ offset)
            }
            toSine &+= sine.step
            toCosine &+= cosine.step
            from &+= a.step
        }
    }

    /// Lane by lane: rare, and a logarithm with twice the digits is nothing to hurry.
    private func power(_ instruction: Instruction) {
        pair(instruction) { base, exponent in
            var power = base
            for lane in 0..<Vector.width { power[lane] = Vector.power(base[lane], exponent[lane]) }
            return power
        }
    }
}

extension Float {
    public static func execute(_ instructions: Span<Instruction>, on columns: ColumnTable, blocks: Int) {
        Machine<FloatLanes>(columns: columns, blocks: blocks).execute(instructions)
    }
}

extension Double {
    public static func execute(_ instructions: Span<Instruction>, on columns: ColumnTable, blocks: Int) {
        Machine<DoubleLanes>(columns: columns, blocks: blocks).execute(instructions)
    }
}

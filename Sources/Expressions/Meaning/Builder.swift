/// Reads steps, finds out what they mean, and puts the nodes that compute it into a graph.
///
/// What is wrong is noted and has no meaning; what is built of it has none either, and is not reported again.
struct Builder {
    var graph = Graph()
    private(set) var errors: [ExpressionError] = []
    private let vocabulary: Vocabulary
    private var definitions: [String: Meaning?] = [:]
    /// Names for proposals.
    private let names: [String]
    private var owner = ""
    /// All steps so far, each element counted.
    private var steps = 0

    /// A value on the stack, and what it covers in the text.
    struct Operand {
        let meaning: Meaning?
        let range: Range<Int>
    }

    init(_ vocabulary: Vocabulary, definitions: [String]) {
        self.vocabulary = vocabulary
        names = vocabulary.declarations.map(\.name) + definitions + [Language.pi]
    }

    mutating func note(_ problem: ExpressionError.Problem, at range: Range<Int>) {
        errors.append(ExpressionError(owner: owner, range: range, problem: problem))
    }

    mutating func note(_ problem: ExpressionError.Problem, at range: Range<Int>, of owner: String) {
        errors.append(ExpressionError(owner: owner, range: range, problem: problem))
    }

    /// A definition without a meaning is one whose text was wrong.
    mutating func define(_ name: String, as meaning: Meaning?) { definitions[name] = .some(meaning) }

    mutating func meaning(of steps: [Step], owner: String) -> Meaning? {
        self.owner = owner
        var stack: [Operand] = []
        for step in steps {
            let operands = Array(stack.suffix(step.operandCount))
            stack.removeLast(step.operandCount)
            stack.append(Operand(meaning: meaning(of: step, operands), range: step.range))
        }
        return stack.last?.meaning
    }

    private mutating func meaning(of step: Step, _ operands: [Operand]) -> Meaning? {
        switch step.kind {
        case .number(let value): return Meaning(nodes: [graph.constant(value)])
        case .name(let name): return meaning(of: name, at: step.place)
        case .call(let name, _):
            guard let function = Function(rawValue: name) else {
                noteUnknown(function: name, at: step.place)
                return nil
            }
            guard function.arguments.contains(operands.count) else {
                let problem = ExpressionError.Problem.argumentCount(
                    function: name, wanted: function.arguments, found: operands.count)
                note(problem, at: step.range)
                return nil
            }
            guard let meanings = known(operands) else { return nil }
            return call(function, meanings, operands.map(\.range))
        case .negate, .not, .binary, .conditional, .list, .index, .element: break
        }
        guard let meanings = known(operands) else { return nil }
        return combine(step, meanings, operands.map(\.range))
    }

    private func known(_ operands: [Operand]) -> [Meaning]? {
        let meanings = operands.compactMap(\.meaning)
        return meanings.count == operands.count ? meanings : nil
    }

    private mutating func combine(_ step: Step, _ meanings: [Meaning], _ ranges: [Range<Int>]) -> Meaning? {
        switch step.kind {
        case .negate:
            return wanted(.number, meanings[0], ranges[0]).flatMap { elementwise(.negate, [$0], at: ranges[0]) }
        case .not: return wanted(.truth, meanings[0], ranges[0]).flatMap { elementwise(.not, [$0], at: ranges[0]) }
        case .binary(let binary): return combine(binary, meanings, ranges, at: step.place)
        case .conditional: return choose(meanings, ranges)
        case .list: return list(meanings, ranges)
        case .index(let index): return element(index, of: meanings[0], at: step.place, of: ranges[0])
        case .element(let name): return element(name, of: meanings[0], at: step.place, of: ranges[0])
        case .number, .name, .call: return nil
        }
    }

    private mutating func meaning(of name: String, at place: Range<Int>) -> Meaning? {
        if let entry = vocabulary.entries[name] { return meaning(of: entry) }
        if let definition = definitions[name] { return definition }
        if name == Language.pi { return Meaning(nodes: [graph.constant(.pi)]) }
        if Function(rawValue: name) != nil {
            note(.functionWithoutArguments(name), at: place)
        } else {
            note(.unknownName(name, nearest: nearest(to: name, among: names)), at: place)
        }
        return nil
    }

    private mutating func noteUnknown(function name: String, at place: Range<Int>) {
        if names.contains(name) {
            note(.notAFunction(name), at: place)
        } else {
            let functions = Function.allCases.map(\.rawValue)
            note(.unknownFunction(name, nearest: nearest(to: name, among: functions)), at: place)
        }
    }

    private mutating func meaning(of entry: Vocabulary.Entry) -> Meaning {
        let declaration = entry.declaration
        let nodes: [Node.Index]
        if case .constant(let values) = declaration.role {
            nodes = values.map { graph.constant($0) }
        } else {
            nodes = (0..<(declaration.count ?? 1)).map { graph.slot(entry.firstSlot + $0) }
        }
        return Meaning(
            nodes: nodes, isVector: declaration.count != nil, elements: declaration.elements,
            unit: entry.dimension.map { .known($0) } ?? .unknown)
    }

    /// Counts the work of one step; false when all expressions together need too much.
    mutating func afford(_ count: Int, at range: Range<Int>) -> Bool {
        let before = steps
        steps += count
        if before <= ExpressionLimits.steps, steps > ExpressionLimits.steps {
            note(.tooLarge(limit: ExpressionLimits.steps), at: range)
        }
        return steps <= ExpressionLimits.steps
    }
}

extension Step {
    var operandCount: Int {
        switch kind {
        case .number, .name: 0
        case .negate, .not, .index, .element: 1
        case .binary: 2
        case .conditional: 3
        case .call(_, let count), .list(let count): count
        }
    }
}

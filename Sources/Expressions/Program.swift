/// Expressions that were understood: what they read, what they compute, and the operations in between.
///
/// A program does not change and may be shared between threads. `Tape` runs it.
public struct Program: Equatable, Sendable {
    /// The numbers it reads, in the order of the vocabulary.
    public let slots: [Slot]
    /// The numbers it computes, vectors element by element, in the order of the outputs.
    public let results: [Result]
    let graph: Graph
    /// The node of each result.
    let roots: [Node.Index]

    public struct Result: Hashable, Sendable {
        public let name: String
        /// The place in the vector; nil for a single number.
        public let element: Int?
        /// Whether it is a condition, which is computed as 0 or 1.
        public let isTruth: Bool
        /// The slot by which a derivative was taken, or nil for the value itself.
        public var slot: Slot?
    }

    /// How many different operations there are.
    public var operationCount: Int { graph.nodes.count }

    /// Understands definitions and outputs, or says everything that is wrong with them.
    public init(
        in vocabulary: Vocabulary, definitions: [Definition] = [], outputs: [Output]
    ) throws(ExpressionErrors) {
        var builder = Builder(vocabulary, definitions: definitions.map(\.name))
        builder.define(definitions, knowing: vocabulary)
        var results: [Result] = []
        var roots: [Node.Index] = []
        for output in outputs {
            guard let meaning = builder.meaning(of: output) else { continue }
            for (index, node) in meaning.nodes.enumerated() {
                let isTruth = meaning.kind == .truth
                results.append(Result(name: output.name, element: meaning.isVector ? index : nil, isTruth: isTruth))
                roots.append(isTruth ? builder.graph.node(.number, node) : node)
            }
        }
        if builder.graph.isFull {
            builder.note(.tooLarge(limit: ExpressionLimits.operations), at: 0..<0, of: outputs.last?.name ?? "")
        }
        if let errors = ExpressionErrors(builder.errors) { throw errors }
        self.init(slots: vocabulary.slots, results: results, graph: builder.graph, roots: roots)
    }

    init(slots: [Slot], results: [Result], graph: Graph, roots: [Node.Index]) {
        self.slots = slots
        self.results = results
        self.graph = graph
        self.roots = roots
    }

    /// A program made of others, unless it became too large.
    static func whole(
        slots: [Slot], results: [Result], graph: Graph, roots: [Node.Index]
    ) throws(ExpressionErrors) -> Program {
        guard !graph.isFull else {
            let problem = ExpressionError.Problem.tooLarge(limit: ExpressionLimits.operations)
            throw ExpressionErrors(ExpressionError(owner: results.last?.name ?? "", range: 0..<0, problem: problem))
        }
        return Program(slots: slots, results: results, graph: graph, roots: roots)
    }

    /// The number that a result always is; nil where it depends on what is read.
    public func constant(_ result: Int) -> Double? { graph.value(of: roots[result]) }

    /// The slot that a result is as it stands; nil where it is computed.
    public func slot(_ result: Int) -> Slot? {
        let node = graph[roots[result]]
        return node.operation == .slot ? slots[Int(node.payload)] : nil
    }

    /// The program that computes only some of the results.
    public func only(_ places: Range<Int>) -> Program {
        Program(slots: slots, results: Array(results[places]), graph: graph, roots: Array(roots[places]))
    }

    /// Where the results of an output are; a single number has one, an unknown name none.
    public func places(of output: String) -> Range<Int> {
        guard let first = results.firstIndex(where: { $0.name == output }) else { return 0..<0 }
        let end = results[first...].firstIndex { $0.name != output } ?? results.endIndex
        return first..<end
    }
}

extension Builder {
    /// Understands all definitions, each after those it uses.
    fileprivate mutating func define(_ definitions: [Definition], knowing vocabulary: Vocabulary) {
        var positions: [String: Int] = [:]
        var parsed: [[Step]?] = []
        for (position, definition) in definitions.enumerated() {
            let isNew = checkName(of: definition, isTaken: positions[definition.name] != nil, vocabulary)
            if isNew { positions[definition.name] = position }
            let steps = steps(of: definition.text, owner: definition.name)
            parsed.append(isNew ? steps : nil)
            define(definition.name, as: nil)
        }
        let uses = parsed.map { steps in (steps ?? []).compactMap { $0.usedName.flatMap { positions[$0] } } }
        let order = DefinitionOrder(uses: uses)
        for cycle in order.cycles {
            let names = (cycle + cycle.prefix(1)).map { definitions[$0].name }
            note(.cycle(names), at: parsed[cycle[0]]?.place(of: names[1]) ?? 0..<0, of: names[0])
        }
        for position in order.order {
            guard let steps = parsed[position] else { continue }
            let definition = definitions[position]
            define(definition.name, as: meaning(of: steps, of: definition))
        }
    }

    private mutating func checkName(of definition: Definition, isTaken: Bool, _ vocabulary: Vocabulary) -> Bool {
        let name = definition.name
        let problem: ExpressionError.Problem? =
            !isName(name)
            ? .badName(name)
            : isReserved(name)
                ? .reservedName(name) : isTaken || vocabulary.entries[name] != nil ? .duplicate(name) : nil
        if let problem { note(problem, at: 0..<0, of: name) }
        return problem == nil
    }

    private mutating func steps(of text: String, owner: String) -> [Step]? {
        do throws(Flaw) {
            return try Parser.steps(of: text)
        } catch {
            note(error.problem, at: error.range, of: owner)
            return nil
        }
    }

    /// A definition that says its unit has it from there on, even where that of its text is unknown.
    private mutating func meaning(of steps: [Step], of definition: Definition) -> Meaning? {
        guard var meaning = meaning(of: steps, owner: definition.name) else { return nil }
        guard let unit = definition.unit else { return meaning }
        let range = steps.last?.range ?? 0..<0
        guard let number = wanted(.number, meaning, range), let dimension = check(number, hasUnit: unit, range) else {
            return nil
        }
        meaning.unit = .known(dimension)
        return meaning
    }

    fileprivate mutating func meaning(of output: Output) -> Meaning? {
        guard let steps = steps(of: output.text, owner: output.name),
            let meaning = meaning(of: steps, owner: output.name)
        else { return nil }
        check(meaning, against: output, steps.last?.range ?? 0..<0)
        return meaning
    }
}

extension Step {
    fileprivate var usedName: String? { if case .name(let name) = kind { name } else { nil } }
}

extension [Step] {
    fileprivate func place(of name: String) -> Range<Int>? { first { $0.usedName == name }?.place }
}

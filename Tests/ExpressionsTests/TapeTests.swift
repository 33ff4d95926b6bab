import Testing

@testable import Expressions

@Suite struct TapeTests {
    @Test("a tape computes what the tree says, bit for bit", arguments: 0..<24)
    func differential(seed: UInt64) throws {
        var generator = SplitMix(seed: seed)
        try compare(Float.self, &generator, seed)
        try compare(Double.self, &generator, seed)
    }

    private func compare<Element: Lane>(_: Element.Type, _ generator: inout SplitMix, _ seed: UInt64) throws {
        let trees = (0..<3).map { _ in NumberTree.random(Int.random(in: 1...5, using: &generator), using: &generator) }
        let truth = TruthTree.random(3, using: &generator)
        var outputs = trees.enumerated().map { Output("tree \($0.offset)", $0.element.text) }
        outputs += [
            Output("truth", truth.text), Output("again", trees[0].text), Output("slot", "x"), Output("one", "1"),
        ]
        let program = try Program(in: Vocabulary(treeVocabulary), outputs: outputs)
        let lanes = Int.random(in: 1...70, using: &generator)
        var slots = (0..<6).map { _ in (0..<lanes).map { _ in Self.number(&generator) as Element } }
        // So that shared parameters may be tried too.
        slots[2] = [Element](repeating: slots[2][0], count: lanes)
        let expected = outputs.indices.map { output in
            (0..<lanes).map { lane in
                let values = slots.map { $0[lane] }
                switch output {
                case 0..<3: return trees[output].value(values)
                case 3: return truth.value(values) ? 1 : 0
                case 4: return trees[0].value(values)
                default: return output == 5 ? values[0] : 1
                }
            }
        }
        // The slots of the program are in the order of the vocabulary, those of the trees are x, y, p, v.
        for tile in [nil, 1, 8, 24] {
            for parameters in [Program.Parameters.perLane, .shared] {
                let found = run(program, slots, lanes: lanes, tile: tile, parameters: parameters)
                for (output, (wanted, got)) in zip(expected, found).enumerated() {
                    for lane in 0..<lanes where !same(wanted[lane], got[lane]) {
                        let text = outputs[output].text
                        Issue.record(
                            "seed \(seed), tile \(tile ?? 0), lane \(lane): \(text) is \(got[lane]), not \(wanted[lane])"
                        )
                        return
                    }
                }
            }
        }
    }

    private func same<Element: Lane>(_ left: Element, _ right: Element) -> Bool {
        left.isNaN ? right.isNaN : left == right && left.sign == right.sign
    }

    private static func number<Element: Lane>(_ generator: inout SplitMix) -> Element {
        let special: [Element] = [
            0, -0.0, 1, -1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.5, 1e6,
            3e9,
        ]
        let unit = Element(Double.random(in: -1...1, using: &generator))
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: return special[Int.random(in: 0..<special.count, using: &generator)]
        case 1: return unit * 1e4
        case 2, 3: return unit * 10
        default: return unit
        }
    }

    @Test("what is common is computed once, and what is written is computed before the run")
    func sharing() throws {
        let vocabulary = try plainVocabulary()
        func count(_ texts: String...) throws -> Int {
            let outputs = texts.enumerated().map { Output("o\($0.offset)", $0.element) }
            return try Tape<Float>(Program(in: vocabulary, outputs: outputs)).instructionCount
        }
        #expect(try count("sin(x + y)") == 2)
        #expect(try count("sin(x + y) * sin(y + x)") == 3)
        #expect(try count("sin(x + y)", "cos(x + y)") == 2)
        #expect(try count("x * y + z") == 1)
        #expect(try count("z - x * y") == 1)
        #expect(try count("x * y - z") == 1)
        #expect(try count("x * y + z * x") == 2)
        #expect(try count("x * y + z", "x * y") == 2)
        #expect(try count("2 ^ 3 * sin(1) + x") == 1)
        #expect(try count("x ^ 8") == 3)
        #expect(try count("1 + 2") == 1)
    }

    @Test("what depends on shared parameters alone is computed once, not for every lane")
    func shared() throws {
        let program = try Program(
            in: Vocabulary(treeVocabulary), outputs: [Output("o", "sin(p) * p ^ 3 * x")])
        #expect(Tape<Float>(program, parameters: .shared).instructionCount == 1)
        #expect(Tape<Float>(program).instructionCount == 5)
    }

    @Test("registers are used again")
    func registers() throws {
        let chain = (0..<50).reduce("x") { text, _ in "sin(\(text)) + y" }
        let program = try Program(in: plainVocabulary(), outputs: [Output("o", chain)])
        #expect(Tape<Float>(program).layout.registers <= 2)
    }

    @Test("new shared parameters replace the old ones")
    func sharedAgain() throws {
        let program = try Program(in: Vocabulary(treeVocabulary), outputs: [Output("o", "p * 2 + x")])
        let tape = Tape<Double>(program, parameters: .shared)
        var workspace = Workspace(for: tape)
        var results = [0.0]
        for parameter in [3.0, 5] {
            workspace.share(parameters: [parameter].span, of: tape)
            var mutable = results.mutableSpan
            tape.run(
                lanes: 1, spacing: 1, states: [1.0, 0, 0, 0].span, inputs: [0.0].span, parameters: [Double]().span,
                results: &mutable, with: &workspace)
            #expect(results == [parameter * 2 + 1])
        }
    }

    @Test("threads share a tape")
    func threads() async throws {
        let program = try Program(in: plainVocabulary(), outputs: [Output("o", "sin(x) * exp(y) + z")])
        let tape = Tape<Float>(program)
        let answers = await withTaskGroup(of: [Float].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var workspace = Workspace(for: tape)
                    let states = (0..<300).map { Float($0) * 0.01 }
                    var results = [Float](repeating: 0, count: 100)
                    for _ in 0..<50 {
                        var mutable = results.mutableSpan
                        tape.run(
                            lanes: 100, spacing: 100, states: states.span, inputs: [Float]().span,
                            parameters: [Float]().span, results: &mutable, with: &workspace)
                    }
                    return results
                }
            }
            return await group.reduce(into: [[Float]]()) { $0.append($1) }
        }
        #expect(answers.count == 4 && answers.allSatisfy { $0 == answers[0] })
    }
}

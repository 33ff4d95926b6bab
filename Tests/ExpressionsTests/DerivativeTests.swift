import Testing

@testable import Expressions

@Suite struct DerivativeTests {
    /// The derivatives of one expression by x and y.
    private func slopes(_ text: String, x: Double, y: Double = 0) throws -> [Double] {
        let program = try Program(in: plainVocabulary(), outputs: [Output("o", text)])
        let derivatives = try program.derivatives(by: Array(program.slots.prefix(2)))
        return run(derivatives, [[x], [y], [0.3]], lanes: 1).map { $0[0] }
    }

    @Test(
        "every rule is the one of the book",
        arguments: [
            ("3", 0, 0), ("x", 1, 0), ("-x", -1, 0), ("x + y", 1, 1), ("x - y", 1, -1), ("y - x", -1, 1),
            ("x * y", 2, 0.5),
            ("x / y", 0.5, -0.125), ("1 / x", -4, 0), ("x ^ 3", 0.75, 0), ("x ^ -1", -4, 0), ("abs(-x)", 1, 0),
            ("sign(x)", 0, 0), ("wrap(x + 7)", 1, 0), ("min(x, y)", 1, 0), ("max(x, y)", 0, 1), ("min(y, x)", 1, 0),
            ("max(y, x)", 0, 1), ("clamp(x, 1, 2)", 0, 0), ("clamp(x, 0, 1)", 1, 0), ("if x < y then x else y", 1, 0),
            ("if x > y then x else 3 * y", 0, 3), ("y ^ x", 0.9802581434685472, 0.35355339059327373),
            ("sum([x, y] * [x, 2])", 1, 2), ("dot([x, y], [y, x])", 4, 1), ("sqrt(x)", 0.7071067811865475, 0),
            ("norm([x * 6, 4])", 3.6, 0), ("sin(x)", 0.8775825618903728, 0), ("cos(x)", -0.479425538604203, 0),
            ("tan(x)", 1.2984464104095248, 0), ("asin(x)", 1.1547005383792517, 0), ("acos(x)", -1.1547005383792517, 0),
            ("exp(x)", 1.6487212707001282, 0), ("log(x)", 2, 0), ("tanh(x)", 0.7864477329659274, 0),
            ("atan2(x, y)", 0.47058823529411764, -0.11764705882352941), ("atan(x)", 0.8, 0), ("sin(z)", 0, 0),
        ] as [(String, Double, Double)])
    func rules(text: String, byX: Double, byY: Double) throws {
        let found = try slopes(text, x: 0.5, y: 2)
        #expect(abs(found[0] - byX) <= 4e-16 * abs(byX), "\(found)")
        #expect(abs(found[1] - byY) <= 4e-16 * abs(byY), "\(found)")
    }

    @Test("at a kink it is the slope of the branch that is taken")
    func kinks() throws {
        #expect(try slopes("abs(x)", x: 0) == [1, 0])
        #expect(try slopes("min(x, 2 * y)", x: 2, y: 1) == [1, 0])
        #expect(try slopes("max(x, 2 * y)", x: 2, y: 1) == [1, 0])
        #expect(try slopes("if x <= 0 then x else 5 * x", x: 0) == [1, 0])
        #expect(try slopes("clamp(x, 0, 1)", x: 0) == [1, 0])
        #expect(try slopes("x ^ y", x: 0, y: 2)[1] == 0)
    }

    @Test("a branch that is not taken does not spoil the slope")
    func guarded() throws {
        #expect(try slopes("if x > 0 then sqrt(x) else 0", x: -1) == [0, 0])
        #expect(try slopes("if x > 0 then log(x) else y", x: 0, y: 1) == [0, 1])
    }

    @Test("slopes agree with differences of the expression itself", arguments: 0..<40)
    func differences(seed: UInt64) throws {
        var generator = SplitMix(seed: seed)
        let text = smooth(4, &generator)
        let program = try Program(in: plainVocabulary(), outputs: [Output("o", text)])
        let derivatives = try program.derivatives(by: program.slots, withValues: true)
        let at = (0..<3).map { _ in Double.random(in: 0.2...0.9, using: &generator) }
        let found = run(derivatives, at.map { [$0] }, lanes: 1).map { $0[0] }
        #expect(found[0] == run(program, at.map { [$0] }, lanes: 1)[0][0])
        for slot in 0..<3 {
            let difference = extrapolated(program, at, slot)
            let scale = max(abs(difference), abs(found[0]), 1)
            #expect(abs(difference - found[1 + slot]) <= 1e-7 * scale, "\(text) at \(at) by \(slot), seed \(seed)")
        }
    }

    /// Two central differences that cancel each other's error.
    private func extrapolated(_ program: Program, _ at: [Double], _ slot: Int) -> Double {
        let steps = [1e-3, -1e-3, 2e-3, -2e-3, 4e-3, -4e-3]
        let columns = at.indices.map { index in steps.map { at[index] + (index == slot ? $0 : 0) } }
        let values = run(program, columns, lanes: steps.count)[0]
        let slopes = [0, 2, 4].map { (values[$0] - values[$0 + 1]) / (2 * steps[$0]) }
        let better = [(4 * slopes[0] - slopes[1]) / 3, (4 * slopes[1] - slopes[2]) / 3]
        return (16 * better[0] - better[1]) / 15
    }

    /// Smooth where the numbers are between 0 and 1.
    private func smooth(_ depth: Int, _ generator: inout SplitMix) -> String {
        if depth == 0 { return ["x", "y", "z", "0.7"][Int.random(in: 0..<4, using: &generator)] }
        let left = smooth(depth - 1, &generator)
        let right = smooth(depth - 1, &generator)
        let forms = [
            "(\(left) + \(right))", "(\(left) - 0.5 * \(right))", "(\(left) * \(right))",
            "(\(left) / (2 + \(right) ^ 2))",
            "sin(\(left))", "cos(\(left))", "exp(-(\(left)) ^ 2)", "log(2 + (\(left)) ^ 2)", "sqrt(1 + (\(left)) ^ 2)",
            "tanh(\(left))", "atan2(\(left), 2 + (\(right)) ^ 2)", "asin(0.5 * sin(\(left)))",
            "(1.5 + sin(\(left))) ^ (\(right))", "acos(0.9 * tanh(\(left)))", "tan(0.5 * sin(\(left)))",
        ]
        return forms[Int.random(in: 0..<forms.count, using: &generator)]
    }

    @Test("the derivatives share what they have in common with the value and with each other")
    func sharing() throws {
        let program = try Program(in: plainVocabulary(), outputs: [Output("o", "exp(sin(x * y) * z)")])
        let derivatives = try program.derivatives(by: program.slots, withValues: true)
        #expect(Tape<Double>(derivatives).instructionCount <= 11)
        #expect(derivatives.results.map(\.slot) == [nil] + program.slots)
    }

    @Test("a derivative that is one number whatever is read says so, and no other one does")
    func constants() throws {
        let program = try Program(in: plainVocabulary(), outputs: [Output("a", "y + 2 * x"), Output("b", "x * y")])
        let derivatives = try program.derivatives(by: Array(program.slots.prefix(3)))
        #expect((0..<6).map { derivatives.constant($0) } == [2, 1, 0, nil, nil, 0])
    }

    @Test("conditions have no derivative, strangers have none either")
    func truths() throws {
        let program = try Program(in: plainVocabulary(), outputs: [Output("done", "x > 1"), Output("o", "x")])
        let stranger = Slot(name: "stranger", element: nil, role: .state)
        let derivatives = try program.derivatives(by: [program.slots[0], stranger])
        #expect(derivatives.results.map(\.name) == ["o", "o"])
        #expect(run(derivatives, [[3.0], [0], [0]], lanes: 1) == [[1], [0]])
    }

    @Test("second derivatives are derivatives of derivatives")
    func second() throws {
        let program = try Program(in: plainVocabulary(), outputs: [Output("o", "x ^ 4 * y")])
        let twice = try program.derivatives(by: [program.slots[0]]).derivatives(by: program.slots)
        #expect(run(twice, [[2.0], [3], [0]], lanes: 1) == [[144], [32], [0]])
    }
}

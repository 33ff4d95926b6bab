import Testing

@testable import Expressions

@Suite struct LanguageTests {
    @Test(
        "operators bind as in mathematics",
        arguments: [
            ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("2 ^ 3 ^ 2", 512), ("-2 ^ 2", -4), ("2 ^ -1", 0.5),
            ("2 - 3 - 4", -5),
            ("24 / 4 / 2", 3), ("-x", -5), ("--x", 5), ("+x", 5), ("2 * -x", -10), ("-x * 2", -10), ("1e-3 * 1E3", 1),
            (".5 + 5.", 5.5), ("x ^ 0", 1), ("x ^ 3", 125), ("x ^ -2", 0.04), ("x ^ 16", 152_587_890_625),
            ("4 ^ 0.5", 2), ("if x < 3 then 1 else 2", 2), ("1 + if x < 3 then 1 else 2 + 3", 6),
            ("if x > 3 and not (y > 1 or y < 0) then 1 else 0", 1), ("if not x < 3 then 1 else 0", 1),
            ("if true_ then 1 else 2", 1), ("if x == 5 then 1 else 0", 1), ("if x != 5 then 1 else 0", 0),
            ("if x >= 5 then 1 else 0", 1), ("if x <= 4.5 then 1 else 0", 0), ("[1, x, 3][1]", 5),
            ("sum([1, 2, 3])", 6), ("dot([1, 2, 3], [4, 5, 6])", 32), ("norm([3, 4])", 5), ("max([1, 7, 3])", 7),
            ("min(3, 1, 2)", 1), ("max(1, x, 2)", 5), ("clamp(x, 0, 2)", 2), ("clamp(-x, 0, 2)", 0), ("abs(-x)", 5),
            ("sign(-x)", -1), ("sqrt(x * x)", 5), ("pi / pi", 1), ("sum([1, 2] * 3 + [x, x])", 19),
            ("(([1, 2] + 1) * 2)[1]", 6), ("if any([x, y] > 4) then 1 else 0", 1),
            ("if all([x, y] > 4) then 1 else 0", 0), ("sum(if [1, 5] > 3 then [10, 20] else 0)", 20), ("atan(0)", 0),
            ("wrap(0.5)", 0.5), ("\n1\t+ 2", 3),
        ])
    func precedence(text: String, expected: Double) throws {
        let definitions = [Definition("true_", "1 < 2")]
        let program = try Program(in: plainVocabulary(), definitions: definitions, outputs: [Output("v", text)])
        #expect(run(program, [[5.0], [0.5], [0]], lanes: 1)[0][0] == expected)
    }

    @Test("a condition is computed as one or zero")
    func truth() throws {
        let program = try Program(in: plainVocabulary(), outputs: [Output("done", "x > 1 or y > 1", shape: .truth)])
        #expect(run(program, [[0.0, 2, 0], [0.0, 0, 3], [0, 0, 0]], lanes: 3) == [[0, 1, 1]])
        #expect(program.results[0].isTruth)
    }

    @Test("vectors are results element by element, and joints have names")
    func vectors() throws {
        let outputs = [Output("v", "q - home", unit: "rad", shape: .vector(3)), Output("e", "(q - home).elbow * w[2]")]
        let program = try Program(in: armVocabulary(), outputs: outputs)
        let values: [[Double]] = [[1], [2], [3], [4], [5], [6], [0], [0], [0], [0], [0], [0], [0], [0]]
        let expected: [Double] = [1 - 0.1, 2 - 0.2, 3 - 0.3, (2 - 0.2) * 6]
        #expect(run(program, values, lanes: 1) == expected.map { [$0] })
        #expect(program.results.map(\.element) == [0, 1, 2, nil])
    }

    @Test("definitions may use each other in any order")
    func definitions() throws {
        let definitions = [Definition("a", "b + c"), Definition("b", "c * 2"), Definition("c", "x + 1")]
        let program = try Program(
            in: plainVocabulary(), definitions: definitions, outputs: [Output("omega'", "a + b + c")])
        #expect(run(program, [[1.0], [0], [0]], lanes: 1)[0][0] == 12)
        #expect(program.results[0].name == "omega'")
    }

    @Test("the motor of the design is understood and its units fit")
    func motor() throws {
        let vocabulary = try Vocabulary([
            .init("theta", .state, unit: "rad"), .init("omega", .state, unit: "rad/s"), .init("i", .input, unit: "A"),
            .init("kt", .parameter, unit: "N·m/A"), .init("b", .parameter, unit: "N·m·s/rad"),
            .init("m", .parameter, unit: "kg"), .init("g", .constant([9.81]), unit: "m/s²"),
            .init("l", .parameter, unit: "m"), .init("J", .parameter, unit: "kg*m^2"),
        ])
        let program = try Program(
            in: vocabulary,
            outputs: [Output("omega'", "(kt*i - b*omega - m*g*l*sin(theta)) / J", unit: "rad/s^2", shape: .number)])
        let values: [[Double]] = [[0.5], [2], [1.5], [0.1], [0.05], [0.3], [0.4], [0.02]]
        let friction = (0.1 * 1.5 - 0.05 * 2)
        let expected = (friction - 0.3 * 9.81 * 0.4 * DoubleLanes(0.5).sine[0]) / 0.02
        #expect(run(program, values, lanes: 1)[0][0] == expected)
    }

    @Test("NaN is not less, not equal, not more, and goes through everything else")
    func notANumber() throws {
        for text in ["x < y", "x <= y", "x > y", "x >= y", "x == y", "x == x"] {
            #expect(try value("if \(text) then 1 else 0", x: .nan, y: 1) == 0, "\(text)")
        }
        #expect(try value("if x != x then 1 else 0", x: .nan) == 1)
        for text in ["min(x, y)", "min(y, x)", "max(x, y)", "max(y, x)", "clamp(x, 0, 1)", "clamp(0, x, 1)", "sign(x)"]
        {
            #expect(try value(text, x: .nan, y: 1).isNaN, "\(text)")
        }
        #expect(try value("1 / x", x: 0) == .infinity)
        #expect(try value("x - x", x: .infinity).isNaN)
    }

    @Test("a program without results and a vocabulary without names are possible")
    func empty() throws {
        let program = try Program(in: Vocabulary([]), outputs: [])
        #expect(run(program, [[Float]](), lanes: 9).isEmpty)
        #expect(try run(Program(in: Vocabulary([]), outputs: [Output("one", "1")]), [[Float]](), lanes: 2) == [[1, 1]])
    }
}

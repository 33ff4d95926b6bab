import Testing

@testable import Expressions

@Suite struct ErrorTests {
    typealias Problem = ExpressionError.Problem

    @Test(
        "what is wrong is said, with its place",
        arguments: [
            ("1 +", 3..<3, Problem.expected(.operand, found: .end)),
            ("1 2", 2..<3, .expected(.operatorOrEnd, found: .word("2.0"))),
            ("(k", 2..<2, .expected(.closingParenthesis, found: .end)),
            ("max(k, 2", 8..<8, .expected(.commaOrParenthesis, found: .end)),
            ("[1, 2", 5..<5, .expected(.commaOrBracket, found: .end)),
            ("[]", 1..<2, .expected(.operand, found: .word("]"))),
            ("q[0", 3..<3, .expected(.closingBracket, found: .end)),
            ("q[k]", 2..<3, .expected(.index, found: .word("k"))),
            ("q[0.5]", 2..<5, .expected(.index, found: .word("0.5"))),
            ("q.", 2..<2, .expected(.elementName, found: .end)),
            ("if k > 1 else 2", 9..<13, .expected(.then, found: .word("else"))),
            ("if k > 1 then 2", 15..<15, .expected(.otherwise, found: .end)),
            ("", 0..<0, .expected(.operand, found: .end)),
            ("k ? 2", 2..<3, .expected(.operatorOrEnd, found: .character("?"))),
            ("1.2.3", 0..<5, .badNumber("1.2.3")), ("12ab", 0..<4, .badNumber("12ab")), ("1e", 0..<2, .badNumber("1e")),
            ("1e999", 0..<5, .numberTooLarge("1e999")), ("1 < k < 3", 6..<7, .chainedComparison),
            ("kk + 1", 0..<2, .unknownName("kk", nearest: "k")), ("zebra", 0..<5, .unknownName("zebra", nearest: nil)),
            ("2 + sine(k)", 4..<8, .unknownFunction("sine", nearest: "sin")), ("k(2)", 0..<1, .notAFunction("k")),
            ("sin", 0..<3, .functionWithoutArguments("sin")),
            ("sin(k, k)", 0..<9, .argumentCount(function: "sin", wanted: 1...1, found: 2)),
            ("clamp()", 0..<7, .argumentCount(function: "clamp", wanted: 3...3, found: 0)),
            ("1 + (k > 2)", 5..<10, .wantedNumber), ("not k", 4..<5, .wantedTruth),
            ("k and k > 1", 0..<1, .wantedTruth),
            ("if k then 1 else 2", 3..<4, .wantedTruth), ("if k > 1 then 1 else k > 1", 21..<26, .wantedNumber),
            ("k[0]", 0..<1, .wantedVector), ("sum(k)", 4..<5, .wantedVector), ("dot(q, k)", 7..<8, .wantedVector),
            ("[q, 1]", 1..<2, .wantedScalar(found: 3)), ("q + [1, 2]", 0..<10, .differentLengths(3, 2)),
            ("q[3]", 2..<3, .indexOutside(3, count: 3)),
            ("q.elbo", 2..<6, .unknownElement("elbo", nearest: "elbow")),
            ("[1, 2].elbow", 7..<12, .unknownElement("elbow", nearest: nil)),
        ])
    func places(text: String, range: Range<Int>, problem: Problem) throws {
        #expect(try problems(text) == [ExpressionError(owner: "out", range: range, problem: problem)])
    }

    @Test(
        "units that do not fit are said, both",
        arguments: [
            ("m + l", Problem.differentUnits(try Dimension(parsing: "kg"), try Dimension(parsing: "m"))),
            ("q < w", .differentUnits(.plain, try Dimension(parsing: "1/s"))),
            ("max(m, g)", .differentUnits(try Dimension(parsing: "kg"), try Dimension(parsing: "m/s²"))),
            ("if k > 1 then m else l", .differentUnits(try Dimension(parsing: "kg"), try Dimension(parsing: "m"))),
            ("sin(l)", .wantedPlainNumber(found: try Dimension(parsing: "m"))),
            ("k ^ m", .wantedPlainNumber(found: try Dimension(parsing: "kg"))),
            ("m ^ k", .unknownPower(of: try Dimension(parsing: "kg"))),
            ("sqrt(m * m) + l", .differentUnits(try Dimension(parsing: "kg"), try Dimension(parsing: "m"))),
            ("m * 2 + l * 3", .differentUnits(try Dimension(parsing: "kg"), try Dimension(parsing: "m"))),
        ])
    func units(text: String, problem: Problem) throws {
        #expect(try problems(text).map(\.problem) == [problem])
    }

    @Test(
        "units that fit, written numbers and names without a unit are silent",
        arguments: [
            "u - b * w", "(u - b * w) / J", "0.5 * m * (l * w[0]) ^ 2 + 3", "m * g * l * sin(q)", "k + m",

            "q + 1", "sqrt(m * m) + m", "sqrt(m) * m ^ 0.5 + m", "norm(w) + w[1]", "atan2(l, l * 2) + q", "w * k + l",
            "sign(m) + q",
            "m ^ 3 / m / m + m", "2 * 3 + m",
        ])
    func silent(text: String) throws {
        #expect(try problems(text) == [])
    }

    @Test("an output has to be what was asked for")
    func outputs() throws {
        let force = try Dimension(parsing: "N")
        #expect(
            try problems("m * l", unit: "N").map(\.problem) == [
                .wrongUnit(wanted: force, found: Dimension(parsing: "m*kg"))
            ])
        #expect(try problems("q", shape: .number).map(\.problem) == [.wantedScalar(found: 3)])
        #expect(try problems("k", shape: .truth).map(\.problem) == [.wantedTruth])
        #expect(try problems("q", shape: .vector(2)).map(\.problem) == [.wrongLength(wanted: 2, found: 3)])
        #expect(try problems("k", shape: .vector(2)).map(\.problem) == [.wantedVector])
        #expect(try problems("k > 1", shape: .number).map(\.problem) == [.wantedNumber])
        #expect(try problems("k", unit: "N*q").map(\.problem) == [.badUnit("N*q", .unknown("q", nearest: nil))])
        #expect(try problems("m * g", shape: .number, unit: "N") == [])
    }

    @Test("all mistakes of a set are said at once, each with its owner, none because of another")
    func allAtOnce() throws {
        let definitions = [Definition("a", "x +"), Definition("b", "a + xx"), Definition("c", "b + 1")]
        let outputs = [Output("first", "c * sine(x)"), Output("second", "x y"), Output("third", "a + b + c")]
        let error = #expect(throws: ExpressionErrors.self) {
            try Program(in: plainVocabulary(), definitions: definitions, outputs: outputs)
        }
        let all = try #require(error).all
        #expect(all.map(\.owner) == ["a", "b", "first", "second"])
        #expect(all[1].problem == .unknownName("xx", nearest: "x"))
    }

    @Test("a cycle is named, once, and what leads to it is not blamed")
    func cycles() throws {
        let definitions = [
            Definition("start", "a + 1"), Definition("a", "x + b"), Definition("b", "c"), Definition("c", "1 + a"),
            Definition("d", "d"), Definition("e", "d + 2 + zebra"),
        ]
        let error = #expect(throws: ExpressionErrors.self) {
            try Program(in: plainVocabulary(), definitions: definitions, outputs: [Output("v", "start")])
        }
        let all = try #require(error).all
        #expect(all.map(\.problem) == [.cycle(["a", "b", "c", "a"]), .cycle(["d", "d"])])
        #expect(all[0].range == 4..<5)
    }

    @Test(
        "names are checked",
        arguments: [
            ("2x", Problem.badName("2x")), ("", .badName("")), ("a b", .badName("a b")), ("sin", .reservedName("sin")),
            ("then", .reservedName("then")), ("pi", .reservedName("pi")), ("x", .duplicate("x")),
        ])
    func names(name: String, problem: Problem) throws {
        let declared = #expect(throws: ExpressionErrors.self) {
            try Vocabulary([.init("x", .state), .init(name, .state)])
        }
        #expect(try #require(declared).all.map(\.problem) == [problem])
        let defined = #expect(throws: ExpressionErrors.self) {
            try Program(in: Vocabulary([.init("x", .state)]), definitions: [Definition(name, "1")], outputs: [])
        }
        #expect(try #require(defined).all.map(\.problem) == [problem])
    }

    @Test("declarations are checked")
    func declarations() {
        let error = #expect(throws: ExpressionErrors.self) {
            try Vocabulary([
                .init("a", .state, over: ["j", "j"]), .init("b", .state, count: 0), .init("c", .state, count: 65),
                .init("d", .constant([1, 2])), .init("e", .state, unit: "parsec"), .init("f", .state, over: ["1"]),
                .init("h", .state, count: 2, elements: ["j"]),
            ])
        }
        #expect(
            error?.all.map(\.problem) == [
                .duplicate("a"), .indexOutside(0, count: 64), .indexOutside(65, count: 64),
                .wrongLength(wanted: 1, found: 2), .badUnit("parsec", .unknown("parsec", nearest: nil)), .badName("1"),
                .wrongLength(wanted: 2, found: 1),
            ])
    }
}

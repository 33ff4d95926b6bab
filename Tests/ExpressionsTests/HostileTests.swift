import Testing

@testable import Expressions

/// Texts that nobody writes by accident: each is an error or a program, quickly, and nothing else.
@Suite struct HostileTests {
    private func problems(_ text: String) -> [ExpressionError.Problem] {
        do throws(ExpressionErrors) {
            _ = try Program(in: try plain(), outputs: [Output("o", text)])
            return []
        } catch {
            return error.all.map(\.problem)
        }
    }

    private func plain() throws(ExpressionErrors) -> Vocabulary {
        try Vocabulary(["x", "y"].map { Vocabulary.Declaration($0, .state) })
    }

    @Test(
        "nesting has a limit, whatever nests",
        arguments: [
            "(", "-", "+", "2^", "[", "sin(", "not ", "if x < ", "if x<1 then ", "if x<1 then 1 else ", "x[(", "(-",
        ])
    func deep(part: String) {
        let text = String(repeating: part, count: 800)
        let found = problems(text)
        #expect(found.count == 1)
        if part != "x[(" { #expect(found == [.tooDeep(limit: ExpressionLimits.depth)]) }
    }

    @Test("a megabyte is refused before it is read")
    func megabyte() {
        let text = String(repeating: "x+", count: 1 << 19) + "x"
        #expect(problems(text) == [.tooLong(characters: 1 << 20 | 1, limit: ExpressionLimits.length)])
    }

    @Test("long sums are no deep ones")
    func long() throws {
        let text = (0..<2_000).map { "x*\($0)" }.joined(separator: "+")
        #expect(try value(text, x: 1) == 1_999_000)
    }

    @Test("definitions that double each other stay small")
    func doubling() throws {
        var definitions = [Definition("d0", "x + y")]
        for level in 1..<400 { definitions.append(Definition("d\(level)", "d\(level - 1) * d\(level - 1)")) }
        let program = try Program(in: plain(), definitions: definitions, outputs: [Output("o", "d399")])
        #expect(program.operationCount < 410)
    }

    @Test("a long chain of definitions and a long cycle are walked without recursion")
    func chains() throws {
        var definitions = (0..<20_000).map { Definition("d\($0)", "d\($0 + 1)") }
        definitions.append(Definition("d20000", "x"))
        _ = try Program(in: plain(), definitions: definitions, outputs: [Output("o", "d0")])
        definitions[20_000] = Definition("d20000", "d0")
        let error = #expect(throws: ExpressionErrors.self) {
            try Program(in: plain(), definitions: definitions, outputs: [Output("o", "d0")])
        }
        #expect(error?.all.count == 1)
    }

    @Test("a program that needs too many operations is refused")
    func tooLarge() throws {
        let wide = try Vocabulary([.init("v", .state, count: 64), .init("x", .state)])
        let definitions = (0..<1_100).map { Definition("d\($0)", "v * (x + \($0))") }
        let error = #expect(throws: ExpressionErrors.self) {
            try Program(in: wide, definitions: definitions, outputs: [])
        }
        #expect(error?.all.map(\.problem) == [.tooLarge(limit: ExpressionLimits.operations)])
    }

    @Test("work has a limit even where it is shared")
    func tooMuchWork() throws {
        let wide = try Vocabulary([.init("v", .state, count: 64)])
        let text = (0..<1_000).map { _ in "v" }.joined(separator: "+")
        let definitions = (0..<40).map { Definition("d\($0)", text) }
        let error = #expect(throws: ExpressionErrors.self) {
            try Program(in: wide, definitions: definitions, outputs: [])
        }
        #expect(error?.all.map(\.problem) == [.tooLarge(limit: ExpressionLimits.steps)])
    }

    @Test("derivatives that become too large are refused")
    func largeDerivatives() throws {
        let wide = try Vocabulary([.init("v", .state, count: 64)])
        let text = (0..<60).map { "norm(v * sin(sum(v) + \($0)))" }.joined(separator: "*")
        let program = try Program(in: wide, outputs: [Output("o", text)])
        #expect(throws: ExpressionErrors.self) { try program.derivatives(by: program.slots) }
    }

    @Test(
        "strange texts are errors inside the text",
        arguments: [
            "\0", "🤖", "x\u{301}", "ﬁ(", "1.", ".", "..", "1..2", "x[9999999999999999999]", "x[-1]", "]", ")", ",",
            "1e+", "é + ü", "x = 1", "x && y", "!x", "^", "x^", "q[1e300]", "\u{202E}x",
        ])
    func strange(text: String) {
        do throws(ExpressionErrors) {
            _ = try Program(in: try plain(), outputs: [Output("o", text)])
            #expect(text == "1.")
        } catch {
            for error in error.all {
                #expect(error.range.lowerBound >= 0 && error.range.upperBound <= text.unicodeScalars.count)
            }
        }
    }
}

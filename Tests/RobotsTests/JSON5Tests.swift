import Testing

@testable import Robots

/// One line for a value, so that expectations are easy to read: keys in order, numbers as Swift prints them.
private func outline(_ value: JSON5Value) -> String {
    switch value.content {
    case .null: "null"
    case .boolean(let truth): "\(truth)"
    case .number(let number): "\(number)"
    case .text(let text): text.debugDescription
    case .list(let elements): "[" + elements.map(outline).joined(separator: " ") + "]"
    case .object(let members):
        "{" + members.map { "\($0.key)=\(outline($0.value))" }.joined(separator: " ") + "}"
    }
}

private func parse(_ text: String) throws -> String { outline(try JSON5.parse(Array(text.utf8))) }

private func error(_ text: String) -> JSON5Error? { error(Array(text.utf8)) }

private func error(_ bytes: [UInt8]) -> JSON5Error? {
    do throws(JSON5Error) {
        _ = try JSON5.parse(bytes)
        return nil
    } catch {
        return error
    }
}

private func mistake(_ line: Int, _ column: Int, _ problem: JSON5Error.Problem) -> JSON5Error {
    JSON5Error(position: TextPosition(line: line, column: column), problem: problem)
}

@Suite("JSON5 values")
struct JSON5Tests {
    @Test(
        "numbers are read in every spelling",
        arguments: [
            ("0", "0.0"), ("-0", "-0.0"), ("+1", "1.0"), ("12.5", "12.5"), (".5", "0.5"), ("-.5", "-0.5"),
            ("5.", "5.0"),
            ("1e3", "1000.0"), ("1E+3", "1000.0"), ("25e-1", "2.5"), ("5.e1", "50.0"), (".5e1", "5.0"), ("0.1", "0.1"),
            ("0x1F", "31.0"), ("0XfF", "255.0"), ("-0x10", "-16.0"), ("Infinity", "inf"), ("-Infinity", "-inf"),
            ("+Infinity", "inf"), ("NaN", "nan"), ("-NaN", "-nan"), ("1e999", "inf"), ("1e-999", "0.0"),
            ("9007199254740993", "9007199254740992.0"), ("0x20000000000003", "9.007199254740996e+15"), ("0e5", "0.0"),
        ])
    func numbers(spelling: String, value: String) throws {
        #expect(try parse(spelling) == value)
    }

    @Test(
        "texts are read with both quotes and every escape",
        arguments: [
            (#""a'b""#, "a'b"), (#"'a"b'"#, "a\"b"), (#"'\'\"\\\/'"#, "'\"\\/"),
            (#"'\b\f\n\r\t\v\0'"#, "\u{08}\u{0C}\n\r\t\u{0B}\0"), (#"'\x41\u00e9\uD83D\uDE00'"#, "Aé😀"),
            ("'a\\\nb\\\r\nc\\\u{2028}d'", "abcd"), (#"'\q\$'"#, "q$"), ("'\u{2028}'", "\u{2028}"), ("''", ""),
            ("'tab\tinside'", "tab\tinside"),
        ])
    func texts(spelling: String, value: String) throws {
        #expect(try parse(spelling) == value.debugDescription)
    }

    @Test(
        "objects, lists, comments and blanks nest as JSON5 says",
        arguments: [
            ("null", "null"), ("[true, false]", "[true false]"), ("[]", "[]"), ("{}", "{}"), ("[1,]", "[1.0]"),
            ("{a: 1,}", "{a=1.0}"), ("{'a b': 1, \"c\": [2]}", "{a b=1.0 c=[2.0]}"), ("{$_9é: 1}", "{$_9é=1.0}"),
            (#"{\u0061b: 1}"#, "{ab=1.0}"), ("{null: null, true: 1, NaN: 2}", "{null=null true=1.0 NaN=2.0}"),
            ("// first\n1 // last", "1.0"), ("/* a * / ** */ 1 /**/", "1.0"), ("\u{FEFF}1", "1.0"),
            ("\u{A0}\u{2003}\u{2029}\u{0B}\u{0C}1\r\n", "1.0"), ("[1/*,2*/,3]", "[1.0 3.0]"), ("'//'", "\"//\""),
            ("{a:{a:{a:[{}]}}}", "{a={a={a=[{}]}}}"),
        ])
    func structure(text: String, value: String) throws {
        #expect(try parse(text) == value)
    }

    @Test("every value and key knows its line and column")
    func positions() throws {
        let text = "{\r\n  é: 1, /* two\nlines */ b: [\n\t'x', 2 ]\r}"
        guard case .object(let members) = try JSON5.parse(Array(text.utf8)).content else { throw Unexpected() }
        #expect(members.map(\.keyPosition) == [TextPosition(line: 2, column: 3), TextPosition(line: 3, column: 10)])
        #expect(members.map(\.value.position) == [TextPosition(line: 2, column: 6), TextPosition(line: 3, column: 13)])
        guard case .list(let elements) = members[1].value.content else { throw Unexpected() }
        #expect(elements.map(\.position) == [TextPosition(line: 4, column: 2), TextPosition(line: 4, column: 7)])
    }

    struct Unexpected: Error {}
}

@Suite("JSON5 mistakes")
struct JSON5ErrorTests {
    @Test(
        "what was expected and what was found is said, with the place",
        arguments: [
            ("", mistake(1, 1, .expected(.value, found: .end))),
            ("[1,,2]", mistake(1, 4, .expected(.value, found: .character(",")))),
            ("[,]", mistake(1, 2, .expected(.value, found: .character(",")))),
            ("[1 2]", mistake(1, 4, .expected(.commaOrBracket, found: .character("2")))),
            ("[1", mistake(1, 3, .expected(.commaOrBracket, found: .end))),
            ("{a: 1 b: 2}", mistake(1, 7, .expected(.commaOrBrace, found: .character("b")))),
            ("{a 1}", mistake(1, 4, .expected(.colon, found: .character("1")))),
            ("{,}", mistake(1, 2, .expected(.key, found: .character(",")))),
            ("{1: 2}", mistake(1, 2, .expected(.key, found: .character("1")))),
            ("{\n  a: }", mistake(2, 6, .expected(.value, found: .character("}")))),
            ("1 2", mistake(1, 3, .expected(.end, found: .character("2")))),
            ("{} /", mistake(1, 4, .expected(.end, found: .character("/")))),
            ("\0", mistake(1, 1, .expected(.value, found: .character("\0")))),
        ])
    func expectations(text: String, expected: JSON5Error) {
        #expect(error(text) == expected)
    }

    @Test(
        "numbers that are not JSON5 are refused",
        arguments: [
            ("01", mistake(1, 1, .leadingZero)), ("-00", mistake(1, 2, .leadingZero)),
            ("1a", mistake(1, 2, .numberRunsOn(.character("a")))),
            ("1.2.3", mistake(1, 4, .numberRunsOn(.character(".")))),
            ("0x1g", mistake(1, 4, .numberRunsOn(.character("g")))),
            ("1_0", mistake(1, 2, .numberRunsOn(.character("_")))),
            (".", mistake(1, 2, .expected(.digit, found: .end))), ("+", mistake(1, 2, .expected(.digit, found: .end))),
            ("- 1", mistake(1, 2, .expected(.digit, found: .character(" ")))),
            ("--1", mistake(1, 2, .expected(.digit, found: .character("-")))),
            ("1e", mistake(1, 3, .expected(.digit, found: .end))),
            ("1e+", mistake(1, 4, .expected(.digit, found: .end))),
            ("0x", mistake(1, 3, .expected(.hexDigits(1), found: .end))), ("-Inf", mistake(1, 2, .unknownWord("Inf"))),
            ("0x1.8", mistake(1, 4, .numberRunsOn(.character(".")))),
            ("0x1p3", mistake(1, 4, .numberRunsOn(.character("p")))),
        ])
    func numbers(text: String, expected: JSON5Error) {
        #expect(error(text) == expected)
    }

    @Test(
        "texts that do not end or say nothing are refused",
        arguments: [
            ("'abc", mistake(1, 5, .unterminatedText(opened: TextPosition(line: 1, column: 1)))),
            ("'a\nb'", mistake(1, 3, .lineBreakInText)), ("'a\rb'", mistake(1, 3, .lineBreakInText)),
            (#"'\"#, mistake(1, 3, .badEscape(.end))), (#"'\1'"#, mistake(1, 3, .badEscape(.character("1")))),
            (#"'\07'"#, mistake(1, 3, .badEscape(.character("0")))),
            (#"'\x4'"#, mistake(1, 5, .expected(.hexDigits(1), found: .character("'")))),
            (#"'\uD83D'"#, mistake(1, 4, .loneSurrogate)), (#"'\uDE00'"#, mistake(1, 4, .loneSurrogate)),
            (#"'\uD83D\u0041'"#, mistake(1, 4, .loneSurrogate)),
            (#"{\x61: 1}"#, mistake(1, 3, .badEscape(.character("x")))),
            (#"{\u0031: 1}"#, mistake(1, 2, .badEscape(.character("1")))),
            ("/* never", mistake(1, 1, .unterminatedComment)), ("yes", mistake(1, 1, .unknownWord("yes"))),
            ("{a: 1, 'a': 2}", mistake(1, 8, .duplicateKey("a", first: TextPosition(line: 1, column: 2)))),
        ])
    func texts(text: String, expected: JSON5Error) {
        #expect(error(text) == expected)
    }

    @Test("bytes that are not UTF-8 are refused where they are")
    func encoding() {
        #expect(error(Array("{\n é: '".utf8) + [0xFF]) == mistake(2, 6, .notUTF8))
        #expect(error([0xC3]) == mistake(1, 1, .notUTF8))
        #expect(error([0xED, 0xA0, 0x80]) == mistake(1, 1, .notUTF8))
    }

    @Test("nesting stops at the limit, not at the end of the stack")
    func depth() throws {
        let deepest = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(throws: Never.self) { try parse(deepest) }
        #expect(error(String(repeating: "[", count: 100_000)) == mistake(1, 65, .tooDeep(limit: 64)))
        #expect(error(String(repeating: "{a:", count: 100_000)) == mistake(1, 193, .tooDeep(limit: 64)))
    }

    @Test("any heap of tokens is a value or a mistake inside the text", arguments: [1, 2, 3, 4] as [UInt64])
    func heaps(seed: UInt64) {
        let tokens = [
            "{", "}", "[", "]", ":", ",", "a", "\"", "'", "\\", "\\u00e9", "\\uD83D", "\\x4", "0", "01", "1.5", ".",
            "+", "-",
            "e5", "0x1F", "Infinity", "NaN", "null", "true", "//", "/*", "*/", "\n", "\r\n", "\u{2028}", " ", "é", "😀",
            "\0",
        ]
        var random = SplitMix(state: seed)
        var values = 0
        for _ in 0..<5_000 {
            let text = (0..<(random.next() % 12)).map { _ in tokens[Int(random.next() % UInt64(tokens.count))] }
                .joined()
            guard let mistake = error(text) else {
                values += 1
                continue
            }
            let lines = text.unicodeScalars.filter { ["\n", "\r", "\u{2028}"].contains($0) }.count + 1
            #expect((1...lines).contains(mistake.position.line), "\(text.debugDescription)")
            #expect((1...text.unicodeScalars.count + 1).contains(mistake.position.column), "\(text.debugDescription)")
        }
        #expect(values > 100)
    }

    @Test("a file too large to be a person's is refused")
    func size() {
        #expect(
            error([UInt8](repeating: 0x20, count: 1 << 20)) == mistake(1, 1_048_577, .expected(.value, found: .end)))
        let problem = JSON5Error.Problem.tooLarge(bytes: 1_048_577, limit: 1_048_576)
        #expect(error([UInt8](repeating: 0x20, count: 1 << 20 + 1)) == mistake(1, 1, problem))
    }
}

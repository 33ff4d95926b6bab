import Testing

@testable import JSON

private func problem(_ text: String, _ limits: JSONLimits = JSONLimits()) -> JSONError? {
    problem(Array(text.utf8), limits)
}

private func problem(_ bytes: [UInt8], _ limits: JSONLimits = JSONLimits()) -> JSONError? {
    do throws(JSONError) {
        _ = try JSONValue(parsing: bytes, limits: limits)
        return nil
    } catch {
        return error
    }
}

private func value(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

@Suite struct JSONParserTests {
    @Test("reads every kind of value, with blanks of every kind between")
    func kinds() throws {
        let read = try value(" {\"a\" : [1,-0, 2.5e-1,\t\"x\",true,false,null],\r\n\"b\":{} ,\"c\":[ ]} ")
        #expect(read == ["a": [1, 0, 0.25, "x", true, false, nil], "b": [:], "c": []])
    }

    @Test(
        "whole numbers are exact to the last of 64 bits",
        arguments: [Int64.min, Int64.min + 1, -9_007_199_254_740_993, -1, 0, 9_007_199_254_740_993, .max - 1, .max])
    func integers(number: Int64) throws {
        #expect(try value("\(number)") == .integer(number))
        #expect(JSONValue.integer(number).bytes == Array("\(number)".utf8))
    }

    @Test(
        "numbers that cannot be kept are refused and not bent",
        arguments: [
            ("9223372036854775808", JSONError.Problem.integerTooLarge), ("-9223372036854775809", .integerTooLarge),
            ("1e400", .realTooLarge), ("-1e309", .realTooLarge),
            ("0." + String(repeating: "1", count: 127), .numberTooLong(limit: 128)),
        ])
    func unkept(text: String, expected: JSONError.Problem) {
        #expect(problem(text) == JSONError(byte: 0, problem: expected))
    }

    @Test("reals are the nearest number, and written so that they come back with the same bits")
    func reals() throws {
        for number in [
            0.1, 1.0 / 3, Double.leastNonzeroMagnitude, .greatestFiniteMagnitude, -0.0, 1e22, 123_456_789.125,
        ] {
            let text = String(decoding: JSONValue.real(number).bytes, as: UTF8.self)
            guard case .real(let again) = try value(text) else {
                Issue.record("\(text) is no real")
                continue
            }
            #expect(again.bitPattern == number.bitPattern, "\(text)")
        }
        #expect(JSONValue.real(.nan).bytes == Array("null".utf8))
        #expect(JSONValue.real(-.infinity).bytes == Array("null".utf8))
    }

    @Test(
        "what is not JSON is refused at its byte",
        arguments: [
            ("", 0, JSONError.Problem.expected(.value)), ("  ", 2, .expected(.value)), ("nul", 0, .expected(.value)),
            ("tru", 0, .expected(.value)), ("+1", 0, .expected(.value)), (".5", 0, .expected(.value)),
            ("-", 1, .expected(.digit)), ("1.", 2, .expected(.digit)), ("1e", 2, .expected(.digit)),
            ("1e+", 3, .expected(.digit)), ("01", 1, .expected(.end)), ("1 2", 2, .expected(.end)),
            ("[1,]", 3, .expected(.value)), ("[1 2]", 3, .expected(.commaOrBracket)), ("[", 1, .expected(.value)),
            ("{\"a\":1,}", 7, .expected(.key)), ("{a:1}", 1, .expected(.key)), ("{\"a\" 1}", 5, .expected(.colon)),
            ("{\"a\":1 \"b\"", 7, .expected(.commaOrBrace)), ("{\"a\":1,\"a\":2}", 7, .duplicateKey("a")),
            ("\"abc", 4, .unterminatedText), ("\"\\", 2, .unterminatedText), ("\"\n\"", 1, .controlCharacter(10)),
            ("\"\\x\"", 2, .unknownEscape(0x78)), ("\"\\u12g4\"", 5, .expected(.hexDigit)),
            ("\"\\ud800\"", 7, .loneSurrogate), ("\"\\udc00\\ud800\"", 7, .loneSurrogate),
            ("\"\\ud800\\u0041\"", 13, .loneSurrogate), ("NaN", 0, .expected(.value)),
            ("// x\n1", 0, .expected(.value)),
            ("'a'", 0, .expected(.value)), ("\u{FEFF}1", 0, .expected(.value)),
        ])
    func refused(text: String, byte: Int, expected: JSONError.Problem) {
        #expect(problem(text) == JSONError(byte: byte, problem: expected))
    }

    @Test("escapes spell characters, pairs one beyond the first plane, and a zero is kept")
    func escapes() throws {
        #expect(try value("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"") == .text("\"\\/\u{8}\u{C}\n\r\t"))
        #expect(try value("\"\\u00e9\\ud83d\\ude00\\u0000ü\"") == .text("é😀\0ü"))
        #expect(JSONValue.text("a\0\n\u{1F}\"\\ü").bytes == Array("\"a\\u0000\\n\\u001f\\\"\\\\ü\"".utf8))
    }

    @Test("bytes that are no UTF-8 are refused where they begin")
    func notUTF8() {
        #expect(problem([0x22, 0x61, 0xC3, 0x22]) == JSONError(byte: 2, problem: .notUTF8))
        #expect(problem([0x22, 0xED, 0xA0, 0x80, 0x22])?.problem == .notUTF8)
        #expect(problem([0x22, 0xC0, 0xAF, 0x22])?.problem == .notUTF8)
    }

    @Test("size, depth and number of values have limits that hold to one")
    func limits() {
        let limits = JSONLimits(bytes: 12, depth: 3, values: 5)
        #expect(problem("[[[1,2]]]", limits) == nil)
        #expect(problem("[[[1,2,3]]]", limits) == JSONError(byte: 7, problem: .tooManyValues(limit: 5)))
        #expect(problem("[[[[1]]]]", limits) == JSONError(byte: 3, problem: .tooDeep(limit: 3)))
        #expect(problem("[          ]", limits) == nil)
        #expect(problem("[           ]", limits) == JSONError(byte: 0, problem: .tooLarge(bytes: 13, limit: 12)))
        let deep = String(repeating: "[", count: 1_000_000)
        #expect(problem(deep)?.problem == .tooDeep(limit: 32))
        // A level that was left does not count any more.
        #expect(problem("[[[]],[]]", limits) == nil)
    }

    @Test("a value written is read as the same value")
    func roundTrip() throws {
        let original: JSONValue = ["k\"": [1, 2.5, nil, true, ["": "é\u{1}"]], "z": -3, "a": "b"]
        #expect(try JSONValue(parsing: original.bytes) == original)
    }
}

@Suite struct JSONObjectTests {
    @Test("members keep their order; setting replaces in place and nil takes out")
    func members() {
        var object: JSONObject = ["b": 1, "a": 2]
        object["b"] = 3
        object["c"] = 4
        object["a"] = nil
        object["d"] = nil
        #expect(JSONValue.object(object).bytes == Array("{\"b\":3,\"c\":4}".utf8))
    }

    @Test("a value says what it is and nothing else")
    func kinds() {
        #expect(JSONValue.integer(3).number == 3 && JSONValue.real(0.5).number == 0.5)
        #expect(JSONValue.text("3").number == nil && JSONValue.real(3).integer == nil)
        #expect(JSONValue.null.isNull && !JSONValue.boolean(false).isNull)
        #expect(JSONValue.boolean(true).boolean == true && JSONValue.list([1]).list == [1])
        #expect(JSONValue.object(["a": 1]).object?["a"] == 1 && JSONValue.text("x").text == "x")
    }
}

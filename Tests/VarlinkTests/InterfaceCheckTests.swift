import JSON
import Testing

@testable import Varlink

@Suite struct InterfaceCheckTests {
    private let interface: VarlinkInterface

    init() throws {
        interface = try VarlinkInterface(
            parsing: """
                interface org.example.check
                type Kind (one, two)
                type Tree (name: string, children: []Tree)
                method M(
                  flag: bool, count: int, share: float, text: ?string, kinds: []Kind, sizes: [string]float, any: object,
                  tree: ?Tree
                ) -> ()
                """)
    }

    private let good: JSONObject = [
        "flag": true, "count": 3, "share": 0.5, "kinds": ["one", "two"], "sizes": ["a": 1, "b": 2.5],
        "any": [1, ["x": nil]],
    ]

    private func mismatch(
        _ change: (inout JSONObject) -> Void, _ strictness: VarlinkInterface.Strictness = .exact
    ) throws -> VarlinkMismatch? {
        var object = good
        change(&object)
        let input = try #require(interface.method("M")).input
        do throws(VarlinkMismatch) {
            try interface.check(object, against: input, strictness)
            return nil
        } catch {
            return error
        }
    }

    @Test("what the description says passes: optional values missing, null or there; whole numbers where reals are")
    func passes() throws {
        #expect(try mismatch { _ in } == nil)
        #expect(try mismatch { $0["text"] = nil } == nil)
        #expect(try mismatch { $0["text"] = .null } == nil)
        #expect(try mismatch { $0["text"] = "x" } == nil)
        #expect(try mismatch { $0["share"] = 1 } == nil)
        #expect(try mismatch { $0["any"] = .null } == nil)
        #expect(try mismatch { $0["tree"] = ["name": "a", "children": [["name": "b", "children": []]]] } == nil)
    }

    @Test("what it does not say is named by its path")
    func paths() throws {
        let cases: [(key: String, value: JSONValue?, path: String, problem: VarlinkMismatch.Problem)] = [
            ("flag", 1, "flag", .expected(.boolean)), ("flag", nil, "flag", .missing),
            ("flag", .null, "flag", .expected(.boolean)),
            ("count", 3.0, "count", .expected(.integer)), ("count", "3", "count", .expected(.integer)),
            ("share", .real(.infinity), "share", .notFinite), ("share", .real(.nan), "share", .notFinite),
            ("text", 3, "text", .expected(.string)),
            ("kinds", "one", "kinds", .expected(.list(.named("Kind")))),
            ("kinds", ["one", "three"], "kinds[1]", .expected(.enumeration(["one", "two"]))),
            ("sizes", ["a": 1, "b": true], "sizes.b", .expected(.float)),
            ("any", [1, [.real(.nan)]], "any", .notFinite), ("other", 1, "other", .unknown),
            ("tree", ["name": "a", "children": [["name": "b"]]], "tree.children[0].children", .missing),
            ("tree", ["name": "a", "children": [], "x": 1], "tree.x", .unknown),
        ]
        for (key, value, path, problem) in cases {
            let found = try mismatch { $0[key] = value }
            #expect(found == VarlinkMismatch(path: path, problem: problem), "\(key)")
        }
    }

    @Test("a lenient reader passes over what it does not know, and over nothing else")
    func lenient() throws {
        #expect(try mismatch({ $0["other"] = 1 }, .lenient) == nil)
        #expect(try mismatch({ $0["tree"] = ["name": "a", "children": [], "x": 1] }, .lenient) == nil)
        #expect(try mismatch({ $0["flag"] = nil }, .lenient)?.problem == .missing)
    }
}

@Suite struct MessageTests {
    @Test("a call says its method, its parameters and how it wants to be answered")
    func calls() {
        let call = CallMessage(["method": "a.b.C", "parameters": ["x": 1], "more": true, "unknown": 3])
        #expect(call?.names.interface == "a.b" && call?.names.method == "C")
        #expect(call?.wantsMore == true && call?.isOneway == false && call?.parameters == ["x": 1])
        #expect(CallMessage(["method": "a", "parameters": nil, "oneway": nil])?.names.method == "")
        #expect(call?.bytes == Array("{\"method\":\"a.b.C\",\"parameters\":{\"x\":1},\"more\":true}\0".utf8))
    }

    @Test(
        "what is no call is told from one",
        arguments: [
            1, [], [:], ["method": 1], ["method": "a.B", "parameters": []], ["method": "a.B", "more": 1],
            ["method": "a.B", "oneway": "yes"],
        ] as [JSONValue])
    func noCalls(value: JSONValue) { #expect(CallMessage(value) == nil) }

    @Test("replies and errors come back as they were sent, and what is neither is told from them")
    func replies() throws {
        let error = VarlinkError("a.B", ["x": 1])
        for message in [ReplyMessage.reply(["a": 1], continues: true), .reply([:], continues: false), .error(error)] {
            let bytes = message.bytes
            #expect(bytes.last == 0)
            #expect(ReplyMessage(try JSONValue(parsing: bytes.dropLast())) == message)
        }
        let strange: [JSONValue] = [1, ["parameters": 1], ["error": 1], ["continues": "no"]]
        for value in strange { #expect(ReplyMessage(value) == nil) }
        #expect(ReplyMessage([:]) == .reply([:], continues: false))
    }
}

@Suite struct MessageFramerTests {
    @Test("messages come out whole, however the stream is cut")
    func cuts() {
        let messages: [[UInt8]] = (0..<60).map { [UInt8](repeating: UInt8($0 + 1), count: $0 * 37 % 91) }
        let stream: [UInt8] = Array(messages.map { $0 + [0] }.joined())
        for piece in [1, 2, 3, 7, 64, 1_000, stream.count] {
            var framer = MessageFramer(limit: 1_000)
            var found: [[UInt8]] = []
            for start in stride(from: 0, to: stream.count, by: piece) {
                framer.append(stream[start..<min(start + piece, stream.count)])
                while case .message(let message) = framer.next() { found.append(message) }
            }
            #expect(found == messages, "pieces of \(piece)")
            #expect(framer.held == 0 && !framer.isWithin && !framer.hasMessage)
        }
    }

    @Test("a message of the limit passes, one more byte does not, whether its end has come or not")
    func limit() {
        for (count, end) in [(8, true), (9, true), (9, false)] {
            var framer = MessageFramer(limit: 8)
            let bytes = [UInt8](repeating: 1, count: count) + (end ? [0] : [])
            framer.append(bytes[...])
            #expect(framer.next() == (count == 8 ? .message(Array(bytes.dropLast())) : .tooLarge))
        }
    }

    @Test("knows whether it has a message, part of one, or nothing")
    func states() {
        var framer = MessageFramer(limit: 8)
        #expect(!framer.hasMessage && !framer.isWithin)
        framer.append([1])
        #expect(!framer.hasMessage && framer.isWithin && framer.next() == .incomplete)
        framer.append([0, 2])
        #expect(framer.hasMessage && framer.held == 3)
        #expect(framer.next() == .message([1]) && framer.isWithin && framer.held == 1)
    }
}

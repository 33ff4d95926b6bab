import Foundation
import Testing

@testable import Varlink

private func failure(_ text: String) -> InterfaceError? {
    do throws(InterfaceError) {
        _ = try VarlinkInterface(parsing: text)
        return nil
    } catch {
        return error
    }
}

@Suite struct InterfaceParserTests {
    @Test("reads types, optional values, lists, maps, words, methods and errors, with their comments")
    func everything() throws {
        let interface = try VarlinkInterface(
            parsing: """
                # What it
                #  is.
                interface org.example-1.a2
                # A kind.
                type Kind (one, two_b)

                type Thing (a: ?[]int, b: [string]Kind, c: ?Thing, d: (x: bool, y: float), e: [][string]?object)
                method Do(thing: Thing)->(text:string) # behind it
                error Bad ()
                """)
        #expect(interface.name == "org.example-1.a2")
        #expect(interface.comment == "What it\n is.")
        #expect(interface.members.map(\.name) == ["Kind", "Thing", "Do", "Bad"])
        #expect(interface.members.map(\.comment) == ["A kind.", "", "", "behind it"])
        #expect(interface["Kind"] == .type(.enumeration(["one", "two_b"])))
        let fields = [
            VarlinkField(name: "a", type: .optional(.list(.integer))),
            VarlinkField(name: "b", type: .map(.named("Kind"))),
            VarlinkField(name: "c", type: .optional(.named("Thing"))),
            VarlinkField(
                name: "d",
                type: .structure([VarlinkField(name: "x", type: .boolean), VarlinkField(name: "y", type: .float)])),
            VarlinkField(name: "e", type: .list(.map(.optional(.object)))),
        ]
        #expect(interface["Thing"] == .type(.structure(fields)))
        #expect(interface.method("Do")?.input == [VarlinkField(name: "thing", type: .named("Thing"))])
        #expect(interface.method("Do")?.output == [VarlinkField(name: "text", type: .string)])
        #expect(interface.error("Bad") == [])
        #expect(interface.method("Bad") == nil && interface.error("Do") == nil && interface["Nothing"] == nil)
        #expect(interface.methods == ["Do"])
    }

    @Test(
        "what is wrong is said with its line and column",
        arguments: [
            ("", 1, 1, InterfaceError.Problem.expected(.interface)),
            ("interfaces a.b", 1, 1, .expected(.interface)),
            ("interface org", 1, 11, .expected(.interfaceName)),
            ("interface 1.a", 1, 11, .expected(.interfaceName)),
            ("interface a..b", 1, 11, .expected(.interfaceName)),
            ("interface a.b-", 1, 11, .expected(.interfaceName)),
            ("interface a.b\ntypo X ()", 2, 1, .expected(.member)),
            ("interface a.b\ntype x ()", 2, 6, .expected(.memberName)),
            ("interface a.b\ntype X int", 2, 8, .expected(.structure)),
            ("interface a.b\ntype X ()\nerror X ()", 3, 7, .duplicateMember("X")),
            ("interface a.b\ntype X (a: int, a: int)", 2, 17, .duplicateField("a")),
            ("interface a.b\ntype X (a, a)", 2, 12, .duplicateField("a")),
            ("interface a.b\ntype X (a, b: int)", 2, 18, .mixedFields),
            ("interface a.b\ntype X (a: int b)", 2, 16, .expected(.commaOrParenthesis)),
            ("interface a.b\ntype X (a b)", 2, 11, .expected(.colonOrComma)),
            ("interface a.b\ntype X (a: int,)", 2, 16, .expected(.fieldName)),
            ("interface a.b\ntype X (_a: int)", 2, 9, .expected(.fieldName)),
            ("interface a.b\ntype X (a__b: int)", 2, 10, .expected(.colonOrComma)),
            ("interface a.b\ntype X (a: integer)", 2, 12, .expected(.type)),
            ("interface a.b\ntype X (a: ??int)", 2, 13, .optionalTwice),
            ("interface a.b\ntype X (a: [int]int)", 2, 13, .expected(.keyType)),
            ("interface a.b\ntype X (a: [string int)", 2, 20, .expected(.closingBracket)),
            ("interface a.b\ntype X (a: Y)", 2, 12, .unknownType("Y")),
            ("interface a.b\ntype X (a: Y)\nerror Y ()", 2, 12, .noType("Y")),
            ("interface a.b\ntype X (a: Y)\ntype Y (b: X)", 2, 6, .endlessType("X")),
            ("interface a.b\nmethod M()", 2, 11, .expected(.arrow)),
            ("interface a.b\nmethod M(a, b) -> ()", 2, 9, .expected(.structure)),
            ("interface a.b\nerror E", 2, 8, .expected(.structure)),
        ])
    func mistakes(text: String, line: Int, column: Int, problem: InterfaceError.Problem) {
        #expect(failure(text) == InterfaceError(line: line, column: column, problem: problem))
    }

    @Test("a type may contain itself where it may be missing or empty")
    func recursion() {
        #expect(failure("interface a.b\ntype X (a: ?X, b: []X, c: [string]X, d: ?Y)\ntype Y (x: X)") == nil)
    }

    @Test("size and depth have limits, and bytes that are no text are refused")
    func limits() {
        let deep = "interface a.b\ntype X (a: " + String(repeating: "[]", count: 200_000)
        #expect(failure(String(deep.prefix(100_000)))?.problem == .tooDeep(limit: 32))
        #expect(failure(deep)?.problem == .tooLarge(bytes: deep.utf8.count, limit: 1 << 18))
        #expect(
            failure("interface a.b\ntype X " + String(repeating: "(a:", count: 1_000))?.problem == .tooDeep(limit: 32))
        let bytes = Array("interface a.b\n# ".utf8) + [0xFF]
        #expect(
            throws: InterfaceError(line: 2, column: 3, problem: .notUTF8),
            performing: { () throws in
                _ = try VarlinkInterface(parsing: bytes)
            })
    }

    @Test("a type that contains itself twice in each of many types is seen to end in a moment")
    func wide() {
        let types = (0..<200).map { "type T\($0) (a: T\($0 + 1), b: T\($0 + 1))" }.joined(separator: "\n")
        #expect(failure("interface a.b\n\(types)\ntype T200 ()") == nil)
    }
}

/// The text is the guard's contract, for others too.
@Suite struct GuardInterfaceTests {
    static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources/Guard/org.understudy.Guard.varlink")

    static func interface() throws -> VarlinkInterface {
        try VarlinkInterface(parsing: Array(Data(contentsOf: file)))
    }

    @Test("the guard's interface has the methods of the plan, and every method and error says what it is for")
    func members() throws {
        let interface = try Self.interface()
        let methods = [
            "Propose", "Show", "Await", "Approve", "Deny", "Adopt", "Withdraw", "Grant", "Stop", "Resume",
            "ClearFault", "Status", "Watch", "Budget", "Robot", "Metrics",
        ]
        #expect(interface.name == "org.understudy.Guard")
        #expect(interface.methods == methods)
        for name in methods {
            #expect(interface.members.first { $0.name == name }?.comment.isEmpty == false, "\(name)")
        }
    }

    @Test("every type of the guard's interface is used by a method or an error")
    func used() throws {
        let interface = try Self.interface()
        var reached: Set<String> = []
        func reach(_ type: VarlinkType) {
            switch type {
            case .optional(let inner), .list(let inner), .map(let inner): reach(inner)
            case .structure(let fields): for field in fields { reach(field.type) }
            case .named(let name):
                if reached.insert(name).inserted, let type = interface.type(name) { reach(type) }
            case .boolean, .integer, .float, .string, .object, .enumeration: break
            }
        }
        for member in interface.members {
            switch member.member {
            case .type: break
            case .method(let input, let output): for field in input + output { reach(field.type) }
            case .error(let fields): for field in fields { reach(field.type) }
            }
        }
        let types = interface.members.filter { if case .type = $0.member { true } else { false } }.map(\.name)
        #expect(Set(types).subtracting(reached).isEmpty, "\(Set(types).subtracting(reached))")
    }
}

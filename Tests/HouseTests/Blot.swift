import Testing

/// A line that breaks one rule of tidiness, and how the rule must answer.
struct Blot: CustomTestStringConvertible {
    let text: String
    let message: String
    var path = "Sources/Supervision/Planted.swift"
    /// The text stands below one line of remark.
    var line = 2

    var testDescription: String { "\(path): \(message)" }

    private static let tests = "Tests/SupervisionTests/Planted.swift"
    private static let script = ".ci/planted"
    private static let unchecked = "-Ounch" + "ecked"
    private static let later = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]
    private static let clock = "time is an argument"
    private static let chance = "chance is an argument"

    static let all =
        words + later.map { Blot(text: "// \($0) one day", message: "\($0): finish it", path: script) } + shapes

    private static let words = [
        Blot(text: "let a = try! b()", message: "try!: use a typed throw"),
        Blot(text: "let a = try! b()", message: "try!: use a typed throw", path: tests),
        Blot(text: "let a = b as! C", message: "as!: use `as?`"),
        Blot(text: "fatalError(\"no\")", message: "fatalError(: use preconditionFailure"),
        Blot(text: "let now = Date()", message: "Date: \(clock)"),
        Blot(text: "let text = \"at \\(Foundation.Date.now)\"", message: "Date: \(clock)"),
        Blot(text: "let clock = ContinuousClock()", message: "ContinuousClock: \(clock)"),
        Blot(text: "let clock = SuspendingClock()", message: "SuspendingClock: \(clock)"),
        Blot(text: "clock_gettime(CLOCK_MONOTONIC, &now)", message: "clock_gettime: \(clock)"),
        Blot(text: "gettimeofday(&now, nil)", message: "gettimeofday: \(clock)"),
        Blot(text: "let now = DispatchTime.now()", message: "DispatchTime: \(clock)"),
        Blot(text: "var g = SystemRandomNumberGenerator()", message: "SystemRandomNumberGenerator: \(chance)"),
        Blot(text: "let a = arc4random()", message: "arc4random: \(chance)", path: tests),
        Blot(text: "let a = b.randomElement()", message: ".randomElement(): \(chance)", path: tests),
        Blot(text: "let a = b.shuffled()", message: ".shuffled(): \(chance)", path: tests),
        Blot(text: "b.shuffle()", message: ".shuffle(): \(chance)", path: tests),
        Blot(text: "let a = Bool.random()", message: "Bool.random(): \(chance)", path: tests),
        Blot(text: "print(a)", message: "print(: rooms return values"),
        Blot(text: "extension A: @unchecked Sendable {}", message: "@unchecked Sendable: share through"),
        Blot(text: "nonisolated(unsafe) var a = 1", message: "nonisolated(unsafe): share through"),
        Blot(text: "func a() async {}", message: "async: ring 0"),
        Blot(text: "let a = await b", message: "await: ring 0"),
        Blot(text: "actor A {}", message: "actor: ring 0"),
        Blot(text: "Task { a() }", message: "Task: ring 0"),
        Blot(text: "@Test(.disabled(\"slow\")) func a() {}", message: ".disabled(: mend", path: tests),
        Blot(text: "withKnownIssue { a() }", message: "withKnownIssue: mend", path: tests),
        Blot(text: "swift build -Xswiftc \(unchecked)", message: "\(unchecked): it deletes", path: script),
        Blot(text: "let flags = [\"\(unchecked)\"]", message: "\(unchecked): it deletes"),
    ]

    private static let shapes = [
        Blot(text: "let a = Int.random(in: 0..<max(1, 2))", message: "random(in:) without using"),
        Blot(
            text: "func long() {\n" + String(repeating: "    step()\n", count: 69) + "}",
            message: "long has 71 lines; a function has at most 70"),
        Blot(
            text: String(repeating: "let a = 1\n", count: 249) + "let b = 2",
            message: "251 lines; a file has at most 250",
            line: 250),
        Blot(
            text: String(repeating: "let a = 1\n", count: 499) + "let b = 2",
            message: "501 lines; a file has at most 500", path: tests, line: 500),
        Blot(text: "\tlet a = 1", message: "a tab"),
        Blot(text: "let a = 1 ", message: "blanks at the end"),
        Blot(text: "let a = 1\n", message: "end the file with one newline", line: 4),
    ]

    static let harmless = [
        Blot(text: "// try! as! print( Date() async fatalError(", message: "words in a remark"),
        Blot(text: "let a = \"try! as! print( Date() async\"", message: "words in a string"),
        Blot(text: "let a = Int.random(in: 0..<2, using: &generator)", message: "a seeded generator"),
        Blot(text: "fingerprint(a); a.print(b); let update = Dateline()", message: "parts of longer words"),
        Blot(text: "fatalError(\"no\"); let now = Date(); print(now)", message: "a test", path: tests),
        Blot(text: "print(ContinuousClock.now)", message: "a door", path: "Sources/understudy/Planted.swift"),
        Blot(
            text: "func long() {\n" + String(repeating: "    step()\n", count: 68) + "}",
            message: "a function of seventy lines"),
        Blot(text: "all:\n\techo done", message: "tabs of a Makefile", path: "Makefile"),
    ]
}

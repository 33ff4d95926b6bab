import Foundation

/// What the log of one `swift test` says: how many tests ran and how many of them failed.
struct TestLog: Equatable {
    private(set) var ran = 0
    private(set) var failed = 0
    /// Whether Swift Testing said at the end that the run passed. A crash leaves no such line.
    private(set) var passed: Bool?

    init(_ log: String) {
        for line in log.split(whereSeparator: \.isNewline) {
            let words = line.drop { !$0.isLetter }
            if words.hasPrefix(Self.closing) { close(words.dropFirst(Self.closing.count)) }
            if line.hasPrefix("✘ Test "), words.contains(" failed after "), !isSummary(words) { failed += 1 }
        }
    }

    private static let closing = "Test run with "

    private func isSummary(_ words: Substring) -> Bool {
        words.hasPrefix(Self.closing) || words.hasPrefix("Test case ")
    }

    /// `12 tests in 3 suites passed after 0.1 seconds.`
    private mutating func close(_ words: Substring) {
        ran += Int(words.prefix(while: \.isNumber)) ?? 0
        passed = (passed ?? true) && words.contains(" passed after ")
    }

    /// Why this run does not count as passed; nil when it does. `floor` is the least number of tests.
    func complaint(floor: Int) -> String? {
        if passed == nil { return "the tests did not come to their end" }
        if ran == 0 { return "no test ran" }
        if passed == false || failed > 0 { return "\(max(1, failed)) of \(ran) tests failed" }
        return ran < floor ? "only \(ran) tests ran, the floor is \(floor)" : nil
    }
}

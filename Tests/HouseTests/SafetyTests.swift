import Foundation
import Supervision
import Testing

/// What must be reviewed is there, and says what the code does.
@Suite struct SafetyTests {
    private static let tests = Set(Tree.sources.filter { $0.path.hasPrefix("Tests/") }.flatMap(\.testNames))

    @Test("every fault has its page and no page is orphaned")
    func pages() {
        let findings = FaultPages.findings(faults: FaultPages.faults, files: Tree.files)
        for finding in findings { Issue.record("\(finding)") }
        #expect(FaultPages.faults.count >= 35)
    }

    @Test("every hazard names tests, and the tests exist")
    func hazards() throws {
        let findings = Hazards.findings(in: try Tree.text(Hazards.path), tests: Self.tests)
        for finding in findings { Issue.record("\(finding)") }
    }

    @Test(
        "a missing page, an orphaned page and a wrong heading are reported",
        arguments: [
            ("001.md", "# 001 positionOutside: joint outside", []),
            ("002.md", "# 002 overspeed: too fast", ["positionOutside has no page", "this page belongs to no fault"]),
            ("001.md", "# 001 overspeed: too fast", ["the heading must begin with '# 001 positionOutside: '"]),
            ("001.md", "# 1 positionOutside: joint outside", ["the heading must begin with '# 001 positionOutside: '"]),
            (
                "1.md", "# 001 positionOutside: joint outside",
                ["positionOutside has no page", "this page belongs to no fault"]
            ),
        ])
    func plantedPage(name: String, heading: String, messages: [String]) {
        let page = TextFile(path: "safety/faults/\(name)", text: "\(heading)\n")
        #expect(FaultPages.findings(faults: [.positionOutside], files: [page]).map(\.message) == messages)
    }

    @Test(
        "a hazard without evidence or with a wrong name is reported",
        arguments: [
            ("| crush | a | b | `ATests/the arm stops` |", []),
            ("| crush | a | b | `ATests/the arm stops`, `BTests/so does the leg` |", []),
            ("| crush | a | b | `ATests/the arm stopped` |", ["there is no test 'ATests/the arm stopped'"]),
            ("| crush | a | b | `BTests/the arm stops` |", ["there is no test 'BTests/the arm stops'"]),
            ("| crush | a | b | by design |", ["the hazard names no test as evidence"]),
            ("| crush | a | not yet: with the guard | none yet |", []),
            ("| crush | a | the guard | none yet |", ["the hazard names no test as evidence"]),
            ("| crush | a | not yet: with the guard | soon |", ["the hazard names no test as evidence"]),
            ("| crush | a | `ATests/the arm stops` |", ["a row is hazard | cause | control | evidence"]),
            ("| crush | | b | `ATests/the arm stops` |", ["a row is hazard | cause | control | evidence"]),
            ("no table", ["there is no table of hazards"]),
        ])
    func plantedHazard(row: String, messages: [String]) {
        let text = "# Hazards\n\n| hazard | cause | control | evidence |\n| --- | --- | --- | --- |\n\(row)\n"
        let tests: Set = ["ATests/the arm stops", "BTests/so does the leg"]
        #expect(Hazards.findings(in: text, tests: tests).map(\.message) == messages)
    }

    @Test("the names of tests are read from code and not from remarks")
    func names() {
        let code = """
            @Suite struct A {
                @Test("one line") func a() {}
                @Test(
                    "on the next line", arguments: [1]) func b(_ number: Int) {}
                // @Test("in a remark") func c() {}
                let text = "@Test(no name)"
                @Test func unnamed() {}
            }
            """
        let file = TextFile(path: "Tests/ATests/A.swift", text: code)
        #expect(file.testNames == ["ATests/one line", "ATests/on the next line"])
        #expect(Self.tests.contains("HouseTests/the names of tests are read from code and not from remarks"))
    }
}

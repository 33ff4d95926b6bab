import Foundation
import Testing

@testable import Gate

/// The gate has its own gate: planted outputs of the tools must make it fail.
@Suite struct GateTests {
    @Test("a log is counted, and only a complete log of enough passing tests passes", arguments: Log.all)
    func counts(log: Log) {
        let read = TestLog(log.text)
        #expect(read.ran == log.ran)
        #expect(read.complaint(floor: 20) == log.complaint)
    }

    @Test("a floor is read by step, and remarks are not floors")
    func floors() {
        let floor = TestFloor("# debug 7\ndebug 25 # since spring\nrelease 20\nthread\n")
        #expect(floor["debug"] == 25)
        #expect(floor["release"] == 20)
        #expect(floor["thread"] == nil)
        #expect(floor["address"] == nil)
    }

    @Test("a folder passes when every line and region of it ran", arguments: Coverage.all)
    func coverage(report: Coverage) throws {
        let judgement = try CoverageJudgement(of: report.json, folder: "Sources/Core")
        #expect(judgement.complaints == report.complaints)
        #expect(judgement.passes == report.complaints.isEmpty)
    }

    @Test("what is not a report is refused")
    func noReport() {
        #expect(throws: (any Error).self) { try CoverageJudgement(of: Data("[]".utf8), folder: "Sources/Core") }
        #expect(GateCommand.judge(["coverage", "/dev/null", "Sources/Core"]).status == 1)
        #expect(GateCommand.judge(["tests", "/dev/null", "debug", "/dev/null"]).status == 1)
        #expect(GateCommand.judge([]).status == 2)
    }
}

/// A planted log of `swift test`. Named, because its text must not stand in the log of the run that tests it.
struct Log: CustomTestStringConvertible {
    let testDescription: String
    let text: String
    let ran: Int
    let complaint: String?

    static let passing = "✔ Test run with 25 tests in 3 suites passed after 0.6 seconds."

    static let all = [
        Log(testDescription: "enough tests", text: "noise\n\(passing)\n", ran: 25, complaint: nil),
        Log(
            testDescription: "no tests", text: "✔ Test run with 0 tests in 0 suites passed after 0.001 seconds.",
            ran: 0,
            complaint: "no test ran"),
        Log(
            testDescription: "too few tests", text: "✔ Test run with 19 tests in 3 suites passed after 0.6 seconds.",
            ran: 19, complaint: "only 19 tests ran, the floor is 20"),
        Log(
            testDescription: "a crash",
            text: "◇ Test \"it falls\" started.\nerror: Exited with unexpected signal code 4",
            ran: 0, complaint: "the tests did not come to their end"),
        Log(
            testDescription: "two failures",
            text: """
                ✘ Test "it falls" recorded an issue at A.swift:1:1: Expectation failed
                ✘ Test "it falls" failed after 0.1 seconds with 1 issue.
                ✘ Test case passing 1 argument "b" to "it falls, too" failed after 0.1 seconds with 1 issue.
                ✘ Test "it falls, too" with 3 test cases failed after 0.1 seconds with 2 issues.
                ✘ Suite A failed after 0.1 seconds with 3 issues.
                ✘ Test run with 25 tests in 3 suites failed after 0.6 seconds with 3 issues.
                """, ran: 25, complaint: "2 of 25 tests failed"),
        Log(
            testDescription: "a failure outside of any test",
            text: "✘ Test run with 25 tests in 3 suites failed after 0.6 seconds with 1 issue.", ran: 25,
            complaint: "1 of 25 tests failed"),
        Log(
            testDescription: "words of a test that look like the closing line",
            text: "✔ Test \"Test run with 90 tests passed after lunch\" passed after 0.1 seconds.", ran: 0,
            complaint: "the tests did not come to their end"),
        Log(
            testDescription: "two runs, one of them empty",
            text: "\(passing)\n✘ Test run with 0 tests in 0 suites failed after 0.6 seconds.", ran: 25,
            complaint: "1 of 25 tests failed"),
    ]
}

/// A planted coverage report of one file.
struct Coverage: CustomTestStringConvertible {
    let testDescription: String
    var file = "/home/somebody/Sources/Core/A.swift"
    var segments = "[3, 5, 12, true, true, false], [9, 2, 0, false, false, false]"
    var lines = #"{ "count": 7, "covered": 7, "percent": 100 }"#
    var regions = #"{ "count": 4, "covered": 4, "notcovered": 0, "percent": 100 }"#
    var complaints: [String] = []

    var json: Data {
        Data(
            """
            { "data": [{ "files": [{ "filename": "\(file)", "segments": [\(segments)],
                "summary": { "lines": \(lines), "regions": \(regions) } }] }], "version": "2.0.1" }
            """.utf8)
    }

    static let all = [
        Coverage(testDescription: "all of it ran"),
        Coverage(
            testDescription: "a region never ran",
            segments: "[3, 5, 12, true, true, false], [6, 9, 0, true, true, false]",
            regions: #"{ "count": 4, "covered": 3 }"#, complaints: ["Sources/Core/A.swift:6:9: no test runs this"]),
        Coverage(
            testDescription: "only the summary knows of a line", lines: #"{ "count": 7, "covered": 6 }"#,
            complaints: ["Sources/Core/A.swift:1: 1 lines, 0 regions never ran"]),
        Coverage(
            testDescription: "only the summary knows of a region", regions: #"{ "count": 4, "covered": 2 }"#,
            complaints: ["Sources/Core/A.swift:1: 0 lines, 2 regions never ran"]),
        Coverage(
            testDescription: "the folder is missing", file: "/home/somebody/Sources/CoreTools/A.swift",
            complaints: ["Sources/Core: the report says nothing about this folder"]),
    ]
}

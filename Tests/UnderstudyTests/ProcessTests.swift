import Foundation
import TestSupport
import Testing

@testable import understudy

/// The built program, run as a person or a script would.
@Suite("The program itself")
struct ProcessTests {
    private static let envelopes = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../safety/envelopes").standardized.path

    private static let statuses: [(line: String, status: understudy.ExitStatus)] = [
        ("--help", .done), ("--version", .done), ("explain", .done), ("explain reference --json", .done),
        ("explain envelope pendulum --envelopes \(envelopes)", .done), ("", .usage), ("frobnicate", .usage),
        ("doctor --frobnicate", .usage), ("explain fault 99", .usage),
        ("explain envelope /nowhere/a.json5", .invalidConfiguration),
        ("explain envelope /dev/null", .invalidConfiguration), ("explain envelope /", .invalidConfiguration),
        ("explain envelope /dev/zero", .invalidConfiguration), ("explain envelope nothing", .invalidConfiguration),
    ]

    @Test("the exit status says how it ended, and results and errors never mix", arguments: statuses)
    func status(line: String, status: understudy.ExitStatus) throws {
        let run = try ProcessRun.shell("./understudy \(line)")
        #expect(run.status == status.rawValue)
        #expect(run.output.isEmpty == (status != .done))
        #expect(run.errors.isEmpty == (status == .done))
    }

    @Test("the doctor's status follows from its findings")
    func doctor() throws {
        let line = "./understudy doctor --json --state / --envelopes"
        let well = try ProcessRun.shell("\(line) \(Self.envelopes)")
        let report = try #require(try JSONSerialization.jsonObject(with: Data(well.output.utf8)) as? [String: Any])
        #expect(well.status == (report["fail"] as? Int == 0 ? 0 : 1))
        let findings = try #require(report["findings"] as? [[String: Any]])
        #expect(findings.count == 10)
        #expect(findings.last?["status"] as? String == "ok")
        let broken = try ProcessRun.shell(
            "folder=$(mktemp -d); echo '{}' > $folder/a.json5; \(line) $folder; status=$?; rm -r $folder; exit $status")
        #expect(broken.status == 3 && broken.output.contains("a.json5 has"))
        #expect(try ProcessRun.shell("\(line) /nowhere --strict").status == 3)
    }

    @Test("a reader that goes away ends the program quietly")
    func brokenPipe() throws {
        let run = try ProcessRun.shell("./understudy explain reference | head -n 1; echo ${PIPESTATUS[0]}")
        #expect(run.output == "# Keys of an envelope file\n0\n" && run.errors.isEmpty)
        let gone = try ProcessRun.shell("(sleep 0.2; ./understudy explain reference; echo $? >&2) | true")
        #expect(gone.errors == "0\n")
    }

    @Test("a result that cannot be written is not a success")
    func fullDisk() throws {
        let run = try ProcessRun.shell("./understudy explain > /dev/full")
        #expect(run.status == 1)
        #expect(run.errors.hasPrefix("error: cannot write the result: No space left on device\n"))
    }

    @Test("closed outputs neither trap nor hang")
    func closedOutputs() throws {
        #expect(try ProcessRun.shell("./understudy explain >&-").status == 1)
        #expect(try ProcessRun.shell("./understudy nonsense 2>&-").status == 2)
    }

    @Test("there are colours on a terminal, unless NO_COLOR says otherwise")
    func terminal() throws {
        let command = "script --quiet --return --command './understudy explain modes' /dev/null"
        let terminal = ["TERM": "xterm"]
        #expect(try ProcessRun.shell(command, environment: terminal).output.contains("\u{1B}[1m"))
        let plain = try ProcessRun.shell(command, environment: ["TERM": "xterm", "NO_COLOR": "1"])
        #expect(plain.output.contains("observing") && !plain.output.contains("\u{1B}"))
        #expect(!(try ProcessRun.shell("./understudy explain modes", environment: terminal).output.contains("\u{1B}")))
    }
}

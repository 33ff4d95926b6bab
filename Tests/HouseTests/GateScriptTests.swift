import Foundation
import Testing

/// The script of the gate with a `swift` that says what we plant.
@Suite struct GateScriptTests {
    @Test("enough passing tests open the gate")
    func passes() throws {
        let answer = try Rig(log: Log.passing).run("debug")
        #expect(answer.status == 0)
        #expect(answer.closing == "25 passed, 0 failed")
    }

    @Test("a run without tests closes the gate")
    func empty() throws {
        let answer = try Rig(log: "✔ Test run with 0 tests in 0 suites passed after 0.001 seconds.").run("debug")
        #expect(answer.status == 1)
        #expect(answer.output.contains("no test ran"))
        #expect(answer.output.contains("test: the step debug failed; to repeat it alone: .ci/test debug"))
        #expect(answer.closing == "0 passed, 1 failed")
    }

    @Test("fewer tests than the floor close the gate")
    func belowFloor() throws {
        let answer = try Rig(log: Log.passing, floors: "debug 26\n").run("debug")
        #expect(answer.status == 1)
        #expect(answer.output.contains("only 25 tests ran, the floor is 26"))
    }

    @Test("a step without a floor closes the gate")
    func noFloor() throws {
        #expect(try Rig(log: Log.passing, floors: "release 1\n").run("debug").status == 1)
    }

    @Test("tests that pass in a process that fails close the gate")
    func failingProcess() throws {
        let answer = try Rig(log: Log.passing, status: 3).run("debug")
        #expect(answer.status == 1)
        #expect(answer.closing == "25 passed, 1 failed")
    }

    @Test("a line that no test runs closes the gate and is named")
    func uncovered() throws {
        let segments = "[6, 9, 0, true, true, false]"
        let file = "/somewhere/Sources/Supervision/A.swift"
        let report = Coverage(testDescription: "", file: file, segments: segments, regions: #"{"count":4,"covered":3}"#)
        let answer = try Rig(log: "", report: report.json).run("coverage")
        #expect(answer.status == 1)
        #expect(answer.output.contains("Sources/Supervision/A.swift:6:9: no test runs this"))
    }

    @Test("full coverage opens the gate")
    func covered() throws {
        let report = Coverage(testDescription: "", file: "/somewhere/Sources/Supervision/A.swift")
        #expect(try Rig(log: "", report: report.json).run("coverage").status == 0)
    }

    @Test("the steps run in order, the first that fails is the last, and the table says so")
    func order() throws {
        let answer = try Rig(log: "✘ Test run with 9 tests in 1 suite failed after 1 seconds.").run(
            "format", "debug", "build")
        let table = answer.output.split(separator: "\n").drop { !$0.hasPrefix("step ") }.prefix {
            !$0.hasPrefix("total ")
        }
        #expect(table.map { $0.split(separator: " ").first } == ["step", "format", "debug"])
        #expect(answer.status == 1)
    }

    @Test(
        "every script of the gate is executable and valid",
        arguments: ["build-release", "demo", "install-packages", "run", "test"])
    func valid(script: String) throws {
        let path = Tree.root.appending(path: ".ci/\(script)").path
        #expect(FileManager.default.isExecutableFile(atPath: path))
        #expect(try Shell.run("bash", "-n", path).status == 0)
    }

    @Test("a word that is no step is a mistake of the caller")
    func unknownStep() throws {
        #expect(try Rig(log: Log.passing).run("debugg").status == 2)
    }
}

/// A folder with a pretended `swift` on the path, floors and logs of its own.
private struct Rig {
    let log: String
    var floors = "debug 20\n"
    var status = 0
    var report = Data()

    struct Answer {
        let status: Int32
        let output: String
        var closing: Substring? { output.split(separator: "\n").last }
    }

    private var swift: String {
        """
        #!/bin/sh
        case "$*" in
            *--show-codecov-path*) echo "$RIG/report" ;;
            test*) cat "$RIG/log"; exit \(status) ;;
        esac
        """
    }

    func run(_ steps: String...) throws -> Answer {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rig-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in ["swift": swift, "log": "\(log)\n", "floors": floors] {
            try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        try report.write(to: folder.appending(path: "report"))
        let executable = [FileAttributeKey.posixPermissions: 0o755]
        try FileManager.default.setAttributes(executable, ofItemAtPath: folder.appending(path: "swift").path)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let answer = try Shell.run(
            [Tree.root.appending(path: ".ci/test").path] + steps,
            environment: [
                "RIG": folder.path, "PATH": "\(folder.path):\(path)", "CI": "true",
                "UNDERSTUDY_GATE_LOGS": folder.appending(path: "logs").path,
                "UNDERSTUDY_GATE_FLOORS": folder.appending(path: "floors").path,
                "UNDERSTUDY_GATE_TOOL": Self.gate,
            ])
        return Answer(status: answer.status, output: answer.output)
    }

    /// The gate's tool of this build lies beside the test binary.
    private static let gate = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "Gate").path
}

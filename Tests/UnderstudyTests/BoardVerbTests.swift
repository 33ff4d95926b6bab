import BoardFirmware
import BoardLink
import Foundation
import Quantities
import TestSupport
import Testing
import VirtualRobot

@testable import understudy

@Suite("A board of ours") struct BoardVerbTests {
    private func board(
        _ words: String, _ change: (inout BoardHardware) -> Void = { _ in }
    ) throws -> Session {
        var hardware = BoardHardware(joints: .two, torqueConstant: NewtonMetresPerAmpere(0.15))
        change(&hardware)
        return try VirtualServos(hardware).understudy(words)
    }

    @Test("info says who it is and how it is, in words and as JSON")
    func info() throws {
        let run = try board("board info --port PORT") { $0.firmwareBuild = DoubleWord(0xAB) }
        #expect(run.status == 0, "\(run.output)")
        for line in ["build   00000000000000ab", "joints  2", "mode    unconfigured", "fault   none"] {
            #expect(run.output.contains("\(line)\n"), "\(run.output)")
        }
        let json = try board("board info --port PORT --json")
        #expect(json.output.contains("\"mode\":\"unconfigured\"") || json.output.contains("\"mode\": \"unconfigured\""))
        let other = try board("board info --port PORT") { $0.layout = LinkLayout(protocolVersion: 200, hash: 1) }
        #expect(other.status == 5 && other.output.contains("not that of this program"), "\(other.output)")
    }

    @Test("a healthy board passes every trial, and stays as it was")
    func selfTest() throws {
        let run = try board("board selftest --port PORT")
        #expect(run.status == 0, "\(run.output)")
        #expect(run.output.contains("ok   long frames come back unchanged: 50 of 50"), "\(run.output)")
        #expect(run.output.contains("ok   it cannot be armed without a configuration: 1 of 1"), "\(run.output)")
    }

    @Test("the log ends by itself")
    func log() throws {
        let run = try board("board log --port PORT --time 0.2")
        #expect(run.status == 0, "\(run.output)")
    }

    @Test("an image is flashed by the command that is shown, and only what is one")
    func flash() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "flash-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let image = folder.appending(path: "board.bin").path
        let start: [UInt8] = [0, 8, 1, 0x20, 0x41, 2, 0, 0x08]
        try Data(start).write(to: URL(filePath: image))
        let shown = try board("board flash \(image) --dry-run")
        #expect(shown.status == 0, "\(shown.output)")
        #expect(shown.output == "dfu-util --alt 0 --dfuse-address 0x08000000:leave --download \(image)\n")
        let probe = try board("board flash \(image) --tool openocd --dry-run")
        #expect(probe.output.contains("'program {\(image)} verify reset exit 0x08000000'"), "\(probe.output)")
        try Data([0x7F, 0x45, 0x4C, 0x46, 0, 0, 0, 0]).write(to: URL(filePath: image))
        #expect(try board("board flash \(image) --dry-run").status == 3)
        #expect(try board("board flash \(image)x --dry-run").status == 3)
    }

    @Test(
        "what makes no sense is not understood",
        arguments: [
            "board", "board info", "board inform --port a:b", "board flash", "board flash a b",
            "board flash a --tool x",
            "board flash a --port /dev/pts/1", "board info --port /dev/pts/1 --dry-run",
            "board log --port /dev/pts/1 --time 0",
        ])
    func wrong(words: String) { #expect(Pretended().run(words).status == .usage) }

    @Test("which build a virtual robot runs is understood; an image that is not there is said")
    func firmware() throws {
        for (word, expected) in [
            ("host", BoardFirmwareChoice.host), ("qemu", .image(BoardFirmwareChoice.usualImage)),
            ("a.elf", .image("a.elf")),
        ] {
            guard case .virtual(.robot(let options)) = try Verb.parse(["virtual", "leg", "--firmware", word]) else {
                Issue.record("another verb")
                return
            }
            #expect(options.firmware == expected)
        }
        #expect(Pretended().run("virtual --servos sts3215:1 --firmware qemu").status == .usage)
    }

    @Test("the help says all of it")
    func help() {
        let text = Pretended().run("board --help").output
        #expect(Golden.difference(text, from: "Golden/help-board.txt") == nil)
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
}

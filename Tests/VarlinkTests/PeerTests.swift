import Foundation
import TestSupport
import Testing
import Varlink

/// Nobody here wrote the official package: what it understands, we did not make up.
@Suite("the official Python package", .serialized)
struct PeerTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    @Test("its client talks to our server, ours to its server, and it reads the guard's interface")
    func talks() throws {
        let surroundings = ProcessInfo.processInfo.environment.merging(["ROOT": Self.root]) { $1 }
        let python = try ProcessRun.shell(
            "\"$ROOT/.ci/python-peers\" varlink varlink==31.0.0", environment: surroundings)
        try #require(python.status == 0, "no environment for varlink: \(python.errors)")
        let interpreter = python.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let folder = FileManager.default.temporaryDirectory.appending(path: "varlink-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let run = try ProcessRun.shell(
            "'\(interpreter)' '\(Self.root)/Tests/Peers/varlink_peer.py' \"$PWD/VarlinkPeer\" '\(folder.path)' "
                + "'\(GuardInterfaceTests.file.path)'")
        let checks = run.output.split(separator: "\n").count { $0.hasPrefix("ok ") }
        #expect(run.status == 0, "\(run.output.suffix(800))\(run.errors.suffix(2_000))")
        #expect(checks > 240, "\(checks) checks")
        // Both parsers find the same members in the same order.
        let members = try GuardInterfaceTests.interface().members.map(\.name)
        #expect(run.output.contains("members \(members.joined(separator: " "))\n"))
    }
}

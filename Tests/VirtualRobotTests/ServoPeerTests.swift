import Foundation
import TestSupport
import Testing

/// Nobody here wrote the vendors' masters: what they understand, we did not make up.
@Suite("the vendors' own masters", .serialized)
struct ServoPeerTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// Runs a master of other people's against a virtual bench, and demands that its checks hold.
    private func talk(_ environment: String, _ requirements: String, script: String, slaves: Int) throws {
        let surroundings = ProcessInfo.processInfo.environment.merging(["ROOT": Self.root]) { $1 }
        let python = try ProcessRun.shell(
            "\"$ROOT/.ci/python-peers\" \(environment) \(requirements)", environment: surroundings)
        try #require(python.status == 0, "no environment for \(environment): \(python.errors)")
        let interpreter = python.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let run = try ProcessRun.shell(
            "'\(interpreter)' '\(Self.root)/Tests/Peers/\(script)' \"$PWD/VirtualBench\" \(slaves)")
        let checks = run.output.split(separator: "\n").count { $0.hasPrefix("ok ") }
        #expect(run.status == 0, "\(run.output.suffix(400))\(run.errors.suffix(2_000))")
        #expect(checks > 20, "\(checks) checks")
    }

    @Test("Feetech's pings, reads, writes, groups and moves virtual servos without an error")
    func feetech() throws {
        try talk("feetech", "feetech-servo-sdk==1.0.0", script: "feetech_sdk_peer.py", slaves: 6)
    }

    @Test("moteus' queries, moves, times out and configures virtual controllers without an error")
    func moteus() throws {
        try talk("moteus", "moteus==1.1.1", script: "moteus_peer.py", slaves: 3)
    }
}

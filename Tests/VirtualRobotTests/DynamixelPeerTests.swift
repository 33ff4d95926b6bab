import Foundation
import TestSupport
import Testing

/// Nobody here wrote the vendor's master: what it understands, we did not make up.
@Suite("the vendor's own master", .serialized)
struct DynamixelPeerTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    @Test(
        "scans, pings, reads, writes, moves and reboots virtual servos without an error",
        arguments: [(1_200, 0, 1_000_000), (1_200, 0, 4_000_000), (1_020, 48, 4_000_000)])
    func talks(model: Int, firmware: Int, rate: Int) throws {
        let environment = ProcessInfo.processInfo.environment
        let python = try ProcessRun.shell(
            "\"$ROOT/.ci/python-peers\" dynamixel dynamixel-sdk==4.1.0",
            environment: environment.merging(["ROOT": Self.root]) { $1 })
        try #require(python.status == 0, "no environment for dynamixel-sdk: \(python.errors)")
        let command =
            "\(python.output.trimmingCharacters(in: .whitespacesAndNewlines)) "
            + "'\(Self.root)/Tests/Peers/dynamixel_sdk_peer.py' \"$PWD/VirtualBench\" \(model) \(firmware) 6 \(rate)"
        let run = try ProcessRun.shell(command)
        let checks = run.output.split(separator: "\n").count { $0.hasPrefix("ok ") }
        #expect(run.status == 0, "\(run.output.suffix(400))\(run.errors.suffix(2_000))")
        #expect(checks > 100, "\(checks) checks")
    }
}

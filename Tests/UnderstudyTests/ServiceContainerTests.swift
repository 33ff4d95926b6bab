import Foundation
import Glibc
import TestSupport
import Testing

@Suite(
    "The guard's unit", .enabled(if: getuid() == 0, "only root can make containers"),
    .enabled(if: !Sanitizer.isPresent))
struct ServiceContainerTests {
    private static let root = URL(filePath: #filePath).appending(path: "../../..").standardized.path

    @Test(
        "under a real systemd it starts, says so, keeps its user and its sandbox, comes back when killed or hung, and stops"
    )
    func runs() throws {
        let run = try ProcessRun.shell("'\(Self.root)/.ci/nspawn-guard' \"$PWD/understudy\"")
        // Where no container can be made (inside of another one, or without systemd-container) there is nothing to see.
        guard run.status != 77 else { return }
        #expect(run.status == 0, "\(run.output.suffix(3_000))\(run.errors.suffix(1_000))")
        #expect(run.output.split(separator: "\n").count { $0.hasPrefix("ok ") } >= 13, "\(run.output)")
    }
}

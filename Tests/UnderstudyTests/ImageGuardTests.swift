import Foundation
import Glibc
import GuardSamples
import JSON
import Ledger
import Supervision
import TestSupport
import Testing

@testable import understudy

/// The whole chain as on a real robot: a guard, a line, and the image of the board, whose processor then is gone.
@Suite(
    "A guard of a robot whose board is an image", .serialized,
    .enabled(if: getuid() == 0, "only root can become others"))
struct ImageGuardTests {
    @Test("flies an episode, and latches with the right page when the board's processor is gone in the next one")
    func killed() throws {
        let image = "\(Household.root)/.build-firmware/STM32F405.elf"
        try #require(FileManager.default.fileExists(atPath: image), "run 'make firmware' first")
        let house = try Household("leg", more: "--firmware \(image)")
        defer { try? house.end() }
        var learner = try house.client()
        try learner.wait(for: ["observing"])
        try house.grant()
        let first = try learner.propose(house.sample.proposal(house.sample.lively(), 60, number: 1))
        #expect(try house.operate("approve leg \(first)").status == 0)
        try learner.wait(for: ["finished", "stopped", "failed", "lost"], of: first)
        // One that the supervisor stopped would be right as well: what matters is that the robot is ready again.
        try learner.wait(for: ["observing"])

        // Long enough for its processor to die in the middle of it, however quick this machine is.
        let second = try learner.propose(house.sample.proposal(house.sample.lively(), 400, number: 2))
        #expect(try house.operate("approve leg \(second)").status == 0)
        try learner.wait(for: ["running", "finished"], of: second)
        try house.robot.endChildren()
        try learner.wait(for: ["stopped", "failed", "finished"], of: second)
        let ended = try learner.state(of: second)
        // Failed, where it had not come to its start yet.
        #expect(ended == "stopped" || ended == "failed", "\(ended)")
        try learner.wait(for: ["latched", "held"])
        let fault = try #require(try learner.ask("Status")["fault"]?.object, "no fault is named")
        let number = try #require(fault["number"]?.integer.flatMap { UInt8(exactly: $0) })
        // A line on which nothing comes any more.
        #expect(Fault(rawValue: number) == .staleSensor, "\(fault)")
        let page = "\(Household.root)/safety/faults/\(String(format: "%03d", number)).md"
        #expect(FileManager.default.fileExists(atPath: page))
        let status = try house.operate("status leg")
        #expect(status.output.contains("fault \(number) "), "\(status.output)")
        // No way leads from here to motion without a person: what is approved now waits.
        let third = try learner.propose(house.sample.proposal(house.sample.lively(), 60, number: 3))
        #expect(try house.operate("approve leg \(third)").status == 0)
        let refused = try house.operate("resume leg")
        #expect(refused.status == ExitStatus.refused.rawValue)
        #expect(refused.errors.contains("explain fault \(number)"), "\(refused.errors)")
        #expect(try learner.state(of: third) == "approved")
        let end = try house.dismiss()
        #expect(end.status != ExitStatus.failed.rawValue, "\(end.errors)")
        #expect(try LedgerReader(at: "\(house.folder)/state").verify().isSound)
    }
}

import Foundation
import Glibc
import GuardSamples
import JSON
import Ledger
import Ports
import TestSupport
import Testing
import Varlink

@testable import understudy

@Suite("A guard on a machine in trouble", .serialized, .enabled(if: getuid() == 0, "only root can become others"))
struct TroubledHostTests {
    @Test("a disk that fills up: the episode is stopped, the guard answers, nothing flies; with room nothing is lost")
    func diskFull() throws {
        let disk = try SmallDisk()
        let house = try Household(state: disk.folder)
        defer { try? house.end() }
        var learner = try house.client()
        try learner.wait(for: ["observing"])
        try house.grant()
        let first = try learner.approved(1, horizon: 5_000, in: house)
        let second = try learner.approved(2, horizon: 60, in: house)
        // Room for the beginning of a recording, so that the flight itself fills the disk, however fast it goes.
        try disk.fill(leaving: 256)
        try learner.wait(for: ["running", "stopped", "failed"], of: first)
        // The ledger cannot say that it is over; the robot is at rest all the same, and whoever asks is answered.
        try learner.wait(for: ["observing", "held"])
        try learner.wait(for: ["observing"])
        try disk.fill()
        #expect(try learner.state(of: second) == "approved")
        #expect(try house.operate("grant pendulum --time 1 --why more").status != 0)
        try disk.empty()
        // One that was stopped on the way to its start has failed.
        try learner.wait(for: ["stopped", "failed"], of: first)
        let hasBegun = try learner.state(of: first) == "stopped"
        try learner.wait(for: ["finished"], of: second)
        #expect(try house.dismiss().status == 0)
        let reader = try LedgerReader(at: house.state)
        let report = try reader.verify()
        #expect(report.isSound && report.recordings >= (hasBegun ? 1 : 0), "\(report)")
        #expect(try ProcessRun.shell("./understudy verify \(disk.folder)").status == 0)
    }

    @Test("a ledger on a disk that cannot be written keeps the guard away, which says so; it is still read")
    func readOnly() throws {
        let disk = try SmallDisk()
        let house = try Household(state: disk.folder)
        defer { try? house.end() }
        var learner = try house.client()
        try learner.wait(for: ["observing"])
        #expect(try house.dismiss().status == 0)
        try disk.setReadOnly()
        try house.restart()
        let run = try house.keeper.end()
        #expect(run.status != 0 && run.errors.contains("next:"), "\(run)")
        #expect(try ProcessRun.shell("./understudy verify \(disk.folder)").status == 0)
    }

    @Test("a wall clock that jumps by days, forwards and back, moves no tick and loses no episode")
    func clockJump() throws {
        let file = "/tmp/clock-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: file) }
        let library = ["x86_64", "aarch64"].map { "/usr/lib/\($0)-linux-gnu/faketime/libfaketime.so.1" }
            .first { FileManager.default.fileExists(atPath: $0) }
        // The library adds to the environment of the first program that it is in, and a program of Swift does not find its
        // words then: another one goes before.
        let before =
            "env LD_PRELOAD=\(try #require(library, "libfaketime is not installed")) FAKETIME_NO_CACHE=1 "
            + "FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_TIMESTAMP_FILE=\(file) nice -n 0"
        func set(_ shift: String) throws {
            try Data("\(shift)\n".utf8).write(to: URL(filePath: file), options: .atomic)
        }
        try set("+0")
        let house = try Household(before: before)
        defer { try? house.end() }
        var learner = try house.client()
        try learner.wait(for: ["observing"])
        try house.grant()
        for (number, shift) in zip(UInt32(1)..., ["+2d", "-1d"]) {
            let hash = try learner.approved(number, horizon: 1_500, in: house)
            try learner.wait(for: ["running"], of: hash)
            try set(shift)
            try learner.wait(for: ["finished", "stopped", "failed", "lost"], of: hash)
            #expect(try learner.state(of: hash) == "finished")
            #expect(try learner.state() == "observing")
        }
        #expect(try house.dismiss().status == 0)
        let report = try LedgerReader(at: house.state).verify()
        #expect(report.isSound && report.recordings == 2, "\(report)")
    }
}

import Episodes
import Foundation
import Guard
import Glibc
import GuardSamples
import JSON
import Ledger
import Ports
import Quantities
import Supervision
import TestSupport
import Testing
import Varlink

@testable import understudy

@Suite("A guard as a process", .serialized, .enabled(if: getuid() == 0, "only root can become others"))
struct GuardProcessTests {
    @Test(
        "propose, approve, run, recording, ledger; and SIGTERM ends with the robot read back as off",
        arguments: [("pendulum", Int32(200)), ("reacher", 80), ("leg", 200)])
    func story(name: String, horizon: Int32) throws {
        let house = try Household(name)
        defer { try? house.end() }
        var learner = try house.client()
        try learner.wait(for: ["observing"])
        let hash = try learner.propose(0, horizon: horizon, to: house)
        #expect(try house.operate("approve \(name)").status == ExitStatus.refused.rawValue)
        let poor = try house.operate("approve \(name) \(hash)")
        #expect(poor.status == ExitStatus.refused.rawValue && poor.errors.contains("costs more"), "\(poor.errors)")
        try house.grant()
        let approved = try house.operate("approve \(name) \(hash.prefix(12)) --why 'looks well'")
        #expect(approved.status == 0 && approved.output.contains("█"), "\(approved.errors)")
        try learner.wait(for: ["finished", "stopped", "failed", "lost"], of: hash)
        #expect(try learner.state(of: hash) == "finished")
        let status = try house.operate("status \(name)")
        #expect(status.output.contains("\(name): observing") && status.output.contains(".mcap"), "\(status.output)")
        let end = try house.dismiss()
        #expect(end.status == 0, "\(end.errors)")
        let report = try LedgerReader(at: "\(house.folder)/state").verify()
        #expect(report.isSound && report.recordings == 1)
        #expect(try house.operate("status \(name)").status == ExitStatus.notReachable.rawValue)
    }

    @Test("killed in an episode: it is lost, never flown again, and nothing that was approved besides is lost")
    func killed() throws {
        let house = try Household()
        defer { try? house.end() }
        var learner = try house.client()
        try learner.wait(for: ["observing"])
        try house.grant()
        // In lockstep an episode takes no longer than its computation: a long one is caught more surely.
        let hashes = [
            try learner.propose(1, horizon: 4_000, to: house), try learner.propose(2, to: house),
        ]
        for hash in hashes { #expect(try house.operate("approve pendulum \(hash)").status == 0) }
        try learner.wait(for: ["running", "finished"], of: hashes[0])
        try house.keeper.signal(SIGKILL)
        _ = try? house.keeper.end()
        try house.restart()
        var again = try house.client()
        try again.wait(for: ["lost", "finished"], of: hashes[0])
        try again.wait(for: ["finished", "lost"], of: hashes[1])
        try house.keeper.signal(SIGTERM)
        #expect(try house.keeper.end().status == 0)
        let report = try LedgerReader(at: "\(house.folder)/state").verify()
        #expect(report.isSound, "\(report.findings)")
    }

    @Test("a standing rule is shown, adopted by the user whom it names and nobody else, told, and ended by its number")
    func standing() throws {
        let house = try Household()
        defer { try? house.end() }
        var learner = try house.client()
        try learner.wait(for: ["observing"])
        try FileManager.default.createDirectory(atPath: "\(house.folder)/rules", withIntermediateDirectories: false)
        func write(_ name: String, signer: String, band: String = "") throws -> String {
            let rule = """
                // looked through
                { format: 1, rule: "\(name)", robot: "pendulum", envelope: "\(house.sample.facts.envelope.identity.text)",
                  least_margin_share: 0.1, policy_distance_nats: 0.5, hottest_c: 60, least_time_left_s: 10,
                  \(band) episodes_per_day: 4, until: "2100-12-31T18:00:00Z", signer: "\(signer)" }
                """
            let path = "\(house.folder)/rules/\(name).json5"
            try Data(rule.utf8).write(to: URL(filePath: path))
            return path
        }
        let file = try write("evenings", signer: "bin")
        let shown = try house.operate("approve pendulum --rule \(file)")
        #expect(shown.status == ExitStatus.refused.rawValue && shown.output.contains("// looked through"), "\(shown)")
        #expect(shown.output.contains("it covers plans however wide their bands are"), "\(shown)")
        let narrow = try write("nights", signer: "bin", band: "widest_band_rad: 0.4,")
        let said = try house.operate("approve pendulum --rule \(narrow)").output
        #expect(said.contains("it covers plans whose band is nowhere wider than 0.400 rad, for any joint"), "\(said)")
        #expect(try house.operate("status pendulum").output.contains("approval: each"))
        let others = try house.operate("approve pendulum --rule \(try write("mornings", signer: "ada")) --why x")
        #expect(others.status == ExitStatus.refused.rawValue && others.errors.contains("names 'ada'"), "\(others)")

        let adopted = try house.operate("approve pendulum --rule \(file) --why 'read it'")
        #expect(adopted.status == 0, "\(adopted)")
        let ground = try #require(adopted.output.firstMatch(of: /adopted as ([0-9]+);/)?.output.1)
        let status = try house.operate("status pendulum").output
        #expect(
            status.contains("approval: standing") && status.contains("rule evenings, until 2100-12-31"), "\(status)")
        // A file that changed is another one, which nobody has adopted.
        try Data("{ }".utf8).write(to: URL(filePath: file))
        #expect(try house.operate("status pendulum").output.contains("approval: each"))
        let broken = try house.operate("approve pendulum --rule \(file) --why x")
        #expect(
            broken.status == ExitStatus.invalidConfiguration.rawValue && broken.errors.contains("'signer' is missing"))
        _ = try write("evenings", signer: "bin")
        #expect(try house.operate("status pendulum").output.contains("approval: standing"))
        #expect(try house.operate("deny pendulum --ground \(ground) --why enough").status == 0)
        #expect(try house.operate("status pendulum").output.contains("approval: each"))
        let twice = try house.operate("deny pendulum --ground \(ground) --why enough")
        #expect(twice.status == ExitStatus.refused.rawValue && twice.errors.contains("'\(ground)'"), "\(twice)")
        #expect(try house.dismiss().status == 0)
    }

    @Test("in real time, behind a terminal: directions first, then a policy; nothing is lost")
    func realTime() throws {
        let record = """
            { "format": 1, "robot": "pendulum", "made": "\(WallInstant.ofThisMachine.advanced(by: -60_000))",
              "valid_days": 30, "calibration": "measured",
              "devices": [ { "joint": "swing", "id": 1, "model": "xl330-m288", "serial": null, "firmware": null,
                             "settings_sha256": null } ] }
            """
        let house = try Household(record: record, isRealTime: true)
        defer { try? house.end() }
        var learner = try house.client()
        try learner.wait(for: ["observing"])
        try house.grant()
        let policy = try learner.propose(1, to: house)
        let early = try house.operate("approve pendulum \(policy)")
        #expect(early.status == ExitStatus.refused.rawValue && early.output.contains("direction"), "\(early)")
        let script = try MotionScript.directions(
            from: [.zero], distances: [Radians(0.3)], moving: Ticks(200), resting: Ticks(40))
        let motions = try learner.propose(
            house.sample.proposal(script.payload, script.ticks.rawValue, number: 2, from: [.zero]))
        let shown = try house.operate("approve pendulum \(motions)")
        #expect(shown.status == 0 && shown.output.contains("moves to 0.3 rad"), "\(shown.output)\(shown.errors)")
        try end(of: motions, &learner, in: house)
        // A machine that is late stops the robot, and that is right; then the policy has to wait. One that was late before
        // the first tick has recorded nothing.
        let hasBegun = try learner.state(of: motions) != "failed"
        if try learner.state(of: motions) == "finished" {
            #expect(try house.operate("approve pendulum \(policy)").status == 0)
            try end(of: policy, &learner, in: house)
        }
        let end = try house.dismiss()
        #expect(end.status == 0, "\(end.errors)")
        let report = try LedgerReader(at: "\(house.folder)/state").verify()
        #expect(report.isSound && (report.recordings >= 1 || !hasBegun))
    }

    /// A machine that does not come round between two flights latches, and that is right as well: a person takes it back.
    private func end(of plan: String, _ learner: inout VarlinkClient, in house: Household) throws {
        let end = MonotonicInstant.now() + .seconds(180)
        while !["finished", "stopped", "failed"].contains(try learner.state(of: plan)), MonotonicInstant.now() < end {
            let summary = try learner.ask("Await", ["sha256": .text(plan)])["summary"]?.object
            let waits = (summary?["waits_for"]?.list ?? []).compactMap(\.text)
            for fault in waits.compactMap({ $0.wholeMatch(of: /fault ([0-9]+)/)?.1 }) {
                _ = try house.operate("resume pendulum --clear \(fault) --why 'the machine was busy'")
            }
            usleep(50_000)
        }
        try learner.wait(for: ["finished", "stopped", "failed"], of: plan)
    }
}

import Foundation
import Glibc
import JSON
import TestSupport
import Testing

@testable import understudy

@Suite(
    "The bytes that a guard keeps, replayed", .serialized, .enabled(if: getuid() == 0, "only root can become others"))
struct ReplayBytesTests {
    /// The pendulum with another controller in its servo's place.
    private static func moteus(_ text: String) -> String {
        text.replacing("driver: \"dynamixel\"", with: "driver: \"moteus\"").replacing("baud: 1000000,", with: "")
            .replacing("model: \"xl330-m288\"", with: "model: \"moteus\"")
            .replacing("torque_per_ampere_nm_a: 0.366,", with: "")
    }

    /// Flies once behind a guard, and says where the recording is.
    private func flown(_ house: Household, horizon: Int32) throws -> String {
        var learner = try house.client()
        try learner.wait(for: ["observing"])
        try house.grant()
        // In real time, on a machine that is busy, it may be stopped on its way to the start: a person clears that, and it flies.
        for attempt in 0..<3 as Range<UInt32> {
            let hash = try learner.approved(attempt, horizon: horizon, in: house)
            try learner.wait(for: ["finished", "stopped", "failed"], of: hash)
            guard try learner.state(of: hash) == "failed" else { break }
            let fault = try #require(try learner.ask("Status")["fault"]?.object?["number"]?.integer)
            let run = try house.operate("resume \(house.name) --clear \(fault) --why 'a busy machine'")
            #expect(run.status == 0, "\(run.errors)")
        }
        #expect(try house.dismiss().status == 0)
        let files = try FileManager.default.contentsOfDirectory(atPath: house.state)
        let latest = files.filter { $0.hasSuffix(".mcap") }.max { ($0.count, $0) < ($1.count, $1) }
        return "\(house.state)/\(try #require(latest))"
    }

    private func replay(_ path: String, _ more: String = "") throws -> ProcessRun {
        try ProcessRun.shell("./understudy replay --bytes \(path) \(Household.envelopes) \(more)")
    }

    @Test(
        "of every bus each state comes out as it was recorded, and the wire was sound",
        arguments: [
            ("pendulum", "dynamixel", Int32(200)), ("reacher", "feetech", 80), ("leg", "board", 200),
            ("pendulum", "moteus", 200),
        ])
    func same(name: String, driver: String, horizon: Int32) throws {
        let house = try Household(name, changing: driver == "moteus" ? Self.moteus : { $0 })
        defer { try? house.end() }
        let path = try flown(house, horizon: horizon)
        let run = try replay(path)
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(run.output.contains("s of \(driver)") && run.output.contains("as they were recorded, bit by bit"))
        // A board reports by itself, and a tick that comes between two of its reports misses one.
        let isSound = run.output.contains("nothing was damaged and nothing asked twice")
        #expect(isSound || name == "leg" && !run.output.contains("damaged"), "\(run.output)")
    }

    @Test("with a wire that damages packets, what was asked twice is counted; another robot's states differ")
    func damaged() throws {
        let house = try Household("pendulum", more: "--faults bit-flips@0s:0.02")
        defer { try? house.end() }
        let path = try flown(house, horizon: 300)
        let run = try replay(path)
        #expect(
            run.status == 0 && run.output.contains("as they were recorded, bit by bit"), "\(run.output)\(run.errors)")
        #expect(
            run.output.contains("requests sent once more") && run.output.contains("packets damaged"), "\(run.output)")
        let json = try replay(path, "--json")
        let all = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
        let object = try #require(all?.first)
        #expect((object["wire"] as? [String: Any])?["retries"] as? Int ?? 0 > 0 && object["same"] as? Bool == true)
        let robot = "\(house.folder)/robots/pendulum/robot.json5"
        let text = try String(contentsOfFile: robot, encoding: .utf8)
        try text.replacing("zero_rad: 3.1416", with: "zero_rad: 3.0416").write(
            toFile: robot, atomically: true, encoding: .utf8)
        let other = try replay(path, "--as \(robot)")
        #expect(other.status == ExitStatus.integrityFailure.rawValue, "\(other.output)\(other.errors)")
        #expect(other.output.contains("DIFFER, the first at 0 s") && other.output.contains("swing position_rad was"))
    }
}

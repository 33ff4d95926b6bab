import Episodes
import Foundation
import Glibc
import Guard
import GuardSamples
import Ledger
import Ports
import Quantities
import Recordings
import Supervision
import TestSupport
import Testing
import Varlink

@testable import understudy

extension TroubledHostTests {
    private static let isProof = ProcessInfo.processInfo.environment["UNDERSTUDY_CAMPAIGN"] != nil
    private static let messages = isProof ? 10_000 : 1_000
    /// For how long the loop is watched before the attack, and at least during it. Of 2,000 ticks, 20 are one in a hundred.
    private static let phase = Duration.seconds(isProof ? 10 : 1)

    /// In real time. How late ticks are is judged only on a machine that does nothing else.
    @Test(
        "thousands of hostile messages, 200 idle connections and a crowd in a flight: no tick is late, a stop gets in")
    func attack() throws {
        // What stands for metal takes no share of a machine that is busy with attackers, as metal does not.
        let house = try Household(record: Self.record, isRealTime: true, metal: "chrt --fifo 1")
        defer { try? house.end() }
        let flight = try begin(in: house)
        let (beginning, calm) = (try Lateness(of: house), MonotonicInstant.now() + Self.phase)
        MonotonicInstant.sleep(until: calm)
        let before = try Lateness(of: house)

        var idle: [Kept]? = try (0..<200).map { _ in try Kept(to: house.socket) }
        try send(to: house.socket)
        var crowd: Crowd? = try Crowd(at: house.socket)
        #expect(try Crowd.isThere(at: house.socket))
        let status = try house.operate("status pendulum")
        #expect(status.status == 0 && status.output.hasPrefix("pendulum"), "\(status)")
        let after = try Lateness(of: house)
        let stop = try house.operate("stop pendulum --why 'a crowd'")
        #expect(stop.status == 0 && stop.output.hasPrefix("stop ordered"), "\(stop)")
        #expect(try Crowd.isThere(at: house.socket))
        withExtendedLifetime((idle, crowd)) {}
        (idle, crowd) = (nil, nil)

        judge(before - beginning, after - before, house)
        try expectAll(flight, in: house)
    }

    /// Of a calibration that counts for metal, as which a robot in real time passes.
    private static var record: String {
        """
        { "format": 1, "robot": "pendulum", "made": "\(WallInstant.ofThisMachine.advanced(by: -60_000))",
          "valid_days": 30, "calibration": "measured",
          "devices": [ { "joint": "swing", "id": 1, "model": "xl330-m288", "serial": null, "firmware": null,
                         "settings_sha256": null } ] }
        """
    }

    /// Sees which way the joint turns, then lets a policy fly; its hash. Nil on a machine that is too late for that, which
    /// is right to stop the robot, and cannot show how late it would be under attack.
    private func begin(in house: Household) throws -> String? {
        var learner = try house.client()
        try learner.wait(for: ["observing", "latched"])
        try house.grant()
        let script = try MotionScript.directions(
            from: [.zero], distances: [Radians(0.3)], moving: Ticks(200), resting: Ticks(40))
        let motions = try learner.propose(
            house.sample.proposal(script.payload, script.ticks.rawValue, number: 2, from: [.zero]))
        let flight = try learner.propose(1, horizon: 6_000, to: house)
        let isFlying =
            try learner.brings(motions, to: "finished", in: house)
            && learner.brings(flight, to: "running", in: house)
        if Self.isProof { try #require(isFlying, "the machine is too late for a robot") }
        return isFlying ? flight : nil
    }

    /// Each from a connection of its own. Evenly over the phase: with a robot behind a terminal, whose bytes the kernel hands on
    /// like an ordinary program, a machine with all its processors taken would delay the robot and not the guard.
    private func send(to socket: String) throws {
        let begin = MonotonicInstant.now()
        for number in 0..<Self.messages {
            MonotonicInstant.sleep(until: begin + Self.phase * number / Self.messages)
            try Kept(to: socket).write(Self.hostile(number))
        }
    }

    private func judge(_ calm: Lateness, _ attacked: Lateness, _ house: Household) {
        let robot = house.sample.facts.envelope.robot
        // A tick that begins later than this is late for the supervisor: it is what the envelope leaves between one tick and
        // its deadline. The histogram's edges are a factor of two apart, so twice as much may be the same.
        let slack = Double(robot.deadline.value - robot.period.value)
        let allowed = max(2, slack / calm.hundredth)
        let ratio = attacked.hundredth / calm.hundredth
        print(
            "attack: \(Self.messages) messages; ticks \(calm.ticks) then \(attacked.ticks), missed \(calm.missed) then "
                + "\(attacked.missed), one in a hundred later than \(Int(calm.hundredth * 1e6)) then "
                + "\(Int(attacked.hundredth * 1e6)) µs: \(ratio) times, allowed \(allowed)")
        #expect(attacked.ticks > 0 && calm.ticks > 0)
        guard Self.isProof else { return }
        #expect(ratio <= allowed)
        // A tick that is missed is one that is late by a whole period, which is more than the slack.
        #expect(attacked.missed * 100 <= attacked.ticks)
    }

    /// The flight was stopped, it is written down whole, and so is everything else.
    private func expectAll(_ flight: String?, in house: Household) throws {
        // Who comes while the server still sees the crowd is a part of it.
        _ = try house.keeper.waited { try Crowd.isThere(at: house.socket) ? nil : true }
        if let flight {
            var learner = try house.client()
            try learner.wait(for: ["stopped", "failed", "finished"], of: flight)
            let state = try learner.state(of: flight)
            #expect(state == "stopped" || !Self.isProof && state == "failed", "\(state)")
        }
        #expect(try house.dismiss().status == 0)
        let report = try LedgerReader(at: house.state).verify()
        #expect(report.isSound && (report.counts[.refusal] ?? 0) > 0, "\(report)")
        let names = try FileManager.default.contentsOfDirectory(atPath: house.state).filter { $0.hasSuffix(".mcap") }
        for name in names { try RecordingReader(FileSource(opening: "\(house.state)/\(name)")).verify() }
        if Self.isProof { #expect(names.count == 2 && report.recordings == 2) }
    }

    private static func hostile(_ number: Int) -> String {
        switch number % 4 {
        case 0: "{\"method\":\"org.understudy.Guard.Status\"}"
        case 1: "{\"method\":\"org.understudy.Guard.Propose\",\"parameters\":{\"sha256\":\"\(number)\"}}"
        case 2: String(repeating: "[", count: 3_000)
        default: "{\"method\":\"org.understudy.Guard.Watch\",\"more\":true,\"parameters\":{\"period_ms\":1}}"
        }
    }
}

extension VarlinkClient {
    /// Has a plan approved and waits until it is so far; false where it comes to another end, or the robot latches.
    fileprivate mutating func brings(_ plan: String, to state: String, in house: Household) throws -> Bool {
        guard try house.operate("approve pendulum \(plan)").status == 0 else { return false }
        while true {
            let now = try self.state(of: plan)
            if now == state { return true }
            if try ["stopped", "failed", "finished"].contains(now) || self.state() == "latched" { return false }
            usleep(5_000)
        }
    }
}

/// What a guard counts of its own punctuality, as it tells those who scrape it.
private struct Lateness {
    private(set) var (ticks, missed) = (0.0, 0.0)
    /// How many ticks were at most so late, in seconds.
    private var counts: [(atMost: Double, count: Double)] = []

    /// Asked as an operator, for whom there is always a place.
    init(of house: Household) throws {
        let run = try house.operate("status pendulum --metrics")
        try #require(run.status == 0, "\(run.errors)")
        for line in run.output.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ")
            guard words.count == 2, let value = Double(words[1]) else { continue }
            switch words[0] {
            case "understudy_ticks_total": ticks = value
            case "understudy_ticks_missed_total": missed = value
            default:
                guard words[0].hasPrefix("understudy_lateness_seconds_bucket{le=\"") else { continue }
                let edge = words[0].split(separator: "\"")[1]
                counts.append((edge == "+Inf" ? .infinity : Double(edge) ?? .nan, value))
            }
        }
        try #require(counts.count > 2 && ticks > 0, "\(run.output)")
    }

    /// What was counted from one moment to a later one.
    static func - (later: Self, earlier: Self) -> Self {
        var phase = later
        phase.ticks -= earlier.ticks
        phase.missed -= earlier.missed
        phase.counts = zip(later.counts, earlier.counts).map { ($0.atMost, $0.count - $1.count) }
        return phase
    }

    /// At most one tick in a hundred was later than this edge of the histogram, in seconds.
    var hundredth: Double {
        let all = counts.last?.count ?? 0
        return counts.first { $0.count >= 0.99 * all }?.atMost ?? .infinity
    }
}

/// A connection that somebody keeps.
private final class Kept {
    private var link: SocketLink

    /// Knocks until the server has heard it, which it does however many are there.
    init(to path: String) throws {
        let end = MonotonicInstant.now() + .seconds(60)
        while true {
            do throws(PortError) {
                link = try SocketLink(to: path)
                return
            } catch .busy where MonotonicInstant.now() < end {
                usleep(1_000)
            }
        }
    }

    /// A server that has enough of it hangs up, and that is right.
    func write(_ text: String) { try? link.write((Array(text.utf8) + [0]).span, by: .now() + .seconds(1)) }
}

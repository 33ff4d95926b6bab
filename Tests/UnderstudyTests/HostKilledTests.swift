import Episodes
import Foundation
import Glibc
import Guard
import GuardSamples
import Ledger
import Ports
import Quantities
import Robots
import Supervision
import TestSupport
import Testing

/// What a robot did after its guard was killed, as its own log tells it; in seconds after the last word that it heard.
private struct Silence {
    /// Until when a motor was given anything to do, and a joint moved; negative when that was before.
    private(set) var (pulled, moved) = (-Double.infinity, -Double.infinity)
    private(set) var logged = 0.0
    /// How fast the fastest joint was between the last word and when the silence was noticed, in radians a second.
    private(set) var speed: Float = 0

    init(_ log: [MetalLog.Line], resting: [Float], noticed: Double) {
        var heard = 0.0
        var (lastPull, lastMotion, last) = (-Double.infinity, -Double.infinity, 0.0)
        for line in log {
            last = line.time
            switch line.kind {
            case .heard: (heard, speed) = (line.time, 0)
            case .beginning: break
            case .state:
                if line.time <= heard + noticed { speed = max(speed, line.speeds.map(\.magnitude).max() ?? 0) }
                if line.isPulling { lastPull = line.time }
                if zip(line.speeds, resting).contains(where: { abs($0) > $1 }) { lastMotion = line.time }
            }
        }
        (pulled, moved, logged) = (lastPull - heard, lastMotion - heard, last - heard)
    }
}

@Suite(
    "The process that owns the robot is killed", .serialized, .enabled(if: getuid() == 0, "only root can become others")
)
struct HostKilledTests {
    private static let surroundings = ProcessInfo.processInfo.environment
    private static let isProof = surroundings["UNDERSTUDY_CAMPAIGN"] != nil
    private static let moments = isProof ? surroundings["UNDERSTUDY_CAMPAIGN_MOMENTS"].flatMap { Int($0) } ?? 20 : 1
    private static let robots = isProof ? ["pendulum", "reacher", "leg"] : ["pendulum"]

    @Test(
        "a robot whose guard is killed in an episode is let go of within 150 ms, brakes as its envelope says, or goes where it was sent last",
        arguments: robots)
    func killed(robot: String) throws {
        var (pulled, allowed, moved, fast, wrong) = (0.0, 0.0, 0.0, 0, [String]())
        var hasWatchdog = true
        for moment in 0..<Self.moments {
            var (house, silence) = try Self.killed(robot, moment)
            // On its way to the start it is switched off now and then; such a moment shows nothing, and another is tried.
            for attempt in 1...4 where silence.pulled < -0.1 {
                try? house.end()
                (house, silence) = try Self.killed(robot, moment + attempt)
            }
            defer { try? house.end() }
            hasWatchdog = house.sample.facts.watchdog != nil
            (pulled, moved) = (max(pulled, silence.pulled), max(moved, silence.moved))
            allowed = max(allowed, Self.longestDrive(house.sample) ?? 0)
            if silence.speed > 1 { fast += 1 }
            wrong += Self.wrong(silence, house).map { "moment \(moment): \($0)" }
        }
        #expect(wrong.isEmpty, "\(robot): \(wrong)")
        guard Self.isProof else { return }
        let name = "\(robot) host-killed".padding(toLength: 34, withPad: " ", startingAt: 0)
        let driven = hasWatchdog ? "driven \(Int(pulled * 1_000)) of \(Int(allowed * 1_000)) ms" : "no watchdog"
        print(
            "\(name) \(wrong.isEmpty ? "ok  " : "FAIL") \(driven), moved \(Int(moved * 1_000)) ms: "
                + "\(Self.moments) lost, \(fast) in motion")
    }

    private static func killed(_ robot: String, _ moment: Int) throws -> (Household, Silence) {
        let house = try Household(robot, more: "--record HERE/run")
        do { return (house, try kill(house, moment)) } catch {
            try? house.end()
            throw error
        }
    }

    private static func kill(_ house: Household, _ moment: Int) throws -> Silence {
        var learner = try house.client()
        try learner.wait(for: ["observing"])
        try house.grant()
        let hash = try learner.propose(
            house.sample.proposal(
                house.sample.lively(), house.sample.facts.envelope.robot.horizon.rawValue / 2, number: 1))
        #expect(try house.operate("approve \(house.name) \(hash)").status == 0)
        try learner.wait(for: ["running"], of: hash)
        // On its way to the start the motors are off for a while, to prove their watchdogs: the log says when they pull. What
        // has to brake is to be moving.
        let speed: Float = house.sample.facts.watchdog == nil ? 0 : 1
        _ = try house.robot.waited {
            try house.log(last: 20_000).contains { line in
                line.isPulling && line.speeds.contains { $0.magnitude >= speed }
            } ? true : nil
        }
        usleep(UInt32(moment * 7_919 % 60) * 1_000)
        let place = try house.logged
        try house.keeper.signal(SIGKILL)
        _ = try? house.keeper.end()
        // Its time went on with its guard only. Somebody else lets it go on now, without a word.
        try house.live(for: .seconds(4))
        // Where no watchdog lets go of the joints, the stop that comes after every guard does.
        let stop = try house.stop()
        try #require(stop.status == 0 && stop.output.contains("read back as off"), "\(stop)")
        try house.robot.signal(SIGTERM)
        _ = try? house.robot.end()
        let envelope = house.sample.facts.envelope
        let resting = (0..<house.sample.facts.joints.count).map { envelope.joints.elements[$0].rest.value * 2 }
        return Silence(
            try house.log(last: 20_000, before: place).untilSilence, resting: resting, noticed: noticed(house.sample))
    }

    /// When a silence is noticed, in seconds after the last word.
    private static func noticed(_ sample: RobotSample) -> Double {
        Double(sample.facts.watchdog?.rawValue ?? 0) / 1_000
    }

    /// How long a motor may be given anything to do, in seconds; nil where nothing watches. Whatever lets go has 150 ms.
    ///
    /// A board brakes before it lets go. The leg's has 220 ms: 50 ms until it notices, 10 ms for its ticks and the log's, and
    /// 160 ms in which its envelope says that a joint surely comes to rest from the greatest speed that it bears (24 rad/s
    /// with 150 rad/s²). Standing it takes 70 ms, for it has to see 20 ms of rest.
    private static func longestDrive(_ sample: RobotSample) -> Double? {
        sample.facts.watchdog.map { _ in max(0.15, noticed(sample) + 0.01 + sample.brakingAlone) }
    }

    private static func wrong(_ silence: Silence, _ house: Household) -> [String] {
        var wrong: [String] = []
        if silence.logged < 3.5 { wrong.append("only \(silence.logged) s were seen") }
        if silence.pulled < -0.1 { wrong.append("it was not killed in a motion: \(silence)") }
        let times = house.sample.facts.envelope.robot.times
        let period = Double(house.sample.facts.envelope.robot.period.value)
        if let allowed = longestDrive(house.sample), silence.pulled > allowed {
            wrong.append("pulled for \(silence.pulled) s, allowed \(allowed)")
        }
        // A servo without a watchdog goes where it was told last, and stays there.
        let still = house.sample.facts.watchdog == nil ? times.hold : times.limp
        let bound = Double(still.rawValue) * period
        if silence.moved > bound { wrong.append("moved for \(silence.moved) s, allowed \(bound)") }
        let report = try? LedgerReader(at: house.state).verify()
        if report?.isSound != true { wrong.append("the ledger: \(String(describing: report?.findings))") }
        return wrong
    }
}

extension MetalLog {
    /// Up to the first word that came after a silence of seconds.
    fileprivate var untilSilence: [Line] {
        var heard = 0.0
        return prefix(while: { line in
            guard line.kind == .heard else { return true }
            defer { heard = line.time }
            return heard == 0 || line.time - heard < 3
        })
    }
}

import Actuators
import Cockpit
import ControlLoop
import Episodes
import Foundation
import Guard
import GuardSamples
import JSON
import Ledger
import Ports
import Quantities
import Recordings
import Robots
import Simulator
import Supervision
import TestSupport
import Testing
import VirtualRobot

/// What one fault did to one episode, as the metal's own log and the guard's recording tell it.
struct FaultCourse {
    /// How the plan ended, and by which fault.
    var state = PlanState.proposed
    var cause: Supervision.Fault?
    var latched: Supervision.Fault?
    var isReadBack = false
    /// Whether the fault came while the policy was in command.
    var cameInTime = false
    /// How fast the fastest joint was then, in radians a second.
    var speed = 0.0
    /// After the fault: when a motor was last given anything to do, and when a joint last moved, in seconds.
    var driven = 0.0
    var moved = 0.0
    /// How long a motor may be driven, and a joint move, after a fault that ends in this cause.
    var bounds: (driven: Double, moved: Double) = (0, 0)
    /// Whether the recording is whole, and the ledger sound.
    var isKept = false
    var findings: [String] = []
}

/// A plan that was approved and came to nothing before anything went wrong.
struct NeverFlown: Error {
    let state: PlanState
    let fault: Supervision.Fault?
    let joints: [Radians]
}

/// One robot, one fault, one moment.
struct FaultTrial {
    let robot: String
    let trouble: Trouble
    /// Of the joint, where the fault has one: as in the text of a fault.
    let place: String
    let seed: UInt64

    private static let horizons: [String: Int32] = ["pendulum": 600, "reacher": 250, "leg": 900]
    private var horizon: Int32 { Self.horizons[robot] ?? 200 }

    /// How much of the flight passes before it, as a share: in its first three quarters, after its first tenth.
    private var before: Double {
        0.1 + 0.65 * Double((seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407) >> 33 % 1_000) / 1_000
    }

    func run() throws -> FaultCourse {
        let needsDeadMan = trouble == .metal(.deadManReleased, details: "")
        let disk = try trouble == .host(.diskFull) ? SmallDisk() : nil
        let rig = try RobotRig(
            robot, in: disk?.folder, isLogged: true, settings: { $0.loop.needsDeadMan = needsDeadMan },
            deadMan: { !needsDeadMan || $0.isDeadManHeld ? .held : .released })
        let overflows = trouble == .host(.learnerOverflows)
        let payload = try overflows ? PolicyPayload.overflowing(for: rig.robot) : rig.sample.lively()
        let hash = try fly(rig, payload)
        if !overflows { try wait(rig, hash) }
        var course = FaultCourse()
        course.cameInTime = overflows || rig.isFlying
        course.speed = rig.seat.sight.joints.map { Double($0.reading.speed.value.magnitude) }.max() ?? 0
        // What was before does not count.
        _ = rig.metal.takeLog()
        let begun = Self.logged(rig.metal.now)
        course.findings += try meddle(rig, disk)
        rig.line.goOn()
        if let disk { course.findings += try run(rig, until: disk) }
        try judge(hash, rig, &course, begun)
        return course
    }

    /// Approves a plan, and makes the robot's time stand still as soon as its policy is in command; the hash of it.
    private func fly(_ rig: RobotRig, _ payload: PolicyPayload) throws -> String {
        try rig.observe()
        try rig.grant()
        let hash = try rig.approved(rig.proposal(payload, horizon))
        // What a policy does wrong on its first tick ends it before anybody has seen it in command.
        let isWrong = trouble == .host(.learnerOverflows)
        let isFlying = try rig.standStill(of: hash) { [seat = rig.seat] in
            isWrong ? seat.leg == .episode : seat.isFlying
        }
        let story = try rig.desk.summary(hash, at: rig.time.wall).story
        guard isFlying else { throw NeverFlown(state: story.state, fault: story.episode?.fault, joints: rig.positions) }
        return hash
    }

    /// Lets it fly on until the moment, or until the policy has ended by itself.
    private func wait(_ rig: RobotRig, _ hash: String) throws {
        let moment = rig.metal.now + .seconds(Double(horizon) * before * Double(rig.facts.envelope.robot.period.value))
        rig.line.goOn()
        let isStanding = try rig.standStill(of: hash) { [seat = rig.seat, metal = rig.metal] in
            metal.now >= moment || !seat.isFlying
        }
        try #require(isStanding)
    }

    /// Does to it what is to be done, while its time stands still; what was wrong at once.
    private func meddle(_ rig: RobotRig, _ disk: SmallDisk?) throws -> [String] {
        switch trouble {
        case .metal(let fault, let details):
            // The time of a fault follows its place and goes before its duration and value.
            rig.metal.obey(try LiveCommand(parsing: "\(fault.rawValue)\(place)@0ms\(details)"))
        case .host(.learnerSendsNaN): return try Self.proposeNonsense(to: rig, seed)
        case .host(.learnerOverflows): break
        case .host(.diskFull):
            // While the recorder writes and notices, a robot in lockstep would live for many times as long.
            guard try hasWritten(rig) else { return ["nothing is written while its time stands still"] }
            try disk?.fill()
            rig.line.keepPace(true)
        case .host(.clockJump): rig.clockShift = [1, -1, 400, -30][Int(seed / 7_919 % 4)] * WallInstant.day
        }
        return []
    }

    /// Waits until something of the flight can be read on the disk.
    private func hasWritten(_ rig: RobotRig) throws -> Bool {
        for _ in 0..<30_000 {
            let names = try FileManager.default.contentsOfDirectory(atPath: rig.folder).filter { $0.hasSuffix(".mcap") }
            if names.contains(where: { (try? Self.tellsAnything("\(rig.folder)/\($0)")) == true }) { return true }
            usleep(2_000)
        }
        return false
    }

    private static func tellsAnything(_ path: String) throws -> Bool {
        try Survey(of: FileSource(opening: path)).statistics.messages > 0
    }

    /// The way to rest works although nothing can be written; only its end can be told later.
    private func run(_ rig: RobotRig, until disk: SmallDisk) throws -> [String] {
        let isResting = rig.turn(within: .seconds(120)) { $0.seat.leg == nil }
        rig.line.keepPace(false)
        try disk.empty()
        return isResting ? [] : ["it flies on"]
    }

    /// A moment of the robot's clock as its log writes it, which begins a second later; in seconds.
    private static func logged(_ instant: MonotonicInstant) -> Double { Double(instant.nanoseconds) / 1e9 - 1 }

    /// A learner's plan with a number that is none, in the middle of another one's flight: it is refused by its name.
    private static func proposeNonsense(to rig: RobotRig, _ seed: UInt64) throws -> [String] {
        let proposal = try rig.proposal(rig.policy().withoutNumber(at: seed), 200)
        let (bytes, lea) = (proposal.canonicalBytes, try PlanSamples.caller(.learner, 1_001, "lea"))
        do throws(GuardRefusal) {
            _ = try rig.desk.propose(bytes, claiming: proposal.digest.text, by: lea, at: rig.time)
            return ["a policy without a number was taken"]
        } catch {
            return error == .badPlan(.policy) ? [] : ["refused as \(error)"]
        }
    }

    private func judge(_ hash: String, _ rig: RobotRig, _ course: inout FaultCourse, _ begun: Double) throws {
        let isOver = try rig.turn(within: .seconds(120)) { try $0.state(hash).isFinal }
        course.state = try rig.state(hash)
        if !isOver { course.findings.append("the plan is still \(course.state)") }
        // Whatever comes later, nothing may move any more.
        let end = rig.metal.now + .milliseconds(500)
        _ = rig.turn { $0.metal.now >= end }
        let story = try rig.desk.summary(hash, at: rig.time.wall).story
        course.cause = story.episode?.fault
        course.latched = rig.desk.latched.flatMap { $0.isLatched ? $0.fault : nil }
        // Before it is mended: what was stuck may fall then, and its time goes on while this is judged.
        let log = rig.metal.takeLog()
        rig.metal.obey(.mend(nil, place: nil))
        let flown = try judgeRecording(story, rig, &course)
        // What comes in the last moments may be seen when the policy has ended already.
        course.cameInTime = course.cameInTime && (course.cause != nil || begun < flown - 0.1)
        judgeMetal(log, rig, &course, begun)
        let bounds = FaultBounds(rig, trouble, left: Double(horizon) * (1 - before))
        if let cause = course.cause { course.bounds = bounds.bounds(after: cause) }
        let report = try LedgerReader(at: rig.folder).verify()
        if !report.isSound { course.findings.append("the ledger: \(report.findings)") }
        course.isKept = course.isKept && report.isSound
    }

    /// The last moment at which the policy was in command, in the metal's time.
    private func judgeRecording(_ story: PlanStory, _ rig: RobotRig, _ course: inout FaultCourse) throws -> Double {
        guard let path = story.episode?.recording?.path else {
            try judgeRemains(story, rig, &course)
            return 0
        }
        let reader = try RecordingReader(FileSource(opening: "\(rig.folder)/\(path)"))
        try reader.verify()
        course.isKept = true
        for index in reader.metadata where try reader.metadata(index).name == "understudy.end" {
            course.isReadBack = try reader.metadata(index).texts["read_back"] == "true"
        }
        let verdicts = reader.definitions.channels.first { $0.value.topic == "/verdict" }?.key ?? 0
        var last = 0.0
        try reader.forEachMessage(on: [verdicts]) { message in
            let text = String(decoding: message.data.prefix(120), as: UTF8.self)
            if text.contains("\"mode\":\"running\"") {
                last = Self.logged(MonotonicInstant(nanoseconds: Int64(message.head.logTime.nanoseconds)))
            }
        }
        return last
    }

    /// What a full disk left of a recording can be saved.
    private func judgeRemains(_ story: PlanStory, _ rig: RobotRig, _ course: inout FaultCourse) throws {
        let path = "\(rig.folder)/episode-\(story.approval ?? 0).mcap"
        guard trouble == .host(.diskFull), FileManager.default.fileExists(atPath: path) else {
            course.findings.append("no recording")
            return
        }
        course.isKept = try Self.tellsAnything(path)
        course.isReadBack = rig.seat.sight.joints.allSatisfy { !$0.isOn }
    }

    /// - Parameter begun: when it went wrong, as the log writes it.
    private func judgeMetal(_ log: [UInt8], _ rig: RobotRig, _ course: inout FaultCourse, _ begun: Double) {
        var end = begun
        var swing = FreeSwing()
        let resting = (0..<rig.facts.joints.count).map { rig.facts.envelope.joints.elements[$0].rest.value * 2 }
        for line in MetalLog(log) where line.kind == .state && line.time >= begun {
            end = line.time
            if line.isPulling { course.driven = line.time - begun }
            swing.take(line, isDriven: line.isPulling)
            for (place, speed) in line.speeds.enumerated() where abs(speed) > resting[place] {
                course.moved = line.time - begun
            }
        }
        if case .metal(.slippingGear, _) = trouble, swing.onlyLoses { course.moved = course.driven }
        if course.moved > end - begun - 0.2 { course.findings.append("it moves on") }
    }
}

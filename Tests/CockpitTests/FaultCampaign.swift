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
    /// After the fault: when a motor was last given anything to do, and when a joint last moved.
    var driven = 0.0
    var moved = 0.0
    /// How long a motor may be driven, and a joint move, after a fault that ends in this cause.
    var bounds: (driven: Double, moved: Double) = (0, 0)
    /// Whether the recording is whole, and the ledger sound.
    var isKept = false
    var findings: [String] = []
}

/// What goes wrong: a fault that the robot's metal is told, or something beside the robot.
enum Trouble: Sendable, Equatable {
    /// As the fault's text goes on behind its name.
    case metal(FaultName, details: String)
    case host(HostTrouble)

    var name: String {
        switch self {
        case .metal(let fault, let details): "\(fault.rawValue)\(details)"
        case .host(let trouble): trouble.rawValue
        }
    }
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
    /// In milliseconds of the robot's time, from when its policy was seen in command.
    private var delay: Int { Int((seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407) >> 33 % 1_000) }

    func run() throws -> FaultCourse {
        switch trouble {
        case .metal(let fault, let details): try run(fault, details)
        case .host(let trouble): try run(trouble)
        }
    }

    private func run(_ fault: FaultName, _ details: String) throws -> FaultCourse {
        let needsDeadMan = fault == .deadManReleased
        let rig = try RobotRig(
            robot, isLogged: true, settings: { $0.loop.needsDeadMan = needsDeadMan },
            deadMan: { !needsDeadMan || $0.isDeadManHeld ? .held : .released })
        let hash = try fly(rig, rig.sample.lively())
        // The time of a fault follows its place and goes before its duration and value.
        let command = try LiveCommand(parsing: "\(fault.rawValue)\(place)@\(delay)ms\(details)")
        rig.metal.obey(command)
        return try course(of: hash, rig)
    }

    private func run(_ trouble: HostTrouble) throws -> FaultCourse {
        let disk = try trouble == .diskFull ? SmallDisk() : nil
        let rig = try RobotRig(robot, in: disk?.folder, isLogged: true)
        let payload = try trouble == .learnerOverflows ? PolicyPayload.overflowing(for: rig.robot) : rig.sample.lively()
        let hash = try fly(rig, payload)
        let moment = rig.metal.now + .milliseconds(trouble == .learnerOverflows ? 0 : delay)
        let isThere = try rig.turn { try $0.metal.now >= moment || $0.state(hash).isFinal }
        try #require(isThere)
        var begun = Self.logged(rig.metal.now)
        var findings: [String] = []
        switch trouble {
        case .learnerSendsNaN: findings = try Self.proposeNonsense(to: rig, seed)
        case .learnerOverflows: break
        case .diskFull: try disk?.fill()
        case .clockJump: rig.clockShift = [1, -1, 400, -30][Int(seed / 7_919 % 4)] * WallInstant.day
        }
        if let disk {
            // It takes the recorder a part of a second of this machine to notice, in which a robot in lockstep lives much
            // longer: what is bounded is the way to rest. That works although nothing can be written.
            _ = rig.turn { !$0.isFlying }
            begun = Self.logged(rig.metal.now)
            let isResting = rig.turn(within: .seconds(120)) { $0.seat.leg == nil }
            if !isResting { findings.append("it flies on") }
            try disk.empty()
        }
        var course = try course(of: hash, rig, begun: begun)
        course.findings += findings
        return course
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

    /// Approves a plan and waits until its policy is in command; the hash of it.
    private func fly(_ rig: RobotRig, _ payload: PolicyPayload) throws -> String {
        try rig.observe()
        try rig.grant()
        let hash = try rig.approved(rig.proposal(payload, horizon))
        let isFlying = try rig.turn { try $0.isFlying || $0.state(hash).isFinal }
        try #require(isFlying, "it was never flown")
        return hash
    }

    /// - Parameter begun: when it went wrong, on the robot's clock, where the robot itself does not know.
    private func course(of hash: String, _ rig: RobotRig, begun: Double? = nil) throws -> FaultCourse {
        var course = FaultCourse()
        let isOver = try rig.turn(within: .seconds(120)) { try $0.state(hash).isFinal }
        course.state = try rig.state(hash)
        if !isOver { course.findings.append("the plan is still \(course.state)") }
        // Whatever comes later, nothing may move any more.
        let end = rig.metal.now + .milliseconds(500)
        _ = rig.turn { $0.metal.now >= end }
        let story = try rig.desk.summary(hash, at: rig.time.wall).story
        course.cause = story.episode?.fault
        course.latched = rig.desk.latched.flatMap { $0.isLatched ? $0.fault : nil }
        rig.metal.obey(.mend(nil, place: nil))
        let flown = try judgeRecording(story, rig, &course)
        judgeMetal(rig, flown, &course, begun)
        if let cause = course.cause { course.bounds = bounds(rig, cause) }
        let report = try LedgerReader(at: rig.folder).verify()
        if !report.isSound { course.findings.append("the ledger: \(report.findings)") }
        course.isKept = course.isKept && report.isSound
        return course
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
        course.isKept = try Survey(of: FileSource(opening: path)).statistics.messages > 0
        course.isReadBack = rig.seat.sight.joints.allSatisfy { !$0.isOn }
    }

    /// What envelope and folder promise: what cannot be driven any more is let go of as soon as its silence is noticed, by
    /// its own watchdog at the latest; what can still be braked has the times of the ladder. A board that hears nothing
    /// brakes by the ladder before it lets go. A servo without a watchdog holds its last goal as long as it hears nothing,
    /// and so is still within the time of one hold. A program that hangs is no watchdog either: what it drives it drives
    /// until it goes on.
    private func bounds(_ rig: RobotRig, _ cause: Supervision.Fault) -> (Double, Double) {
        let envelope = rig.facts.envelope
        let (times, period) = (envelope.robot.times, Double(envelope.robot.period.value))
        func seconds(_ ticks: Ticks...) -> Double { ticks.reduce(0) { $0 + Double($1.rawValue) * period } }
        let limp = seconds(times.limp)
        let noticed = Double(envelope.joints[.first].oldestMotion.value) + 4 * period
        switch cause.row.rung {
        case .limp:
            guard let watchdog = rig.facts.watchdog else { return (.infinity, seconds(times.hold)) }
            let isBoard = rig.robot.file.bus.driver == .board
            let hangs = if case .metal(.boardHang, _) = trouble { 1.0 } else { 0.0 }
            let braking = isBoard ? seconds(times.slowStop) : 0
            let silent = Double(watchdog.rawValue) / 1_000 + noticed + hangs + braking
            return (silent, silent + limp)
        case .slowStop, .park, .hold:
            let hold = cause.row.rung == .hold ? seconds(times.hold) : 0
            let braked = noticed + hold + seconds(times.slowStop) + (cause.row.parks ? seconds(times.park) : 0)
            return (braked, braked + limp)
        }
    }

    private func judgeMetal(_ rig: RobotRig, _ flown: Double, _ course: inout FaultCourse, _ moment: Double?) {
        var begun = moment
        var end = 0.0
        let resting = (0..<rig.facts.joints.count).map { rig.facts.envelope.joints.elements[$0].rest.value * 2 }
        for line in MetalLog(rig.metal.takeLog()) {
            if line.kind == .beginning, begun == nil { begun = line.time }
            guard let begun, line.kind == .state, line.time >= begun else { continue }
            end = line.time
            if line.isPulling { course.driven = line.time - begun }
            for (place, speed) in line.speeds.enumerated() where abs(speed) > resting[place] {
                course.moved = line.time - begun
            }
        }
        guard let begun else {
            course.findings.append("the fault never came")
            return
        }
        // What comes in the last moments may be seen when the policy has ended already.
        course.cameInTime = begun < flown - 0.1
        if course.moved > end - begun - 0.2 { course.findings.append("it moves on") }
    }
}

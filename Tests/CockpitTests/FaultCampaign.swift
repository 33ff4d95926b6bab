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

/// One robot, one fault, one moment.
struct FaultTrial {
    let robot: String
    let fault: FaultName
    /// As the fault's text goes on behind its name.
    let details: String
    let seed: UInt64

    var text: String { "\(fault.rawValue)\(details)" }

    private static let horizons: [String: Int32] = ["pendulum": 600, "reacher": 250, "leg": 900]

    func run() throws -> FaultCourse {
        let needsDeadMan = fault == .deadManReleased
        let rig = try RobotRig(
            robot, isLogged: true, settings: { $0.loop.needsDeadMan = needsDeadMan },
            deadMan: { !needsDeadMan || $0.isDeadManHeld ? .held : .released })
        try rig.observe()
        try rig.grant()
        let hash = try rig.approved(rig.proposal(rig.policy(), Self.horizons[robot] ?? 200))
        let isFlying = try rig.turn { try $0.isFlying || $0.state(hash).isFinal }
        try #require(isFlying, "it was never flown")
        let delay = Int((seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407) >> 33 % 1_000)
        let command = try LiveCommand(parsing: command(after: delay))
        rig.metal.obey(command)
        return try course(of: hash, rig)
    }

    /// The time of a fault follows its place and goes before its duration and value.
    private func command(after delay: Int) -> String {
        let place = details.prefix { $0 != "+" && $0 != ":" }
        return "\(fault.rawValue)\(place)@\(delay)ms\(details.dropFirst(place.count))"
    }

    private func course(of hash: String, _ rig: RobotRig) throws -> FaultCourse {
        var course = FaultCourse()
        let isOver = try rig.turn(within: .seconds(120)) { try $0.state(hash).isFinal }
        course.state = try rig.state(hash)
        if !isOver { course.findings.append("the plan is still \(course.state)") }
        // Whatever comes later, nothing may move any more.
        let end = rig.metal.now + .milliseconds(500)
        _ = rig.turn { $0.metal.now >= end }
        let story = try rig.desk.summary(hash, at: RobotRig.now().wall).story
        course.cause = story.episode?.fault
        course.latched = rig.desk.latched.flatMap { $0.isLatched ? $0.fault : nil }
        rig.metal.obey(.mend(nil, place: nil))
        let flown = try judgeRecording(story, rig, &course)
        judgeMetal(rig, flown, &course)
        if let cause = course.cause { course.bounds = Self.bounds(rig, cause) }
        let report = try LedgerReader(at: rig.folder).verify()
        if !report.isSound { course.findings.append("the ledger: \(report.findings)") }
        course.isKept = course.isKept && report.isSound
        return course
    }

    /// The last moment at which the policy was in command, in the metal's time.
    private func judgeRecording(_ story: PlanStory, _ rig: RobotRig, _ course: inout FaultCourse) throws -> Double {
        guard let path = story.episode?.recording?.path else {
            course.findings.append("no recording")
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
            if text.contains("\"mode\":\"running\"") { last = Double(message.head.logTime.nanoseconds) / 1e9 - 1 }
        }
        return last
    }

    /// What envelope and folder promise: what cannot be driven any more is let go of as soon as its silence is noticed, by
    /// its own watchdog at the latest; what can still be braked has the times of the ladder. A servo without a watchdog
    /// holds its last goal as long as it hears nothing, and so is still within the time of one hold.
    private static func bounds(_ rig: RobotRig, _ cause: Supervision.Fault) -> (Double, Double) {
        let envelope = rig.facts.envelope
        let (times, period) = (envelope.robot.times, Double(envelope.robot.period.value))
        func seconds(_ ticks: Ticks...) -> Double { ticks.reduce(0) { $0 + Double($1.rawValue) * period } }
        let limp = seconds(times.limp)
        let noticed = Double(envelope.joints[.first].oldestMotion.value) + 4 * period
        switch cause.row.rung {
        case .limp:
            guard let watchdog = rig.facts.watchdog else { return (.infinity, seconds(times.hold)) }
            let silent = Double(watchdog.rawValue) / 1_000 + noticed
            return (silent, silent + limp)
        case .slowStop, .park, .hold:
            let hold = cause.row.rung == .hold ? seconds(times.hold) : 0
            let braked = noticed + hold + seconds(times.slowStop) + (cause.row.parks ? seconds(times.park) : 0)
            return (braked, braked + limp)
        }
    }

    private func judgeMetal(_ rig: RobotRig, _ flown: Double, _ course: inout FaultCourse) {
        var begun: Double?
        var end = 0.0
        let resting = (0..<rig.facts.joints.count).map { rig.facts.envelope.joints.elements[$0].rest.value * 2 }
        for line in MetalLog(rig.metal.takeLog()) {
            if line.isBeginning, begun == nil { begun = line.time }
            guard let begun, line.isState else { continue }
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

/// The lines of a metal's own log that tell of faults and states. They are many, so only what is needed is read.
struct MetalLog: Sequence, IteratorProtocol {
    struct Line {
        let time: Double
        let isBeginning: Bool
        let isState: Bool
        let isPulling: Bool
        let speeds: [Float]
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func next() -> Line? {
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
            let line = rest[..<end]
            rest = rest[Swift.min(end + 1, rest.endIndex)...]
            if let line = Self.read(line) { return line }
        }
        return nil
    }

    /// Bytes on the wire are the most lines, and are passed over by their ninth to last character or so.
    private static func read(_ line: ArraySlice<UInt8>) -> Line? {
        guard line.starts(with: Array("{\"t\":".utf8)), let comma = line.firstIndex(of: 0x2C) else { return nil }
        let kind = line[(comma + 1)...].prefix(4)
        let (isState, isBeginning) = (kind.elementsEqual("\"sta".utf8), kind.elementsEqual("\"beg".utf8))
        guard isState || isBeginning else { return nil }
        let nanoseconds = Int64(String(decoding: line[(line.startIndex + 5)..<comma], as: UTF8.self)) ?? 0
        let time = Double(nanoseconds) / 1e9
        guard isState else { return Line(time: time, isBeginning: true, isState: false, isPulling: false, speeds: []) }
        let text = String(decoding: line[comma...], as: UTF8.self)
        let halves = text.split(separator: "\"drive\":")
        guard halves.count == 2 else { return nil }
        let numbers = halves[0].split { "[],:{}\"".contains($0) }.compactMap { Float($0) }
        let speeds = stride(from: 1, to: numbers.count, by: 5).map { numbers[$0] }
        let isPulling = halves[1].split { "[],\"}".contains($0) }.contains { drive in
            drive != "off" && abs(Float(drive.dropFirst()) ?? 0) > 0.002
        }
        return Line(time: time, isBeginning: false, isState: true, isPulling: isPulling, speeds: speeds)
    }
}

import Foundation
import Guard
import Supervision
import Testing
import VirtualRobot

/// What a fault is to do to a robot in the middle of an episode.
private struct Row: Sendable {
    let robot: String
    let trouble: Trouble
    /// The faults by which the guard may end the episode. None: it goes on to its own end.
    let causes: Set<Supervision.Fault>
    /// Whether it may also end by itself: what is within the tolerance of the supervisor on some moments only.
    var mayGoUnseen = false

    var name: String { "\(robot) \(trouble.name)" }
}

private let joints = ["pendulum": 1, "reacher": 3, "leg": 2]

/// Everything of DESIGN that a virtual robot can be told, and what goes wrong beside it; what lasts is mended after a
/// while, so that it can be read back that everything is off. That the guard itself is killed is another test's.
private let rows: [Row] = ["pendulum", "reacher", "leg"].flatMap { robot in
    FaultName.allCases.map { fault in
        Row(
            robot: robot, trouble: .metal(fault, details: details(fault, robot)), causes: causes(fault, robot),
            mayGoUnseen: goesUnseen(fault, robot))
    } + HostTrouble.allCases.map { Row(robot: robot, trouble: .host($0), causes: causes($0)) }
}

private func causes(_ trouble: HostTrouble) -> Set<Supervision.Fault> {
    switch trouble {
    // Neither what others propose nor what the wall clock says reaches the loop.
    case .learnerSendsNaN, .clockJump: []
    case .learnerOverflows: [.commandNotFinite]
    // The guard itself stops what nobody can write down.
    case .diskFull: [.operatorStop]
    }
}

private func details(_ fault: FaultName, _ robot: String) -> String {
    switch fault {
    case .servoReboot: "+300ms"
    case .overload, .stuckJoint, .slippingGear, .reversedJoint, .deadManReleased: ""
    case .encoderJump: robot == "pendulum" ? ":1.5" : ":0.5"
    case .voltageSag: robot == "pendulum" ? "+1s:1" : robot == "reacher" ? "+1s:1.5" : "+1s:4"
    case .overheating: "+1s:90"
    default: "+1s"
    }
}

/// The faults that say what happened. Several, where the moment decides which of two true things is seen first.
private func causes(_ fault: FaultName, _ robot: String) -> Set<Supervision.Fault> {
    switch fault {
    // A line that works all the same: packets that come twice are known by their kind and place.
    case .duplicate, .echo: []
    // Nothing intact arrives any more.
    case .packetLoss, .bitFlips, .truncation, .lateReply, .busShort, .looseWire: [.staleSensor]
    // A board that was exchanged is one that has started anew.
    case .wrongIdentity: robot == "leg" ? [.deviceFault] : [.staleSensor]
    case .adapterLatency: [.staleSensor]
    case .unplug: [.deviceLost]
    case .boardHang: [.staleSensor]
    // A servo comes back limp, and a board says that it has started anew.
    case .servoReboot: [.staleSensor, .deviceFault]
    // The supply of servos; a board has an input for it, and says so.
    case .emergencyStop: robot == "leg" ? [.deviceFault] : [.staleSensor]
    case .overload: [.deviceFault]
    case .overheating: [.deviceFault, .overTemperature]
    case .voltageSag: [.underVoltage, .deviceFault]
    // A bus without checksums takes a position that cannot be for a damaged one, and never believes it.
    case .encoderJump: robot == "reacher" ? [.staleSensor] : [.encoderJump, .deviceFault]
    case .deadManReleased: [.deadManReleased]
    // What a joint does then is judged by how it moves.
    case .stuckJoint, .slippingGear, .reversedJoint, .swappedIdentities:
        [
            .trackingError, .overEffort, .overspeed, .encoderJump, .stoppingDistance, .positionOutside, .leftTube,
            .overPower, .overEnergy, .deviceFault,
        ]
    }
}

/// What need not be noticed: a joint that hardly moves anyway, or a line that is only slower.
private func goesUnseen(_ fault: FaultName, _ robot: String) -> Bool {
    switch fault {
    case .stuckJoint, .slippingGear, .reversedJoint, .swappedIdentities, .adapterLatency, .lateReply: true
    default: false
    }
}

@Suite("Faults in the middle of an episode, through the guard")
struct FaultCampaignTests {
    private static let surroundings = ProcessInfo.processInfo.environment
    private static let isProof = surroundings["UNDERSTUDY_CAMPAIGN"] != nil
    private static let moments = isProof ? surroundings["UNDERSTUDY_CAMPAIGN_MOMENTS"].flatMap { Int($0) } ?? 20 : 1
    /// One of each kind, for every change: a line, a device, a supply and a sensor that fail.
    private static let sample: Set<String> = [
        "pendulum unplug+1s", "pendulum voltage-sag+1s:1", "reacher packet-loss+1s", "leg encoder-jump:0.5",
    ]
    private static var chosen: [Row] { isProof ? rows : rows.filter { sample.contains($0.name) } }

    /// One line of the table.
    private struct Line {
        var outcomes: [String: Int] = [:]
        var (driven, moved) = (0.0, 0.0)
        /// The longest of what was allowed.
        var bounds = (driven: 0.0, moved: 0.0)
        var readBack = 0
        var wrong: [String] = []
    }

    @Test(
        "the robot stops within its bound, is read back, names the right fault, and nothing is lost",
        arguments: ["pendulum", "reacher", "leg"])
    func campaign(robot: String) throws {
        for row in Self.chosen where row.robot == robot {
            var line = Line()
            for moment in 0..<Self.moments { Self.fly(row, moment, into: &line) }
            if Self.isProof { print(Self.text(row, line)) }
            #expect(line.wrong.isEmpty, "\(row.name): \(line.wrong)")
        }
    }

    private static func fly(_ row: Row, _ moment: Int, into line: inout Line) {
        let joint = "#\(moment % (joints[row.robot] ?? 1) + 1)"
        let place = if case .metal(let fault, _) = row.trouble, fault.hasPlace { joint } else { "" }
        let trial = FaultTrial(
            robot: row.robot, trouble: row.trouble, place: place, seed: UInt64(moment) &* 7_919 &+ 3)
        do {
            let course = try trial.run()
            line.outcomes[course.cause.map { "\($0)" } ?? "\(course.state)", default: 0] += 1
            line.driven = max(line.driven, course.driven)
            line.moved = max(line.moved, course.moved)
            line.bounds.driven = max(line.bounds.driven, course.bounds.driven)
            line.bounds.moved = max(line.bounds.moved, course.bounds.moved)
            line.readBack += course.isReadBack ? 1 : 0
            line.wrong += wrong(course, row).map { "moment \(moment): \($0)" }
        } catch {
            line.wrong.append("moment \(moment): \(error)")
        }
    }

    private static func wrong(_ course: FaultCourse, _ row: Row) -> [String] {
        var wrong = course.findings
        if !course.isKept { wrong.append("not kept") }
        if !course.isReadBack { wrong.append("not read back as off") }
        guard let cause = course.cause else {
            if course.state != .finished { wrong.append("ended as \(course.state)") }
            if course.cameInTime, !row.causes.isEmpty, !row.mayGoUnseen { wrong.append("nobody saw it") }
            return wrong
        }
        if !row.causes.contains(cause) { wrong.append("ended by \(cause)") }
        if cause.row.latches, course.latched == nil { wrong.append("\(cause) did not latch") }
        let bounds = course.bounds
        if course.driven > bounds.driven { wrong.append("driven for \(course.driven) s, allowed \(bounds.driven)") }
        if course.moved > bounds.moved { wrong.append("moved for \(course.moved) s, allowed \(bounds.moved)") }
        return wrong
    }

    private static func text(_ row: Row, _ line: Line) -> String {
        let outcomes = line.outcomes.sorted { $0.value > $1.value }.map { "\($0.value) \($0.key)" }
        let name = row.name.padding(toLength: 34, withPad: " ", startingAt: 0)
        let times =
            line.bounds.moved == 0
            ? "not stopped"
            : "driven \(span(line.driven, line.bounds.driven)), moved \(span(line.moved, line.bounds.moved))"
        let back = "read back \(line.readBack)/\(moments)"
        return "\(name) \(line.wrong.isEmpty ? "ok  " : "FAIL") \(times), \(back): \(outcomes.joined(separator: ", "))"
            + (line.wrong.isEmpty ? "" : "  <- \(line.wrong.prefix(3).joined(separator: "; "))")
    }

    /// What it took, and what it might have taken.
    private static func span(_ took: Double, _ allowed: Double) -> String {
        "\(Int(took * 1_000)) of \(allowed.isFinite ? "\(Int(allowed * 1_000))" : "any") ms"
    }
}

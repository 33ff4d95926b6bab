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
    case .overload, .stuckJoint, .slippingGear, .stickyJoint, .reversedJoint, .deadManReleased: ""
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
    // A board that was exchanged is one that has started anew, which it says at once. Who it is comes out when it is
    // identified anew, and before that nothing moves.
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
    case .encoderJump: [.encoderJump, .deviceFault]
    case .deadManReleased: [.deadManReleased]
    // What a joint does then is judged by how it moves, and by what its motor has to do for that.
    // A joint that obeys late is such a one; most policies never meet a limit for that.
    case .stuckJoint, .slippingGear, .stickyJoint, .reversedJoint, .swappedIdentities, .commandDelay, .hand:
        [
            .trackingError, .overEffort, .overspeed, .encoderJump, .stoppingDistance, .positionOutside, .leftTube,
            .overPower, .overEnergy, .deviceFault, .thermalForecast,
        ]
    }
}

/// What need not be noticed: a joint that hardly moves anyway, or a line that is only slower.
private func goesUnseen(_ fault: FaultName, _ robot: String) -> Bool {
    switch fault {
    case .stuckJoint, .slippingGear, .stickyJoint, .reversedJoint, .swappedIdentities, .adapterLatency, .lateReply,
        .commandDelay, .hand:
        true
    default: false
    }
}

@Suite("Faults in the middle of an episode, through the guard")
struct FaultCampaignTests {
    private static let surroundings = ProcessInfo.processInfo.environment
    private static let isProof = surroundings["UNDERSTUDY_CAMPAIGN"] != nil
    private static let moments = isProof ? surroundings["UNDERSTUDY_CAMPAIGN_MOMENTS"].flatMap { Int($0) } ?? 20 : 1
    /// A file that keeps what was flown, so that a campaign that was interrupted goes on.
    private static let table = CampaignTable(
        at: surroundings["UNDERSTUDY_CAMPAIGN_TABLE"].flatMap { $0.isEmpty ? nil : $0 })
    /// One of each kind, for every change: a line, a device, a supply and a sensor that fail.
    private static let sample: Set<String> = [
        "pendulum unplug+1s", "pendulum voltage-sag+1s:1", "reacher packet-loss+1s", "leg encoder-jump:0.5",
    ]
    private static var chosen: [Row] {
        guard isProof else { return rows.filter { sample.contains($0.name) } }
        guard let part = surroundings["UNDERSTUDY_CAMPAIGN_ROWS"] else { return rows }
        return rows.filter { $0.name.contains(part) }
    }

    /// Every fault at its first moment, then every fault at the next one: whoever looks on sees all of them early.
    @Test(
        "the robot stops within its bound, is read back, names the right fault, and nothing is lost",
        arguments: ["pendulum", "reacher", "leg"])
    func campaign(robot: String) throws {
        let rows = Self.chosen.filter { $0.robot == robot }
        for moment in 0..<Self.moments {
            for row in rows where Self.table.entry(row.name, moment) == nil {
                let entry = Self.fly(row, moment)
                try Self.table.add(entry)
                if Self.isProof, !entry.wrong.isEmpty { print("\(row.name), moment \(moment): \(entry.wrong)") }
            }
            if Self.isProof { print("\(robot): \(moment + 1) of \(Self.moments) moments") }
        }
        for row in rows {
            let line = CampaignLine(Self.table.entries(row.name))
            if Self.isProof { print(line.text) }
            #expect(line.wrong.isEmpty, "\(row.name): \(line.wrong)")
        }
    }

    private static func fly(_ row: Row, _ moment: Int) -> CampaignEntry {
        var entry = CampaignEntry(row: row.name, moment: moment)
        let place = if case .metal(let fault, _) = row.trouble { place(of: fault, row.robot, moment) } else { "" }
        // A policy may end by itself before the moment comes. Such a flight shows nothing, and another one is tried.
        for attempt in 0..<20 {
            let seed = UInt64(moment) &* 7_919 &+ 3 &+ UInt64(attempt) &* 104_729
            let trial = FaultTrial(robot: row.robot, trouble: row.trouble, place: place, seed: seed)
            do {
                let course = try trial.run()
                entry.take(course)
                entry.wrong = wrong(course, row)
                if course.cameInTime || !entry.wrong.isEmpty { return entry }
            } catch {
                entry.wrong = ["\(error)"]
                return entry
            }
        }
        entry.wrong = ["no flight lasted until the moment"]
        return entry
    }

    /// Another joint each time. What hits a device hits the leg's board, which has both.
    private static func place(of fault: FaultName, _ robot: String, _ moment: Int) -> String {
        guard fault.hasPlace else { return "" }
        let isOfDevice = [.wrongIdentity, .servoReboot, .overload, .boardHang, .looseWire, .commandDelay].contains(
            fault)
        let count = robot == "leg" && isOfDevice ? 1 : joints[robot] ?? 1
        return "#\(moment % count + 1)"
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
}

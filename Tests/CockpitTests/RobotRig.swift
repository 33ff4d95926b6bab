import Actuators
import Cockpit
import ControlLoop
import Embodiment
import Episodes
import Foundation
import Guard
import GuardSamples
import Hashing
import JSON
import Ledger
import Policies
import Ports
import Quantities
import Recordings
import Robots
import Simulator
import Supervision
import Testing
import VirtualRobot

/// A robot of this repository behind the bytes of its devices, in lockstep, under a desk with a ledger: everything of a
/// guard but its socket.
final class RobotRig {
    let folder: String
    let sample: RobotSample
    let metal: any Metal
    /// Between the metal and the loop.
    let line: StandstillLine
    let seat: LoopSeat
    var desk: Desk
    private var orders: [SeatOrder] = []
    private var number: UInt32 = 0
    /// By how much the machine's wall clock has been set since the beginning, in milliseconds.
    var clockShift: Int64 = 0

    /// - Parameters:
    ///   - folder: an empty one that is there; nil for one of its own.
    ///   - faults: a plan, in virtual time from the beginning.
    ///   - change: to the text of the robot's file.
    ///   - isLogged: whether the metal keeps a log of its own.
    ///   - limits: what is different in its envelope.
    init(
        _ name: String, in place: String? = nil, faults: String = "", isLogged: Bool = false,
        settings change: (inout SeatSettings) -> Void = { _ in },
        deadMan: @escaping @Sendable (any Metal) -> DeadManSight = { _ in .held },
        limits: (String) -> String = { $0 }, changing text: (String) -> String = { $0 }
    ) throws {
        folder = place ?? FileManager.default.temporaryDirectory.appending(path: "rig-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        sample = try RobotSample(name, limits: limits, changing: text)
        let ledger = try Ledger.open(at: "\(folder)/ledger.sqlite", program: "test", now: Self.now().wall)
        metal = try Self.metal(sample.robot.file, name, faults, isLogged)
        line = StandstillLine(metal)
        var settings = SeatSettings(folder: folder, loop: LoopSettings(for: sample.robot), latestSerial: 0)
        change(&settings)
        let rate = try #require(sample.robot.file.baudRate ?? BaudRate(1_000_000))
        let maker = SeatMaker(sample.robot, sample.facts, settings)
        seat = try maker.make(DeviceLine(line, baudRate: rate)) { [metal] in deadMan(metal) }
        desk = try Desk(
            sample.facts, ledger: ledger, itself: PlanSamples.itself(), measure: PolicyMeasure(reach: 3, states: 32),
            ruleFiles: { [] })
    }

    deinit {
        // The seat waits for its loop, and that for its line.
        line.goOn()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func metal(
        _ file: RobotFile, _ name: String, _ faults: String, _ isLogged: Bool
    ) throws -> any Metal {
        let mjcf = String(decoding: try PlanSamples.bytes(of: "Calibration/\(name)/\(file.body.file)"), as: UTF8.self)
        let body = try file.virtualBody(mjcf, seed: 1, spread: 0)
        let plan = try FaultPlan(parsing: faults, seed: 1)
        let log = isLogged ? RunLog(robot: name, joints: file.joints.count, seed: 1) : nil
        func bus<Wire: VirtualWire>(_ wire: Wire) -> any Metal {
            Lockstep(VirtualBus(wire: wire, body: body, line: file.lineSettings, faults: plan, log: log))
        }
        switch file.bus.driver {
        case .dynamixel: return bus(file.dynamixelWire)
        case .feetech: return bus(file.feetechWire)
        case .moteus: return bus(try file.moteusWire())
        case .board: return bus(try file.boardWire())
        }
    }

    var robot: Robot { sample.robot }
    var facts: Guard.RobotFacts { sample.facts }

    static func now() -> DeskTime {
        DeskTime(wall: WallInstant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)), steady: .now())
    }

    /// What the guard takes for the time.
    var time: DeskTime {
        let now = Self.now()
        return DeskTime(wall: now.wall.advanced(by: clockShift), steady: now.steady)
    }

    func step() {
        let reports = seat.reports()
        desk.turn(seat.sight, reports, stops: seat.stopCount, at: time)
        orders += desk.takeOrders()
        while let order = orders.first, seat.order(order) { orders.removeFirst() }
    }

    /// Turns until something holds; false when it never does.
    func turn(within patience: Duration = .seconds(60), until isDone: (RobotRig) throws -> Bool) rethrows -> Bool {
        let deadline = MonotonicInstant.now() + patience
        while MonotonicInstant.now() < deadline {
            step()
            if try isDone(self) { return true }
            MonotonicInstant.sleep(until: .now() + .milliseconds(1))
        }
        return false
    }

    func state(_ hash: String) throws -> PlanState { try desk.summary(hash, at: time.wall).state }

    var failedChecks: [Check] { desk.checks(at: time.wall).failed }

    /// Waits for a robot that is watched.
    func observe() throws {
        let isWatched = turn { $0.desk.state == .observing && $0.failedChecks.isEmpty }
        try #require(isWatched, "\(desk.state) \(failedChecks)")
    }

    /// A proposal for this robot, each a new one.
    func proposal(_ payload: PolicyPayload, _ horizon: Int32, from starts: [Radians]? = nil) throws -> Proposal {
        number += 1
        return try sample.proposal(payload, horizon, number: number, from: starts)
    }

    func policy() throws -> PolicyPayload { try sample.policy() }

    func grant() throws {
        let plenty = Cost(
            time: Milliseconds(10_000_000), wear: Microlives(10_000), heat: Millijoules(100_000_000),
            attention: Milliseconds(10_000_000))
        _ = try desk.grant(plenty, by: PlanSamples.caller(.operator), why: "a day", at: time)
    }

    /// An approved plan.
    func approved(_ proposal: Proposal) throws -> String {
        let hash = proposal.digest.text
        _ = try desk.propose(
            proposal.canonicalBytes, claiming: hash, by: PlanSamples.caller(.learner, 1_001, "lea"), at: time)
        _ = try desk.approve(hash, .once, by: PlanSamples.caller(.operator), why: "looks well", at: time)
        return hash
    }

    /// Whether the policy is in command.
    var isFlying: Bool { seat.isFlying }

    /// Turns until the robot's time stands still, which it does when this is so; false when the plan is over first.
    func standStill(of hash: String, when isReached: @escaping @Sendable () -> Bool) throws -> Bool {
        line.stand(when: isReached)
        _ = try turn { try $0.line.isStanding || $0.state(hash).isFinal }
        return line.isStanding
    }

    /// Where the joints stand.
    var positions: [Radians] { seat.sight.joints.map(\.reading.position) }

    func close() {
        _ = seat.order(.close)
        _ = turn { $0.seat.sight.joints.allSatisfy { !$0.isOn } }
    }
}

// A failed expectation looks into what it names, and values that cannot be copied cannot be looked at.
extension RobotRig: CustomReflectable {
    var customMirror: Mirror { Mirror(self, children: []) }
}

extension LoopSeat {
    /// Whether the policy is in command. May be asked from any thread.
    var isFlying: Bool {
        guard case .running = sight.mode else { return false }
        return leg == .episode || leg == .motions
    }
}

/// A virtual robot in lockstep, whatever its wire.
protocol Metal: SteppedLine {
    func obey(_ command: LiveCommand)
    func takeLog() -> [UInt8]
    var isDeadManHeld: Bool { get }
}

extension Lockstep: Metal {
    var isDeadManHeld: Bool { bus.isDeadManHeld }
}

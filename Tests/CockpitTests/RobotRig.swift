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
    let robot: Robot
    let facts: Guard.RobotFacts
    let metal: any Metal
    let seat: LoopSeat
    var desk: Desk
    private var orders: [SeatOrder] = []
    private var number: UInt32 = 0

    /// - Parameters:
    ///   - faults: a plan, in virtual time from the beginning.
    ///   - change: to the text of the robot's file.
    ///   - isLogged: whether the metal keeps a log of its own.
    init(
        _ name: String, faults: String = "", isLogged: Bool = false,
        settings change: (inout SeatSettings) -> Void = { _ in },
        deadMan: @escaping @Sendable () -> DeadManSight = { .held }, changing text: (String) -> String = { $0 }
    ) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "rig-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let words = text(String(decoding: try PlanSamples.bytes(of: "Calibration/\(name)/robot.json5"), as: UTF8.self))
        let envelope = try EnvelopeFile(parsing: try PlanSamples.bytes(of: "safety/envelopes/\(name).json5"))
        robot = try Robot(try RobotFile(parsing: Array(words.utf8)), within: envelope)
        let record = try CalibrationFile(
            parsing: Array(
                """
                { "format": 1, "robot": "\(robot.file.name)", "made": "2026-01-01T00:00:00Z", "valid_days": 1,
                  "calibration": "none needed" }
                """.utf8))
        facts = try RobotFacts(
            robot, bytes: Array(words.utf8), record: (try PlanSamples.name("2026-01-01-virtual"), record),
            isVirtual: true, needsDeadMan: false)
        let ledger = try Ledger.open(at: "\(folder)/ledger.sqlite", program: "test", now: Self.now().wall)
        metal = try Self.metal(robot.file, name, faults, isLogged)
        var settings = SeatSettings(folder: folder, loop: LoopSettings(for: robot), latestSerial: 0)
        change(&settings)
        let rate = try #require(robot.file.baudRate ?? BaudRate(1_000_000))
        seat = try SeatMaker(robot, facts, settings).make(metal.line(at: rate), deadMan: deadMan)
        desk = try Desk(
            facts, ledger: ledger, itself: PlanSamples.itself(), measure: PolicyMeasure(reach: 3, states: 32),
            ruleFiles: { [] })
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

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

    static func now() -> DeskTime {
        DeskTime(wall: WallInstant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)), steady: .now())
    }

    func step() {
        let reports = seat.reports()
        desk.turn(seat.sight, reports, at: Self.now())
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

    func state(_ hash: String) throws -> PlanState { try desk.summary(hash, at: Self.now().wall).state }

    var failedChecks: [Check] { desk.checks(at: Self.now().wall).failed }

    /// Waits for a robot that is watched.
    func observe() throws {
        let isWatched = turn { $0.desk.state == .observing && $0.failedChecks.isEmpty }
        try #require(isWatched, "\(desk.state) \(failedChecks)")
    }

    /// A proposal for this robot, with the whole envelope as its band.
    func proposal(_ payload: PolicyPayload, _ horizon: Int32) throws -> Proposal {
        number += 1
        let envelope = facts.envelope
        let count = Int(envelope.count.rawValue)
        let start = robot.file.starts.map { JointStart(position: $0.position, speed: .zero) }
        let none = try PlanSamples.name("none")
        let plan = try EpisodePlan(
            robot: facts.name, task: Reference(name: none, digest: facts.digest),
            envelope: Reference(name: none, digest: envelope.identity),
            calibration: Reference(name: none, digest: facts.calibration?.digest ?? .zero), policy: payload,
            noise: NoiseKey(run: 7, iteration: 0, episode: number), start: start, horizon: Ticks(horizon),
            cost: PlanSamples.cost)
        let band = try ApprovedBand(
            stride: Ticks(horizon), joints: envelope.count,
            limits: (0..<count).map { envelope.joints.elements[$0].position })
        let forecast = JointForecast(
            speed: try #require(Limit(RadiansPerSecond(-2), RadiansPerSecond(2))),
            effort: try #require(Limit(NewtonMetres(-0.1), NewtonMetres(0.1))),
            temperature: try #require(Limit(Celsius(25), Celsius(48))))
        let nearest = NearestLimit(joint: .first, rule: .position, margin: 0.25)
        let dossier = try Dossier(
            band: band, joints: [JointForecast](repeating: forecast, count: count), nearest: nearest,
            worst: WorstRollout(rollouts: 64, index: 17, nearest: nearest, crossings: 0), distance: nil,
            thermal: ThermalForecast(joint: .first, peak: Celsius(51), timeLeft: Seconds(90)), wear: Microlives(3))
        return try Proposal(plan: plan, dossier: dossier)
    }

    /// A policy whose means are nearly nothing: what moves the robot is the noise.
    func policy(logDeviation: Float = -2) throws -> PolicyPayload {
        let shape = try PolicyShape(
            inputs: robot.file.task.observationCount, hidden: [16, 16], outputs: robot.file.joints.count,
            squashes: true, deviationFloor: 0.01)
        let policy = try Policy.orthogonal(shape, seed: 5, logDeviation: logDeviation)
        return try #require(PolicyPayload(format: PolicyMeasure.format, bytes: policy.encoded))
    }

    func grant() throws {
        let plenty = Cost(
            time: Milliseconds(10_000_000), wear: Microlives(10_000), heat: Millijoules(100_000_000),
            attention: Milliseconds(10_000_000))
        _ = try desk.grant(plenty, by: PlanSamples.caller(.operator), why: "a day", at: Self.now())
    }

    /// An approved plan.
    func approved(_ proposal: Proposal) throws -> String {
        let hash = proposal.digest.text
        _ = try desk.propose(
            proposal.canonicalBytes, claiming: hash, by: PlanSamples.caller(.learner, 1_001, "lea"), at: Self.now())
        _ = try desk.approve(hash, .once, by: PlanSamples.caller(.operator), why: "looks well", at: Self.now())
        return hash
    }

    /// Whether the policy is in command.
    var isFlying: Bool {
        guard case .running = seat.sight.mode else { return false }
        return seat.leg == .episode || seat.leg == .motions
    }

    func close() {
        _ = seat.order(.close)
        _ = turn { _ in false || self.seat.sight.joints.allSatisfy { !$0.isOn } }
    }
}

// A failed expectation looks into what it names, and values that cannot be copied cannot be looked at.
extension RobotRig: CustomReflectable {
    var customMirror: Mirror { Mirror(self, children: []) }
}

/// A virtual robot in lockstep, whatever its wire.
protocol Metal: Sendable {
    func line(at rate: BaudRate) -> DeviceLine
    func obey(_ command: LiveCommand)
    func takeLog() -> [UInt8]
    func advance(by time: Duration)
    var now: MonotonicInstant { get }
}

extension Lockstep: Metal {
    func line(at rate: BaudRate) -> DeviceLine { DeviceLine(self, baudRate: rate) }
}

import Actuators
import Foundation
import Ports
import Quantities
import Robots
import Simulator
import Supervision
import Testing
import Threads
import VirtualRobot

@testable import ControlLoop

typealias PendulumLine = Lockstep<DynamixelWire, LooseJoints>
typealias PendulumBus = Actuators.DynamixelBus<SteppedLink>

/// A program as a test wants it: efforts, by the moment.
struct Script: FlightProgram {
    var effort: @Sendable (Moment) -> Float
    var length: Int32
    var band: Limit<Radians>?
    /// What happens when the pilot is made, before anything is switched on; and whenever the supervisor asks for its band.
    var made: @Sendable () -> Void = {}
    var judged: @Sendable () -> Void = {}

    init(
        length: Int32 = 100, band: Limit<Radians>? = nil, effort: @escaping @Sendable (Moment) -> Float = { _ in 0.09 }
    ) {
        self.effort = effort
        self.length = length
        self.band = band
    }

    func makePilot() -> ScriptPilot {
        made()
        return ScriptPilot(self)
    }
}

final class ScriptPilot: Pilot {
    let leg = Leg.episode
    private(set) var result = FlightResult.none
    private let script: Script
    private(set) var asked = 0

    init(_ script: Script) { self.script = script }

    func act(_ moment: borrowing Moment, into commands: inout PerJoint<JointCommand>) -> Intent {
        asked += 1
        commands[.first] = .effort(NewtonMetres(script.effort(copy moment)))
        guard moment.tick.rawValue + 1 >= script.length else { return .goOn }
        result = .ended(.horizon, isSuccess: false)
        return .finish
    }

    func tube() -> Tube? {
        script.judged()
        return script.band.map { Tube(repeating: $0) }
    }
}

/// The outside end, where several parts of a test can reach it.
final class Outside {
    var orders: RingProducer<Order<Script>>
    var reports: RingConsumer<LoopReport>
    var ticks: RingConsumer<TickRecord>
    let status: BulletinReader<LoopStatus>
    let inputs: LoopInputs

    init(_ end: consuming OutsideEnd<Script>) {
        inputs = end.inputs
        status = end.status
        orders = end.orders
        reports = end.reports
        ticks = end.ticks
    }
}

/// The envelope of the pendulum, on an XL330 with a loose joint, in lockstep.
struct LoopBench {
    let line: PendulumLine
    let loop: ControlLoop<PendulumBus, Script>
    let channels: Outside
    let envelope: Digest
    private(set) var reports: [LoopReport] = []
    private(set) var ticks: [TickRecord] = []

    static let plan = Digest(7, 7, 7, 7)

    init(faults: String = "", needsDeadMan: Bool = false) throws {
        let envelope = try Self.pendulum()
        self.envelope = envelope.identity
        let line = try Self.line(faults: faults)
        let channels = LoopChannels<Script>()
        loop = ControlLoop(
            try Self.bus(on: line), under: Supervisor(envelope, latestSerial: 0),
            settings: LoopSettings(needsDeadMan: needsDeadMan), channels: channels.loop)
        self.channels = Outside(channels.outside)
        self.line = line
    }

    static func line(faults: String = "") throws -> PendulumLine {
        let servos = DynamixelServo.set(.xl330M288, count: 1)
        return PendulumLine(
            VirtualBus(
                wire: DynamixelWire(servos), body: LooseJoints.xl330(1), line: LineSettings(rate: BaudRate(1_000_000)),
                faults: try FaultPlan(parsing: faults, seed: 1)))
    }

    static func bus(on line: PendulumLine) throws -> PendulumBus {
        let id = try #require(Dynamixel.ServoID(1))
        let mounting = try #require(JointMounting(zero: Radians(.pi), torque: .perAmpere(NewtonMetres(0.42))))
        let joint = try #require(Dynamixel.Joint(id: id, model: .xl330M288, mode: .current, mounting: mounting))
        guard let bus = PendulumBus(line.port(), rate: BaudRate(1_000_000), joints: [joint]) else { throw Missing() }
        return bus
    }

    static func pendulum() throws -> Envelope {
        let text = try Data(contentsOf: root.appending(path: "safety/envelopes/pendulum.json5"))
        return try EnvelopeFile(parsing: Array(text)).envelope
    }

    struct Missing: Error {}

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    func order(_ order: Order<Script>) {
        let isTaken = channels.orders.append(order)
        #expect(isTaken)
    }

    /// As many turns as it takes until something is true, or so many that it never will be.
    mutating func turn(atMost most: Int = 4_000, until isDone: (LoopBench) -> Bool) -> Bool {
        for _ in 0..<most {
            loop.turn()
            while let report = channels.reports.next() { reports.append(report) }
            while let tick = channels.ticks.next() { ticks.append(tick) }
            if isDone(self) { return true }
        }
        return false
    }

    mutating func turn(_ count: Int) {
        _ = turn(atMost: count) { _ in false }
    }

    /// From nothing to a robot that is watched.
    mutating func observe() {
        for order in [Order<Script>.identify, .prepare, .verified, .observe] { self.order(order) }
        #expect(turn { $0.ticks.count > 3 })
    }

    /// - Parameter stops: of how many whoever orders it knows; nil for all of them.
    mutating func start(
        _ script: Script, serial: UInt64 = 1, horizon: Int32 = 1_000, tube: Bool = false, stops: UInt64? = nil
    ) {
        let approval = Approval(
            serial: serial, plan: Self.plan, envelope: envelope, horizon: Ticks(horizon), demandsTube: tube)
        order(.run(approval, plan: Self.plan, script, stops: stops ?? channels.inputs.stopCount))
    }

    /// Runs an episode to its end and says how it ended.
    mutating func fly(_ script: Script, serial: UInt64 = 1, horizon: Int32 = 1_000) -> FlightEnd? {
        start(script, serial: serial, horizon: horizon)
        _ = turn { $0.end != nil }
        return end
    }

    var end: FlightEnd? {
        for case .ended(let end) in reports { return end }
        return nil
    }

    var hasBegun: Bool { reports.contains { if case .began = $0 { true } else { false } } }

    func has(_ isIt: (LoopReport) -> Bool) -> Bool { reports.contains { isIt($0) } }

    var isHeld: Bool { if case .held? = ticks.last?.mode { true } else { false } }
    var isRunning: Bool { if case .running? = ticks.last?.mode { true } else { false } }
    var isLatched: Bool { if case .latched? = ticks.last?.mode { true } else { false } }

    /// What the servo's own register says.
    var hasTorque: Bool { line.bus.wire.number(.torqueEnable, of: 0) == 1 }
}

// A failed expectation looks into what it names, and values that cannot be copied cannot be looked at.
extension LoopBench: CustomReflectable {
    var customMirror: Mirror { Mirror(self, children: []) }
}

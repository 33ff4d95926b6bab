import Actuators
import BoardLink
import Foundation
import Policies
import Ports
import Quantities
import Robots
import Simulator
import Supervision
import Testing
import Threads
import VirtualRobot

@testable import ControlLoop

/// A robot of the folder with its body, in lockstep, and its loop.
final class FolderBench<Wire: VirtualWire, Driver: Bus & ~Copyable> {
    let robot: Robot
    let line: Lockstep<Wire, RobotBody>
    let loop: ControlLoop<Driver, RobotProgram>
    private var orders: RingProducer<Order<RobotProgram>>
    private var reportRing: RingConsumer<LoopReport>
    private var tickRing: RingConsumer<TickRecord>
    let status: BulletinReader<LoopStatus>
    let inputs: LoopInputs
    private(set) var reports: [LoopReport] = []
    private(set) var ticks: [TickRecord] = []

    init(
        _ robot: Robot, _ bus: VirtualBus<Wire, RobotBody>,
        driver: (consuming SteppedLink) throws -> Driver
    ) throws {
        self.robot = robot
        line = Lockstep(bus)
        let channels = LoopChannels<RobotProgram>()
        loop = ControlLoop(
            try driver(line.port()), under: Supervisor(robot.envelope.envelope, latestSerial: 0),
            settings: LoopSettings(for: robot),
            channels: channels.loop)
        orders = channels.outside.orders
        reportRing = channels.outside.reports
        tickRing = channels.outside.ticks
        status = channels.outside.status
        inputs = channels.outside.inputs
    }

    func order(_ order: Order<RobotProgram>) {
        let isTaken = orders.append(order)
        #expect(isTaken)
    }

    func turn(atMost most: Int = 8_000, until isDone: (FolderBench) -> Bool) -> Bool {
        for _ in 0..<most {
            loop.turn()
            while let report = reportRing.next() { reports.append(report) }
            while let tick = tickRing.next() { ticks.append(tick) }
            if isDone(self) { return true }
        }
        return false
    }

    /// From nothing to a robot that is watched.
    func observe() {
        for order in [Order<RobotProgram>.identify, .prepare, .verified, .observe] { self.order(order) }
        #expect(turn(atMost: 200) { $0.ticks.count > 3 }, "\(reports)")
    }

    /// Flies to the end; what was recorded before is forgotten.
    func fly(_ program: RobotProgram, serial: UInt64 = 1, tube: Bool = false) -> FlightEnd? {
        ticks = []
        reports = []
        start(program, serial: serial, tube: tube)
        _ = turn { $0.end != nil || $0.isRefused }
        return end
    }

    func start(_ program: RobotProgram, serial: UInt64 = 1, tube: Bool = false) {
        let envelope = robot.envelope.envelope
        let approval = Approval(
            serial: serial, plan: Digest(1, 2, 3, 4), envelope: envelope.identity, horizon: envelope.robot.horizon,
            demandsTube: tube)
        order(.run(approval, plan: Digest(1, 2, 3, 4), program, stops: inputs.stopCount))
    }

    var end: FlightEnd? {
        for case .ended(let end) in reports { return end }
        return nil
    }

    var hasBegun: Bool { reports.contains { if case .began = $0 { true } else { false } } }
    var isRefused: Bool {
        reports.contains {
            switch $0 {
            case .notPermitted, .failed, .refused: true
            default: false
            }
        }
    }

    /// Where the mode or what was found changed.
    var story: String {
        var (lines, last): ([String], String) = ([], "")
        for tick in ticks {
            var finding: Finding?
            switch tick.verdict.ruling {
            case .idle(let found), .stop(_, let found): finding = found
            case .pass, .clamp: break
            }
            let line =
                "mode \(tick.mode.number) rung \(tick.mode.rung.map { "\($0)" } ?? "-") "
                + (finding.map { "\($0.fault) at \($0.joint?.rawValue ?? 99)" } ?? "")
            if line != last {
                let positions = (0..<3).map { tick.samples.elements[$0].position.value }
                lines.append("\(tick.number): \(line) \(positions)")
            }
            last = line
        }
        return lines.joined(separator: "\n")
    }

    /// Ticks on which the pilot was in command.
    var running: [TickRecord] { ticks.filter { if case .running = $0.mode { true } else { false } } }
}

// A failed expectation looks into what it names, and values that cannot be copied cannot be looked at.
extension FolderBench: CustomReflectable where Driver: ~Copyable {
    var customMirror: Mirror { Mirror(self, children: []) }
}

/// What the folder has of a robot.
struct Folder {
    let robot: Robot
    private let mjcf: String

    /// - Parameter change: to its text, before it is read.
    init(_ name: String, changing change: (String) -> String = { $0 }) throws {
        let root = LoopBench.root
        let text = String(
            decoding: try Data(contentsOf: root.appending(path: "Calibration/\(name)/robot.json5")), as: UTF8.self)
        let envelope = try Data(contentsOf: root.appending(path: "safety/envelopes/\(name).json5"))
        let file = try RobotFile(parsing: Array(change(text).utf8))
        robot = try Robot(file, within: EnvelopeFile(parsing: Array(envelope)))
        mjcf = String(
            decoding: try Data(contentsOf: root.appending(path: "Calibration/\(name)/\(file.body.file)")), as: UTF8.self
        )
    }

    /// - Parameter positions: where the joints are at the beginning; nil is the start of an episode.
    func body(at positions: [Float]? = nil) throws -> RobotBody {
        let file = robot.file
        let positions = positions ?? file.starts.map(\.position.value)
        let joints = try file.joints.indices.map { place in
            let product = try #require(ServoProduct(rawValue: file.body.metal[place].product))
            var metal = product.metal
            for (name, value) in file.body.metal[place].numbers {
                metal[try #require(MetalParameter(rawValue: name))] = value
            }
            return BodyJoint(file.joints[place].name, metal, start: Radians(positions[place]))
        }
        let supply = SupplySettings(
            voltage: file.body.supply ?? Volts(12), resistance: file.body.supplyResistance, ambient: file.body.ambient)
        return try RobotBody(BodySettings(mjcf: mjcf, joints: joints, supply: supply, seed: 1, spread: 0))
    }

    /// A policy whose means are nearly nothing: what moves the robot is the noise.
    func policy(logDeviation: Float = -2) throws -> Policy {
        let shape = try PolicyShape(
            inputs: robot.file.task.observationCount, hidden: [16, 16], outputs: robot.file.joints.count,
            squashes: true, deviationFloor: 0.01)
        return try Policy.orthogonal(shape, seed: 5, logDeviation: logDeviation)
    }

    private static let rate = BaudRate(1_000_000)

    func pendulum(
        at positions: [Float]? = nil, faults: String = ""
    ) throws -> FolderBench<DynamixelWire, Actuators.DynamixelBus<SteppedLink>> {
        let servos = DynamixelServo.set(.xl330M288, count: 1)
        let bus = VirtualBus(
            wire: DynamixelWire(servos), body: try body(at: positions), line: LineSettings(rate: Self.rate),
            faults: try FaultPlan(parsing: faults, seed: 1))
        let mounting = try #require(JointMounting(zero: Radians(.pi), torque: .perAmpere(NewtonMetres(0.366))))
        let joint = try #require(
            Dynamixel.Joint(id: servos[0].id, model: .xl330M288, mode: .current, mounting: mounting))
        return try FolderBench(robot, bus) { port in
            guard let bus = Actuators.DynamixelBus(port, rate: Self.rate, joints: [joint]) else { throw Missing() }
            return bus
        }
    }

    func reacher(
        at positions: [Float]? = nil, faults: String = ""
    ) throws -> FolderBench<FeetechWire, Actuators.FeetechBus<SteppedLink>> {
        let ids = (1...3 as ClosedRange<UInt8>).compactMap(Feetech.ServoID.init)
        let wire = FeetechWire(ids.map { FeetechServo.Identity(id: $0, model: .sts3215, supply: .twelveVolts) })
        let bus = VirtualBus(
            wire: wire, body: try body(at: positions), line: LineSettings(rate: Self.rate),
            faults: try FaultPlan(parsing: faults, seed: 1))
        let mounting = try #require(JointMounting(zero: Radians(.pi), torque: .atFullDuty(NewtonMetres(2.9))))
        let joints = try ids.map {
            try #require(
                Feetech.Joint(id: $0, model: .sts3215, mode: .position, mounting: mounting, torqueLimit: Duty(0.6)))
        }
        return try FolderBench(robot, bus) { port in
            var master = Feetech.Master(port, rate: Self.rate)
            // Servos from the box wait before they answer; no robot of ours leaves them so.
            for id in ids { try master.store(0, in: .returnDelay, of: id, by: master.now + .seconds(5)) }
            guard let bus = Actuators.FeetechBus(master.takePort(), rate: Self.rate, joints: joints) else {
                throw Missing()
            }
            return bus
        }
    }

    func leg(
        at positions: [Float]? = nil, faults: String = ""
    ) throws -> FolderBench<BoardWire, BoardBus<SteppedLink>> {
        let hardware = BoardHardware(joints: .two, torqueConstant: NewtonMetresPerAmpere(0.147))
        let bus = VirtualBus(
            wire: BoardWire(hardware), body: try body(at: positions), line: LineSettings(rate: nil, isShared: false),
            faults: try FaultPlan(parsing: faults, seed: 1))
        let envelope = robot.envelope.envelope
        let bounds = try (0...1 as ClosedRange<UInt8>).map { number in
            let joint = try #require(JointIndex(number))
            let limits = envelope.joints[joint]
            return try #require(
                JointBounds(
                    joint: joint, position: limits.position, speed: limits.overspeed, effort: limits.overEffort,
                    temperature: limits.hottest, current: Amperes(14), braking: limits.stoppingDeceleration))
        }
        let supply = try #require(Limit(Volts(6), Volts(30)))
        let configuration = try #require(
            Configure(
                envelope: EnvelopeHash(DoubleWord(1)), supply: supply, silence: Ticks(50), bounds[0], bounds[1]))
        let settings = try #require(Board.Settings(configuration))
        return try FolderBench(robot, bus) { port in
            guard let bus = BoardBus(port, rate: nil, settings: settings) else { throw Missing() }
            return bus
        }
    }

    struct Missing: Error {}
}

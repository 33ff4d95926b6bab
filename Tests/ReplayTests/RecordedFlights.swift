import Actuators
import Cockpit
import ControlLoop
import Episodes
import Foundation
import Guard
import GuardSamples
import Hashing
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

@testable import Replay

/// The pendulum of this repository behind the bytes of its servo, in lockstep, under the control loop and the recorder of
/// the guard: real recordings of a robot that is none.
final class RecordedFlights {
    let folder: String
    let facts: RobotFacts
    let robot: Robot
    let seat: LoopSeat
    private var reports: [SeatReport] = []
    private var serial: UInt64 = 0

    init(faults: String = "") throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "flights-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let bytes = try PlanSamples.bytes(of: "Calibration/pendulum/robot.json5")
        robot = try Robot(try RobotFile(parsing: bytes), within: try PlanSamples.envelope())
        facts = try RobotFacts(
            robot, bytes: bytes, record: nil, isVirtual: true, needsDeadMan: false)
        let settings = SeatSettings(
            folder: folder, loop: LoopSettings(for: robot), latestSerial: 0, files: ["robot.json5": bytes])
        let line = Lockstep(try Self.bus(robot, faults))
        let rate = try #require(BaudRate(1_000_000))
        seat = try SeatMaker(robot, facts, settings).make(DeviceLine(line, baudRate: rate))
        for order in [SeatOrder.identify, .prepare, .observe] { #expect(seat.order(order)) }
        #expect(wait { _ in self.seat.sight.mode == .observing && self.seat.sight.timing.ticks > 3 })
    }

    deinit {
        _ = seat.order(.close)
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func bus(
        _ robot: Robot, _ faults: String
    ) throws -> VirtualBus<DynamixelWire, RobotBody> {
        let file = robot.file
        let mjcf = String(decoding: try PlanSamples.bytes(of: "Calibration/pendulum/\(file.body.file)"), as: UTF8.self)
        let product = try #require(ServoProduct(rawValue: file.body.metal[0].product))
        var metal = product.metal
        for (name, value) in file.body.metal[0].numbers {
            metal[try #require(MetalParameter(rawValue: name))] = value
        }
        let supply = SupplySettings(
            voltage: file.body.supply ?? Volts(5), resistance: file.body.supplyResistance, ambient: file.body.ambient)
        let joint = BodyJoint(file.joints[0].name, metal, start: file.starts[0].position)
        let body = try RobotBody(
            BodySettings(mjcf: mjcf, joints: [joint], supply: supply, seed: 1, spread: 0))
        return VirtualBus(
            wire: DynamixelWire(DynamixelServo.set(.xl330M288, count: 1)), body: body,
            line: LineSettings(rate: BaudRate(1_000_000)), faults: try FaultPlan(parsing: faults, seed: 1))
    }

    /// Asks until something holds; false when it never does.
    private func wait(_ isDone: ([SeatReport]) -> Bool) -> Bool {
        let deadline = MonotonicInstant.now() + .seconds(150)
        while MonotonicInstant.now() < deadline {
            reports += seat.reports()
            if isDone(reports) { return true }
            MonotonicInstant.sleep(until: .now() + .milliseconds(1))
        }
        return false
    }

    /// Flies a plan to its end; the bytes of its recording.
    func fly(_ change: (inout PlanSamples.Change) -> Void, stopping: Bool = false) throws -> [UInt8] {
        serial += 1
        let proposal = try PlanSamples.proposal(facts, change)
        reports = []
        let approval = proposal.approval(serial: serial)
        #expect(seat.order(.fly(Flight(approval: approval, proposal: proposal, stops: seat.stopCount))))
        if stopping {
            #expect(wait { $0.contains { if case .began = $0 { true } else { false } } })
            seat.stop()
        }
        let isOver = wait { reports in
            reports.contains {
                switch $0 {
                case .ended, .notPermitted, .refused: true
                default: false
                }
            }
        }
        #expect(isOver, "\(reports)")
        guard case .ended(let end)? = reports.last(where: { if case .ended = $0 { true } else { false } }) else {
            throw Failure(reports: "\(reports)")
        }
        let path = try #require(end.recording?.path)
        return Array(try Data(contentsOf: URL(filePath: "\(folder)/\(path)")))
    }

    struct Failure: Error {
        let reports: String
    }

    /// A plan of this policy: enough noise to move, within limits that are the envelope's.
    func swinging(_ number: UInt32, ticks: Int32 = 200) throws -> (inout PlanSamples.Change) -> Void {
        let range = facts.envelope.joints[.first].position
        let policy = try Self.policy().encoded
        return { change in
            change.number = number
            change.horizon = ticks
            change.band = (range.low.value, range.high.value)
            change.policyBytes = policy
        }
    }

    /// Pushes to one side while the rod hangs down, and otherwise the way that it goes: it swings further and further.
    static func policy() throws -> Policy {
        let shape = try PolicyShape(inputs: 3, hidden: [], outputs: 1, squashes: true, deviationFloor: 0.05)
        return try Policy(shape, parameters: [0.6, 0, 10, 0, -1])
    }
}

extension RecordedFlights: CustomReflectable {
    var customMirror: Mirror { Mirror(self, children: []) }
}

/// What a recording comes to.
func flown(_ bytes: [UInt8]) throws -> FlownEpisode {
    let reader = try RecordingReader(MemorySource(bytes))
    return try FlownEpisode(try EpisodeLog(reader, words: HouseWords.episode))
}

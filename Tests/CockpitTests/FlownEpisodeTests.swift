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
import TestSupport
import Testing
import VirtualRobot

/// The pendulum of this repository behind the bytes of its servo, in lockstep, under a desk with a ledger.
private final class Cockpit {
    let folder: String
    let facts: RobotFacts
    let seat: LoopSeat
    var desk: Desk
    private var orders: [SeatOrder] = []

    init(faults: String = "", at position: Float? = nil) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "cockpit-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let bytes = try PlanSamples.bytes(of: "Calibration/pendulum/robot.json5")
        let robot = try Robot(try RobotFile(parsing: bytes), within: try PlanSamples.envelope())
        let record = try CalibrationFile(
            parsing: Array(
                """
                { "format": 1, "robot": "pendulum", "made": "2026-01-01T00:00:00Z", "valid_days": 1,
                  "calibration": "none needed" }
                """.utf8))
        facts = try RobotFacts(
            robot, bytes: bytes, record: (try PlanSamples.name("2026-01-01-virtual"), record), isVirtual: true,
            needsDeadMan: false)
        let ledger = try Ledger.open(at: "\(folder)/ledger.sqlite", program: "test", now: Self.now().wall)
        let settings = SeatSettings(folder: folder, loop: LoopSettings(for: robot), latestSerial: 0)
        let line = Lockstep(try Self.bus(robot, faults, position))
        let rate = try #require(BaudRate(1_000_000))
        seat = try SeatMaker(robot, facts, settings).make(DeviceLine(line, baudRate: rate))
        desk = try Desk(
            facts, ledger: ledger, itself: PlanSamples.itself(), measure: PolicyMeasure(reach: 3, states: 32),
            ruleFiles: { [] })
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private static func bus(
        _ robot: Robot, _ faults: String, _ position: Float?
    ) throws -> VirtualBus<DynamixelWire, RobotBody> {
        let file = robot.file
        let mjcf = String(decoding: try PlanSamples.bytes(of: "Calibration/pendulum/\(file.body.file)"), as: UTF8.self)
        let product = try #require(ServoProduct(rawValue: file.body.metal[0].product))
        var metal = product.metal
        for (name, value) in file.body.metal[0].numbers {
            metal[try #require(MetalParameter(rawValue: name))] = value
        }
        let start = position.map { Radians($0) } ?? file.starts[0].position
        let supply = SupplySettings(
            voltage: file.body.supply ?? Volts(5), resistance: file.body.supplyResistance, ambient: file.body.ambient)
        let joint = BodyJoint(file.joints[0].name, metal, start: start)
        let body = try RobotBody(BodySettings(mjcf: mjcf, joints: [joint], supply: supply, seed: 1, spread: 0))
        let servos = DynamixelServo.set(.xl330M288, count: 1)
        return VirtualBus(
            wire: DynamixelWire(servos), body: body, line: LineSettings(rate: BaudRate(1_000_000)),
            faults: try FaultPlan(parsing: faults, seed: 1))
    }

    static func now() -> DeskTime {
        DeskTime(wall: WallInstant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)), steady: .now())
    }

    /// Turns until something holds; false when it never does.
    func turn(until isDone: (Cockpit) throws -> Bool) rethrows -> Bool {
        let deadline = MonotonicInstant.now() + .seconds(40)
        while MonotonicInstant.now() < deadline {
            let reports = seat.reports()
            desk.turn(seat.sight, reports, at: Self.now())
            orders += desk.takeOrders()
            while let order = orders.first, seat.order(order) { orders.removeFirst() }
            if try isDone(self) { return true }
            MonotonicInstant.sleep(until: .now() + .milliseconds(2))
        }
        return false
    }

    func state(_ hash: String) throws -> PlanState { try desk.summary(hash, at: Self.now().wall).state }

    /// An approved plan of so many ticks.
    func approved(_ horizon: Int32) throws -> String {
        let ada = try PlanSamples.caller(.operator)
        let plenty = Cost(
            time: Milliseconds(1_000_000), wear: Microlives(1_000), heat: Millijoules(10_000_000),
            attention: Milliseconds(1_000_000))
        _ = try desk.grant(plenty, by: ada, why: "a day", at: Self.now())
        let band = (
            low: facts.envelope.joints[.first].position.low.value,
            high: facts.envelope.joints[.first].position.high.value
        )
        let proposal = try PlanSamples.proposal(facts) { ($0.horizon, $0.band) = (horizon, band) }
        let hash = proposal.digest.text
        _ = try desk.propose(
            proposal.canonicalBytes, claiming: hash, by: PlanSamples.caller(.learner, 1_001, "lea"), at: Self.now())
        _ = try desk.approve(hash, .once, by: ada, why: "looks well", at: Self.now())
        return hash
    }
}

// A failed expectation looks into what it names, and values that cannot be copied cannot be looked at.
extension Cockpit: CustomReflectable {
    var customMirror: Mirror { Mirror(self, children: []) }
}

@Suite("Episodes flown for the guard")
struct FlownEpisodeTests {
    @Test("the pendulum is verified, brought to its start, flown, recorded, paid, and read back as off")
    func story() throws {
        let cockpit = try Cockpit()
        let isWatched = cockpit.turn { $0.desk.state == .observing }
        #expect(isWatched, "\(cockpit.desk.checks(at: Cockpit.now().wall).failed)")
        let hash = try cockpit.approved(200)
        let isOver = try cockpit.turn { try $0.state(hash).isFinal }
        #expect(isOver)
        let summary = try cockpit.desk.summary(hash, at: Cockpit.now().wall)
        #expect(summary.state == .finished, "\(String(describing: summary.story.episode))")
        let ticks = try #require(summary.story.episode?.ticks)
        #expect((1...200).contains(ticks))
        let recording = try #require(summary.story.episode?.recording)
        let account = try cockpit.desk.account()
        #expect(account.spent.time > Milliseconds(ticks * 5 - 1) && account.spent.heat > .zero)
        #expect(try LedgerReader(at: cockpit.folder).verify().isSound)
        let bytes = Array(try Data(contentsOf: URL(filePath: "\(cockpit.folder)/\(recording.path)")))
        #expect(Digest(of: bytes.span) == recording.digest && Int64(bytes.count) == recording.size)
        #expect(cockpit.seat.order(.close))
        let isOff = cockpit.turn { $0.seat.sight.joints.allSatisfy { !$0.isOn } }
        #expect(isOff)
    }

    @Test("a servo that is unplugged in the episode ends it; the latch needs a person, and then all goes on")
    func unplugged() throws {
        let cockpit = try Cockpit(faults: "unplug@20s+2s")
        let isWatched = cockpit.turn { $0.desk.state == .observing }
        #expect(isWatched, "\(cockpit.desk.checks(at: Cockpit.now().wall).failed)")
        let hash = try cockpit.approved(1_000)
        let isLatched = cockpit.turn { $0.desk.state == .latched }
        #expect(isLatched)
        let isOver = try cockpit.turn { try $0.state(hash).isFinal }
        #expect(isOver)
        let fault = try #require(cockpit.desk.latched?.fault)
        #expect([.deviceLost, .staleSensor].contains(fault), "\(fault)")
        let ada = try PlanSamples.caller(.operator)
        // Not before the robot has been read back as stopped, for which it has to be plugged in again.
        let isCleared = cockpit.turn { cockpit in
            do throws(GuardRefusal) {
                _ = try cockpit.desk.clear(Int64(fault.rawValue), by: ada, why: "plugged in", at: Cockpit.now())
                return true
            } catch {
                return false
            }
        }
        #expect(isCleared)
        let isBack = cockpit.turn { $0.desk.state == .observing }
        #expect(isBack, "\(cockpit.desk.checks(at: Cockpit.now().wall).failed)")
        #expect(try LedgerReader(at: cockpit.folder).verify().isSound)
    }
}

import Actuators
import Ports
import Quantities
import Testing
import VirtualRobot
import Simulator

typealias DynamixelLine = Lockstep<DynamixelWire, LooseJoints>
typealias Driver = Actuators.DynamixelBus<SteppedLink>

/// A driver and the bus it drives, with the time of the bus.
struct DynamixelBench: ~Copyable {
    let line: DynamixelLine
    var driver: Driver

    /// Servos 1, 2, … of one kind at 1 Mbaud; `servos` changes them before they are put on the bus.
    init(
        _ model: Dynamixel.Model = .xl330M288, count: UInt8 = 3, mode: Dynamixel.OperatingMode = .position,
        faults: String = "", seed: UInt64 = 1, watchdog: Dynamixel.BusWatchdog = .armed(steps: 5),
        servos change: (inout [DynamixelServo]) -> Void = { _ in }
    ) throws {
        var servos = DynamixelServo.set(model, count: count)
        let joints = try servos.map { try Self.joint($0.id, model, mode) }
        change(&servos)
        let line = try Self.line(servos, faults, seed)
        let driver = try Self.driver(on: line, joints, watchdog)
        self.line = line
        self.driver = driver
    }

    init(
        _ servos: [DynamixelServo], joints: [Dynamixel.Joint], faults: String = "", seed: UInt64 = 1,
        watchdog: Dynamixel.BusWatchdog = .armed(steps: 5)
    ) throws {
        let line = try Self.line(servos, faults, seed)
        let driver = try Self.driver(on: line, joints, watchdog)
        self.line = line
        self.driver = driver
    }

    private static func joint(
        _ id: Dynamixel.ServoID, _ model: Dynamixel.Model, _ mode: Dynamixel.OperatingMode
    ) throws -> Dynamixel.Joint {
        let torque: JointMounting.Torque =
            model.hasCurrentSensor ? .perAmpere(NewtonMetres(0.4)) : .atFullDuty(NewtonMetres(1.4))
        let mounting = try #require(JointMounting(zero: Radians(.pi), torque: torque))
        return try #require(
            Dynamixel.Joint(
                id: id, model: model, mode: mode, mounting: mounting,
                currentLimit: mode == .currentBasedPosition ? Amperes(0.5) : nil))
    }

    private static let rate = BaudRate(1_000_000)

    private static func line(_ servos: [DynamixelServo], _ faults: String, _ seed: UInt64) throws -> DynamixelLine {
        let is12Volts = servos.contains { $0.model != .xl330M288 && $0.model != .xl330M077 }
        let motors = [MotorSettings](repeating: is12Volts ? .xm430 : .xl330, count: servos.count)
        let body = LooseJoints(motors, supply: SupplySettings(voltage: Volts(is12Volts ? 12 : 5)))
        return DynamixelLine(
            VirtualBus(
                wire: DynamixelWire(servos), body: body, line: LineSettings(rate: rate),
                faults: try FaultPlan(parsing: faults, seed: seed)))
    }

    private static func driver(
        on line: DynamixelLine, _ joints: [Dynamixel.Joint], _ watchdog: Dynamixel.BusWatchdog
    ) throws -> Driver {
        try present(Driver(line.port(), rate: rate, joints: joints, settings: .init(watchdog: watchdog)))
    }

    /// Later than anything that works.
    var soon: MonotonicInstant { line.now + .seconds(20) }

    func number(_ item: Dynamixel.Item, of slave: Int = 0) -> Int64? { line.bus.wire.number(item, of: slave) }

    /// One tick of a loop: read, write, wait until the period is over.
    mutating func tick(
        _ goals: PerJoint<JointGoal>, _ samples: inout PerJoint<JointSample>, period: Duration = .milliseconds(10)
    ) throws(BusError) -> JointSet {
        let end = line.now + period
        let fresh = try driver.readStates(into: &samples, by: end)
        try driver.writeGoals(goals, by: end)
        if line.now < end { line.advance(by: end - line.now) }
        return fresh
    }
}

func joint(_ number: UInt8) throws -> JointIndex { try #require(JointIndex(number)) }

/// The same goal for every joint.
func goals(_ goal: JointGoal) -> PerJoint<JointGoal> { PerJoint(repeating: goal) }

var unknownSamples: PerJoint<JointSample> { PerJoint(repeating: .unknown) }

/// `#require` for what cannot be copied.
func present<Thing: ~Copyable>(_ thing: consuming Thing?) throws -> Thing {
    guard let thing = thing.take() else { throw Missing() }
    return thing
}

struct Missing: Error {}

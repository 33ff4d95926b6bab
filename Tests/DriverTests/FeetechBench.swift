import Actuators
import Ports
import Quantities
import Testing
import VirtualRobot
import Simulator

typealias FeetechLine = Lockstep<FeetechWire, LooseJoints>
typealias FeetechDriver = FeetechBus<SteppedLink>
typealias FeetechMaster = Feetech.Master<SteppedLink>

/// A driver and the bus it drives, with the time of the bus.
struct FeetechBench: ~Copyable {
    let line: FeetechLine
    var driver: FeetechDriver

    /// Servos 1, 2, … at 1 Mbaud, set up as they should be; `change` is for what should not be.
    init(
        _ model: Feetech.Model = .sts3215, count: UInt8 = 3, mode: Feetech.OperatingMode = .position,
        supply: Volts = Volts(7.4), faults: String = "", seed: UInt64 = 1, readingAtZero: Int32 = 2_048,
        identities change: (inout [FeetechServo.Identity]) throws -> Void = { _ in },
        registers store: (inout FeetechMaster, MonotonicInstant) throws -> Void = { _, _ in }
    ) throws {
        let ids = try (1...count).map { try #require(Feetech.ServoID($0)) }
        var identities = ids.map {
            FeetechServo.Identity(id: $0, model: model, supply: .sevenVolts, readingAtZero: readingAtZero)
        }
        try change(&identities)
        let line = FeetechLine(
            VirtualBus(
                wire: FeetechWire(identities),
                body: LooseJoints(
                    [MotorSettings](repeating: .sts3215, count: Int(count)), supply: SupplySettings(voltage: supply)),
                line: LineSettings(rate: Self.rate), faults: try FaultPlan(parsing: faults, seed: seed)))
        var master = FeetechMaster(line.port(), rate: Self.rate)
        for id in ids {
            try master.store(0, in: .returnDelay, of: id, by: line.now + .seconds(5))
            try master.store(Int32(mode.rawValue), in: .mode, of: id, by: line.now + .seconds(5))
        }
        try store(&master, line.now + .seconds(5))
        let joints = try ids.map { try Self.joint($0, model, mode) }
        let driver = try present(FeetechDriver(line.port(), rate: Self.rate, joints: joints))
        self.line = line
        self.driver = driver
    }

    static let rate = BaudRate(1_000_000)

    static func joint(
        _ id: Feetech.ServoID, _ model: Feetech.Model, _ mode: Feetech.OperatingMode
    ) throws -> Feetech.Joint {
        let mounting = try #require(JointMounting(zero: Radians(.pi), torque: .atFullDuty(NewtonMetres(1.9))))
        return try #require(
            Feetech.Joint(id: id, model: model, mode: mode, mounting: mounting, torqueLimit: Duty(0.6)))
    }

    var counters: BusCounters { driver.counters }
    var latched: JointSet { driver.latched }
    var isArmed: Bool { driver.isArmed }

    /// Later than anything that works.
    var soon: MonotonicInstant { line.now + .seconds(20) }

    func number(_ item: Feetech.Item, of slave: Int = 0) -> Int { line.bus.wire.number(item, of: slave) }

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

    func expectTrue(_ sample: JointSample, of joint: JointIndex) {
        let truth = line.bus.body.state(of: Int(joint.rawValue))
        #expect(abs(sample.position.value - truth.position.value) < 0.004)
        #expect(abs(sample.voltage.value - truth.voltage.value) < 0.11)
        #expect(abs(sample.temperature.value - truth.temperature.value) < 1.01)
        #expect(!sample.isDriven)
    }
}

func feetechID(_ number: UInt8) throws -> Feetech.ServoID { try #require(Feetech.ServoID(number)) }

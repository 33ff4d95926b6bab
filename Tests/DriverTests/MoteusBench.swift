import Actuators
import Ports
import Quantities
import Testing
import VirtualRobot
import Simulator

typealias MoteusLine = Lockstep<MoteusWire, LooseJoints>
typealias MoteusDriver = MoteusBus<SteppedLink>

/// A driver and the bus it drives, with the time of the bus.
struct MoteusBench: ~Copyable {
    let line: MoteusLine
    var driver: MoteusDriver

    /// Controllers 1, 2, …; over a serial line every text line has a checksum.
    init(
        count: UInt8 = 3, adapter: MoteusWire.Adapter = .serial, supply: Volts = Volts(24), faults: String = "",
        seed: UInt64 = 1, watchdog: Seconds = Seconds(0.1), units: [UInt8: UInt8] = [:],
        patience: Duration = .milliseconds(20)
    ) throws {
        let identities = try (1...count).map { try Self.identity($0) }
        // A motor without a gear has little friction; the controller's spring is as soft as it is delivered.
        var motor = MotorSettings.xm430
        motor.coulombFriction = NewtonMetres(0.01)
        let rate = adapter == .serial ? BaudRate(921_600) : nil
        let line = MoteusLine(
            VirtualBus(
                wire: MoteusWire(identities, adapter: adapter),
                body: LooseJoints(
                    [MotorSettings](repeating: motor, count: Int(count)), supply: SupplySettings(voltage: supply)),
                line: LineSettings(rate: rate, isShared: false), faults: try FaultPlan(parsing: faults, seed: seed)))
        let joints = try (1...count).map { try Self.joint($0, unit: units[$0]) }
        let settings = try #require(Moteus.DriverSettings(watchdog: watchdog))
        let driver = try present(
            MoteusDriver(
                line.port(), rate: rate, hasChecksum: adapter == .serial, joints: joints, settings: settings,
                patience: patience))
        self.line = line
        self.driver = driver
    }

    static func identity(_ id: UInt8) throws -> MoteusController.Identity {
        try #require(MoteusController.Identity(id: id, rpmPerVolt: 30, winding: 0.2, outputRatio: 0.1))
    }

    static func joint(_ id: UInt8, unit: UInt8? = nil) throws -> Moteus.Joint {
        let id = try #require(Moteus.ControllerID(id))
        let mounting = try #require(JointMounting(torque: .perAmpere(NewtonMetres(2))))
        return try #require(
            Moteus.Joint(
                id: id, mounting: mounting, maximumTorque: NewtonMetres(1.5),
                unit: unit.map { id in
                    Moteus.UnitID(SIMD4(0x150, 0x151, 0x152, 0x153) &<< 8 | SIMD4(repeating: UInt32(id)))
                }))
    }

    var counters: BusCounters { driver.counters }
    var latched: JointSet { driver.latched }
    var isArmed: Bool { driver.isArmed }

    /// Later than anything that works.
    var soon: MonotonicInstant { line.now + .seconds(20) }

    func mode(of slave: Int) -> Moteus.Mode { line.bus.wire.controllers[slave].mode }

    /// One tick of a loop: read, write, wait until the period is over.
    mutating func tick(
        _ goals: PerJoint<JointGoal>, _ samples: inout PerJoint<JointSample>, period: Duration = .milliseconds(20)
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

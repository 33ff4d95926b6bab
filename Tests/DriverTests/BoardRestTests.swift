import Actuators
import BoardLink
import Ports
import Quantities
import Simulator
import Testing
import VirtualRobot

/// A board whose motor carries a weight on a rod, and lets go of it while nobody drives it.
@Suite struct BoardRestTests {
    private static let rod = """
        <mujoco><compiler angle="radian"/><size njmax="8" nconmax="2" nstack="4096"/><worldbody><body name="rod">
          <joint name="rod" type="hinge" axis="0 1 0" damping="DAMPING"/><inertial pos="0 0 -0.2" mass="0.3"
          diaginertia="0.001 0.001 0.001"/></body></worldbody></mujoco>
        """

    private func line(damping: String, start: Float) throws -> Lockstep<BoardWire, RobotBody> {
        let mjcf = Self.rod.replacing("DAMPING", with: damping)
        let body = try RobotBody(
            BodySettings(
                mjcf: mjcf, joints: [BodyJoint("rod", ServoProduct.legMotor.metal, start: Radians(start))],
                supply: SupplySettings(voltage: Volts(24))))
        let hardware = BoardHardware(joints: .one, torqueConstant: NewtonMetresPerAmpere(0.147))
        return Lockstep(
            VirtualBus(wire: BoardWire(hardware), body: body, line: LineSettings(rate: nil, isShared: false)))
    }

    private func driver(
        of line: Lockstep<BoardWire, RobotBody>, speed: RadiansPerSecond
    ) throws -> BoardBus<SteppedLink> {
        let position = try #require(Limit(Radians(-3), Radians(3)))
        let supply = try #require(Limit(Volts(20), Volts(28)))
        let bounds = try #require(
            JointBounds(
                joint: .first, position: position, speed: speed, effort: NewtonMetres(2), temperature: Celsius(60),
                current: Amperes(14), braking: RadiansPerSecondSquared(60)))
        let configuration = try #require(
            Configure(envelope: EnvelopeHash(DoubleWord(7)), supply: supply, silence: Ticks(100), bounds))
        let settings = try #require(Board.Settings(configuration))
        return try present(BoardBus(line.port(), rate: nil, settings: settings))
    }

    @Test("what falls when it is let go comes to rest before the watchdog is proven")
    func falling() throws {
        let line = try line(damping: "0.1", start: 1.2)
        // It falls quicker than the board allows.
        var driver = try driver(of: line, speed: RadiansPerSecond(4))
        try driver.arm(by: line.now + .seconds(20))
        #expect(line.bus.wire.mode == .armed)
        let armed = line.bus.body.state(of: 0)
        #expect(abs(armed.position.value) < 0.2)
        #expect(armed.speed.magnitude < RadiansPerSecond(1))
        try driver.disarm(by: line.now + .seconds(1))
    }

    @Test("what swings on until the deadline is named, and stays off")
    func swinging() throws {
        let line = try line(damping: "0", start: 1.2)
        var driver = try driver(of: line, speed: RadiansPerSecond(20))
        #expect(throws: BusError.notAtRest(JointSet(.first))) { try driver.arm(by: line.now + .seconds(1)) }
        #expect(line.bus.wire.mode == .disarmed)
    }
}

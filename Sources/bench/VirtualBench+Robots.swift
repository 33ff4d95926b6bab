import Actuators
import BoardLink
import Embodiment
import Glibc
import Ports
import Quantities
import Robots
import Simulator
import VirtualRobot

// What is driven, and by what.
extension VirtualBench {
    private static let rate = BaudRate(1_000_000)

    private static func mounting(_ torque: JointMounting.Torque) throws -> JointMounting {
        guard let mounting = JointMounting(zero: Radians(.pi), torque: torque) else { throw PortError.unsuitable }
        return mounting
    }

    static func dynamixelBus<Body: VirtualBody>(_ body: Body) -> VirtualBus<DynamixelWire, Body> {
        VirtualBus(
            wire: DynamixelWire(DynamixelServo.set(.xl330M288, count: UInt8(body.jointCount))), body: body,
            line: LineSettings(rate: rate))
    }

    /// A robot of the folder, at the start of an episode.
    static func body(_ name: String) -> RobotBody {
        let robot = GapRobot(name)
        return robot.body(seed: 1, spread: robot.file.body.spread, starts: robot.file.starts.map(\.position.value))
    }

    static func dynamixel(_ body: some VirtualBody) throws -> (Double, Double) {
        let count = UInt8(body.jointCount)
        let mounting = try mounting(.perAmpere(NewtonMetres(0.4)))
        let joints = DynamixelServo.set(.xl330M288, count: count).compactMap {
            Dynamixel.Joint(id: $0.id, model: $0.model, mode: .position, mounting: mounting)
        }
        let inside = Lockstep(dynamixelBus(body)).port()
        guard let near = Actuators.DynamixelBus(inside, rate: rate, joints: joints) else { throw PortError.missing }
        let host = try Socket(dynamixelBus(body))
        guard let far = Actuators.DynamixelBus(try host.link(), rate: rate, joints: joints) else {
            throw PortError.missing
        }
        return (try seconds(near), try seconds(far))
    }

    static func feetech<Body: VirtualBody>(_ body: Body) throws -> (Double, Double) {
        let ids = (1...UInt8(body.jointCount)).compactMap(Feetech.ServoID.init)
        func bus() -> VirtualBus<FeetechWire, Body> {
            let wire = FeetechWire(ids.map { FeetechServo.Identity(id: $0, model: .sts3215, supply: .twelveVolts) })
            return VirtualBus(wire: wire, body: body, line: LineSettings(rate: rate))
        }
        let mounting = try mounting(.atFullDuty(NewtonMetres(1.9)))
        let joints = ids.compactMap {
            Feetech.Joint(id: $0, model: .sts3215, mode: .position, mounting: mounting, torqueLimit: Duty(0.6))
        }
        guard let near = Actuators.FeetechBus(try setUp(ids, Lockstep(bus()).port()), rate: rate, joints: joints) else {
            throw PortError.missing
        }
        let host = try Socket(bus())
        guard let far = Actuators.FeetechBus(try setUp(ids, try host.link()), rate: rate, joints: joints) else {
            throw PortError.missing
        }
        return (try seconds(near), try seconds(far))
    }

    /// Servos from the box wait before they answer; no robot of ours leaves them so.
    private static func setUp<Port: BytePort & ~Copyable>(
        _ ids: [Feetech.ServoID], _ port: consuming Port
    ) throws -> Port {
        var master = Feetech.Master(port, rate: rate)
        for id in ids { try master.store(0, in: .returnDelay, of: id, by: master.now + .seconds(5)) }
        return master.takePort()
    }

    /// Two loose joints of our board.
    static func looseBoard() throws -> (Double, Double) {
        let hardware = BoardHardware(joints: .two, torqueConstant: MotorSettings.sts3215.torqueConstant)
        return try board(BoardWire(hardware), LooseJoints.sts3215(2))
    }

    /// A robot of the folder with our board, lying as it lies when nobody drives it.
    static func board(robot name: String) throws -> (Double, Double) {
        let robot = GapRobot(name)
        var body = body(name)
        body.settle(for: Seconds(3))
        return try board(robot.file.boardWire(), body)
    }

    private static func board<Body: VirtualBody>(
        _ wire: @autoclosure () throws -> BoardWire, _ body: Body
    ) throws -> (Double, Double) {
        // A board is one thing: each line gets its own.
        func bus() throws -> VirtualBus<BoardWire, Body> { VirtualBus(wire: try wire(), body: body, line: .adapter) }
        let settings = try boardSettings()
        guard let near = BoardBus(Lockstep(try bus()).port(), rate: nil, settings: settings) else {
            throw PortError.missing
        }
        let host = try Socket(try bus())
        guard let far = BoardBus(try host.link(), rate: nil, settings: settings) else { throw PortError.missing }
        return (try seconds(near), try seconds(far))
    }

    private static func boardSettings() throws -> Board.Settings {
        guard let position = Limit(Radians(-3), Radians(3)), let supply = Limit(Volts(6), Volts(28)) else {
            throw PortError.unsuitable
        }
        let bounds = [UInt8(0), 1].compactMap(JointIndex.init).compactMap {
            JointBounds(
                joint: $0, position: position, speed: RadiansPerSecond(4), effort: NewtonMetres(3),
                temperature: Celsius(70), current: Amperes(2), braking: RadiansPerSecondSquared(60))
        }
        guard
            let configuration = Configure(
                envelope: EnvelopeHash(DoubleWord(1)), supply: supply, silence: Ticks(100), bounds[0], bounds[1]),
            let settings = Board.Settings(configuration)
        else { throw PortError.unsuitable }
        return settings
    }

    private static func seconds<Driver: Bus & ~Copyable>(_ driver: consuming Driver) throws -> Double {
        var driver = driver
        try driver.arm(by: driver.now + .seconds(10))
        var samples = PerJoint(repeating: JointSample.unknown)
        _ = try driver.readStates(into: &samples, by: driver.now + .seconds(1))
        var goals = PerJoint(repeating: JointGoal.position(.zero))
        for position in UInt8(0)..<driver.joints.rawValue {
            if let joint = JointIndex(position) { goals[joint] = .position(samples[joint].position) }
        }
        let began = MonotonicInstant.now()
        var tick = driver.now
        for _ in 0..<ticks {
            tick = tick + period
            _ = try driver.readStates(into: &samples, by: tick)
            // A board's report may come with the tick itself.
            try driver.writeGoals(goals, by: tick + period)
            try driver.sleep(until: tick)
        }
        let took = MonotonicInstant.now() - began
        try driver.disarm(by: driver.now + .seconds(10))
        return took / .seconds(1)
    }

    /// A host in lockstep at a socket of its own.
    private struct Socket<Wire: VirtualWire, Body: VirtualBody>: ~Copyable {
        private let host: LockstepHost<Wire, Body>

        init(_ bus: VirtualBus<Wire, Body>) throws {
            let path = "/tmp/bench-virtual-\(getpid())"
            host = try LockstepHost(bus, on: SocketListener(at: path))
        }

        func link() throws -> LockstepLink { try LockstepLink(to: host.path) }
    }
}

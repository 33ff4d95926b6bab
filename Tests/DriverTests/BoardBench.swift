import Actuators
import BoardFirmware
import BoardLink
import Ports
import Quantities
import Testing
import VirtualRobot
import Simulator

typealias BoardLine = Lockstep<BoardWire, LooseJoints>
typealias BoardDriver = BoardBus<SteppedLink>

/// A driver and the board it drives, with the time of the board.
struct BoardBench: ~Copyable {
    let line: BoardLine
    var driver: BoardDriver

    init(
        faults: String = "", seed: UInt64 = 1, silence: Int32 = 100, chip: ChipIdentifier? = nil,
        hardware change: (inout BoardHardware) -> Void = { _ in }
    ) throws {
        var hardware = BoardHardware(joints: .two, torqueConstant: MotorSettings.sts3215.torqueConstant)
        hardware.most.silence = Ticks(1_000)
        change(&hardware)
        let count = Int(hardware.joints.rawValue)
        let line = BoardLine(
            VirtualBus(
                wire: BoardWire(hardware), body: LooseJoints.sts3215(count),
                line: LineSettings(rate: nil, isShared: false), faults: try FaultPlan(parsing: faults, seed: seed)))
        let settings = try Self.settings(silence: silence, chip: chip)
        let driver = try present(BoardDriver(line.port(), rate: nil, settings: settings))
        self.line = line
        self.driver = driver
    }

    static func settings(silence: Int32, chip: ChipIdentifier? = nil) throws -> Board.Settings {
        let position = try #require(Limit(Radians(-2), Radians(2)))
        let supply = try #require(Limit(Volts(6), Volts(9)))
        // The board's first joint is the robot's second one.
        let bounds = try [1, 0].map { number in
            try #require(
                JointBounds(
                    joint: joint(number), position: position, speed: RadiansPerSecond(4), effort: NewtonMetres(3),
                    temperature: Celsius(70), current: Amperes(2), braking: RadiansPerSecondSquared(60)))
        }
        let configuration = try #require(
            Configure(
                envelope: EnvelopeHash(DoubleWord(0x1234)), supply: supply, silence: Ticks(silence), bounds[0],
                bounds[1]))
        return try #require(Board.Settings(configuration, chip: chip))
    }

    var counters: BusCounters { driver.counters }
    var latched: JointSet { driver.latched }
    var isArmed: Bool { driver.isArmed }
    var mode: BoardMode { line.bus.wire.mode }

    /// Later than anything that works.
    var soon: MonotonicInstant { line.now + .seconds(20) }

    /// Of the robot's joint; the body counts those of the board.
    func truth(_ joint: JointIndex) -> MotorState { line.bus.body.state(of: joint == .first ? 1 : 0) }

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
}

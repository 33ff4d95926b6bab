public import Actuators
internal import Ports
internal import Quantities
public import Supervision
public import Threads

/// The one thread that moves the robot: observe, ask the program, supervise, command, record, each tick.
///
/// It owns the bus and the supervisor and meets the rest of the house in rings of fixed size. A watched tick allocates
/// nothing, takes no lock and never waits for anybody but the bus. Whatever ends the thread switches the outputs off.
public final class ControlLoop<Robot: Bus & ~Copyable, Program: Pilot> {
    var robot: Robot
    var supervisor: Supervisor
    let settings: LoopSettings
    let channels: LoopChannels<Program>
    var metronome: Metronome
    var timing = LoopTiming()
    var samples = PerJoint<JointSample>(repeating: .unknown)
    var readings = PerJoint<JointReading>(repeating: .unknown)
    var asked = PerJoint<JointCommand>(repeating: .off)
    /// A permit that waits for the first healthy tick with the actuators switched on.
    var permit: EpisodePermit?
    var flight: Flight<Program>?
    var number: UInt64 = 0
    var stopsSeen: UInt64
    var isOver = false

    public init(
        _ robot: consuming Robot, under supervisor: consuming Supervisor, settings: LoopSettings,
        channels: LoopChannels<Program>
    ) {
        guard robot.joints == supervisor.envelope.count else { preconditionFailure("one envelope for each joint") }
        metronome = Metronome(period: supervisor.envelope.robot.period, from: robot.now)
        self.robot = robot
        self.supervisor = supervisor
        self.settings = settings
        self.channels = channels
        stopsSeen = channels.inputs.stopCount
    }

    /// Runs until it is told to quit; then the robot has been stopped and switched off, as far as the bus allows.
    public func run() {
        if let priority = settings.priority {
            channels.tell(.rights(RealTimeRights.claim(priority: priority, name: "understudy-loop")))
        }
        while !isOver { turn() }
        channels.tell(.over)
    }

    /// One turn: waits for the next tick, does what was ordered, and ticks while the robot is watched.
    public func turn() {
        robot.wait(until: metronome.due)
        obey()
        guard supervisor.mode.isWatched else { return metronome.restart(at: robot.now) }
        tick()
        timing.misses += metronome.advance(at: robot.now)
    }
}

/// An episode under way, from its permit to the robot's rest.
struct Flight<Program: Pilot> {
    let serial: UInt64
    var program: Program
    /// Ticks for which the program was in command.
    var ticks = Ticks.zero
    var cause: Fault?
    var hasBegun = false
}

/// Where the loop meets the other threads.
public struct LoopChannels<Program: Pilot>: Sendable {
    public let orders: Ring<Order<Program>>
    public let reports: Ring<LoopReport>
    public let ticks: Ring<TickRecord>
    public let inputs: LoopInputs

    public init(orders: Int = 64, reports: Int = 256, ticks: Int = 1_024) {
        self.orders = Ring(capacity: orders)
        self.reports = Ring(capacity: reports)
        self.ticks = Ring(capacity: ticks)
        inputs = LoopInputs()
    }

    /// A report that does not fit is counted by its ring; whoever reads it must not miss that.
    func tell(_ report: LoopReport) { _ = reports.append(report) }
}

extension JointReading {
    /// Before the first answer; nothing compares well with it.
    static let unknown = JointReading(
        position: Radians(.nan), speed: RadiansPerSecond(.nan), effort: NewtonMetres(.nan), current: Amperes(.nan),
        temperature: Celsius(.nan), voltage: Volts(.nan), motionAge: Seconds(.infinity),
        temperatureAge: Seconds(.infinity), voltageAge: Seconds(.infinity))
}

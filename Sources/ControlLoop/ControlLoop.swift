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
    var channels: LoopEnd<Program>
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
        channels: consuming LoopEnd<Program>
    ) {
        guard robot.joints == supervisor.envelope.count else { preconditionFailure("one envelope for each joint") }
        metronome = Metronome(period: supervisor.envelope.robot.period, from: robot.now)
        self.robot = robot
        self.supervisor = supervisor
        self.settings = settings
        stopsSeen = channels.inputs.stopCount
        self.channels = channels
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
        waitUntilDue()
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

/// Where the loop meets the other threads, to be taken apart: each end belongs to one thread.
@frozen public struct LoopChannels<Program: Pilot>: ~Copyable, Sendable {
    public var loop: LoopEnd<Program>
    public var outside: OutsideEnd<Program>

    public init(orders: Int = 64, reports: Int = 256, ticks: Int = 1_024) {
        let orders = Ring<Order<Program>>(capacity: orders)
        let reports = Ring<LoopReport>(capacity: reports)
        let ticks = Ring<TickRecord>(capacity: ticks)
        let inputs = LoopInputs()
        loop = LoopEnd(orders.consumer, reports.producer, ticks.producer, inputs)
        outside = OutsideEnd(orders.producer, reports.consumer, ticks.consumer, inputs)
    }
}

/// The end of whoever gives orders: what it may do is in `LoopInputs`, and in what it puts in and takes out here.
@frozen public struct OutsideEnd<Program: Pilot>: ~Copyable, Sendable {
    public var orders: RingProducer<Order<Program>>
    public var reports: RingConsumer<LoopReport>
    public var ticks: RingConsumer<TickRecord>
    public let inputs: LoopInputs

    init(
        _ orders: consuming RingProducer<Order<Program>>, _ reports: consuming RingConsumer<LoopReport>,
        _ ticks: consuming RingConsumer<TickRecord>, _ inputs: LoopInputs
    ) {
        self.orders = orders
        self.reports = reports
        self.ticks = ticks
        self.inputs = inputs
    }
}

/// The loop's own end.
@frozen public struct LoopEnd<Program: Pilot>: ~Copyable, Sendable {
    var orders: RingConsumer<Order<Program>>
    var reports: RingProducer<LoopReport>
    var ticks: RingProducer<TickRecord>
    let inputs: LoopInputs

    init(
        _ orders: consuming RingConsumer<Order<Program>>, _ reports: consuming RingProducer<LoopReport>,
        _ ticks: consuming RingProducer<TickRecord>, _ inputs: LoopInputs
    ) {
        self.orders = orders
        self.reports = reports
        self.ticks = ticks
        self.inputs = inputs
    }

    /// A report that does not fit is counted by its ring; whoever reads it must not miss that.
    mutating func tell(_ report: LoopReport) { _ = reports.append(report) }
}

extension JointReading {
    /// Before the first answer; nothing compares well with it.
    static let unknown = JointReading(
        position: Radians(.nan), speed: RadiansPerSecond(.nan), effort: NewtonMetres(.nan), current: Amperes(.nan),
        temperature: Celsius(.nan), voltage: Volts(.nan), motionAge: Seconds(.infinity),
        temperatureAge: Seconds(.infinity), voltageAge: Seconds(.infinity))
}

public import Actuators
public import Ports
public import Quantities
public import Supervision
public import Threads

/// Where the robot stands: what anybody may look at, at any time, without a tick noticing.
public struct LoopStatus: Sendable {
    /// On the robot's clock.
    public internal(set) var instant = MonotonicInstant.past
    public internal(set) var mode = Mode.unknown
    /// The first fault of the stop or latch that the mode is in; before any motion, of whatever keeps permits away.
    public internal(set) var cause: Fault?
    /// What the latest judged tick found.
    public internal(set) var finding: Finding?
    /// Whether nothing was found and no joint moved for as long as the envelope says that rest takes.
    public internal(set) var isAtRest = false
    /// The approval under which the robot moves.
    public internal(set) var serial: UInt64?
    public internal(set) var leg: Leg?
    /// For how long the pilot has been in command.
    public internal(set) var flown = Ticks.zero
    /// Whether the actuators are switched on, as far as the loop has told them.
    public internal(set) var isArmed = false
    /// Who answered on the latest tick.
    public internal(set) var answered = JointSet()
    /// Joints whose actuator has complained.
    public internal(set) var complaining = JointSet()
    public internal(set) var samples = PerJoint<JointSample>(repeating: .unknown)
    public internal(set) var readings = PerJoint<JointReading>(repeating: .unknown)
    public internal(set) var sensors = SensorReadings(repeating: .nan)
    public internal(set) var punctuality = Punctuality()
    public internal(set) var counters = BusCounters()
    /// Ticks that nobody took out of the ring in time.
    public internal(set) var ticksDropped: UInt64 = 0
    public internal(set) var reportsDropped: UInt64 = 0
    /// What the system gave the thread; nil when nothing was asked of it.
    public internal(set) var rights: RealTimeRights?

    public init() {}
}

/// How punctual the loop has been since it began. The quantiles are as of the latest 64th tick.
public struct Punctuality: Sendable {
    public internal(set) var ticks: UInt64 = 0
    public internal(set) var misses: UInt64 = 0
    public internal(set) var medianLateness = Duration.zero
    /// One tick in a hundred began later.
    public internal(set) var highLateness = Duration.zero
    public internal(set) var worstLateness = Duration.zero
    /// One tick in a hundred took longer, from its beginning until its commands were handed over.
    public internal(set) var highWork = Duration.zero
    /// How many ticks began less late than each of `LatencyHistogram.doubling`; all of them; and their lateness together.
    public internal(set) var doublings = InlineArray<14, UInt64>(repeating: 0)
    public internal(set) var counted: UInt64 = 0
    public internal(set) var lateness = Duration.zero

    public init() {}

    mutating func follow(_ timing: borrowing LoopTiming) {
        ticks = timing.lateness.count
        misses = timing.misses
        guard ticks > 0 else { return }
        worstLateness = .nanoseconds(timing.lateness.most)
        guard ticks % 64 == 1 else { return }
        medianLateness = .nanoseconds(timing.lateness.quantile(0.5) ?? 0)
        highLateness = .nanoseconds(timing.lateness.quantile(0.99) ?? 0)
        highWork = .nanoseconds(timing.work.quantile(0.99) ?? 0)
        doublings = timing.lateness.doublings
        counted = timing.lateness.count
        lateness = .nanoseconds(timing.lateness.sumNanoseconds)
    }
}

extension ControlLoop where Robot: ~Copyable {
    func publish() {
        status.instant = robot.now
        status.mode = supervisor.mode
        status.cause = cause
        status.finding = supervisor.latestFinding
        status.isAtRest = restful >= supervisor.envelope.robot.times.rest
        status.serial = flight?.serial
        status.leg = flight?.pilot.leg
        status.flown = flight?.ticks ?? .zero
        status.isArmed = robot.isArmed
        status.answered = answered
        status.complaining = robot.latched
        status.samples = samples
        status.readings = readings
        status.sensors = sensors
        status.punctuality.follow(timing)
        status.counters = robot.counters
        status.ticksDropped = channels.ticks.dropped
        status.reportsDropped = channels.reports.dropped
        status.rights = rights
        channels.status.publish(status)
    }
}

public import Actuators
public import Ports
public import Quantities
public import Supervision

/// Everything about one tick. The three truths of a joint are `asked`, `verdict.commands` and what its sample says of
/// the goal that the actuator follows.
public struct TickRecord: Sendable {
    public var number: UInt64 = 0
    /// The approval under which the robot moves; nil while it is only watched.
    public var serial: UInt64?
    /// Which part of the flight is under way.
    public var leg: Leg?
    public var moments: TickMoments
    public var elapsed: Seconds
    public var answered = JointSet()
    public var samples: PerJoint<JointSample>
    /// What is measured beside the joints, in the order of the robot's file.
    public var sensors: SensorReadings
    public var asked: PerJoint<JointCommand>
    public var verdict: Verdict
    public var mode: Mode
    /// Whether the commands were handed to the bus.
    public var isSent = false
}

/// When the parts of a tick were.
public struct TickMoments: Equatable, Sendable {
    public var due: MonotonicInstant
    public var began: MonotonicInstant
    public var read: MonotonicInstant
    public var judged: MonotonicInstant
    public var sent: MonotonicInstant
}

/// How punctual the loop is, since it began.
public struct LoopTiming: Sendable {
    /// How late a tick began.
    public internal(set) var lateness = LatencyHistogram()
    /// From its beginning until its commands were handed over.
    public internal(set) var work = LatencyHistogram()
    /// What of that was neither the bus nor waiting for it: the pilot and the supervisor.
    public internal(set) var thinking = LatencyHistogram()
    /// From one tick to the next.
    public internal(set) var span = LatencyHistogram()
    /// Ticks that were left out because the one before took too long.
    public internal(set) var misses: UInt64 = 0

    public init() {}

    mutating func record(_ moments: TickMoments, elapsed: Duration) {
        lateness.record(moments.began - moments.due)
        work.record(moments.sent - moments.began)
        thinking.record(moments.judged - moments.read)
        span.record(elapsed)
    }
}

extension LatencyHistogram {
    mutating func record(_ span: Duration) {
        let (seconds, attoseconds) = span.components
        record(nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}

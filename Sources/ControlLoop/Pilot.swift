public import Ports
public import Quantities
public import Supervision

/// What a pilot sees of the robot on one tick.
public struct Moment: Sendable {
    /// Counts the ticks on which the pilot was asked, from zero.
    public let tick: Ticks
    public let instant: MonotonicInstant
    public let readings: PerJoint<JointReading>
    /// What the joints were told last: what the supervisor made of what was asked.
    public let sent: PerJoint<JointCommand>
    /// What the robot's other sensors say, in the order of its file; not a number where nothing tells it.
    public let sensors: SensorReadings

    public init(
        tick: Ticks, instant: MonotonicInstant, readings: PerJoint<JointReading>, sent: PerJoint<JointCommand>,
        sensors: SensorReadings = SensorReadings(repeating: .nan)
    ) {
        self.tick = tick
        self.instant = instant
        self.readings = readings
        self.sent = sent
        self.sensors = sensors
    }
}

/// As many as a board can tell at most.
public typealias SensorReadings = InlineArray<8, Float>

/// What a pilot wants next.
public enum Intent: Equatable, Sendable {
    case goOn
    /// It has done what it was for, or cannot: the robot stops by the ladder, as after every flight.
    case finish
}

/// Which part of a flight is under way.
public enum Leg: UInt8, Equatable, Sendable {
    case reset = 1
    case episode = 2
    case motions = 3
}

/// What asks for motion during one flight: the way back to the start, and a policy or motions that are planned.
///
/// A pilot never reaches the robot; the supervisor judges what it asks. It lives on the loop's thread, and what is called
/// every tick must neither allocate nor wait.
public protocol Pilot: AnyObject {
    var leg: Leg { get }
    /// What came of the flight so far.
    var result: FlightResult { get }

    /// Writes what every joint is asked to do on this tick.
    func act(_ moment: borrowing Moment, into commands: inout PerJoint<JointCommand>) -> Intent

    /// The approved band of the tick on which it was asked last, where there is one.
    func tube() -> Tube?
}

/// What a pilot is made of: a value that another thread hands to the loop. The loop makes the pilot of it, with all the
/// memory that it needs, before anything is switched on.
public protocol FlightProgram: Sendable {
    associatedtype Flown: Pilot

    func makePilot() -> Flown
}

/// What a flight came to, beside how the robot stopped.
public enum FlightResult: Equatable, Sendable {
    /// It was stopped before it came to anything.
    case none
    /// The robot stands at its start.
    case atStart
    /// The robot did not get to its start; the episode was not begun.
    case resetFailed(ResetTrouble)
    case moved(MotionEnding)
    /// The episode ended by itself.
    case ended(EpisodeEnding, isSuccess: Bool)
}

/// How an episode can end by itself.
public enum EpisodeEnding: Equatable, Sendable {
    case horizon
    /// A condition of the task, by its place among those of its kind.
    case failure(Int)
    case done(Int)
}

public import Ports
public import Quantities
public import Supervision

/// What a pilot sees of the robot on one tick.
public struct Moment: Sendable {
    /// Counts from zero at the beginning of the episode.
    public let tick: Ticks
    public let instant: MonotonicInstant
    public let readings: PerJoint<JointReading>
}

/// What a pilot wants next.
public enum Intent: Equatable, Sendable {
    case goOn
    /// It has done what it was for: the robot stops by the ladder, as after every episode.
    case finish
}

/// What asks for motion during one episode: a policy, the way back to the start, a calibration motion.
///
/// A pilot never reaches the robot; the supervisor judges what it asks. Its methods are called on the loop's thread and
/// must neither allocate nor wait.
public protocol Pilot: Sendable {
    /// Writes what every joint is asked to do on this tick.
    mutating func act(_ moment: borrowing Moment, into commands: inout PerJoint<JointCommand>) -> Intent

    /// The approved band of a tick, where there is one.
    func tube(at tick: Ticks) -> Tube?
}

extension Pilot {
    public func tube(at tick: Ticks) -> Tube? { nil }
}

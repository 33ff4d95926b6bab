/// What the supervisor can object to. Every verdict names one; lower numbers are judged first.
public enum Rule: UInt8, Equatable, Sendable {
    /// Nothing objected.
    case none = 0
    /// A number is NaN or infinite.
    case finite = 1
    /// A sensor has been silent for too long.
    case staleness = 2
    /// A tick came late or the clock moved backwards.
    case deadline = 3
    /// A position moved further than a joint can.
    case jump = 4
    /// The joint could not be stopped before its position limit.
    case stopping = 5
    case position = 6
    case speed = 7
    /// The command changes its speed too quickly.
    case acceleration = 8
    case effort = 9
    case effortSlew = 10
    /// The command is too far from the measurement.
    case tracking = 11
    /// The approved band around the expected motion.
    case tube = 12
    case temperature = 13
    /// The motor model runs out of seconds at this load.
    case thermal = 14
    case voltage = 15
    case power = 16
    case energy = 17
    case commandRate = 18
    /// The stop ladder itself: its time-outs, and stops that came from outside the tick.
    case ladder = 19
}

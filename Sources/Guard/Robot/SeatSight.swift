public import Episodes
public import Quantities
public import Supervision

/// What can be seen of the robot at one moment.
public struct SeatSight: Sendable {
    /// What is known of the watchdog inside an actuator.
    public enum Watchdog: Equatable, Sendable {
        /// This kind of actuator has none.
        case absent
        case off
        case armed
        /// Armed, and it was seen to stop its joint.
        case proven(at: WallInstant)
        /// Its bus lets it prove itself each time that it is switched on, before anything moves.
        case provenWhenSwitchedOn
        case tripped
    }

    public enum DeadMan: Equatable, Sendable { case none, held, released }

    public struct Joint: Equatable, Sendable {
        public var reading: JointReading
        public var isOn: Bool
        public var watchdog: Watchdog

        public init(reading: JointReading, isOn: Bool, watchdog: Watchdog) {
            self.reading = reading
            self.isOn = isOn
            self.watchdog = watchdog
        }
    }

    public struct Timing: Sendable {
        public var ticks: UInt64 = 0
        public var missed: UInt64 = 0
        public var lateHalf = Duration.zero
        public var lateHundredth = Duration.zero
        public var lateWorst = Duration.zero
        public var workHundredth = Duration.zero
        /// How many ticks began at most so late, for growing times.
        public var latenesses: [(atMost: Duration, count: UInt64)] = []
        /// All that were counted for that, and how late they were together.
        public var lateCount: UInt64 = 0
        public var lateSum = Duration.zero

        public init() {}
    }

    public var mode = Mode.unknown
    public var finding: Finding?
    /// Whether it has been still, with nothing found, for as long as its envelope says that rest takes.
    public var isAtRest = false
    public var joints: [Joint] = []
    public var deadMan = DeadMan.none
    public var timing = Timing()
    /// Errors on the bus since the beginning, by cause.
    public var busErrors: [String: UInt64] = [:]
    /// The file that is being written.
    public var recording: String?
    /// How often the loop came round, whether it moves the robot or only watches: what a watchdog is fed by.
    public var beats: UInt64 = 0

    public init() {}

    public var hottest: Celsius? { joints.map(\.reading.temperature).filter(\.isFinite).max() }

    /// The fault that stands behind a stop.
    public var fault: Fault? {
        switch mode {
        case .held(let stop), .latched(let stop): stop.cause
        case .unknown, .identified, .verified, .observing, .permitted, .running: finding?.fault
        }
    }
}

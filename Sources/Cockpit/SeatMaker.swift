import Actuators
import ControlLoop
public import Guard
public import Ports
public import Quantities
public import Robots
import Supervision

/// Why no bus can be made of what a robot's file says.
public enum SeatProblem: Error, Equatable, Sendable {
    /// The servo of this joint is unknown to its driver, or cannot do what the joint asks.
    case joint(String)
    case board
    /// Longer or shorter than its actuators can be told.
    case watchdog(Seconds)
    case noThread
}

public typealias DeadManSight = SeatSight.DeadMan

/// Puts a robot's folder on a line: the bus that its file names, a loop over it, and a seat for the guard.
public struct SeatMaker: Sendable {
    public let robot: Robot
    public let facts: RobotFacts
    public let settings: SeatSettings

    /// A disk that hangs for longer is none: what is lost then is counted as ever.
    private static let patience = Duration.seconds(30)

    public init(_ robot: Robot, _ facts: RobotFacts, _ settings: SeatSettings) {
        self.robot = robot
        self.facts = facts
        self.settings = settings
    }

    public func make(
        _ line: consuming sending DeviceLine, deadMan: @escaping @Sendable () -> DeadManSight = { .none }
    ) throws(SeatProblem) -> LoopSeat {
        var settings = settings
        if line.standsStill { settings.loop.patience = Self.patience }
        let maker = SeatMaker(robot, facts, settings)
        var pilot = SeatPilot(maker, deadMan, settings.keepsBytes ? LineTape(patience: settings.loop.patience) : nil)
        if let tape = pilot.tape {
            try BusMaker(robot).withBus(WitnessedPort(line, tape), &pilot)
        } else {
            try BusMaker(robot).withBus(line, &pilot)
        }
        guard let seat = pilot.seat else { throw .noThread }
        return seat
    }
}

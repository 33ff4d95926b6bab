public import Quantities

/// What a joint is told to do.
@frozen public enum JointCommand: Equatable, Sendable {
    case off
    case position(Radians)
    case speed(RadiansPerSecond)
    case effort(NewtonMetres)

    /// The bare number, for the record; zero when off.
    public var value: Float {
        switch self {
        case .off: 0
        case .position(let position): position.value
        case .speed(let speed): speed.value
        case .effort(let effort): effort.value
        }
    }
}

extension JointCommand {
    /// Whether this drive can follow this kind of command. `off` is not for a learner to say: it would drop the load.
    func fits(_ drive: Drive) -> Bool {
        switch (self, drive) {
        case (.position, .position), (.speed, .speed), (.effort, .effort): true
        case (.off, _), (.position, _), (.speed, _), (.effort, _): false
        }
    }
}

/// What a joint's actuator follows, and how it is held in place while the robot stops.
@frozen public enum Drive: Equatable, Sendable {
    case position
    /// The gain turns the distance from a stopping trajectory into speed.
    case speed(following: PerSecond)
    /// The spring and damper that hold the joint and brake it before a limit.
    case effort(stiffness: NewtonMetresPerRadian, damping: NewtonMetreSecondsPerRadian)
}

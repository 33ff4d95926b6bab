import BoardLink
import Quantities

/// One joint's controller on the board: what a command comes to within its bounds.
struct JointDriver: Sendable {
    private var setpoint: Radians?
    private var speed = RadiansPerSecond.zero

    static var stiffness: NewtonMetresPerRadian { NewtonMetresPerRadian(40) }
    static var damping: NewtonMetreSecondsPerRadian { NewtonMetreSecondsPerRadian(2) }
    static var acceleration: RadiansPerSecondSquared { RadiansPerSecondSquared(20) }
    static var share: Float { 0.8 }

    /// Where the next command begins.
    mutating func release() { self = JointDriver() }

    /// A command inside the bounds, and whether that is another one.
    static func bounded(_ drive: Drive, by bounds: JointBounds) -> (Drive, isClamped: Bool) {
        let bounded: Drive =
            switch drive {
            case .off: .off
            case .position(let position): .position(bounds.position.nearest(to: position))
            case .speed(let speed): .speed(speed.clamped(to: bounds.speed))
            case .effort(let effort): .effort(effort.clamped(to: bounds.effort))
            }
        return (bounded, bounded != drive)
    }

    /// The effort for a command that is inside the bounds; nil with the output off.
    mutating func effort(
        for drive: Drive, _ state: JointMeasurement, _ bounds: JointBounds, over time: Seconds
    ) -> NewtonMetres? {
        switch drive {
        case .off:
            release()
            return nil
        case .effort(let effort):
            release()
            return effort
        case .speed(let wanted):
            setpoint = nil
            speed = wanted
            return (Self.damping * (wanted - state.speed)).clamped(to: bounds.effort)
        case .position(let wanted):
            let here = setpoint ?? state.position
            let next = profile(from: here, to: wanted, bounds, over: time)
            setpoint = next
            let spring = Self.stiffness * (next - state.position)
            return (spring + Self.damping * (speed - state.speed)).clamped(to: bounds.effort)
        }
    }

    /// Below the bound, so that an overshoot stays within it, and slow enough to stop at the end.
    private mutating func profile(
        from here: Radians, to wanted: Radians, _ bounds: JointBounds, over time: Seconds
    ) -> Radians {
        let rest = wanted - here
        // No quicker than the joint surely brakes.
        let acceleration = min(Self.acceleration, bounds.braking)
        let stopping = (2 * acceleration.value * rest.magnitude.value).squareRoot()
        let fastest = min(bounds.speed * Self.share, RadiansPerSecond(stopping))
        speed = speed.approaching(rest < .zero ? -fastest : fastest, by: acceleration * time)
        let way = speed * time
        guard way.magnitude < rest.magnitude || way * rest.value < .zero else {
            speed = .zero
            return wanted
        }
        return here + way
    }

    /// The effort that brings the joint to rest, from whatever speed it has.
    mutating func brake(_ state: JointMeasurement, _ bounds: JointBounds, over time: Seconds) -> NewtonMetres {
        if setpoint == nil { speed = state.speed }
        speed = speed.approaching(.zero, by: bounds.braking * time)
        let next = (setpoint ?? state.position) + speed * time
        setpoint = next
        let spring = Self.stiffness * (next - state.position)
        return (spring + Self.damping * (speed - state.speed)).clamped(to: bounds.effort)
    }
}

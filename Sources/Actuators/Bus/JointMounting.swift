public import Quantities

/// How an actuator sits in a joint: which way round, where zero is, and what is between them.
public struct JointMounting: Equatable, Sendable {
    /// The actuator's positive direction, seen from the joint.
    public enum Direction: Equatable, Sendable { case same, opposite }

    /// What the actuator's pull means at its own output.
    public enum Torque: Equatable, Sendable {
        /// So much for each ampere.
        case perAmpere(NewtonMetres)
        /// So much with the whole supply on the motor at rest. For servos that know no current.
        case atFullDuty(NewtonMetres)
    }

    public let direction: Direction
    /// What the actuator reads when the joint is at zero.
    public let zero: Radians
    /// How far the actuator's output turns while the joint turns once.
    public let gear: Float
    public let torque: Torque

    /// Nil for a gear or a torque that is not above zero, and for a zero that is no number.
    public init?(direction: Direction = .same, zero: Radians = Radians(0), gear: Float = 1, torque: Torque) {
        guard gear.isFinite, gear > 0, zero.isFinite, torque.scale.isFinite, torque.scale.value > 0 else { return nil }
        self.direction = direction
        self.zero = zero
        self.gear = gear
        self.torque = torque
    }

    private var sign: Float { direction == .same ? 1 : -1 }
    private var scale: Float { sign / gear }

    public func joint(_ actuator: Radians) -> Radians { Radians((actuator.value - zero.value) * scale) }
    public func joint(_ actuator: RadiansPerSecond) -> RadiansPerSecond { RadiansPerSecond(actuator.value * scale) }
    public func actuator(_ joint: Radians) -> Radians { Radians(joint.value / scale + zero.value) }
    public func actuator(_ joint: RadiansPerSecond) -> RadiansPerSecond { RadiansPerSecond(joint.value / scale) }

    /// The joint's torque for one at the actuator's output, and the other way round.
    public func joint(_ actuator: NewtonMetres) -> NewtonMetres { NewtonMetres(actuator.value * gear * sign) }
    public func actuator(_ joint: NewtonMetres) -> NewtonMetres { NewtonMetres(joint.value / (gear * sign)) }

    /// The joint's torque for what the actuator reports.
    public func effort(of pull: ActuatorPull) -> NewtonMetres {
        NewtonMetres(pull.number * torque.scale.value * gear * sign)
    }

    /// What the actuator reports while it makes this torque.
    public func pull(for effort: NewtonMetres) -> ActuatorPull {
        let number = effort.value / (torque.scale.value * gear * sign)
        return switch torque {
        case .perAmpere: .current(Amperes(number))
        case .atFullDuty: .load(Duty(number))
        }
    }
}

extension JointMounting.Torque {
    fileprivate var scale: NewtonMetres {
        switch self {
        case .perAmpere(let scale), .atFullDuty(let scale): scale
        }
    }
}

/// How hard a motor pulls, as far as its actuator can tell.
public enum ActuatorPull: Equatable, Sendable {
    case current(Amperes)
    case load(Duty)

    fileprivate var number: Float {
        switch self {
        case .current(let current): current.value
        case .load(let duty): duty.value
        }
    }
}

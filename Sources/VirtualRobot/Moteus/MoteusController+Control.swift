import Actuators
import Quantities
internal import Simulator

/// What the position controller has made of the last round, in newton metres at the output.
struct MoteusControl: Equatable, Sendable {
    var proportional = 0.0
    var integral = 0.0
    var derivative = 0.0
    var feedforward = 0.0
    var total = 0.0

    func value(
        of register: UInt16, _ sight: MoteusSight, _ trajectory: MoteusTrajectory, _ torquePerAmpere: Double
    ) -> Double? {
        switch register {
        case 0x030: proportional
        case 0x031: integral
        case 0x032: derivative
        case 0x033: feedforward
        case 0x034, 0x03A: total
        case 0x038: trajectory.position ?? .nan
        case 0x039: trajectory.velocity
        case 0x03B: trajectory.position.map { sight.position - $0 } ?? .nan
        case 0x03C: sight.velocity - trajectory.velocity
        case 0x03D: sight.current * torquePerAmpere - total
        default: nil
        }
    }
}

extension MoteusController {
    mutating func control(over time: Double) -> MotorDrive {
        switch mode {
        case .stopped, .fault, .measureInductance: return .off
        case .brake: return .duty(.zero)
        case .current: return .current(limited(order[0x01C] ?? 0))
        case .pwm: return .duty(share(order[0x010], order[0x011], order[0x012]))
        case .voltage: return .duty(share(order[0x014], order[0x015], order[0x016], of: sight.voltage))
        case .voltageFOC: return .duty(turned(order[0x019] ?? 0, by: (order[0x018] ?? 0) * .pi))
        case .voltageDQ: return .duty(Duty(Float((order[0x01B] ?? 0) / max(sight.voltage, 1))))
        case .position: return follow(over: time, most: order.maximumTorque)
        case .zeroVelocity: return damp(most: order.maximumTorque)
        case .stayWithin: return stayWithin(over: time)
        case .timeout: return timedOut(over: time)
        }
    }

    private mutating func timedOut(over time: Double) -> MotorDrive {
        switch configuration[.timeoutMode] {
        case 0: return .off
        case 10:
            order[0x021] = 0
            return follow(over: time, most: configuration[.timeoutTorque])
        case 15: return .duty(.zero)
        default: return damp(most: configuration[.timeoutTorque])
        }
    }

    private mutating func follow(over time: Double, most: Double?) -> MotorDrive {
        if trajectory.position == nil {
            let isStill = abs(sight.velocity) < configuration[.zeroCapture]
            trajectory.capture(sight.position, isStill ? 0 : sight.velocity)
        }
        trajectory.step(
            to: velocityToStop(), limits: (velocityLimit, accelerationLimit), bounds: bounds, over: time)
        let place = trajectory.position ?? sight.position
        let drive = hold(place, trajectory.velocity, over: time, most: most)
        if place == bounds.lowerBound || place == bounds.upperBound {
            condition = Moteus.Limiter.positionBound.rawValue
        }
        return drive
    }

    /// The commanded velocity, until the stop position is reached.
    private func velocityToStop() -> Double {
        guard let stop = order.stopPosition, let place = trajectory.position else { return order.velocity }
        return (stop - place) * order.velocity > 0 ? order.velocity : 0
    }

    /// Position and velocity are held with the gains of the position controller.
    private mutating func hold(_ place: Double, _ velocity: Double, over time: Double, most: Double?) -> MotorDrive {
        let error = place - sight.position
        let bound = configuration[.integralLimit] * order.integralShare
        control.integral = min(max(control.integral + configuration[.integral] * error * time, -bound), bound)
        control.proportional = configuration[.stiffness] * order.stiffnessShare * error
        control.derivative = configuration[.damping] * order.dampingShare * (velocity - sight.velocity)
        control.feedforward = order.torque
        return give(control.proportional + control.integral + control.derivative + control.feedforward, most: most)
    }

    private mutating func damp(most: Double?) -> MotorDrive {
        control = MoteusControl()
        control.derivative = -configuration[.damping] * order.dampingShare * sight.velocity
        control.feedforward = mode == .timeout ? 0 : order.torque
        return give(control.derivative + control.feedforward, most: most)
    }

    private mutating func stayWithin(over time: Double) -> MotorDrive {
        if let low = order[0x040], sight.position < low {
            return hold(low, 0, over: time, most: order.maximumTorque)
        }
        if let high = order[0x041], sight.position > high {
            return hold(high, 0, over: time, most: order.maximumTorque)
        }
        control = MoteusControl()
        control.feedforward = order.torque
        return give(order.torque, most: order.maximumTorque)
    }

    /// A torque within the command's own limit, as a current within the controller's.
    private mutating func give(_ torque: Double, most: Double?) -> MotorDrive {
        condition = 0
        var given = torque
        if let most, abs(given) > most {
            given = given < 0 ? -most : most
            condition = Moteus.Limiter.commandedTorque.rawValue
        }
        let current = limited(given / torquePerAmpere)
        control.total = Double(current.value) * torquePerAmpere
        return .current(current)
    }

    private mutating func limited(_ current: Double) -> Amperes {
        let (most, limiter) = currentLimit()
        guard abs(current) > most else { return Amperes(Float(current)) }
        condition = limiter.rawValue
        return Amperes(Float(current < 0 ? -most : most))
    }

    /// The tightest of current, heat, speed and power, and its name.
    private func currentLimit() -> (Double, Moteus.Limiter) {
        let most = configuration[.current]
        var tightest = (most, Moteus.Limiter.current)
        let cool = (configuration[.temperature] - sight.temperature) / configuration[.temperatureMargin]
        if cool < 1 { tightest = (most * max(cool, 0), .boardTemperature) }
        let fast = abs(sight.velocity) - configuration[.velocity]
        if fast > 0 {
            let rest = most * max(0, 1 - fast / configuration[.velocityDerate])
            if rest < tightest.0 { tightest = (rest, .velocity) }
        }
        let power = configuration[.power]
        let counterforce = abs(sight.velocity) * 2 * .pi * torquePerAmpere
        if power.isFinite && counterforce > 0 && power / counterforce < tightest.0 {
            tightest = (power / counterforce, .power)
        }
        return tightest
    }
}

// The modes without a current controller: what the three phases push along the way that the rotor can turn.
extension MoteusController {
    private func share(_ a: Double?, _ b: Double?, _ c: Double?, of whole: Double = 1) -> Duty {
        let (a, b, c) = (a ?? 0, b ?? 0, c ?? 0)
        let alpha = (2 * a - b - c) / 3
        let beta = (b - c) / 3.0.squareRoot()
        let angle = electricalAngle
        let along = beta * sine(angle + .pi / 2) - alpha * sine(angle)
        return Duty(Float(along / max(whole, 1)))
    }

    private func turned(_ volts: Double, by angle: Double) -> Duty {
        Duty(Float(volts * sine(angle - electricalAngle) / max(sight.voltage, 1)))
    }

    private var electricalAngle: Double {
        sight.position / configuration[.outputRatio] * configuration[.poles] / 2 * 2 * .pi
    }
}

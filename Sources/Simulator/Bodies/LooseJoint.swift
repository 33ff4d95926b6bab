internal import Quantities

/// One motor, as numbers. In doubles, because a small step added to many turns must not get lost.
struct LooseJoint: Sendable {
    var condition: MetalCondition = []
    var touch = JointTouch.none
    private(set) var position = 0.0
    private(set) var speed = 0.0
    private(set) var current = 0.0
    private(set) var temperature: Double
    /// What it takes from the supply.
    private(set) var drawn = 0.0
    private let motor: Constants

    struct Constants: Sendable {
        let inertia, constant, winding, viscous, coulomb, gravity, capacity, resistance, low, high: Double

        init(_ settings: MotorSettings) {
            inertia = Double(settings.inertia.value)
            constant = Double(settings.torqueConstant.value)
            winding = Double(settings.winding.value)
            viscous = Double(settings.viscousFriction.value)
            coulomb = Double(settings.coulombFriction.value)
            gravity = Double(settings.gravityMoment.value)
            capacity = Double(settings.heatCapacity.value)
            resistance = Double(settings.heatResistance.value)
            low = settings.stops.map { Double($0.low.value) } ?? -.infinity
            high = settings.stops.map { Double($0.high.value) } ?? .infinity
        }
    }

    init(_ settings: MotorSettings, at position: Double, temperature: Double) {
        motor = Constants(settings)
        self.position = position
        self.temperature = temperature
    }

    /// The effort at standstill, and how much of it each unit of speed takes away.
    private struct Pull {
        var effort = 0.0
        var damping = 0.0
    }

    mutating func advance(by time: Double, drive: MotorDrive, supply: Double, ambient: Double) {
        let pull = pull(of: drive, supply: supply)
        current = condition.contains(.slipping) ? idleCurrent(of: pull) : current(of: drive, supply: supply)
        drawn = draw(of: drive, supply: supply)
        move(by: time, with: condition.contains(.slipping) ? Pull() : pull)
        let heating = current * current * motor.winding - (temperature - ambient) / motor.resistance
        temperature += heating / motor.capacity * time
    }

    /// Friction and the motor's own voltage are taken at the end of the step, so that long steps do not swing.
    private mutating func move(by time: Double, with pull: Pull) {
        guard !condition.contains(.stuck) else {
            speed = 0
            return
        }
        let perEffort = time / motor.inertia
        let free = speed + perEffort * (pull.effort - motor.gravity * sine(position))
        let damped = free / (1 + perEffort * (pull.damping + motor.viscous))
        let touched = touch == .none ? damped : damped + perEffort * effort(ofTouchAt: damped, over: time)
        let brake = perEffort * motor.coulomb
        speed = touched > brake ? touched - brake : touched < -brake ? touched + brake : 0
        position += speed * time
        if position < motor.low || position > motor.high {
            position = min(max(position, motor.low), motor.high)
            speed = 0
        }
    }

    private func effort(ofTouchAt speed: Double, over time: Double) -> Double {
        touch.effort(
            at: position, speed: speed, mobility: 1 / motor.inertia, friction: motor.coulomb, over: time)
    }

    private func pull(of drive: MotorDrive, supply: Double) -> Pull {
        switch drive {
        case .off: return Pull()
        case .current: return Pull(effort: motor.constant * current(of: drive, supply: supply))
        case .duty(let duty):
            let share = min(max(Double(duty.value), -1), 1)
            return Pull(
                effort: motor.constant * share * supply / motor.winding,
                damping: motor.constant * motor.constant / motor.winding)
        }
    }

    /// As far as the supply can drive it against the motor's own voltage.
    private func current(of drive: MotorDrive, supply: Double) -> Double {
        let own = motor.constant * speed
        switch drive {
        case .off: return 0
        case .duty(let duty): return (min(max(Double(duty.value), -1), 1) * supply - own) / motor.winding
        case .current(let asked):
            let most = (supply - own) / motor.winding
            let least = (-supply - own) / motor.winding
            return min(max(Double(asked.value), least), most)
        }
    }

    /// A motor whose gear slips only has to overcome the friction of its own half.
    private func idleCurrent(of pull: Pull) -> Double {
        pull.effort == 0 ? 0 : (pull.effort > 0 ? 0.5 : -0.5) * motor.coulomb / motor.constant
    }

    private func draw(of drive: MotorDrive, supply: Double) -> Double {
        guard supply > 0 else { return 0 }
        let across = current * motor.winding + motor.constant * speed
        return max(0, across * current / supply)
    }
}

/// Of an angle of any size, to about 1e-9. Ours, so that every machine computes the same bits.
package func sine(_ angle: Double) -> Double {
    let turns = (angle / (2 * .pi)).rounded()
    var rest = angle - turns * 2 * .pi
    if rest > .pi / 2 { rest = .pi - rest }
    if rest < -.pi / 2 { rest = -.pi - rest }
    let square = rest * rest
    var term = rest
    var sum = rest
    for factor in [6.0, 20, 42, 72, 110, 156] {
        term *= -square / factor
        sum += term
    }
    return sum
}

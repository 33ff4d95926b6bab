internal import Actuators
internal import Ports
internal import Quantities
internal import Supervision

extension JointReading {
    /// What an actuator said, as old as it is now. One answer carries everything, so everything has one age.
    init(_ sample: JointSample, at now: MonotonicInstant, currentAtFullDuty: Amperes, torquePerAmpere: NewtonMetres) {
        let age = Seconds(now - sample.instant)
        let current: Amperes =
            switch sample.pull {
            case .current(let current) where current.isFinite: current
            case .current: Amperes((sample.effort / torquePerAmpere).magnitude)
            case .load(let duty): currentAtFullDuty * duty.value
            }
        self.init(
            position: sample.position, speed: sample.speed, effort: sample.effort, current: current,
            temperature: sample.temperature, voltage: sample.voltage, motionAge: age, temperatureAge: age,
            voltageAge: age)
    }
}

extension Seconds {
    init(_ span: Duration) {
        let (seconds, attoseconds) = span.components
        self.init(Float(Double(seconds) + Double(attoseconds) * 1e-18))
    }
}

extension JointGoal {
    /// Nil for `off`, which is no goal.
    init?(_ command: JointCommand) {
        switch command {
        case .off: return nil
        case .position(let position): self = .position(position)
        case .speed(let speed): self = .speed(speed)
        case .effort(let effort): self = .effort(effort)
        }
    }
}

internal import Actuators

/// What a servo's loops are told.
struct DynamixelGoals: Equatable, Sendable {
    var pwm: Int64 = 0
    var current: Int64 = 0
    var velocity: Int64 = 0
    var position: Int64 = 0
}

// A servo that acts late on what it is told: its registers show the goals at once, and its loops go by those of before.
extension DynamixelSlave {
    mutating func delayCommands(by milliseconds: Int) {
        let told = told
        // What was under way when the delay ends counts then.
        if late != nil, hasTorque, mode.followsPosition, obeyed.position != told.position {
            control.begin(to: Double(told.position))
        }
        late = LateCommands(rounds: milliseconds, filled: told)
        obeyed = told
    }

    /// What was told before torque came, or before the watchdog ended it, never counts.
    mutating func forgetLate() {
        guard late != nil else { return }
        obeyed = told
        late?.fill(with: obeyed)
    }

    mutating func obeyLate() {
        // Hardly any servo is late, and all of them come here every millisecond.
        guard late != nil else { return }
        let (told, before) = (told, obeyed.position)
        guard let due = late?.pass(told) else { return }
        obeyed = due
        if hasTorque, mode.followsPosition, due.position != before { control.begin(to: Double(due.position)) }
    }

    /// One of the goals that the loops go by.
    func goal(_ item: Dynamixel.Item) -> Int64 {
        guard late != nil else { return self[item] }
        return switch item {
        case .goalPWM: obeyed.pwm
        case .goalCurrent: obeyed.current
        case .goalVelocity: obeyed.velocity
        default: obeyed.position
        }
    }

    private var told: DynamixelGoals {
        DynamixelGoals(
            pwm: self[.goalPWM], current: self[.goalCurrent], velocity: self[.goalVelocity],
            position: self[.goalPosition])
    }
}

import Quantities

/// What the supervisor remembers of one joint from tick to tick.
struct JointMemory {
    /// As measured on the latest judged tick.
    var position = Radians.zero
    /// The latest command that was given.
    var sent = JointCommand.off
    /// Where the position command would be if no joint had dragged it along: how well the joint follows is judged by this.
    var meant = Radians.zero
    /// The speed of the position command itself.
    var commandedSpeed = RadiansPerSecond.zero
    /// Where a stop would hold the joint, and how the goal moves while it slows down.
    var goal = Radians.zero
    var goalSpeed = RadiansPerSecond.zero
    /// Nil until the joint is first seen; from then on it outlives every stop, since a hot winding stays hot.
    var heat: MotorTemperature?
    var tube = TubeWatch()
    /// The rule that changed the latest command.
    var objection = Rule.none

    /// Motion begins: the goal is the present, so that switching on moves nothing.
    mutating func start(_ drive: Drive) {
        goal = position
        meant = position
        goalSpeed = .zero
        tube = TubeWatch()
        commandedSpeed = .zero
        switch drive {
        case .position: sent = .position(position)
        case .speed: sent = .speed(.zero)
        case .effort: sent = .effort(.zero)
        }
    }

    mutating func remember(_ shaped: Shaped, over span: Seconds) {
        if case .position(let next) = shaped.command, case .position(let last) = sent {
            commandedSpeed = (next - last) / span
        }
        sent = shaped.command
        meant = shaped.meant
        objection = shaped.objection
    }

    /// While the robot runs, a stop would start from here: a position drive from its command, others from what they do.
    mutating func followWhileRunning(_ reading: JointReading) {
        if case .position(let commanded) = sent {
            goal = commanded
            goalSpeed = commandedSpeed
        } else {
            goal = reading.position
            goalSpeed = reading.speed
        }
    }

    /// Moves the goal one tick down the stop ladder: slower and slower to rest or, on rung `park`, towards park.
    mutating func moveGoal(on rung: Rung, of limits: JointEnvelope, parkSpeed: RadiansPerSecond, over span: Seconds) {
        let wanted = rung == .park ? speedTowardsPark(of: limits, atMost: parkSpeed, over: span) : .zero
        goalSpeed = goalSpeed.approaching(wanted, by: limits.stoppingDeceleration * span)
        goal += goalSpeed * span
    }

    private func speedTowardsPark(
        of limits: JointEnvelope, atMost parkSpeed: RadiansPerSecond, over span: Seconds
    ) -> RadiansPerSecond {
        let distance = limits.park - goal
        let braking = Braking(deceleration: limits.stoppingDeceleration, reaction: span)
        let speed = min(parkSpeed, braking.speed(within: distance.magnitude))
        return distance.value.sign == .minus ? -speed : speed
    }

    /// What to ask of a drive so that the joint follows its goal.
    func askedByGoal(_ drive: Drive, _ reading: JointReading) -> Float {
        let distance = goal - reading.position
        switch drive {
        case .position: return goal.value
        case .speed(let following): return (goalSpeed + distance * following).value
        case .effort(let stiffness, let damping):
            return (stiffness * distance + damping * (goalSpeed - reading.speed)).value
        }
    }
}

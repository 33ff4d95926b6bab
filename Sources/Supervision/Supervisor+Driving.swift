import Quantities

// What is asked, made fit for the envelope; and what a stop asks instead.

extension Supervisor {
    /// Shapes the learner's commands and, unless one of them is a fault, remembers them as sent.
    mutating func drive(
        _ asked: borrowing PerJoint<JointCommand>, _ readings: borrowing PerJoint<JointReading>, span: Seconds,
        elapsed: Seconds, tube: Tube?, _ worst: inout Worst
    ) {
        judgeAsked(asked, &worst)
        if worst.finding != nil { return }
        var shaped = PerJoint<Shaped>(repeating: Shaped())
        var position: UInt8 = 0
        while let joint = envelope.count.joint(at: position) {
            shaped[joint] = shaping(joint, readings[joint], span, tube?[joint]).shape(asked[joint].value)
            position += 1
        }
        limitPower(&shaped, readings)
        judgeTravel(shaped, elapsed, &worst)
        if worst.finding != nil { return }
        position = 0
        while let joint = envelope.count.joint(at: position) {
            memory[joint].remember(shaped[joint], over: span)
            memory[joint].followWhileRunning(readings[joint])
            position += 1
        }
    }

    private mutating func judgeAsked(_ asked: borrowing PerJoint<JointCommand>, _ worst: inout Worst) {
        var position: UInt8 = 0
        while let joint = envelope.count.joint(at: position) {
            worst.report(.commandNotFinite, at: joint, when: !asked[joint].value.isFinite)
            worst.report(.commandKind, at: joint, when: !asked[joint].fits(envelope.joints[joint].drive))
            position += 1
        }
    }

    /// A learner that chatters wears the gears, however small each step is.
    private mutating func judgeTravel(
        _ shaped: borrowing PerJoint<Shaped>, _ elapsed: Seconds, _ worst: inout Worst
    ) {
        var travel: Float = 0
        var position: UInt8 = 0
        while let joint = envelope.count.joint(at: position) {
            travel += envelope.joints[joint].travel(from: memory[joint].sent, to: shaped[joint].command)
            position += 1
        }
        worst.report(.commandRate, when: travel > envelope.robot.commandRate)
        let allowed = envelope.robot.commandTravel
        let isTooMuch = watch.commandTravel.overflows(after: elapsed, adding: travel, allowed: allowed)
        worst.report(.commandRateSustained, when: isTooMuch)
    }

    private mutating func shaping(
        _ joint: JointIndex, _ reading: JointReading, _ span: Seconds, _ band: Limit<Radians>?
    ) -> Shaping {
        Shaping(
            limits: envelope.joints[joint], memory: memory[joint], reading: reading, span: span,
            reaction: envelope.robot.reaction, band: band)
    }

    /// Efforts that would put more power into the motion than all joints together may, are scaled down alike. Braking
    /// takes power out and is never scaled.
    private mutating func limitPower(_ shaped: inout PerJoint<Shaped>, _ readings: borrowing PerJoint<JointReading>) {
        var power = Watts.zero
        var position: UInt8 = 0
        while let joint = envelope.count.joint(at: position) {
            power += shaped[joint].command.power(at: readings[joint].speed)
            position += 1
        }
        guard power > envelope.robot.power else { return }
        let share = envelope.robot.power / power
        position = 0
        while let joint = envelope.count.joint(at: position) {
            if case .effort(let effort) = shaped[joint].command,
                shaped[joint].command.power(at: readings[joint].speed) > .zero
            {
                shaped[joint] = Shaped(command: .effort(effort * share), objection: .power)
            }
            position += 1
        }
    }

    /// On the stop ladder the robot follows its goals, inside the same envelope.
    mutating func stop(_ readings: borrowing PerJoint<JointReading>, on rung: Rung, span: Seconds) {
        var position: UInt8 = 0
        while let joint = envelope.count.joint(at: position) {
            let limits = envelope.joints[joint]
            memory[joint].moveGoal(on: rung, of: limits, parkSpeed: envelope.robot.parkSpeed, over: span)
            let asked = memory[joint].askedByGoal(limits.drive, readings[joint])
            memory[joint].remember(shaping(joint, readings[joint], span, nil).shape(asked), over: span)
            // The goal is known here, so a joint that does not come along is seen too, though its command waits for it.
            memory[joint].meant = memory[joint].goal
            position += 1
        }
    }
}

extension JointCommand {
    /// The power that an effort puts into a motion; none when it brakes, and none that is known for other commands.
    func power(at speed: RadiansPerSecond) -> Watts {
        guard case .effort(let effort) = self else { return .zero }
        return max(effort * speed, .zero)
    }
}

extension JointEnvelope {
    /// How far a command moves, in full ranges of its kind.
    func travel(from sent: JointCommand, to given: JointCommand) -> Float {
        let range =
            switch drive {
            case .position: (commanded.high - commanded.low).value
            case .speed: 2 * speed.value
            case .effort: 2 * effort.value
            }
        return (given.value - sent.value).magnitude / range
    }
}

import Quantities

// What is asked, made fit for the envelope; and what a stop asks instead.

extension Supervisor {
    /// Shapes the learner's commands. Nothing is remembered as sent when one of them is a fault.
    mutating func drive(
        _ asked: borrowing PerJoint<JointCommand>, _ readings: borrowing PerJoint<JointReading>, span: Seconds,
        elapsed: Seconds, tube: Tube?, _ worst: inout Worst
    ) {
        var shaped = PerJoint<Shaped>(repeating: Shaped(command: .off, objection: .none))
        var travel: Float = 0
        var position: UInt8 = 0
        while let joint = envelope.count.joint(at: position) {
            position += 1
            guard asked[joint].value.isFinite else {
                worst.report(.commandNotFinite, at: joint, when: true)
                continue
            }
            let shaping = self.shaping(joint, readings[joint], span, tube?[joint])
            guard let given = shaping.shape(asked[joint]) else {
                worst.report(.commandKind, at: joint, when: true)
                continue
            }
            shaped[joint] = given
        }
        if worst.finding != nil { return }
        limitPower(&shaped, readings)
        position = 0
        while let joint = envelope.count.joint(at: position) {
            position += 1
            travel += envelope.joints[joint].travel(from: memory[joint].sent, to: shaped[joint].command)
            memory[joint].remember(shaped[joint], over: span)
            memory[joint].followWhileRunning(readings[joint])
        }
        worst.report(.commandRate, when: travel > envelope.robot.commandRate)
        let isTooMuch = commandTravel.overflows(
            after: elapsed, adding: travel, allowed: envelope.robot.commandTravel)
        worst.report(.commandRateSustained, when: isTooMuch)
    }

    private func shaping(
        _ joint: JointIndex, _ reading: JointReading, _ span: Seconds, _ band: Limit<Radians>?
    ) -> Shaping {
        Shaping(
            limits: envelope.joints[joint], memory: memory[joint], reading: reading, span: span,
            reaction: envelope.robot.reaction, band: band)
    }

    /// Efforts that would put more power into the motion than all joints together may, are scaled down alike. Braking
    /// takes power out and is never scaled.
    private func limitPower(_ shaped: inout PerJoint<Shaped>, _ readings: borrowing PerJoint<JointReading>) {
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
    mutating func stop(_ readings: borrowing PerJoint<JointReading>, span: Seconds) {
        let rung = mode.rung
        var position: UInt8 = 0
        while mode.isPowered, let joint = envelope.count.joint(at: position) {
            position += 1
            let limits = envelope.joints[joint]
            memory[joint].moveGoal(on: rung, of: limits, parkSpeed: envelope.robot.parkSpeed, over: span)
            let wanted = memory[joint].commandToGoal(limits.drive, readings[joint])
            guard let shaped = shaping(joint, readings[joint], span, nil).shape(wanted) else { continue }
            memory[joint].remember(shaped, over: span)
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

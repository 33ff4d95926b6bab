import Quantities

// What was measured, against the envelope.

extension Supervisor {
    /// Late ticks in a row become a hold and then a stop. A clock that does not advance is not a clock; nothing is then
    /// said to have elapsed, so that no model is fed what is not a number.
    mutating func judgeClock(_ elapsed: Seconds, _ worst: inout Worst) -> Seconds {
        guard elapsed > .zero, elapsed.isFinite else {
            worst.report(.clockFault, when: true)
            return .zero
        }
        let robot = envelope.robot
        watch.lateTicks = elapsed > robot.deadline ? watch.lateTicks.next : .zero
        worst.report(.lateTicks, when: watch.lateTicks >= robot.lateTicksToHold)
        worst.report(.lostTicks, when: watch.lateTicks >= robot.lateTicksToStop)
        return elapsed
    }

    /// Judges every joint and their sum; says how the robot moves, as far as the sensors can tell.
    mutating func judge(
        _ readings: borrowing PerJoint<JointReading>, elapsed: Seconds, tube: Tube?, isFirst: Bool,
        _ worst: inout Worst
    ) -> Motion {
        var power = Watts.zero
        var motion = Motion.parked
        var position: UInt8 = 0
        while let joint = envelope.count.joint(at: position) {
            position += 1
            let reading = readings[joint]
            guard reading.isFinite else {
                worst.report(.sensorNotFinite, at: joint, when: true)
                motion = .moving
                continue
            }
            if isFirst { memory[joint].position = reading.position }
            judgeJoint(joint, reading, elapsed, &worst)
            judgeHeat(joint, reading, elapsed, &worst)
            judgeTube(joint, reading, tube, &worst)
            power += reading.effort.magnitude * reading.speed.magnitude
            motion = motion.and(envelope.joints[joint].motion(of: reading))
        }
        worst.report(.overPower, when: power > envelope.robot.power)
        let work = (power * elapsed).value
        let isTooMuch = watch.energy.overflows(after: elapsed, adding: work, allowed: envelope.robot.energy)
        worst.report(.overEnergy, when: isTooMuch)
        return motion
    }

    private mutating func judgeJoint(
        _ joint: JointIndex, _ reading: JointReading, _ elapsed: Seconds, _ worst: inout Worst
    ) {
        let limits = envelope.joints[joint]
        let moved = (reading.position - memory[joint].position).magnitude
        memory[joint].position = reading.position
        worst.report(.staleSensor, at: joint, when: !limits.isFresh(reading))
        worst.report(.encoderJump, at: joint, when: moved > limits.overspeed * elapsed + limits.jumpAllowance)
        worst.report(.positionOutside, at: joint, when: !limits.position.contains(reading.position))
        worst.report(.stoppingDistance, at: joint, when: limits.overruns(reading, reaction: envelope.robot.reaction))
        worst.report(.overspeed, at: joint, when: reading.speed.magnitude > limits.overspeed)
        worst.report(.overEffort, at: joint, when: reading.effort.magnitude > limits.overEffort)
        worst.report(.overTemperature, at: joint, when: reading.temperature > limits.hottest)
        worst.report(.underVoltage, at: joint, when: reading.voltage < limits.voltage.low)
        worst.report(.overVoltage, at: joint, when: reading.voltage > limits.voltage.high)
        if mode.isPowered, case .position = memory[joint].sent {
            let distance = (memory[joint].meant - reading.position).magnitude
            worst.report(.trackingError, at: joint, when: distance > limits.tracking)
        }
    }

    /// A tick that came very late counts only up to the deadline, which keeps the heat model stable.
    private mutating func judgeHeat(
        _ joint: JointIndex, _ reading: JointReading, _ elapsed: Seconds, _ worst: inout Worst
    ) {
        let motor = envelope.joints[joint].motor
        let step = min(elapsed, envelope.robot.deadline)
        var heat = memory[joint].heat ?? MotorTemperature(resting: reading.temperature)
        heat.follow(reading.current, sensor: reading.temperature, over: step, of: motor)
        memory[joint].heat = heat
        let left = heat.timeLeft(at: reading.current, of: motor)
        worst.report(.thermalForecast, at: joint, when: left < motor.leastTimeLeft)
    }

    private mutating func judgeTube(
        _ joint: JointIndex, _ reading: JointReading, _ tube: Tube?, _ worst: inout Worst
    ) {
        guard case .running(let run) = mode else { return }
        guard let tube else {
            worst.report(.tubeMissing, at: joint, when: run.demandsTube)
            return
        }
        let hasLeft = memory[joint].tube.hasLeft(tube[joint], at: reading.position, by: envelope.robot.tube)
        worst.report(.leftTube, at: joint, when: hasLeft)
    }
}

extension JointEnvelope {
    func isFresh(_ reading: JointReading) -> Bool {
        reading.motionAge <= oldestMotion && reading.temperatureAge <= oldestTemperature
            && reading.voltageAge <= oldestVoltage
    }

    /// Whether the joint, stopped as well as it surely can be, would come to rest outside its range.
    func overruns(_ reading: JointReading, reaction: Seconds) -> Bool {
        let braking = Braking(deceleration: stoppingDeceleration, reaction: reaction)
        return !position.contains(reading.position + braking.distance(from: reading.speed))
    }

    func motion(of reading: JointReading) -> Motion {
        guard isFresh(reading), reading.speed.magnitude < rest else { return .moving }
        return (reading.position - park).magnitude <= parkTolerance ? .parked : .resting
    }
}

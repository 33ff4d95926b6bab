internal import Actuators
internal import Quantities
internal import Simulator

// The loops that run a thousand times a second.
extension DynamixelSlave {
    private static let fullPWM = 885.0

    mutating func driveMotor() {
        obeyLate()
        guard hasTorque else { return set(.off) }
        switch mode {
        case .position, .extendedPosition: set(pwm: positionLoop(within: pwmBound))
        case .currentBasedPosition: followWithCurrent()
        case .velocity: set(pwm: velocityLoop())
        case .pwm: set(pwm: watchdogHasTripped ? 0 : Double(goal(.goalPWM)))
        case .current: set(current: watchdogHasTripped ? 0 : goal(.goalCurrent))
        }
    }

    private var pwmBound: Double { Double(min(self[.pwmLimit], goal(.goalPWM).magnitude.clamped)) }

    private mutating func positionLoop(within bound: Double) -> Double {
        control.follow(
            velocity: self[.profileVelocity], acceleration: self[.profileAcceleration], asTimes: hasTimeProfile)
        let error = control.position - exactPosition
        let integral = control.integral + error * Double(self[.positionIGain]) / 65_536
        let output =
            error * Double(self[.positionPGain]) / 128 + integral
            + (error - control.lastError) * Double(self[.positionDGain]) / 16
            + control.velocity * Double(self[.feedForwardFirstGain]) / 4
            + control.acceleration * Double(self[.feedForwardSecondGain]) / 4
        control.lastError = error
        return settle(output, integral, within: bound)
    }

    private mutating func velocityLoop() -> Double {
        let wanted = watchdogHasTripped ? 0 : Double(goal(.goalVelocity))
        control.ramp(to: wanted, acceleration: self[.profileAcceleration], time: hasTimeProfile)
        let error = control.velocity - exactVelocity
        let integral = control.integral + error * Double(self[.velocityIGain]) / 65_536
        let output = error * Double(self[.velocityPGain]) / 128 + integral
        return settle(output, integral, within: Double(self[.pwmLimit]))
    }

    /// The integral stands still while the output is at its bound.
    private mutating func settle(_ output: Double, _ integral: Double, within bound: Double) -> Double {
        if output.magnitude <= bound || integral.magnitude < control.integral.magnitude { control.integral = integral }
        return min(max(output, -bound), bound)
    }

    private mutating func followWithCurrent() {
        let output = positionLoop(within: pwmBound)
        let most = Double(self[.currentLimit])
        let bound = Double(goal(.goalCurrent).magnitude.clamped)
        let current = output / Self.fullPWM * most
        set(current: Int64(min(max(current, -bound), bound).rounded()))
    }

    private mutating func set(pwm asked: Double) {
        var output = asked
        if model.isX330, sensed.voltage > .zero {
            // The register says how fast the voltage at the motor may change.
            let step = Double(self[.pwmSlope]) * 1.977e-3 / Double(sensed.voltage.value) * Self.fullPWM
            output = min(max(asked, control.output - step), control.output + step)
        }
        control.output = output
        let duty = Float(output / Self.fullPWM)
        set(.duty(Duty(isReversed ? -duty : duty)))
    }

    private mutating func set(current asked: Int64) {
        let bound = self[.currentLimit]
        let raw = Int16(clamping: min(max(asked, -bound), bound))
        control.output = bound > 0 ? Double(raw) / Double(bound) * Self.fullPWM : 0
        let current = model.current(raw) ?? .zero
        set(.current(isReversed ? -current : current))
    }

    /// What the sensors and loops found, where a master reads it.
    mutating func publish(at instant: BusInstant) {
        let current = isReversed ? -sensed.current : sensed.current
        self[.presentPWM] = Int64(control.output.rounded())
        if model.hasCurrentSensor { self[.presentCurrent] = Int64(model.raw(current) ?? 0) }
        if !model.hasCurrentSensor { self[.presentLoad] = Int64((control.output / Self.fullPWM * 1_000).rounded()) }
        self[.presentVelocity] = Int64(exactVelocity.rounded())
        self[.presentPosition] = presentPosition
        self[.velocityTrajectory] = Int64(control.velocity.rounded())
        self[.positionTrajectory] = Int64(control.position.rounded())
        self[.presentInputVoltage] = Int64(model.raw(sensed.voltage) ?? 0)
        self[.presentTemperature] = Int64(sensed.temperature.value.rounded())
        self[.realtimeTick] = (instant - bootedAt) / nanosecondsPerMillisecond % 32_768
        self[.moving] = isMoving ? 1 : 0
        self[.movingStatus] = movingStatus
    }

    private var movingStatus: Int64 {
        let hasArrived = !control.isOnItsWay && (exactPosition - control.goal).magnitude < 20
        return (hasArrived ? 1 : 0) | (control.isOnItsWay ? 2 : 0) | Int64(control.shape) << 4
    }
}

extension UInt64 {
    fileprivate var clamped: Int64 { Int64(clamping: self) }
}

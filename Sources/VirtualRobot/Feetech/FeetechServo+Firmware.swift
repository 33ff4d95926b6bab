import Actuators
import Quantities
internal import Simulator

extension FeetechServo {
    /// One round of the firmware: look, guard, control.
    mutating func run(_ state: MotorState, over time: Double) {
        look(at: state)
        guards.check(state, duty: motion.duty, with: memory, over: time)
        memory[.faults] = guards.faults.rawValue
        baudCode = UInt8(memory[.baudCode])
        if guards.opensBridge(mask: memory[.unloadMask]) { memory[.torqueEnable] = 0 }
        let goals = obeyed(over: time)
        switch memory[.torqueEnable] {
        case 0:
            motion.rest()
            drive = .off
        case 2:
            // Both ends of the winding on one rail: the motor brakes itself.
            motion.rest()
            drive = .duty(.zero)
        default:
            motion.step(order(goals), over: time)
            drive = .duty(Duty(Float(isDriveReversed ? -motion.duty : motion.duty)))
        }
    }

    /// The bridge must turn the way the encoder counts, or the loop runs away: with only one of the two bits set it does.
    private var isDriveReversed: Bool { memory[.phase] & 0x01 != 0 }

    private func order(_ goals: FeetechGoals) -> FeetechOrder {
        let mode = FeetechMode(memory[.mode])
        let cap = guards.weakens(mask: memory[.unloadMask]) ? Double(memory[.protectiveTorque]) / 100 : 1
        let limit = Double(min(memory[.torqueLimit], 1_000)) / 1_000
        return FeetechOrder(
            mode: mode, goal: Double(clamped(goals.position)),
            speed: mode == .velocity ? signedSpeed(goals) : speedLimit(goals),
            acceleration: acceleration(goals), openDuty: Double(goals.pwm) / 1_000, limit: min(cap, limit),
            gains: mode == .velocity ? velocityGains : positionGains,
            deadZone: (Double(memory[.clockwiseDeadZone]), Double(memory[.counterclockwiseDeadZone])),
            position: Double(sight?.way ?? 0), velocity: sight?.stepsPerSecond ?? 0)
    }

    /// A goal outside the angle limits becomes the nearer limit; its register does not show that. Both limits zero are
    /// no limits.
    private func clamped(_ goal: Int) -> Int {
        let (low, high) = (memory[.minAngle], memory[.maxAngle])
        guard low != 0 || high != 0, low <= high else { return goal }
        return min(max(goal, low), high)
    }

    private var topSpeed: Double { 50 * Double(memory[unnamed: FeetechMemory.speedLimit]) }

    private func signedSpeed(_ goals: FeetechGoals) -> Double {
        let asked = Double(goals.velocity) * stepsPerSpeedUnit
        return min(max(asked, -topSpeed), topSpeed)
    }

    /// Bit 3 of the phase decides whether no speed at all means no limit.
    private func speedLimit(_ goals: FeetechGoals) -> Double {
        guard goals.velocity == 0 else { return abs(signedSpeed(goals)) }
        return memory[.phase] & 0x08 != 0 ? topSpeed : 0
    }

    private func acceleration(_ goals: FeetechGoals) -> Double {
        let highest = memory[.maxAcceleration]
        let asked = goals.acceleration
        return 100 * Double(asked == 0 ? highest : min(asked, highest))
    }

    private var positionGains: FeetechGains {
        FeetechGains(
            p: Double(memory[.positionPGain]), i: Double(memory[.positionIGain]), d: Double(memory[.positionDGain]),
            integralLimit: 4 * Double(memory[unnamed: FeetechMemory.integralLimit]) / 1_000,
            startForce: Double(memory[unnamed: UInt8(Feetech.Item.minStartForce.register.address)]) / 1_000)
    }

    private var velocityGains: FeetechGains {
        FeetechGains(
            p: Double(memory[.velocityPGain]), i: Double(memory[.velocityIGain]), d: 0, integralLimit: 0, startForce: 0)
    }
}

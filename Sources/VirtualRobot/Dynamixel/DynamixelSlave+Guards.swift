internal import Actuators
internal import Quantities
internal import Simulator

// What a servo watches by itself.
extension DynamixelSlave {
    /// How long a motor may pull in vain.
    private static let strain: Int64 = nanosecondsPerSecond
    private static let strainAt = 0.8 * 885

    private enum ErrorBit {
        static let voltage: Int64 = 0x01
        static let overheating: Int64 = 0x04
        static let overload: Int64 = 0x20
    }

    mutating func advance(to instant: BusInstant, sensing state: MotorState) {
        let wasAwake = isAwake(at: now)
        now = instant
        sensed = state
        guard hasPower else { return set(.off) }
        guard !hangs, isAwake(at: instant) else { return }
        if !wasAwake || !hasBegun {
            hasBegun = true
            wake()
        }
        watchBus(at: instant)
        watchHealth(at: instant)
        driveMotor()
        publish(at: instant)
    }

    private mutating func watchBus(at instant: BusInstant) {
        guard hasTorque, servo.model.hasBusWatchdog(with: servo.firmware) else { return }
        let steps = self[.busWatchdog]
        guard (1...127).contains(steps), instant - heardAt > steps * 20 * nanosecondsPerMillisecond else { return }
        self[.busWatchdog] = 0xFF
        // A stop and not a letting go: in the modes of position the motor holds where it is.
        control.freeze(at: exactPosition)
        control.integral = 0
        forgetLate()
    }

    private mutating func watchHealth(at instant: BusInstant) {
        let voltage = Int64(model.raw(sensed.voltage) ?? 0)
        if voltage > self[.maxVoltageLimit] || voltage < self[.minVoltageLimit] { raise(ErrorBit.voltage) }
        if Int64(sensed.temperature.value.rounded()) > self[.temperatureLimit] { raise(ErrorBit.overheating) }
        let strains = hasTorque && control.output.magnitude >= Self.strainAt && !isMoving
        strainsSince = strains ? strainsSince ?? instant : nil
        if let since = strainsSince, instant - since >= Self.strain { raise(ErrorBit.overload) }
    }

    mutating func overload() { raise(ErrorBit.overload) }

    private mutating func raise(_ bit: Int64) {
        self[.hardwareErrorStatus] |= bit
        guard isShutDown, hasTorque else { return }
        disableTorque()
    }
}

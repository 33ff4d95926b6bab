internal import Actuators

// The numbers that registers may hold.
extension DynamixelSlave {
    /// What the register takes at all; nil when its width alone decides.
    func range(of item: Dynamixel.Item) -> ClosedRange<Int64>? {
        switch item {
        case .id: 0...252
        case .baudCode: 0...(model.isX330 ? 6 : 7)
        case .returnDelay: 0...254
        case .driveMode: 0...0x0F
        case .protocolType: 2...2
        case .homingOffset: -1_044_479...1_044_479
        case .temperatureLimit: 0...100
        case .maxVoltageLimit, .minVoltageLimit: voltages
        case .movingThreshold: 0...1_023
        case .pwmLimit, .goalPWM: pwm(item)
        case .currentLimit: 0...model.greatestCurrent
        case .velocityLimit: 0...(model.isX330 ? 2_047 : 1_023)
        case .maxPositionLimit, .minPositionLimit: 0...4_095
        case .startupConfiguration: 0...3
        case .pwmSlope: 1...255
        case .torqueEnable, .led: 0...1
        case .statusReturnLevel: 0...2
        case .busWatchdog: 0...127
        case .goalPosition: goalPositions
        case .profileAcceleration, .profileVelocity: 0...32_767
        default: isGain(item) ? 0...16_383 : nil
        }
    }

    /// What the owner's limits leave of that.
    func limit(of item: Dynamixel.Item) -> ClosedRange<Int64>? {
        switch item {
        case .goalPWM: -self[.pwmLimit]...self[.pwmLimit]
        case .goalCurrent: -self[.currentLimit]...self[.currentLimit]
        case .goalVelocity: -self[.velocityLimit]...self[.velocityLimit]
        case .goalPosition where mode == .position:
            min(self[.minPositionLimit], self[.maxPositionLimit])...self[.maxPositionLimit]
        default: nil
        }
    }

    private var voltages: ClosedRange<Int64> { model.isX330 ? 31...70 : model.hasCurrentSensor ? 95...160 : 60...140 }

    private func pwm(_ item: Dynamixel.Item) -> ClosedRange<Int64> { item == .pwmLimit ? 0...885 : -885...885 }

    private var goalPositions: ClosedRange<Int64> {
        mode == .position ? Int64(Int32.min)...Int64(Int32.max) : -1_048_575...1_048_575
    }

    private func isGain(_ item: Dynamixel.Item) -> Bool {
        switch item {
        case .velocityIGain, .velocityPGain, .positionDGain, .positionIGain, .positionPGain: true
        case .feedForwardSecondGain, .feedForwardFirstGain: true
        default: false
        }
    }
}

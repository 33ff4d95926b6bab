extension Dynamixel {
    /// What a register of the X series is for.
    public enum Item: UInt8, CaseIterable, Sendable {
        case modelNumber, modelInformation, firmwareVersion, id, baudCode, returnDelay, driveMode, operatingMode
        case shadowID, protocolType, homingOffset, movingThreshold, temperatureLimit, maxVoltageLimit, minVoltageLimit
        case pwmLimit, currentLimit, velocityLimit, maxPositionLimit, minPositionLimit, startupConfiguration, pwmSlope
        case shutdown
        case torqueEnable, led, statusReturnLevel, registeredInstruction, hardwareErrorStatus
        case velocityIGain, velocityPGain, positionDGain, positionIGain, positionPGain
        case feedForwardSecondGain, feedForwardFirstGain, busWatchdog
        case goalPWM, goalCurrent, goalVelocity, profileAcceleration, profileVelocity, goalPosition
        case realtimeTick, moving, movingStatus
        case presentPWM, presentCurrent, presentLoad, presentVelocity, presentPosition
        case velocityTrajectory, positionTrajectory, presentInputVoltage, presentTemperature, backupReady
    }
}

extension Dynamixel.Model {
    /// Where a model keeps an item; nil when it has none.
    public func register(_ item: Dynamixel.Item) -> Dynamixel.Register? {
        has(item) ? item.register : nil
    }

    private func has(_ item: Dynamixel.Item) -> Bool {
        switch item {
        case .currentLimit, .goalCurrent, .presentCurrent: hasCurrentSensor
        case .presentLoad: !hasCurrentSensor
        case .pwmSlope: family == .x330
        // Not in the vendor's table of this model, in no edition up to 2026.
        case .startupConfiguration, .backupReady: self != .doubleXL430W250
        default: true
        }
    }
}

extension Dynamixel.Item {
    fileprivate var register: Dynamixel.Register {
        switch self {
        case .modelNumber: .init(0, 2, .readOnly)
        case .modelInformation: .init(2, 4, .readOnly)
        case .firmwareVersion: .init(6, 1, .readOnly)
        case .id: .init(7, 1, .readWrite)
        case .baudCode: .init(8, 1, .readWrite)
        case .returnDelay: .init(9, 1, .readWrite)
        case .driveMode: .init(10, 1, .readWrite)
        case .operatingMode: .init(11, 1, .readWrite)
        case .shadowID: .init(12, 1, .readWrite)
        case .protocolType: .init(13, 1, .readWrite)
        case .homingOffset: .init(20, 4, .readWrite, isSigned: true)
        case .movingThreshold: .init(24, 4, .readWrite)
        case .temperatureLimit: .init(31, 1, .readWrite)
        case .maxVoltageLimit: .init(32, 2, .readWrite)
        case .minVoltageLimit: .init(34, 2, .readWrite)
        case .pwmLimit: .init(36, 2, .readWrite)
        case .currentLimit: .init(38, 2, .readWrite)
        case .velocityLimit: .init(44, 4, .readWrite)
        case .maxPositionLimit: .init(48, 4, .readWrite)
        case .minPositionLimit: .init(52, 4, .readWrite)
        case .startupConfiguration: .init(60, 1, .readWrite)
        case .pwmSlope: .init(62, 1, .readWrite)
        case .shutdown: .init(63, 1, .readWrite)
        case .torqueEnable: .init(64, 1, .readWrite)
        case .led: .init(65, 1, .readWrite)
        case .statusReturnLevel: .init(68, 1, .readWrite)
        case .registeredInstruction: .init(69, 1, .readOnly)
        case .hardwareErrorStatus: .init(70, 1, .readOnly)
        case .velocityIGain: .init(76, 2, .readWrite)
        case .velocityPGain: .init(78, 2, .readWrite)
        case .positionDGain: .init(80, 2, .readWrite)
        case .positionIGain: .init(82, 2, .readWrite)
        case .positionPGain: .init(84, 2, .readWrite)
        case .feedForwardSecondGain: .init(88, 2, .readWrite)
        case .feedForwardFirstGain: .init(90, 2, .readWrite)
        case .busWatchdog: .init(98, 1, .readWrite)
        case .goalPWM: .init(100, 2, .readWrite, isSigned: true)
        case .goalCurrent: .init(102, 2, .readWrite, isSigned: true)
        case .goalVelocity: .init(104, 4, .readWrite, isSigned: true)
        case .profileAcceleration: .init(108, 4, .readWrite)
        case .profileVelocity: .init(112, 4, .readWrite)
        case .goalPosition: .init(116, 4, .readWrite, isSigned: true)
        case .realtimeTick: .init(120, 2, .readOnly)
        case .moving: .init(122, 1, .readOnly)
        case .movingStatus: .init(123, 1, .readOnly)
        case .presentPWM: .init(124, 2, .readOnly, isSigned: true)
        case .presentCurrent, .presentLoad: .init(126, 2, .readOnly, isSigned: true)
        case .presentVelocity: .init(128, 4, .readOnly, isSigned: true)
        case .presentPosition: .init(132, 4, .readOnly, isSigned: true)
        case .velocityTrajectory: .init(136, 4, .readOnly, isSigned: true)
        case .positionTrajectory: .init(140, 4, .readOnly, isSigned: true)
        case .presentInputVoltage: .init(144, 2, .readOnly)
        case .presentTemperature: .init(146, 1, .readOnly)
        case .backupReady: .init(147, 1, .readOnly)
        }
    }
}

extension Feetech {
    /// The servos whose registers are known here. The number is in register `modelNumber`; a ping does not tell it.
    public enum Model: UInt16, CaseIterable, Sendable {
        case sts3215 = 777
        case sts3250 = 2825
    }

    /// What a register is for. Both models keep the same table.
    ///
    /// Torque enable is 0 or 1. It also takes 128, which declares the present position to be the middle and so rewrites
    /// the homing offset: nothing here ever writes that.
    public enum Item: UInt8, CaseIterable, Sendable {
        case firmwareMajor, firmwareMinor, modelNumber, id, baudCode, returnDelay, responseLevel, minAngle, maxAngle
        case maxTemperature, maxVoltage, minVoltage, maxTorque, phase, unloadMask, alarmMask
        case positionPGain, positionDGain, positionIGain, minStartForce, clockwiseDeadZone, counterclockwiseDeadZone
        case protectionCurrent, angularResolution, homingOffset, mode
        case protectiveTorque, protectionTime, overloadTorque, velocityPGain, overCurrentTime, velocityIGain
        case torqueEnable, acceleration, goalPosition, goalPWM, goalVelocity, torqueLimit, lock
        case presentPosition, presentVelocity, presentLoad, presentVoltage, presentTemperature, asyncWrite, faults
        case moving, presentCurrent, maxAcceleration

        public var register: Register {
            switch self {
            case .firmwareMajor: Register(0, 1, .readOnly)
            case .firmwareMinor: Register(1, 1, .readOnly)
            case .modelNumber: Register(3, 2, .readOnly)
            case .id: Register(5, 1, .readWrite)
            case .baudCode: Register(6, 1, .readWrite)
            case .returnDelay: Register(7, 1, .readWrite)
            case .responseLevel: Register(8, 1, .readWrite)
            case .minAngle: Register(9, 2, .readWrite)
            case .maxAngle: Register(11, 2, .readWrite)
            case .maxTemperature: Register(13, 1, .readWrite)
            case .maxVoltage: Register(14, 1, .readWrite)
            case .minVoltage: Register(15, 1, .readWrite)
            case .maxTorque: Register(16, 2, .readWrite)
            case .phase: Register(18, 1, .readWrite)
            case .unloadMask: Register(19, 1, .readWrite)
            case .alarmMask: Register(20, 1, .readWrite)
            case .positionPGain: Register(21, 1, .readWrite)
            case .positionDGain: Register(22, 1, .readWrite)
            case .positionIGain: Register(23, 1, .readWrite)
            case .minStartForce: Register(24, 2, .readWrite)
            case .clockwiseDeadZone: Register(26, 1, .readWrite)
            case .counterclockwiseDeadZone: Register(27, 1, .readWrite)
            case .protectionCurrent: Register(28, 2, .readWrite)
            case .angularResolution: Register(30, 1, .readWrite)
            case .homingOffset: Register(31, 2, .readWrite, .signMagnitude(bit: 11))
            case .mode: Register(33, 1, .readWrite)
            case .protectiveTorque: Register(34, 1, .readWrite)
            case .protectionTime: Register(35, 1, .readWrite)
            case .overloadTorque: Register(36, 1, .readWrite)
            case .velocityPGain: Register(37, 1, .readWrite)
            case .overCurrentTime: Register(38, 1, .readWrite)
            case .velocityIGain: Register(39, 1, .readWrite)
            case .torqueEnable: Register(40, 1, .readWrite)
            case .acceleration: Register(41, 1, .readWrite)
            case .goalPosition: Register(42, 2, .readWrite, .signMagnitude(bit: 15))
            case .goalPWM: Register(44, 2, .readWrite, .signMagnitude(bit: 10))
            case .goalVelocity: Register(46, 2, .readWrite, .signMagnitude(bit: 15))
            case .torqueLimit: Register(48, 2, .readWrite)
            case .lock: Register(55, 1, .readWrite)
            case .presentPosition: Register(56, 2, .readOnly, .signMagnitude(bit: 15))
            case .presentVelocity: Register(58, 2, .readOnly, .signMagnitude(bit: 15))
            case .presentLoad: Register(60, 2, .readOnly, .signMagnitude(bit: 10))
            case .presentVoltage: Register(62, 1, .readOnly)
            case .presentTemperature: Register(63, 1, .readOnly)
            case .asyncWrite: Register(64, 1, .readOnly)
            case .faults: Register(65, 1, .readOnly)
            case .moving: Register(66, 1, .readOnly)
            case .presentCurrent: Register(69, 2, .readOnly, .signMagnitude(bit: 15))
            case .maxAcceleration: Register(85, 1, .readWrite)
            }
        }
    }

    /// The bits per second behind a code of the baud register; nil for a code that it does not have.
    ///
    /// Widely copied tables disagree from 5 on; this is the vendor's.
    public static func bitsPerSecond(code: UInt8) -> UInt32? {
        switch code {
        case 0: 1_000_000
        case 1: 500_000
        case 2: 250_000
        case 3: 128_000
        case 4: 115_200
        case 5: 76_800
        case 6: 57_600
        case 7: 38_400
        default: nil
        }
    }
}

extension Moteus {
    /// The number of a register.
    public struct Register: Hashable, Sendable {
        public let rawValue: UInt16

        public init(_ rawValue: UInt16) { self.rawValue = rawValue }

        func following(_ places: Int) -> Register { Register(rawValue &+ UInt16(truncatingIfNeeded: places)) }

        public static let mode = Register(0x000)
        public static let position = Register(0x001)
        public static let velocity = Register(0x002)
        public static let torque = Register(0x003)
        public static let qCurrent = Register(0x004)
        public static let dCurrent = Register(0x005)
        public static let absolutePosition = Register(0x006)
        public static let power = Register(0x007)
        public static let motorTemperature = Register(0x00A)
        public static let trajectoryComplete = Register(0x00B)
        public static let homeState = Register(0x00C)
        public static let voltage = Register(0x00D)
        public static let boardTemperature = Register(0x00E)
        public static let fault = Register(0x00F)
        public static let commandPosition = Register(0x020)
        public static let commandVelocity = Register(0x021)
        public static let commandTorque = Register(0x022)
        public static let commandStiffnessShare = Register(0x023)
        public static let commandDampingShare = Register(0x024)
        public static let commandMaximumTorque = Register(0x025)
        public static let commandWatchdog = Register(0x027)
        public static let commandVelocityLimit = Register(0x028)
        public static let commandAccelerationLimit = Register(0x029)
        public static let commandIntegralShare = Register(0x02B)
        public static let millisecondCounter = Register(0x070)
        public static let model = Register(0x100)
        public static let firmware = Register(0x101)
        public static let registerMapVersion = Register(0x102)
        public static let id = Register(0x110)
        /// The first of four that together name one controller among all that were ever made.
        public static let unit = Register(0x150)

        /// What its integers count; a register that is not known here counts ones.
        public var scale: Scale {
            switch self {
            case .position, .absolutePosition, .commandPosition: .revolutions
            case .velocity, .commandVelocity, .commandVelocityLimit: .revolutionsPerSecond
            case .commandAccelerationLimit: .revolutionsPerSecondSquared
            case .torque, .commandTorque, .commandMaximumTorque: .newtonMetres
            case .qCurrent, .dCurrent: .amperes
            case .power: .watts
            case .motorTemperature, .boardTemperature: .celsius
            case .voltage: .volts
            case .commandWatchdog: .seconds
            case .commandStiffnessShare, .commandDampingShare, .commandIntegralShare: .share
            default: .count
            }
        }
    }

    /// What the controller does. It must be the first thing that a frame writes.
    public enum Mode: UInt8, CaseIterable, Sendable {
        /// Also clears faults and a timeout.
        case stopped = 0
        case fault = 1
        case pwm = 5
        case voltage = 6
        case voltageFOC = 7
        case voltageDQ = 8
        case current = 9
        case position = 10
        /// The watchdog has run out; it stays so until `stopped` is written.
        case timeout = 11
        case zeroVelocity = 12
        case stayWithin = 13
        case measureInductance = 14
        case brake = 15
    }

    /// What the fault register says: why the controller stopped, or only what holds it back.
    public struct Condition: Equatable, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public var fault: Fault? { Fault(rawValue: rawValue) }
        /// No fault: the limit that is at work.
        public var limiter: Limiter? { Limiter(rawValue: rawValue) }
    }

    public enum Fault: UInt8, CaseIterable, Sendable {
        case calibration = 32
        case motorDriver, overVoltage, encoder, notConfigured, pwmOverrun, overTemperature, outsideLimit, underVoltage
        case configurationChanged, thetaInvalid, positionInvalid, driverEnable, stopPosition, timing, backEMF
        case invalidLimits, positionError, velocityError
    }

    public enum Limiter: UInt8, CaseIterable, Sendable {
        case velocity = 96
        case power, voltage, current, boardTemperature, motorTemperature, commandedTorque, positionBound
    }
}

extension Dynamixel {
    /// The error byte of an answer.
    public struct StatusError: Equatable, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public init(hasAlert: Bool, failure: Failure?) {
            rawValue = (hasAlert ? 0x80 : 0) | (failure?.code ?? 0)
        }

        public static let none = StatusError(rawValue: 0)

        /// The servo's hardware reports a fault. It stays until a reboot, in every answer, and is no error of the bus.
        public var hasAlert: Bool { rawValue & 0x80 != 0 }

        /// Why this one request was refused; nil when it was carried out.
        public var failure: Failure? {
            let code = rawValue & 0x7F
            return code == 0 ? nil : Failure(code: code)
        }
    }

    /// Why a servo refused a request.
    public enum Failure: Error, Equatable, Sendable {
        case failed
        /// An instruction that it does not know, or an action without a registered write.
        case instruction
        case checksum
        /// The value is outside the range of the register.
        case dataRange
        /// Fewer bytes than the register has.
        case dataLength
        /// The value is outside the limit that is set in the servo.
        case dataLimit
        /// Not writable, not there, or persistent while the torque is on.
        case access
        /// A number without a documented meaning, 8 ... 127.
        case unknown(UInt8)

        init(code: UInt8) {
            switch code {
            case 1: self = .failed
            case 2: self = .instruction
            case 3: self = .checksum
            case 4: self = .dataRange
            case 5: self = .dataLength
            case 6: self = .dataLimit
            case 7: self = .access
            default: self = .unknown(code)
            }
        }

        var code: UInt8 {
            switch self {
            case .failed: 1
            case .instruction: 2
            case .checksum: 3
            case .dataRange: 4
            case .dataLength: 5
            case .dataLimit: 6
            case .access: 7
            case .unknown(let code): code & 0x7F
            }
        }
    }

    /// The register that says what is behind an alert.
    public struct HardwareError: Equatable, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public var isPresent: Bool { rawValue != 0 }
        public var inputVoltage: Bool { rawValue & 0x01 != 0 }
        public var overheating: Bool { rawValue & 0x04 != 0 }
        public var encoder: Bool { rawValue & 0x08 != 0 }
        public var electricalShock: Bool { rawValue & 0x10 != 0 }
        public var overload: Bool { rawValue & 0x20 != 0 }
        /// Bits that the X series does not use.
        public var undocumented: UInt8 { rawValue & 0xC2 }
    }
}

/// The wire format of Feetech servos with magnetic encoders (STS and SMS).
///
/// There is no CRC and no stuffing, only a sum of eight bits: what arrives is believed only after it is also plausible.
public enum Feetech {}

extension Feetech {
    /// The number of one servo on its bus. One that exists is at most 253.
    public struct ServoID: Hashable, Sendable {
        public let rawValue: UInt8

        public init?(_ rawValue: UInt8) {
            guard rawValue <= 253 else { return nil }
            self.rawValue = rawValue
        }
    }

    /// Whom a packet is for, or whom it is from.
    public enum Target: Equatable, Sendable {
        case one(ServoID)
        case everyone

        /// 255 never comes here: it is the first byte of a header.
        init(code: UInt8) { self = ServoID(code).map(Target.one) ?? .everyone }

        var code: UInt8 {
            switch self {
            case .one(let id): id.rawValue
            case .everyone: 0xFE
            }
        }
    }

    public enum Instruction: UInt8, Sendable {
        case ping = 0x01
        case read = 0x02
        case write = 0x03
        case registerWrite = 0x04
        case action = 0x05
        case syncRead = 0x82
        case syncWrite = 0x83
    }

    /// Neighbouring registers.
    public struct Region: Equatable, Sendable {
        public let address: UInt8
        public let count: UInt8

        public init(address: UInt8, count: UInt8) {
            self.address = address
            self.count = count
        }
    }

    /// A packet that arrived whole. Its parameters are with the parser until the parser goes on.
    public struct Packet: Equatable, Sendable {
        public let target: Target
        /// The instruction or, in an answer, the servo's faults: the wire does not tell them apart, the direction does.
        public let code: UInt8

        public var faults: ServoFaults { ServoFaults(rawValue: code) }
    }

    /// What a servo reports of itself, in every answer for as long as it holds.
    public struct ServoFaults: Equatable, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public var isPresent: Bool { rawValue != 0 }
        public var voltage: Bool { rawValue & 0x01 != 0 }
        /// The encoder; the vendor's own program calls the same bit "angle".
        public var encoder: Bool { rawValue & 0x02 != 0 }
        public var temperature: Bool { rawValue & 0x04 != 0 }
        public var current: Bool { rawValue & 0x08 != 0 }
        public var angle: Bool { rawValue & 0x10 != 0 }
        public var overload: Bool { rawValue & 0x20 != 0 }
        public var undocumented: UInt8 { rawValue & 0xC0 }
    }

    // Offsets of the fields.
    enum Layout {
        static let target = 2
        static let length = 3
        static let code = 4
        static let parameters = 5
        /// What the length field does not count.
        static let uncounted = 4
        static let shortestLength = 2
    }

    /// The sum that closes a packet. It finds every damage of one bit, and less than all of two.
    struct Checksum {
        private var sum: UInt8 = 0

        var value: UInt8 { ~sum }

        mutating func add(_ byte: UInt8) { sum &+= byte }
    }
}

extension Dynamixel {
    /// The number of one servo on its bus. One that exists is at most 252.
    public struct ServoID: Hashable, Sendable {
        public let rawValue: UInt8

        public init?(_ rawValue: UInt8) {
            guard rawValue <= 252 else { return nil }
            self.rawValue = rawValue
        }
    }

    /// Whom a packet is for.
    public enum Target: Equatable, Sendable {
        case one(ServoID)
        case everyone

        static let everyoneCode: UInt8 = 0xFE

        /// Nil for the two numbers that nobody may have.
        init?(code: UInt8) {
            if code == Self.everyoneCode {
                self = .everyone
            } else if let id = ServoID(code) {
                self = .one(id)
            } else {
                return nil
            }
        }

        var code: UInt8 {
            switch self {
            case .one(let id): id.rawValue
            case .everyone: Self.everyoneCode
            }
        }
    }

    public enum Instruction: UInt8, Sendable {
        case ping = 0x01
        case read = 0x02
        case write = 0x03
        case registerWrite = 0x04
        case action = 0x05
        case factoryReset = 0x06
        case reboot = 0x08
        case clear = 0x10
        case backup = 0x20
        case syncRead = 0x82
        case syncWrite = 0x83
        case fastSyncRead = 0x8A
        case bulkRead = 0x92
        case bulkWrite = 0x93
        case fastBulkRead = 0x9A

        /// What stands in its place in the answer of a servo.
        static let statusCode: UInt8 = 0x55
    }

    /// Neighbouring registers.
    public struct Region: Equatable, Sendable {
        public let address: UInt16
        public let count: UInt16

        public init(address: UInt16, count: UInt16) {
            self.address = address
            self.count = count
        }
    }

    /// A packet that arrived whole. Its parameters are with the parser until the parser goes on.
    public struct Packet: Equatable, Sendable {
        public enum Kind: Equatable, Sendable {
            /// Kept as the byte, because a servo must be able to refuse one that it does not know.
            case instruction(UInt8)
            case status(StatusError)
        }

        public let target: Target
        public let kind: Kind
    }

    // Offsets of the fields.
    enum Layout {
        static let target = 4
        static let length = 5
        static let instruction = 7
        static let parameters = 8
        /// What the length field does not count.
        static let uncounted = 7
        static let checksumBytes = 2
        /// The longest that the two bytes of the length field can say.
        static let longestBody = 0xFFFF
    }
}

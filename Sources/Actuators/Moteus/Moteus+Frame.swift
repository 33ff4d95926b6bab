/// The wire format of moteus controllers: lists of register accesses in CAN-FD frames, and the text lines around them.
public enum Moteus {}

extension Moteus {
    /// Who speaks to whom on the CAN bus.
    public struct Address: Equatable, Sendable {
        public let source: UInt8
        public let destination: UInt8
        public let wantsReply: Bool

        /// Nil when a number has more than seven bits.
        public init?(source: UInt8, destination: UInt8, wantsReply: Bool) {
            guard source < 0x80, destination < 0x80 else { return nil }
            self.source = source
            self.destination = destination
            self.wantsReply = wantsReply
        }

        /// Nil for an identifier that is none of moteus.
        public init?(identifier: UInt32) {
            guard identifier <= 0xFFFF else { return nil }
            self.init(
                source: UInt8(identifier >> 8 & 0x7F), destination: UInt8(identifier & 0xFF),
                wantsReply: identifier & 0x8000 != 0)
        }

        public var identifier: UInt32 {
            UInt32(source) << 8 | UInt32(destination) | (wantsReply ? 0x8000 : 0)
        }
    }

    /// What one CAN-FD frame carries: at most 64 bytes.
    public struct Payload: Equatable, Sendable {
        public static let capacity = 64

        private var storage = InlineArray<64, UInt8>(repeating: 0)
        public private(set) var count = 0

        public init() {}

        public var bytes: Span<UInt8> {
            @_lifetime(borrow self) get { storage.span.extracting(0..<count) }
        }

        public mutating func append(_ byte: UInt8) throws(EncodingError) {
            guard count < Self.capacity else { throw .tooLong }
            storage[count] = byte
            count += 1
        }

        /// Fills up to a length that CAN-FD has, with bytes that mean nothing.
        public mutating func pad() {
            while !Self.isFrameLength(count) {
                storage[count] = Self.padding
                count += 1
            }
        }

        static let padding: UInt8 = 0x50

        private static func isFrameLength(_ count: Int) -> Bool {
            switch count {
            case 0...8, 12, 16, 20, 24, 32, 48, 64: true
            default: false
            }
        }

        public static func == (left: Payload, right: Payload) -> Bool {
            guard left.count == right.count else { return false }
            for position in 0..<left.count where left.storage[position] != right.storage[position] { return false }
            return true
        }
    }

    /// One frame on the CAN bus.
    public struct Frame: Equatable, Sendable {
        public let address: Address
        public let payload: Payload

        public init(address: Address, payload: Payload) {
            self.address = address
            self.payload = payload
        }
    }
}

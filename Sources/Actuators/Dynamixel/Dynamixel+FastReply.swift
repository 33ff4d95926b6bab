extension Dynamixel {
    /// Reads the shared answer to a fast read, servo by servo, in the order of the request.
    ///
    /// Each servo closes its part with the checksum of everything before it. So the first part that is not intact names
    /// the servo, or the piece of wire before it, that breaks the chain.
    public struct FastReply: Sendable {
        /// Error byte, number and checksum around each servo's data.
        static let overhead = 4
        /// Everything before the first servo's part.
        static let header = Layout.parameters

        public enum Part: Equatable, Sendable {
            /// The data lies at these offsets of the answer.
            case intact(StatusError, data: Range<Int>)
            /// The checksum holds, and yet another servo answered in this place.
            case wrongServo(UInt8)
            case damaged
            /// The answer ends before this part does.
            case missing
        }

        private var checksum = Checksum()
        private var position = 0

        public init() {}

        /// The part of the next servo, which was asked for `width` bytes.
        public mutating func next(from id: ServoID, width: UInt16, in raw: Span<UInt8>) -> Part {
            let start = max(position, Layout.parameters)
            let data = start + 2..<start + 2 + Int(width)
            guard data.upperBound + Layout.checksumBytes <= raw.count else { return .missing }
            checksum.add(raw.extracting(position..<data.upperBound))
            let isIntact = raw.number(at: data.upperBound) == checksum.value
            checksum.add(raw.extracting(data.upperBound..<data.upperBound + 2))
            position = data.upperBound + Layout.checksumBytes
            guard isIntact else { return .damaged }
            guard raw[start + 1] == id.rawValue else { return .wrongServo(raw[start + 1]) }
            return .intact(StatusError(rawValue: raw[start]), data: data)
        }
    }
}

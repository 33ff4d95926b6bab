extension Dynamixel {
    /// Watches the body of a packet for the three bytes that begin a packet.
    ///
    /// A sender puts one more 0xFD behind them, so that a receiver never finds the beginning of a packet inside another.
    struct Stuffing {
        enum Finding: Equatable {
            case plain
            /// This byte completes the pattern: one more must follow it.
            case completes
            /// This byte is the one more: it carries nothing.
            case stuffed
            /// The pattern stands bare. A body cannot hold it: a new packet begins before the old one ended.
            case bare
        }

        /// How many bytes of the pattern the last bytes match.
        private var matched = 0

        /// What a byte that was received means.
        mutating func receive(_ byte: UInt8) -> Finding {
            if matched == 3 {
                matched = 0
                return byte == 0xFD ? .stuffed : .bare
            }
            return follow(byte) ? .completes : .plain
        }

        /// Whether one more 0xFD must be sent after this byte.
        mutating func send(_ byte: UInt8) -> Bool {
            guard follow(byte) else { return false }
            matched = 0
            return true
        }

        /// Whether the body may end here.
        var isClosed: Bool { matched < 3 }

        private mutating func follow(_ byte: UInt8) -> Bool {
            switch byte {
            case 0xFF: matched = min(matched + 1, 2)
            case 0xFD where matched == 2: matched = 3
            default: matched = 0
            }
            return matched == 3
        }
    }
}

extension Moteus {
    /// CRC-8 with the polynomial 0x97, start 0; the ASCII digits `123456789` give 0x94.
    struct LineChecksum {
        private(set) var value: UInt8 = 0

        mutating func add(_ byte: UInt8) {
            value ^= byte
            for _ in 0..<8 { value = value & 0x80 == 0 ? value << 1 : value << 1 ^ 0x97 }
        }
    }

    /// Writes one line at a time. The bytes stay until the next one begins.
    ///
    /// Over USB a line has no checksum. Over a plain serial line it must have one.
    public struct LineWriter: ~Copyable, Sendable {
        public let hasChecksum: Bool
        private var buffer = WireBuffer()

        public init(hasChecksum: Bool) { self.hasChecksum = hasChecksum }

        public var bytes: Span<UInt8> {
            @_lifetime(borrow self) get { buffer.bytes }
        }

        /// What a master says.
        public mutating func send(_ frame: Frame) {
            begin("can send ")
            append(frame)
            finish()
        }

        /// What an adapter says of a frame that came from the bus.
        public mutating func received(_ frame: Frame) {
            begin("rcv ")
            append(frame)
            finish()
        }

        /// What an adapter says to a line that it has carried out.
        public mutating func acknowledged() {
            begin("OK")
            finish()
        }

        public mutating func rejected(_ reason: StaticString) {
            begin("ERR ")
            append(reason)
            finish()
        }

        private mutating func begin(_ words: StaticString) {
            buffer.removeAll()
            append(words)
        }

        private mutating func append(_ words: StaticString) {
            words.withUTF8Buffer { letters in
                for position in letters.indices { unsafe buffer.append(letters[position]) }
            }
        }

        private mutating func append(_ frame: Frame) {
            let identifier = frame.address.identifier
            var rest = max(1, (32 - identifier.leadingZeroBitCount + 3) / 4)
            while rest > 0 {
                rest -= 1
                append(digit: UInt8(identifier >> UInt32(4 * rest) & 0xF))
            }
            buffer.append(Letter.space)
            for position in 0..<frame.payload.count { append(frame.payload.bytes[position], Letter.hexDigit) }
        }

        private mutating func append(digit: UInt8) { buffer.append(Letter.hexDigit(digit)) }

        private mutating func append(_ byte: UInt8, _ digit: (UInt8) -> UInt8) {
            buffer.append(digit(byte >> 4))
            buffer.append(digit(byte & 0xF))
        }

        private mutating func finish() {
            if hasChecksum { appendChecksum() }
            buffer.append(Letter.newline)
        }

        private mutating func appendChecksum() {
            buffer.append(Letter.space)
            var checksum = LineChecksum()
            for position in 0..<buffer.count { checksum.add(buffer.bytes[position]) }
            buffer.append(Letter.star)
            append(checksum.value, Letter.capitalHexDigit)
        }
    }

    /// ASCII, as far as these lines need it.
    enum Letter {
        static let newline: UInt8 = 0x0A
        static let carriageReturn: UInt8 = 0x0D
        static let space: UInt8 = 0x20
        static let star: UInt8 = 0x2A

        static func hexDigit(_ number: UInt8) -> UInt8 { number < 10 ? 0x30 + number : 0x57 + number }

        static func capitalHexDigit(_ number: UInt8) -> UInt8 { number < 10 ? 0x30 + number : 0x37 + number }

        static func number(ofHexDigit letter: UInt8) -> UInt8? {
            switch letter {
            case 0x30...0x39: letter - 0x30
            case 0x41...0x46: letter - 0x37
            case 0x61...0x66: letter - 0x57
            default: nil
            }
        }
    }
}

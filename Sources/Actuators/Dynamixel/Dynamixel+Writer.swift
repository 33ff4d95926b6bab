extension Dynamixel {
    /// Writes one packet at a time. The bytes stay until the next one begins.
    public struct Writer: ~Copyable, Sendable {
        private var buffer = WireBuffer()
        private var stuffing = Stuffing()
        /// What each servo of a packet under way gets.
        private var width = 0

        public init() {}

        public var bytes: Span<UInt8> {
            @_lifetime(borrow self) get { buffer.bytes }
        }

        mutating func begin(_ instruction: Instruction, _ target: Target, width: Int = 0) {
            begin(code: instruction.rawValue, target)
            self.width = width
        }

        mutating func begin(code: UInt8, _ target: Target) {
            buffer.removeAll()
            stuffing = Stuffing()
            header(target)
            buffer.append(0)
            buffer.append(0)
            buffer.append(code)
        }

        private mutating func header(_ target: Target) {
            buffer.append(0xFF)
            buffer.append(0xFF)
            buffer.append(0xFD)
            buffer.append(0x00)
            buffer.append(target.code)
        }

        mutating func put(_ byte: UInt8) {
            buffer.append(byte)
            if stuffing.send(byte) { buffer.append(0xFD) }
        }

        mutating func put(_ number: UInt16) {
            put(UInt8(truncatingIfNeeded: number))
            put(UInt8(truncatingIfNeeded: number >> 8))
        }

        mutating func put(_ bytes: Span<UInt8>) {
            for position in bytes.indices { put(bytes[position]) }
        }

        mutating func put(_ region: Region) {
            put(region.address)
            put(region.count)
        }

        mutating func checkWidth(_ found: Int) throws(EncodingError) {
            guard found == width else { throw .wrongWidth(expected: width, found: found) }
        }

        /// Sets the length and the checksum. Nothing may be sent before.
        public mutating func finish() throws(EncodingError) {
            let length = buffer.count + Layout.checksumBytes - Layout.uncounted
            buffer.replace(Layout.length, with: UInt8(truncatingIfNeeded: length))
            buffer.replace(Layout.length + 1, with: UInt8(truncatingIfNeeded: length >> 8))
            try appendChecksum()
        }

        private mutating func appendChecksum() throws(EncodingError) {
            var checksum = Checksum()
            checksum.add(buffer.bytes)
            buffer.append(checksum.low)
            buffer.append(checksum.high)
            guard !buffer.overflowed else { throw .tooLong }
        }
    }
}

// What a servo sends.
extension Dynamixel.Writer {
    public mutating func status(
        from id: Dynamixel.ServoID, _ error: Dynamixel.StatusError, _ parameters: Span<UInt8>
    ) throws(EncodingError) {
        begin(code: Dynamixel.Instruction.statusCode, .one(id))
        put(error.rawValue)
        put(parameters)
        try finish()
    }

    /// Begins the one answer that several servos share. They know from the request how long it becomes.
    public mutating func beginFastReply(servos: Int, dataBytes: Int) throws(EncodingError) {
        let length = 1 + servos * Dynamixel.FastReply.overhead + dataBytes
        guard length <= Dynamixel.Layout.longestBody else { throw .tooLong }
        buffer.removeAll()
        header(.everyone)
        buffer.append(UInt8(truncatingIfNeeded: length))
        buffer.append(UInt8(truncatingIfNeeded: length >> 8))
        buffer.append(Dynamixel.Instruction.statusCode)
    }

    /// Adds one servo's part, with the checksum of everything that was sent up to here. Nothing is stuffed.
    public mutating func addFastReply(
        from id: Dynamixel.ServoID, _ error: Dynamixel.StatusError, _ data: Span<UInt8>
    ) throws(EncodingError) {
        buffer.append(error.rawValue)
        buffer.append(id.rawValue)
        buffer.append(data)
        try appendChecksum()
    }
}

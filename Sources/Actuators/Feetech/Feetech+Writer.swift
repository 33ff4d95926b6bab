extension Feetech {
    /// Writes one packet at a time. The bytes stay until the next one begins.
    public struct Writer: ~Copyable, Sendable {
        private var buffer = WireBuffer()
        /// What each servo of a packet under way gets.
        private var width = 0

        public init() {}

        public var bytes: Span<UInt8> {
            @_lifetime(borrow self) get { buffer.bytes }
        }

        private mutating func begin(_ instruction: Instruction, _ target: Target, width: Int = 0) {
            begin(code: instruction.rawValue, target)
            self.width = width
        }

        private mutating func begin(code: UInt8, _ target: Target) {
            buffer.removeAll()
            buffer.append(0xFF)
            buffer.append(0xFF)
            buffer.append(target.code)
            buffer.append(0)
            buffer.append(code)
        }

        private mutating func put(_ region: Region) {
            buffer.append(region.address)
            buffer.append(region.count)
        }

        /// Sets the length and the checksum. Nothing may be sent before.
        public mutating func finish() throws(EncodingError) {
            guard !buffer.overflowed, let length = UInt8(exactly: buffer.count + 1 - Layout.uncounted) else {
                throw .tooLong
            }
            buffer.replace(Layout.length, with: length)
            var checksum = Checksum()
            for position in Layout.target..<buffer.count { checksum.add(buffer.bytes[position]) }
            buffer.append(checksum.value)
        }
    }
}

// What a master sends.
extension Feetech.Writer {
    /// Several servos that answer at once would drown each other, so a ping has one address.
    public mutating func ping(_ id: Feetech.ServoID) throws(EncodingError) {
        begin(.ping, .one(id))
        try finish()
    }

    public mutating func read(_ id: Feetech.ServoID, _ region: Feetech.Region) throws(EncodingError) {
        begin(.read, .one(id))
        put(region)
        try finish()
    }

    public mutating func write(
        _ target: Feetech.Target, at address: UInt8, _ data: Span<UInt8>
    ) throws(EncodingError) {
        try write(.write, target, address, data)
    }

    /// A write that waits for `action`.
    public mutating func registerWrite(
        _ target: Feetech.Target, at address: UInt8, _ data: Span<UInt8>
    ) throws(EncodingError) {
        try write(.registerWrite, target, address, data)
    }

    private mutating func write(
        _ instruction: Feetech.Instruction, _ target: Feetech.Target, _ address: UInt8, _ data: Span<UInt8>
    ) throws(EncodingError) {
        begin(instruction, target)
        buffer.append(address)
        buffer.append(data)
        try finish()
    }

    /// Carries out the registered writes of all servos at once.
    public mutating func action(_ target: Feetech.Target) throws(EncodingError) {
        begin(.action, target)
        try finish()
    }

    public mutating func syncRead(
        _ region: Feetech.Region, from ids: Span<Feetech.ServoID>
    ) throws(EncodingError) {
        beginSyncRead(region)
        for position in ids.indices { addSyncRead(ids[position]) }
        try finish()
    }

    /// Begins a read of the same registers of several servos: `addSyncRead` for each, then `finish`.
    public mutating func beginSyncRead(_ region: Feetech.Region) {
        begin(.syncRead, .everyone)
        put(region)
    }

    public mutating func addSyncRead(_ id: Feetech.ServoID) { buffer.append(id.rawValue) }

    /// Begins a write of the same registers of several servos: `addSyncWrite` for each, then `finish`.
    public mutating func beginSyncWrite(_ region: Feetech.Region) {
        begin(.syncWrite, .everyone, width: Int(region.count))
        put(region)
    }

    public mutating func addSyncWrite(
        _ id: Feetech.ServoID, _ data: Span<UInt8>
    ) throws(EncodingError) {
        guard data.count == width else { throw .wrongWidth(expected: width, found: data.count) }
        buffer.append(id.rawValue)
        buffer.append(data)
    }
}

// What a servo sends.
extension Feetech.Writer {
    public mutating func status(
        from id: Feetech.ServoID, _ faults: Feetech.ServoFaults, _ parameters: Span<UInt8>
    ) throws(EncodingError) {
        begin(code: faults.rawValue, .one(id))
        buffer.append(parameters)
        try finish()
    }
}

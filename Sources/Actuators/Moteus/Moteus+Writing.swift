// Adding accesses to a payload. One that throws leaves a payload behind that must not be sent.

extension Moteus.Payload {
    public mutating func read(
        _ start: Moteus.Register, count: Int, as resolution: Moteus.Resolution
    ) throws(EncodingError) {
        try begin(0x10, start, count, resolution)
    }

    public mutating func write(_ start: Moteus.Register, _ words: Span<Moteus.Word>) throws(EncodingError) {
        try put(0x00, start, words)
    }

    public mutating func reply(_ start: Moteus.Register, _ words: Span<Moteus.Word>) throws(EncodingError) {
        try put(0x20, start, words)
    }

    public mutating func writeError(_ register: Moteus.Register, code: UInt32) throws(EncodingError) {
        try error(0x30, register, code)
    }

    public mutating func readError(_ register: Moteus.Register, code: UInt32) throws(EncodingError) {
        try error(0x31, register, code)
    }

    private mutating func error(_ type: UInt8, _ register: Moteus.Register, _ code: UInt32) throws(EncodingError) {
        try append(type)
        try append(number: UInt32(register.rawValue))
        try append(number: code)
    }

    /// All words must have the resolution of the first.
    private mutating func put(
        _ kind: UInt8, _ start: Moteus.Register, _ words: Span<Moteus.Word>
    ) throws(EncodingError) {
        guard !words.isEmpty else { return }
        let resolution = words[0].resolution
        try begin(kind, start, words.count, resolution)
        for position in words.indices {
            let width = words[position].resolution.width
            guard words[position].resolution == resolution else {
                throw .wrongWidth(expected: resolution.width, found: width)
            }
            for byte in 0..<width {
                try append(UInt8(truncatingIfNeeded: words[position].bits >> UInt32(8 * byte)))
            }
        }
    }

    private mutating func begin(
        _ kind: UInt8, _ start: Moteus.Register, _ count: Int, _ resolution: Moteus.Resolution
    ) throws(EncodingError) {
        guard count >= 0, count <= Self.capacity else { throw .tooLong }
        let isShort = (1...3).contains(count)
        try append(kind | resolution.rawValue | (isShort ? UInt8(count) : 0))
        if !isShort { try append(number: UInt32(count)) }
        try append(number: UInt32(start.rawValue))
    }

    private mutating func append(number: UInt32) throws(EncodingError) {
        var rest = number
        while rest >= 0x80 {
            try append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        try append(UInt8(truncatingIfNeeded: rest))
    }
}

/// Takes a record's content apart. It never reads past the end, and never believes a length.
struct ByteReader {
    private let bytes: ArraySlice<UInt8>
    private var place: Int
    private let opcode: UInt8
    private let offset: UInt64

    init(_ record: RawRecord) { self.init(record.content, record.opcode, record.offset) }

    private init(_ bytes: ArraySlice<UInt8>, _ opcode: UInt8, _ offset: UInt64) {
        self.bytes = bytes
        place = bytes.startIndex
        self.opcode = opcode
        self.offset = offset
    }

    var isAtEnd: Bool { place == bytes.endIndex }
    var malformed: RecordingError { .malformed(opcode: opcode, offset: offset) }
    private var left: Int { bytes.endIndex - place }

    mutating func bytes(_ count: UInt64) throws(RecordingError) -> ArraySlice<UInt8> {
        guard count <= UInt64(left) else { throw malformed }
        defer { place += Int(count) }
        return bytes[place..<place + Int(count)]
    }

    mutating func integer<Value: FixedWidthInteger & UnsignedInteger>(_: Value.Type) throws(RecordingError) -> Value {
        let size = MemoryLayout<Value>.size
        guard left >= size else { throw malformed }
        var value: Value = 0
        for byte in 0..<size { value |= Value(bytes[place + byte]) << (byte * 8) }
        place += size
        return value
    }

    mutating func time() throws(RecordingError) -> Timestamp { Timestamp(nanoseconds: try integer(UInt64.self)) }

    mutating func text() throws(RecordingError) -> String {
        let bytes = try bytes(UInt64(integer(UInt32.self)))
        guard let text = String(validating: bytes, as: UTF8.self) else { throw malformed }
        return text
    }

    /// The part that stands behind its own length in four bytes.
    mutating func part() throws(RecordingError) -> ByteReader {
        ByteReader(try bytes(UInt64(integer(UInt32.self))), opcode, offset)
    }

    mutating func texts() throws(RecordingError) -> [String: String] {
        var part = try part()
        var texts: [String: String] = [:]
        while !part.isAtEnd {
            let key = try part.text()
            guard texts.updateValue(try part.text(), forKey: key) == nil else { throw malformed }
        }
        return texts
    }

    /// What is left, all of it.
    mutating func remainder() -> ArraySlice<UInt8> {
        defer { place = bytes.endIndex }
        return bytes[place...]
    }
}

/// A record as it stands in the file, its content not yet understood.
struct RawRecord {
    let opcode: UInt8
    /// Where it begins in the file; for one in a chunk, where the chunk begins.
    let offset: UInt64
    let content: ArraySlice<UInt8>

    var kind: MCAP.Opcode? { MCAP.Opcode(rawValue: opcode) }
    var length: UInt64 { UInt64(MCAP.headSize + content.count) }
    var end: UInt64 { offset + length }
}

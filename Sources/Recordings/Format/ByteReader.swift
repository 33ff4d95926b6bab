/// Takes a record's content apart. It never reads past the end, and never believes a length.
struct ByteReader {
    private var rest: ArraySlice<UInt8>
    private let opcode: UInt8
    private let offset: UInt64

    init(_ record: RawRecord) {
        rest = record.content
        opcode = record.opcode
        offset = record.offset
    }

    var isAtEnd: Bool { rest.isEmpty }
    var malformed: RecordingError { .malformed(opcode: opcode, offset: offset) }

    mutating func bytes(_ count: UInt64) throws(RecordingError) -> ArraySlice<UInt8> {
        guard count <= UInt64(rest.count) else { throw malformed }
        let taken = rest.prefix(Int(count))
        rest = rest.dropFirst(taken.count)
        return taken
    }

    mutating func integer<Value: FixedWidthInteger & UnsignedInteger>(_: Value.Type) throws(RecordingError) -> Value {
        let size = MemoryLayout<Value>.size
        guard rest.count >= size else { throw malformed }
        var value: Value = 0
        for place in 0..<size { value |= Value(rest[rest.startIndex + place]) << (place * 8) }
        rest = rest.dropFirst(size)
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
        var part = self
        part.rest = try bytes(UInt64(integer(UInt32.self)))
        return part
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
        defer { rest = [] }
        return rest
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

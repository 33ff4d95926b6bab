/// Numbers over steps in the form that TensorBoard reads: TFRecord frames of the protocol buffer `tensorflow.Event`.
public struct EventFile: Sendable {
    public private(set) var bytes: [UInt8] = []

    /// With the record that says which form it is.
    public init() {
        append(Self.double(1, 0) + Self.text(3, "brain.Event:2"))
    }

    /// One number of a series.
    ///
    /// - Parameters:
    ///   - seconds: where TensorBoard shows it when it is asked for time instead of steps.
    ///   - step: what it is shown at otherwise.
    public mutating func add(_ value: Double, to tag: String, step: UInt64, seconds: Double) {
        let number = Self.text(1, tag) + Self.float(2, Float(value))
        append(
            Self.double(1, seconds) + Self.key(2, .number) + Self.varint(step)
                + Self.part(5, Self.part(1, number)))
    }

    /// Length, its checksum, the record, its checksum.
    private mutating func append(_ record: [UInt8]) {
        let length = Self.littleEndian(UInt64(record.count))
        bytes += length + Self.littleEndian(Self.maskedChecksum(length))
        bytes += record + Self.littleEndian(Self.maskedChecksum(record))
    }

    /// CRC-32C, turned and moved, so that a checksum of data with checksums in it is none of the ones inside.
    static func maskedChecksum(_ bytes: [UInt8]) -> UInt32 {
        let sum = checksum(bytes)
        return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
    }

    /// CRC-32C: Castagnoli's polynomial, bits from the lowest, beginning and ending inverted.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0x82F6_3B78 : sum >> 1 }
        }
        return ~sum
    }
}

/// The few pieces of protocol buffers that an event has.
extension EventFile {
    private enum Wire: UInt64 { case number = 0, eightBytes = 1, part = 2, fourBytes = 5 }

    private static func key(_ field: UInt64, _ wire: Wire) -> [UInt8] { varint(field << 3 | wire.rawValue) }

    private static func varint(_ number: UInt64) -> [UInt8] {
        var (rest, bytes): (UInt64, [UInt8]) = (number, [])
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    private static func double(_ field: UInt64, _ number: Double) -> [UInt8] {
        key(field, .eightBytes) + littleEndian(number.bitPattern)
    }

    private static func float(_ field: UInt64, _ number: Float) -> [UInt8] {
        key(field, .fourBytes) + littleEndian(number.bitPattern)
    }

    private static func text(_ field: UInt64, _ text: String) -> [UInt8] { part(field, Array(text.utf8)) }

    private static func part(_ field: UInt64, _ bytes: [UInt8]) -> [UInt8] {
        key(field, .part) + varint(UInt64(bytes.count)) + bytes
    }

    private static func littleEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> Number($0 * 8)) }
    }
}

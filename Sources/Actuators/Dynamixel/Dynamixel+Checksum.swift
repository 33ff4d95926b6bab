/// The wire format of Dynamixel servos, Protocol 2.0.
public enum Dynamixel {}

extension Dynamixel {
    /// CRC-16/BUYPASS: polynomial 0x8005, start 0; the ASCII digits `123456789` give 0xFEE8.
    public struct Checksum: Equatable, Sendable {
        public private(set) var value: UInt16 = 0

        public init() {}

        // The polynomial is (z + 1)(z¹⁵ + z + 1), so the usual table of 256 words has a closed form: an entry is its
        // byte, shifted by one and by two, and 0x8003 when the byte has an odd number of bits.
        public mutating func add(_ byte: UInt8) {
            let mixed = UInt16(UInt8(truncatingIfNeeded: value >> 8) ^ byte)
            let odd: UInt16 = mixed.nonzeroBitCount & 1 == 1 ? 0x8003 : 0
            value = value << 8 ^ odd ^ mixed << 1 ^ mixed << 2
        }

        public mutating func add(_ bytes: Span<UInt8>) {
            for position in bytes.indices { add(bytes[position]) }
        }

        var low: UInt8 { UInt8(truncatingIfNeeded: value) }
        var high: UInt8 { UInt8(truncatingIfNeeded: value >> 8) }
    }
}

/// CRC-16/IBM-3740: polynomial 0x1021, start 0xFFFF; the ASCII digits `123456789` give 0x29B1.
///
/// It finds every damage of one, two or three bits in our payloads and every burst of up to 16 bits.
@frozen public struct Checksum: Sendable {
    public private(set) var value: UInt16

    @_noAllocation @_noLocks
    public init() { value = 0xFFFF }

    // Without a table: five shifts a byte cost the microcontroller less than 512 bytes of flash do.
    @_noAllocation @_noLocks
    public mutating func add(_ byte: UInt8) {
        var mixed = UInt8(truncatingIfNeeded: value >> 8) ^ byte
        mixed ^= mixed >> 4
        let wide = UInt16(mixed)
        value = (value << 8) ^ (wide << 12) ^ (wide << 5) ^ wide
    }
}

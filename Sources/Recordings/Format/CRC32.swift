/// The checksum of the format: that of Ethernet and zip, eight bytes at a time.
struct CRC32 {
    private var register: UInt32 = 0xFFFF_FFFF

    /// Of everything so far.
    var value: UInt32 { ~register }

    static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var checksum = CRC32()
        checksum.update(bytes.span)
        return checksum.value
    }

    mutating func update(_ bytes: ArraySlice<UInt8>) { update(bytes.span) }

    mutating func update(_ bytes: Span<UInt8>) {
        let tables = CRC32.tables.span
        var rest = register
        var index = 0
        while index + 8 <= bytes.count {
            let low = rest ^ word(bytes, index)
            let high = word(bytes, index + 4)
            rest = eight(tables, low, 7) ^ eight(tables, high, 3)
            index += 8
        }
        while index < bytes.count {
            rest = rest >> 8 ^ tables[Int((rest ^ UInt32(bytes[index])) & 0xFF)]
            index += 1
        }
        register = rest
    }

    @inline(__always)
    private func word(_ bytes: Span<UInt8>, _ index: Int) -> UInt32 {
        UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16
            | UInt32(bytes[index + 3]) << 24
    }

    /// Four bytes that still have `distance` and fewer bytes behind them.
    @inline(__always)
    private func eight(_ tables: Span<UInt32>, _ word: UInt32, _ distance: Int) -> UInt32 {
        tables[distance << 8 | Int(word & 0xFF)] ^ tables[(distance - 1) << 8 | Int(word >> 8 & 0xFF)]
            ^ tables[(distance - 2) << 8 | Int(word >> 16 & 0xFF)] ^ tables[(distance - 3) << 8 | Int(word >> 24)]
    }

    /// The remainder of a byte with so many bytes of zero behind it, 256 for each distance.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var remainder = UInt32(byte)
            for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0xEDB8_8320 : 0) }
            tables[byte] = remainder
        }
        for index in 256..<2_048 { tables[index] = tables[index - 256] >> 8 ^ tables[Int(tables[index - 256] & 0xFF)] }
        return tables
    }()
}

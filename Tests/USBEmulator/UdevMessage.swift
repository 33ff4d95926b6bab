/// What udev's daemon multicasts when a device comes or goes.
struct UdevMessage {
    let properties: [(String, String)]
    let subsystem: String
    let deviceType: String

    /// A header of 40 bytes, then the properties, each ending with zero.
    func bytes(number: Int) -> [UInt8] {
        let all = properties + [("SUBSYSTEM", subsystem), ("DEVTYPE", deviceType), ("SEQNUM", "\(number)")]
        let text = all.flatMap { Array("\($0)=\($1)\0".utf8) }
        return Array("libudev\0".utf8) + Self.big(0xFEED_CAFE) + Self.native(40) + Self.native(40)
            + Self.native(UInt32(text.count)) + Self.big(Self.murmur(subsystem)) + Self.big(Self.murmur(deviceType))
            + [UInt8](repeating: 0, count: 8) + text
    }

    private static func native(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static func big(_ value: UInt32) -> [UInt8] { native(value).reversed() }

    /// MurmurHash2 with seed 0, by which libudev's listeners filter.
    static func murmur(_ text: String) -> UInt32 {
        let (multiplier, bytes): (UInt32, [UInt8]) = (0x5BD1_E995, Array(text.utf8))
        let word = { (slice: ArraySlice<UInt8>) in slice.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) } }
        var hash = UInt32(bytes.count)
        for start in stride(from: 0, to: bytes.count & ~3, by: 4) {
            var part = word(bytes[start..<start + 4]) &* multiplier
            part = (part ^ part >> 24) &* multiplier
            hash = hash &* multiplier ^ part
        }
        let rest = bytes[(bytes.count & ~3)...]
        if !rest.isEmpty { hash = (hash ^ word(rest)) &* multiplier }
        hash = (hash ^ hash >> 13) &* multiplier
        return hash ^ hash >> 15
    }
}

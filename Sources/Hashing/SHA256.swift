/// SHA-256 as FIPS 180-4 defines it. It names things (an envelope, a plan); it keeps no secrets.
public struct SHA256: Sendable {
    private var state: InlineArray<8, UInt32> = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    private var block = InlineArray<64, UInt8>(repeating: 0)
    private var filled = 0
    private var length: UInt64 = 0

    public init() {}

    /// The hash of `bytes` at once, first word first.
    public static func hash(_ bytes: Span<UInt8>) -> InlineArray<8, UInt32> {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }

    public mutating func update(_ bytes: Span<UInt8>) {
        for index in bytes.indices { append(bytes[index]) }
        length &+= UInt64(bytes.count)
    }

    /// Pads and returns the hash. The value is spent afterwards.
    public consuming func finish() -> InlineArray<8, UInt32> {
        let bits = length &* 8
        append(0x80)
        while filled != 56 { append(0) }
        for shift in stride(from: UInt64(56), through: 0, by: -8) { append(UInt8(truncatingIfNeeded: bits >> shift)) }
        return state
    }

    private mutating func append(_ byte: UInt8) {
        block[filled] = byte
        filled += 1
        if filled == 64 {
            compress()
            filled = 0
        }
    }

    private mutating func compress() {
        let words = schedule()
        var now = state
        for index in 0..<64 {
            let choice = (now[4] & now[5]) ^ (~now[4] & now[6])
            let majority = (now[0] & now[1]) ^ (now[0] & now[2]) ^ (now[1] & now[2])
            let high = now[4].turned(6) ^ now[4].turned(11) ^ now[4].turned(25)
            let low = now[0].turned(2) ^ now[0].turned(13) ^ now[0].turned(22)
            let first = now[7] &+ high &+ choice &+ SHA256.constants[index] &+ words[index]
            for place in stride(from: 7, to: 0, by: -1) { now[place] = now[place - 1] }
            now[4] = now[4] &+ first
            now[0] = first &+ low &+ majority
        }
        for place in 0..<8 { state[place] = state[place] &+ now[place] }
    }

    private func schedule() -> InlineArray<64, UInt32> {
        var words = InlineArray<64, UInt32>(repeating: 0)
        for index in 0..<64 {
            if index < 16 {
                for place in 0..<4 { words[index] = words[index] << 8 | UInt32(block[index * 4 + place]) }
            } else {
                let early = words[index - 15]
                let late = words[index - 2]
                let first = early.turned(7) ^ early.turned(18) ^ (early >> 3)
                let second = late.turned(17) ^ late.turned(19) ^ (late >> 10)
                words[index] = words[index - 16] &+ first &+ words[index - 7] &+ second
            }
        }
        return words
    }

    private static let constants: InlineArray<64, UInt32> = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]
}

extension UInt32 {
    /// Rotated right by `places`.
    fileprivate func turned(_ places: UInt32) -> UInt32 { self >> places | self << (32 - places) }
}

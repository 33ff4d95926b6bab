/// Philox4x32 with ten rounds (Salmon, Moraes, Dror and Shaw, 2011): from a key and a counter to 128 bits, without a
/// state. Whoever knows both gets the same bits on every machine, in any order.
public enum Philox {
    @_noAllocation @_noLocks
    public static func bits(
        counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
    ) -> (UInt32, UInt32, UInt32, UInt32) {
        var (c0, c1, c2, c3) = counter
        var (k0, k1) = key
        for _ in 0..<10 {
            let first = UInt64(c0) &* 0xD251_1F53
            let second = UInt64(c2) &* 0xCD9E_8D57
            (c0, c1, c2, c3) = (
                upper(second) ^ c1 ^ k0, UInt32(truncatingIfNeeded: second),
                upper(first) ^ c3 ^ k1, UInt32(truncatingIfNeeded: first)
            )
            k0 = k0 &+ 0x9E37_79B9
            k1 = k1 &+ 0xBB67_AE85
        }
        return (c0, c1, c2, c3)
    }

    @_noAllocation @_noLocks
    private static func upper(_ product: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: product >> 32) }
}

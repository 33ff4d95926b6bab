/// The house generator: small, fast, the same on every machine.
struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }

    /// True so often; never draws for what is sure, so that a plan without faults changes nothing.
    mutating func happens(_ probability: Double) -> Bool {
        if probability <= 0 { return false }
        return probability >= 1 || Double(next() >> 11) * 0x1p-53 < probability
    }
}

/// Numbers that look like chance and are a function of a key and a counter: the same on every machine, in every order.
struct Chance: Equatable, Sendable {
    private let key: UInt64

    init(seed: UInt64) { key = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15) }
    private init(key: UInt64) { self.key = key }

    /// Another series, by its name: one more name changes no other.
    func of(_ name: String) -> Chance {
        // FNV-1a.
        let hash = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        return Chance(key: Self.mix(key ^ hash))
    }

    func bits(_ counter: UInt64) -> UInt64 { Self.mix(key &+ counter &* 0x9E37_79B9_7F4A_7C15) }

    /// Evenly in -1 ..< 1.
    func even(_ counter: UInt64) -> Double { Double(bits(counter) >> 11) * 0x1p-52 - 1 }

    /// With mean 0 and standard deviation 1: the sum of four even numbers, and so never beyond 3.5.
    func normal(_ counter: UInt64) -> Double {
        let bits = bits(counter)
        let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
        return (Double(sum) - 131_070) / 65_536 * 1.732_050_807_568_877_2
    }

    /// The end of SplitMix64, twice: neighbouring keys and counters must have nothing in common.
    private static func mix(_ number: UInt64) -> UInt64 {
        var mixed = number
        for _ in 0..<2 {
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            mixed ^= mixed >> 31
        }
        return mixed
    }
}

extension ServoMetal {
    /// One servo out of the box of all that have this metal on the label.
    func picked(by chance: Chance, spread: Float) -> ServoMetal {
        var picked = self
        for parameter in MetalParameter.allCases where spread > 0 {
            let share = spread * Float(chance.of(parameter.rawValue).even(0))
            let own: Float =
                switch parameter.spread {
                case .share(let most): self[parameter] * (1 + most * share)
                case .amount(let most): self[parameter] + most * share
                }
            picked[parameter] = min(max(own, parameter.range.lowerBound), parameter.range.upperBound)
        }
        return picked
    }
}

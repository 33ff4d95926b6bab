public import Expressions
public import Hashing

/// What a draw of noise is for, so that no two uses ever see the same bits.
public enum NoisePurpose: UInt8, CaseIterable, Sendable {
    /// The exploration of a policy. A real episode and the model episode that is paired with it use the same.
    case action = 0
    case start = 1
    case observation = 2
    case parameters = 3
    case initialisation = 4
    case comparison = 5
}

/// One stream of noise: that of an episode's key, and what for.
///
/// Nothing is stored and nothing is drawn in order: the normals of a tick follow from the key, the tick and the
/// dimension alone, with the same bits on every machine and in every build.
public struct NoiseStream: Hashable, Sendable {
    public let key: NoiseKey
    public let purpose: NoisePurpose

    /// How many dimensions a tick has at most.
    public static let dimensions = 1 << 26

    public init(_ key: NoiseKey, for purpose: NoisePurpose) {
        self.key = key
        self.purpose = purpose
    }

    public init(run: UInt64, iteration: UInt32, episode: UInt32, purpose: NoisePurpose = .action) {
        self.init(NoiseKey(run: run, iteration: iteration, episode: episode), for: purpose)
    }

    /// 128 bits for the dimensions `4 * block ..< 4 * block + 4` of a tick.
    @_noAllocation @_noLocks
    public func bits(tick: UInt32, block: UInt32) -> (UInt32, UInt32, UInt32, UInt32) {
        let last = UInt32(purpose.rawValue) << 24 | (block & 0xFF_FFFF)
        return Philox.bits(
            counter: (tick, key.episode, key.iteration, last),
            key: (UInt32(truncatingIfNeeded: key.run), UInt32(truncatingIfNeeded: key.run >> 32)))
    }

    /// Four standard normals, for the same dimensions.
    ///
    /// Box and Muller's method on 24 bits each for radius and angle; the largest possible one is 5.9.
    @_noAllocation @_noLocks
    public func normals(tick: UInt32, block: UInt32) -> FloatLanes {
        let (a, b, c, d) = bits(tick: tick, block: block)
        // Never zero, whose logarithm would be endless; the last step rounds to one, which makes a normal of zero.
        let share = Self.fraction(a, a, c, c) + FloatLanes(repeating: 0x1p-25)
        let radius = squareRoot(FloatLanes(repeating: -2) * share.logarithm)
        let turn = Self.turn(Self.fraction(b, b, d, d))
        // The cosine in the even lanes, the sine in the odd ones; all bits choose.
        let all = Float(bitPattern: .max)
        let isEven = FloatLanes(SIMD4(all, 0, all, 0))
        return radius * isEven.choose(turn.cosine, else: turn.sine)
    }

    /// The normals of the dimensions 0 and 1 of a tick in four streams side by side, with the bits that each has alone.
    public static func pairs(
        of streams: (NoiseStream, NoiseStream, NoiseStream, NoiseStream), tick: UInt32
    ) -> (first: FloatLanes, second: FloatLanes) {
        let (a, b) = (streams.0.bits(tick: tick, block: 0), streams.1.bits(tick: tick, block: 0))
        let (c, d) = (streams.2.bits(tick: tick, block: 0), streams.3.bits(tick: tick, block: 0))
        let share = fraction(a.0, b.0, c.0, d.0) + FloatLanes(repeating: 0x1p-25)
        let radius = squareRoot(FloatLanes(repeating: -2) * share.logarithm)
        let turn = turn(fraction(a.1, b.1, c.1, d.1))
        return (radius * turn.cosine, radius * turn.sine)
    }

    /// The upper 24 bits of each word as a number in 0 ..< 1, exactly.
    @_noAllocation @_noLocks
    private static func fraction(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> FloatLanes {
        FloatLanes(SIMD4(Float(a >> 8), Float(b >> 8), Float(c >> 8), Float(d >> 8))) * FloatLanes(repeating: 0x1p-24)
    }

    /// Sine and cosine of so many whole turns. The nearest quarter is taken off exactly; what is left is small enough
    /// for the polynomials of the house.
    @_noAllocation @_noLocks
    private static func turn(_ turns: FloatLanes) -> (sine: FloatLanes, cosine: FloatLanes) {
        let shifted = turns * FloatLanes(repeating: 4) + .roundingShift
        let rest = turns - (shifted - .roundingShift) * FloatLanes(repeating: 0.25)
        let angle = rest * FloatLanes(repeating: 0x1.921fb6p2)
        let z = angle * angle
        let sine = angle + angle * (z * FloatLanes.sinePolynomial(z))
        let cosine =
            FloatLanes(repeating: 1) - FloatLanes(repeating: 0.5) * z + (z * z) * FloatLanes.cosinePolynomial(z)
        let swapped = shifted.mask(ofBit: 0)
        let sign = shifted.sign(ofBit: 1)
        return (
            swapped.choose(cosine, else: sine) ^ sign,
            swapped.choose(sine, else: cosine) ^ sign ^ (swapped & FloatLanes.signBit)
        )
    }

    /// The normals of one tick, one for each dimension.
    public func fill(_ noise: inout MutableSpan<Float>, tick: UInt32) {
        for block in 0..<(noise.count + 3) / 4 {
            let normals = normals(tick: tick, block: UInt32(block))
            for lane in 0..<min(4, noise.count - 4 * block) { noise[4 * block + lane] = normals[lane] }
        }
    }
}

/// SAFETY of the claim: the square root of a float is one instruction on x86-64 and AArch64. The compiler does not know
/// that it neither allocates nor locks, so the tick vouches for it here.
@_semantics("no_performance_analysis")
@inline(never)
private func squareRoot(_ squares: FloatLanes) -> FloatLanes { squares.squareRootOfMagnitude }

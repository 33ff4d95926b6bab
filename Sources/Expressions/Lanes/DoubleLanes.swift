/// Two lanes of `Double`.
@frozen public struct DoubleLanes: LaneVector {
    public typealias Element = Double
    /// The lanes' bits. Of all vectors of whole numbers only masks have operators that the compiler knows as one
    /// instruction each; those of the others are loops, which it finds together again only in easy places.
    @usableFromInline typealias Bits = SIMDMask<SIMD2<Int64>>

    public var lanes: SIMD2<Double>

    @inlinable @inline(__always) public init(_ lanes: SIMD2<Double>) { self.lanes = lanes }
    @inlinable @inline(__always) public init(repeating element: Double) { lanes = SIMD2(repeating: element) }

    // SAFETY: all three are 16 bytes of plain data in which every pattern is a value; a mask is stored as whole numbers.
    @inlinable @inline(__always) init(bits: Bits) { lanes = unsafe unsafeBitCast(bits, to: SIMD2<Double>.self) }
    // SAFETY: as above.
    @inlinable @inline(__always) init(whole: SIMD2<Int64>) {
        lanes = unsafe unsafeBitCast(whole, to: SIMD2<Double>.self)
    }
    @inlinable @inline(__always) init(eachBits bits: UInt64) {
        lanes = SIMD2(repeating: Double(bitPattern: bits))
    }
    // SAFETY: as above.
    @inlinable @inline(__always) var bits: Bits { unsafe unsafeBitCast(lanes, to: Bits.self) }
    // SAFETY: as above.
    @inlinable @inline(__always) var whole: SIMD2<Int64> { unsafe unsafeBitCast(lanes, to: SIMD2<Int64>.self) }

    @inlinable @inline(__always) public static var width: Int { 2 }
    @inlinable @inline(__always) public subscript(lane: Int) -> Double {
        get { lanes[lane] }
        set { lanes[lane] = newValue }
    }

    @inlinable @inline(__always) public static func + (left: Self, right: Self) -> Self {
        Self(left.lanes + right.lanes)
    }
    @inlinable @inline(__always) public static func - (left: Self, right: Self) -> Self {
        Self(left.lanes - right.lanes)
    }
    @inlinable @inline(__always) public static func * (left: Self, right: Self) -> Self {
        Self(left.lanes * right.lanes)
    }
    @inlinable @inline(__always) public static func / (left: Self, right: Self) -> Self {
        Self(left.lanes / right.lanes)
    }
    @inlinable @inline(__always) public static func & (left: Self, right: Self) -> Self {
        Self(bits: left.bits .& right.bits)
    }
    @inlinable @inline(__always) public static func | (left: Self, right: Self) -> Self {
        Self(bits: left.bits .| right.bits)
    }
    @inlinable @inline(__always) public static func ^ (left: Self, right: Self) -> Self {
        Self(bits: left.bits .^ right.bits)
    }
    @inlinable @inline(__always) public static prefix func ~ (bits: Self) -> Self { Self(bits: .!bits.bits) }

    @inlinable @inline(__always) public func isLess(than right: Self) -> Self { Self(bits: lanes .< right.lanes) }
    @inlinable @inline(__always) public func isAtMost(_ right: Self) -> Self { Self(bits: lanes .<= right.lanes) }
    @inlinable @inline(__always) public func isEqual(to right: Self) -> Self { Self(bits: lanes .== right.lanes) }

    @inlinable @inline(__always) public var hasAnyBit: Bool {
        let whole = whole
        return (whole[0] | whole[1]) != 0
    }

    @inlinable @inline(__always) public var squareRootOfMagnitude: Self {
        var roots = lanes
        // Without a sign the compiler needs no call for negative numbers, and takes all lanes at once.
        for lane in 0..<2 {
            roots[lane] = Double(bitPattern: lanes[lane].bitPattern & 0x7FFF_FFFF_FFFF_FFFF).squareRoot()
        }
        return Self(roots)
    }

    @inlinable @inline(__always) public static var signBit: Self { Self(eachBits: 0x8000_0000_0000_0000) }
}

extension DoubleLanes {
    @inlinable @inline(__always) public static var roundingShift: Self { Self(0x1.8p52) }
    @inlinable @inline(__always) public var upperHalf: Self { self & Self(eachBits: 0xFFFF_FFFF_F800_0000) }

    @inlinable @inline(__always) public func mask(ofBit position: Int) -> Self {
        let bit = Self(eachBits: 1 << UInt64(truncatingIfNeeded: position))
        return Self(bits: (self & bit).whole .== bit.whole)
    }
    @inlinable @inline(__always) public func sign(ofBit position: Int) -> Self {
        // A product with a power of two is a shift; the operator for shifts is a loop.
        Self(whole: whole &* SIMD2(repeating: 1 << Int64(truncatingIfNeeded: 63 - position))) & .signBit
    }
    @inlinable @inline(__always) public var powerOfTwo: Self {
        Self(whole: whole &* SIMD2(repeating: 1 << 52) &+ SIMD2(repeating: 0x3FF0_0000_0000_0000))
    }

    @inlinable @inline(__always) public var split: (exponent: Self, fraction: Self) {
        let shifted = whole &+ SIMD2(repeating: 0x3FF0_0000_0000_0000 - 0x3FE6_A09E_667F_3BCD)
        let exponent = (Self(whole: shifted &>> 52) | Self(eachBits: 0x4330_0000_0000_0000)) - Self(0x1p52 + 1023)
        let fraction = Self(whole: shifted) & Self(eachBits: 0x000F_FFFF_FFFF_FFFF)
        return (exponent, Self(whole: fraction.whole &+ SIMD2(repeating: 0x3FE6_A09E_667F_3BCD)))
    }

    @inlinable @inline(__always) public static var reductionLimit: Self { Self(0x1p20) }

    @inlinable @inline(__always) public func reduced(byQuarters turns: Self) -> (angle: Self, tail: Self) {
        // Three parts of π/2 with so few digits that their products are exact; what the second difference rounds off is
        // kept with the third.
        let first = self - turns * Self(0x1.921fb544p0)
        let step = turns * Self(0x1.0b4611a6p-34)
        let second = first - step
        let third = turns * Self(0x1.3198a2ep-69) - ((first - second) - step)
        let angle = second - third
        return (angle, ((second - angle) - third) - turns * Self(0x1.b839a252049c1p-104))
    }

    @inlinable @inline(__always) public static var log2: (upper: Self, lower: Self) {
        (Self(0x1.62e42fefa38p-1), Self(0x1.ef35793c7673p-45))
    }
    @inlinable @inline(__always) public static var exponentialRange: (low: Self, high: Self) { (Self(-746), Self(710)) }
    @inlinable @inline(__always) public static var subnormal: (limit: Self, scale: Self, exponent: Self) {
        (Self(0x1p-1022), Self(0x1p54), Self(54))
    }
    @inlinable @inline(__always) public static var halfTurn: (upper: Self, lower: Self) {
        (Self(0x1.921fb54442d18p1), Self(0x1.1a62633145c07p-53))
    }

    @inlinable @inline(__always) public static func sinePolynomial(_ z: Self) -> Self {
        polynomial(
            z, -0x1.5555555555548p-3, 0x1.111111110f73p-7, -0x1.a01a019be91bep-13,
            0x1.71de35550cc18p-19, -0x1.ae5e4b4fa5cf4p-26, 0x1.5d8b3d93120aap-33)
    }
    @inlinable @inline(__always) public static func cosinePolynomial(_ z: Self) -> Self {
        polynomial(
            z, 0x1.555555555554cp-5, -0x1.6c16c16c1521bp-10, 0x1.a01a019cbeb54p-16,
            -0x1.27e4f8120f689p-22, 0x1.1ee9f0c99f9c6p-29, -0x1.8fb0dfc71c67p-37)
    }
    @inlinable @inline(__always) public static func exponentialPolynomial(_ r: Self) -> Self {
        let lower = polynomial(
            r, 0x1p-1, 0x1.555555555555bp-3, 0x1.5555555555503p-5,
            0x1.111111110ec53p-7, 0x1.6c16c16c30514p-10, 0x1.a01a01b3825f6p-13)
        let upper = polynomial(
            r, 0x1.a01a013672c83p-16, 0x1.71ddf016246eap-19, 0x1.27e5b46d64da9p-22,
            0x1.af6bfaeab656ap-26, 0x1.1e3d0d9a429a8p-29)
        let cube = r * r * r
        return upper * (cube * cube) + lower
    }
    @inlinable @inline(__always) public static func logarithmPolynomial(_ z: Self) -> Self {
        let upper = polynomial(
            z, 0x1.999999997ff33p-2, 0x1.24924941dfae7p-2, 0x1.c71c52156c791p-3,
            0x1.74663cc9791c2p-3, 0x1.39a1e9b62aebcp-3, 0x1.2f03ce111dc71p-3)
        return upper * z + Self(0x1.5555555555592p-1)
    }
    @inlinable @inline(__always) public static func arcTangentPolynomial(_ z: Self) -> Self {
        let lower = polynomial(
            z, -0x1.5555555555516p-2, 0x1.99999999910fcp-3, -0x1.249249215c5bfp-3,
            0x1.c71c709062b19p-4, -0x1.745cf4bdfec18p-4, 0x1.3b113cf0f35f9p-4)
        let upper = polynomial(
            z, -0x1.10f316c43ec7dp-4, 0x1.dfe90665d71e1p-5, -0x1.a3966b8a1fb6dp-5,
            0x1.56f032be4c469p-5, -0x1.c16dd80bf52b5p-6, 0x1.4b6ac9a0491f5p-7)
        let cube = z * z * z
        return upper * (cube * cube) + lower
    }
    @inlinable @inline(__always) public static func arcSinePolynomial(_ z: Self) -> Self {
        let lower = polynomial(
            z, 0x1.333333332e0bbp-4, 0x1.6db6db7217a13p-5, 0x1.f1c71a9307a8ap-6,
            0x1.6e8bdf1612cf5p-6, 0x1.1c49ec92311e7p-6, 0x1.ca1fe926b1bc8p-7)
        let upper = polynomial(
            z, 0x1.75829272635ccp-7, 0x1.614d652ec4daep-7, 0x1.e4f34a75a2c98p-9,
            0x1.63ec2e6353b98p-6, -0x1.587014e58823bp-6, 0x1.0b6b238226ef1p-5)
        let cube = z * z * z
        return (upper * (cube * cube) + lower) * z + Self(0x1.5555555555577p-3)
    }
    @inlinable @inline(__always) public static func tanhPolynomial(_ z: Self) -> Self {
        let lower = polynomial(
            z, -0x1.5555555555552p-2, 0x1.1111111110c51p-3, -0x1.ba1ba1b9d172ep-5,
            0x1.664f4870b905cp-6, -0x1.226e32ce3cffdp-7, 0x1.d6d35a02027acp-9)
        let upper = polynomial(
            z, -0x1.7d9c30578552bp-10, 0x1.350b704c982e9p-11, -0x1.f1124b9b80546p-13,
            0x1.80182a715b393p-14, -0x1.fab9ecf1dbe9bp-16, 0x1.95f7718e73edcp-18)
        let cube = z * z * z
        return upper * (cube * cube) + lower
    }
}

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
            z, -0.1666666666666663, 0.00833333333332184, -0.00019841269829358287,
            2.7557313537983974e-06, -2.5050734207997574e-08, 1.5895416631893395e-10)
    }
    @inlinable @inline(__always) public static func cosinePolynomial(_ z: Self) -> Self {
        polynomial(
            z, 0.0416666666666666, -0.0013888888888874465, 2.480158728966214e-05,
            -2.7557314397409434e-07, 2.087572868746581e-09, -1.1359899036105451e-11)
    }
    @inlinable @inline(__always) public static func exponentialPolynomial(_ r: Self) -> Self {
        let lower = polynomial(
            r, 0.5, 0.16666666666666682, 0.041666666666666095,
            0.008333333333317016, 0.0013888888889115924, 0.00019841269896429787)
        let upper = polynomial(
            r, 2.480158692623166e-05, 2.755723481470046e-06, 2.7557582068482356e-07,
            2.5112053695903536e-08, 2.082659112121331e-09)
        let cube = r * r * r
        return upper * (cube * cube) + lower
    }
    @inlinable @inline(__always) public static func logarithmPolynomial(_ z: Self) -> Self {
        let upper = polynomial(
            z, 0.39999999999416785, 0.2857142874199056, 0.22222198608284008,
            0.1818356274590212, 0.15314085566693858, 0.14795647611365184)
        return upper * z + Self(0.6666666666666734)
    }
    @inlinable @inline(__always) public static func arcTangentPolynomial(_ z: Self) -> Self {
        let lower = polynomial(
            z, -0.3333333333333298, 0.1999999999990293, -0.14285714276370062,
            0.11111110658945868, -0.09090896227273537, 0.07692073636209064)
        let upper = polynomial(
            z, -0.06663807767101733, 0.05858279466221795, -0.051219186819244956,
            0.04186258230982604, -0.027430973990550018, 0.010114048433544002)
        let cube = z * z * z
        return upper * (cube * cube) + lower
    }
    @inlinable @inline(__always) public static func arcSinePolynomial(_ z: Self) -> Self {
        let lower = polynomial(
            z, 0.07499999999970701, 0.04464285717471141, 0.030381942702769872,
            0.022372215135232094, 0.01735160925524495, 0.013980854838690507)
        let upper = polynomial(
            z, 0.011398622042885352, 0.01078193131028268, 0.003699877585693633,
            0.0217237904556061, -0.02102281609234267, 0.032643861152989014)
        let cube = z * z * z
        return (upper * (cube * cube) + lower) * z + Self(0.1666666666666676)
    }
    @inlinable @inline(__always) public static func tanhPolynomial(_ z: Self) -> Self {
        let lower = polynomial(
            z, -0.33333333333333315, 0.13333333333329958, -0.05396825396614556,
            0.02186948847055735, -0.008863234336310194, 0.0035921141980041673)
        let upper = polynomial(
            z, -0.0014557270532170135, 0.0005894559522624218, -0.00023702214535607275,
            9.157524052279117e-05, -3.020323942542914e-05, 6.0493733955027964e-06)
        let cube = z * z * z
        return upper * (cube * cube) + lower
    }
}

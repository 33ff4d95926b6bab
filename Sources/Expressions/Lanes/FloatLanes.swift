/// Four lanes of `Float`.
@frozen public struct FloatLanes: LaneVector, FloatArithmetic {
    public typealias Element = Float
    /// The lanes' bits. Of all vectors of whole numbers only masks have operators that the compiler knows as one
    /// instruction each; those of the others are loops, which it finds together again only in easy places.
    @usableFromInline typealias Bits = SIMDMask<SIMD4<Int32>>

    public var lanes: SIMD4<Float>

    @inlinable @inline(__always) public init(_ lanes: SIMD4<Float>) { self.lanes = lanes }
    @inlinable @inline(__always) public init(repeating element: Float) { lanes = SIMD4(repeating: element) }

    // SAFETY: all three are 16 bytes of plain data in which every pattern is a value; a mask is stored as whole numbers.
    @inlinable @inline(__always) init(bits: Bits) { lanes = unsafe unsafeBitCast(bits, to: SIMD4<Float>.self) }
    // SAFETY: as above.
    @inlinable @inline(__always) init(whole: SIMD4<Int32>) {
        lanes = unsafe unsafeBitCast(whole, to: SIMD4<Float>.self)
    }
    @inlinable @inline(__always) init(eachBits bits: UInt32) {
        lanes = SIMD4(repeating: Float(bitPattern: bits))
    }
    // SAFETY: as above.
    @inlinable @inline(__always) var bits: Bits { unsafe unsafeBitCast(lanes, to: Bits.self) }
    // SAFETY: as above.
    @inlinable @inline(__always) var whole: SIMD4<Int32> { unsafe unsafeBitCast(lanes, to: SIMD4<Int32>.self) }

    @inlinable @inline(__always) public static var width: Int { 4 }
    @inlinable @inline(__always) public subscript(lane: Int) -> Float {
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
        // SAFETY: 16 bytes of plain data either way.
        let words = unsafe unsafeBitCast(lanes, to: SIMD2<UInt64>.self)
        return (words[0] | words[1]) != 0
    }

    @inlinable @inline(__always) public var squareRootOfMagnitude: Self {
        var roots = lanes
        // Without a sign the compiler needs no call for negative numbers, and takes all lanes at once.
        for lane in 0..<4 { roots[lane] = Float(bitPattern: lanes[lane].bitPattern & 0x7FFF_FFFF).squareRoot() }
        return Self(roots)
    }

    @inlinable @inline(__always) public static var signBit: Self { Self(eachBits: 0x8000_0000) }
}

extension FloatLanes {
    @inlinable @inline(__always) public var upperHalf: Self { self & Self(eachBits: 0xFFFF_F000) }

    @inlinable @inline(__always) public func mask(ofBit position: Int) -> Self {
        let bit = Self(eachBits: 1 << UInt32(truncatingIfNeeded: position))
        return Self(bits: (self & bit).whole .== bit.whole)
    }
    @inlinable @inline(__always) public func sign(ofBit position: Int) -> Self {
        // A product with a power of two is a shift; the operator for shifts is a loop.
        Self(whole: whole &* SIMD4(repeating: 1 << Int32(truncatingIfNeeded: 31 - position))) & .signBit
    }
    @inlinable @inline(__always) public var powerOfTwo: Self {
        Self(whole: whole &* SIMD4(repeating: 1 << 23) &+ SIMD4(repeating: 0x3F80_0000))
    }

    @inlinable @inline(__always) public var split: (exponent: Self, fraction: Self) {
        let shifted = whole &+ SIMD4(repeating: 0x3F80_0000 - 0x3F35_04F3)
        let exponent = (Self(whole: shifted &>> 23) | Self(eachBits: 0x4B00_0000)) - Self(0x1p23 + 127)
        let fraction = Self(whole: shifted) & Self(eachBits: 0x007F_FFFF)
        return (exponent, Self(whole: fraction.whole &+ SIMD4(repeating: 0x3F35_04F3)))
    }

    @inlinable @inline(__always) public static var reductionLimit: Self { Self(8192) }

    @inlinable @inline(__always) public func reduced(byQuarters turns: Self) -> (angle: Self, tail: Self) {
        // Three parts of π/2 with so few digits that their products and the first two differences are exact.
        let second = (self - turns * Self(0x1.92p0)) - turns * Self(0x1.fb4p-12)
        let third = turns * Self(0x1.444p-24)
        let angle = second - third
        return (angle, ((second - angle) - third) - turns * Self(0x1.68c234p-39))
    }

    @inlinable @inline(__always) public static var subnormal: (limit: Self, scale: Self, exponent: Self) {
        (Self(0x1p-126), Self(0x1p25), Self(25))
    }
    @inlinable @inline(__always) public static var halfTurn: (upper: Self, lower: Self) {
        (Self(0x1.921fb6p1), Self(-0x1.777a5cp-24))
    }

    @inlinable @inline(__always) public static func sinePolynomial(_ z: Self) -> Self {
        polynomial(z, -0x1.555546p-3, 0x1.110778p-7, -0x1.9953f2p-13)
    }
    @inlinable @inline(__always) public static func cosinePolynomial(_ z: Self) -> Self {
        polynomial(z, 0x1.55554ap-5, -0x1.6c0c1ap-10, 0x1.99e0f2p-16)
    }
    @inlinable @inline(__always) public static func logarithmPolynomial(_ z: Self) -> Self {
        polynomial(z, 0x1.55557ap-1, 0x1.995ed6p-2, 0x1.31e0ap-2)
    }
    @inlinable @inline(__always) public static func arcTangentPolynomial(_ z: Self) -> Self {
        polynomial(z, -0x1.555512p-2, 0x1.997b04p-3, -0x1.22498p-3, 0x1.9ff86ep-4, -0x1.a3ca6cp-5)
    }
    @inlinable @inline(__always) public static func arcSinePolynomial(_ z: Self) -> Self {
        polynomial(z, 0x1.55554cp-3, 0x1.3338acp-4, 0x1.6ca80ep-5, 0x1.04b694p-5, 0x1.d86954p-7, 0x1.3315cap-5)
    }
}

/// What lanes of `Float` have in common, however many there are.
public protocol FloatArithmetic: LaneArithmetic where Element == Float {}

extension FloatArithmetic {
    @inlinable @inline(__always) public static var roundingShift: Self { Self(0x1.8p23) }
    @inlinable @inline(__always) public static var log2: (upper: Self, lower: Self) {
        (Self(0x1.62e4p-1), Self(0x1.7f7d1cp-20))
    }
    @inlinable @inline(__always) public static var exponentialRange: (low: Self, high: Self) { (Self(-105), Self(90)) }

    @inlinable @inline(__always) public static func exponentialPolynomial(_ r: Self) -> Self {
        polynomial(r, 0x1.fffffcp-2, 0x1.555492p-3, 0x1.5558f2p-5, 0x1.1239f8p-7, 0x1.6a244p-10)
    }
    @inlinable @inline(__always) public static func tanhPolynomial(_ z: Self) -> Self {
        polynomial(z, -0x1.555532p-2, 0x1.1106f6p-3, -0x1.b835a4p-5, 0x1.51f8dep-6, -0x1.750d6ap-8)
    }
}

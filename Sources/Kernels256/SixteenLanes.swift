import Expressions

/// Sixteen lanes of `Float`, in as many registers as it takes. Nothing is rounded differently from `FloatLanes`: the
/// same functions are made of the same steps, so each lane has the same bits there and here.
struct SixteenLanes: FloatArithmetic {
    /// As in `FloatLanes`: of vectors of whole numbers, masks have the operators that are one instruction each.
    typealias Bits = SIMDMask<SIMD16<Int32>>

    var lanes: SIMD16<Float>

    @inline(__always) init(_ lanes: SIMD16<Float>) { self.lanes = lanes }
    @inline(__always) init(repeating element: Float) { lanes = SIMD16(repeating: element) }
    // SAFETY: all three are 64 bytes of plain data in which every pattern is a value; a mask is stored as whole numbers.
    @inline(__always) init(bits: Bits) { lanes = unsafe unsafeBitCast(bits, to: SIMD16<Float>.self) }
    // SAFETY: as above.
    @inline(__always) init(whole: SIMD16<Int32>) { lanes = unsafe unsafeBitCast(whole, to: SIMD16<Float>.self) }
    // SAFETY: as above.
    @inline(__always) var bits: Bits { unsafe unsafeBitCast(lanes, to: Bits.self) }
    // SAFETY: as above.
    @inline(__always) var whole: SIMD16<Int32> { unsafe unsafeBitCast(lanes, to: SIMD16<Int32>.self) }

    @inline(__always) static var width: Int { 16 }
    @inline(__always) subscript(lane: Int) -> Float {
        get { lanes[lane] }
        set { lanes[lane] = newValue }
    }

    @inline(__always) static func + (left: Self, right: Self) -> Self { Self(left.lanes + right.lanes) }
    @inline(__always) static func - (left: Self, right: Self) -> Self { Self(left.lanes - right.lanes) }
    @inline(__always) static func * (left: Self, right: Self) -> Self { Self(left.lanes * right.lanes) }
    @inline(__always) static func / (left: Self, right: Self) -> Self { Self(left.lanes / right.lanes) }
    @inline(__always) static func & (left: Self, right: Self) -> Self { Self(bits: left.bits .& right.bits) }
    @inline(__always) static func | (left: Self, right: Self) -> Self { Self(bits: left.bits .| right.bits) }
    @inline(__always) static func ^ (left: Self, right: Self) -> Self { Self(bits: left.bits .^ right.bits) }
    @inline(__always) static prefix func ~ (bits: Self) -> Self { Self(bits: .!bits.bits) }

    @inline(__always) func isLess(than right: Self) -> Self { Self(bits: lanes .< right.lanes) }
    @inline(__always) func isAtMost(_ right: Self) -> Self { Self(bits: lanes .<= right.lanes) }
    @inline(__always) func isEqual(to right: Self) -> Self { Self(bits: lanes .== right.lanes) }

    @inline(__always) static var signBit: Self { Self(repeating: Float(bitPattern: 0x8000_0000)) }
    @inline(__always) var powerOfTwo: Self {
        Self(whole: whole &* SIMD16(repeating: 1 << 23) &+ SIMD16(repeating: 0x3F80_0000))
    }

    /// That of all lanes without the steps that change no bit: beyond 20 it is one in any case, and up to there no power
    /// of two leaves the range. All 2³² floats were compared on 2026-11-28.
    @inline(__always) var hyperbolicTangent: Self {
        let size = magnitude
        let z = size * size
        let near = size + size * (z * Self.tanhPolynomial(z))
        let (twice, most) = (size + size, Self(40))
        let power = most.isLess(than: twice).choose(most, else: twice)
        let shifted = power * Self(0x1.71547652b82fep0) + .roundingShift
        let exponent = shifted - .roundingShift
        let r = (power - exponent * Self.log2.upper) - exponent * Self.log2.lower
        let fraction = Self(1) + (r + (r * r) * Self.exponentialPolynomial(r))
        let far = Self(1) - Self(2) / (fraction * shifted.powerOfTwo + Self(1))
        return size.isLess(than: Self(0.625)).choose(near, else: far) ^ sign
    }
}

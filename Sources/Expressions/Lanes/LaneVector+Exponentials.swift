extension LaneArithmetic {
    @inlinable @inline(__always)
    public var exponential: Self {
        let (low, high) = Self.exponentialRange
        let power = isLess(than: low).choose(low, else: high.isLess(than: self).choose(high, else: self))
        let exponent = power * Self(0x1.71547652b82fep0) + .roundingShift - .roundingShift
        let r = (power - exponent * Self.log2.upper) - exponent * Self.log2.lower
        let fraction = Self(1) + (r + (r * r) * Self.exponentialPolynomial(r))
        // Two steps, so that neither power of two leaves the range when the result is at its edge.
        let first = exponent * Self(0.5) + .roundingShift
        let second = (exponent - (first - .roundingShift)) + .roundingShift
        return (fraction * first.powerOfTwo) * second.powerOfTwo
    }

    @inlinable @inline(__always)
    public var hyperbolicTangent: Self {
        let size = magnitude
        let z = size * size
        let near = size + size * (z * Self.tanhPolynomial(z))
        let far = Self(1) - Self(2) / ((size + size).exponential + Self(1))
        return size.isLess(than: Self(0.625)).choose(near, else: far) ^ sign
    }
}

extension LaneVector {
    @inlinable @inline(__always)
    public var logarithm: Self {
        let subnormal = Self.subnormal
        let isSmall = isLess(than: subnormal.limit)
        let (exponent, fraction) = isSmall.choose(self * subnormal.scale, else: self).split
        let shift = exponent - (isSmall & subnormal.exponent)
        let f = fraction - Self(1)
        let s = f / (Self(2) + f)
        let z = s * s
        let half = Self(0.5) * f * f
        let series = s * (half + z * Self.logarithmPolynomial(z))
        let result = shift * Self.log2.upper - ((half - (series + shift * Self.log2.lower)) - f)
        let (zero, infinity) = (Self(0), Self(.infinity))
        let isOrdinary = zero.isLess(than: self) & isLess(than: infinity)
        let special = isEqual(to: zero).choose(
            -infinity, else: isEqual(to: infinity).choose(infinity, else: Self(.nan)))
        return isOrdinary.choose(result, else: special)
    }
}

extension LaneVector {
    @inlinable @inline(__always) static var quarterTurn: (upper: Self, lower: Self) {
        (halfTurn.upper * Self(0.5), halfTurn.lower * Self(0.5))
    }

    /// What the arc sine and the arc cosine of a magnitude share: for numbers above ½ both come from the sine of half
    /// the angle between the number and 1.
    @inlinable @inline(__always)
    var arcParts: (isLarge: Self, sine: Self, excess: Self, root: Self, rest: Self) {
        let size = magnitude
        let isLarge = Self(0.5).isLess(than: size)
        let z = isLarge.choose((Self(1) - size) * Self(0.5), else: size * size)
        let sine = isLarge.choose(z.squareRoot, else: size)
        let root = sine.upperHalf
        // What `root` lacks of the square root; nothing is left of nothing.
        let rest = sine.isEqual(to: Self(0)).choose(sine, else: (z - root * root) / (sine + root))
        return (isLarge, sine, sine * (z * Self.arcSinePolynomial(z)), root, rest)
    }

    @inlinable @inline(__always)
    public var arcSine: Self {
        let parts = arcParts
        let (quarter, eighth) = (Self.quarterTurn, Self.quarterTurn.upper * Self(0.5))
        let lower = Self(2) * parts.excess - (quarter.lower - Self(2) * parts.rest)
        let large = eighth - (lower - (eighth - Self(2) * parts.root))
        return parts.isLarge.choose(large, else: parts.sine + parts.excess) ^ sign
    }

    @inlinable @inline(__always)
    public var arcCosine: Self {
        let parts = arcParts
        let (half, quarter) = (Self.halfTurn, Self.quarterTurn)
        let isNegative = isLess(than: Self(0))
        let small = quarter.upper - (self - (quarter.lower - (parts.excess ^ sign)))
        let ahead = Self(2) * (parts.root + (parts.excess + parts.rest))
        let behind = half.upper - Self(2) * (parts.sine + (parts.excess - quarter.lower))
        return parts.isLarge.choose(isNegative.choose(behind, else: ahead), else: small)
    }

    /// The direction of (x, y) in [−π, π]; the sign of zeros counts, as in IEEE 754.
    @inlinable @inline(__always)
    public static func arcTangent(_ y: Self, _ x: Self) -> Self {
        let (width, height) = (x.magnitude, y.magnitude)
        let isSteep = width.isLess(than: height)
        let (larger, smaller) = scaled(isSteep.choose(height, else: width), isSteep.choose(width, else: height))
        // Above ½ the angle is taken from the diagonal: atan(t) = π/4 + atan((t − 1)/(t + 1)).
        let isDiagonal = (Self(0.5) * larger).isLess(than: smaller)
        let t = isDiagonal.choose(smaller - larger, else: smaller) / isDiagonal.choose(smaller + larger, else: larger)
        let z = t * t
        let isBehind = x.mask(ofBit: signPosition)
        // The angle is base ± atan(t); each fold at a diagonal or an axis turns the sign.
        let turn = (isSteep ^ isBehind) & signBit
        let quarter = quarterTurn
        let axis = isSteep.choose(Self(1), else: isBehind & Self(2))
        let base = axis + ((isDiagonal & Self(0.5)) ^ turn)
        let small = (t * (z * arcTangentPolynomial(z))) ^ turn
        let angle = base * quarter.upper + ((t ^ turn) + (small + base * quarter.lower))
        return (angle | x.isNotANumber | y.isNotANumber) ^ y.sign
    }

    /// The two numbers so that their ratio and their sum are in range: zeros and infinities become ordinary.
    @inlinable @inline(__always)
    static func scaled(_ larger: Self, _ smaller: Self) -> (larger: Self, smaller: Self) {
        let infinity = Self(.infinity)
        let isZero = larger.isEqual(to: Self(0))
        let areInfinite = smaller.isEqual(to: infinity)
        let factor = Self(0x1p100).isLess(than: larger).choose(Self(0.25), else: Self(1))
        let ordinary = areInfinite.choose(Self(1), else: larger * factor)
        return (isZero.choose(Self(1), else: ordinary), areInfinite.choose(Self(1), else: smaller * factor))
    }

    @inlinable @inline(__always) static var signPosition: Int { Element.exponentBitCount + Element.significandBitCount }
}

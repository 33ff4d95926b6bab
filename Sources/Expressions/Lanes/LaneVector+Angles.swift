// Sine, cosine, tangent and the wrapped angle. Errors are in the table of Tests/ExpressionsTests/FunctionTests.swift.

/// The nearest whole number of quarter turns, as a number and in the lowest bits of `shifted`.
@usableFromInline struct Quarters<Vector: LaneVector> {
    @usableFromInline let shifted: Vector
    @usableFromInline let angle: Vector
    @usableFromInline let tail: Vector

    @inlinable @inline(__always) init(of magnitude: Vector) {
        shifted = magnitude * Vector(0x1.45f306dc9c883p-1) + .roundingShift
        (angle, tail) = magnitude.reduced(byQuarters: shifted - .roundingShift)
    }

    @inlinable @inline(__always) init(shifted: Vector, angle: Vector, tail: Vector) {
        self.shifted = shifted
        self.angle = angle
        self.tail = tail
    }

    /// The sine and the cosine within the quarter, each rounded once at its end.
    @inlinable @inline(__always) var sineAndCosine: (sine: Vector, cosine: Vector) {
        let z = angle * angle
        let sine = angle + (angle * (z * Vector.sinePolynomial(z)) + tail)
        let half = Vector(0.5) * z
        let rough = Vector(1) - half
        let rest = (z * z) * Vector.cosinePolynomial(z) - angle * tail
        return (sine, rough + (((Vector(1) - rough) - half) + rest))
    }

    @inlinable @inline(__always) var tangent: Vector {
        let z = angle * angle
        let sine = angle * (z * Vector.sinePolynomial(z)) + tail
        let cosine = ((z * z) * Vector.cosinePolynomial(z) - angle * tail) - Vector(0.5) * z
        // (angle + sine)/(1 + cosine) as the angle and a small rest.
        let excess = (sine - angle * cosine) / (Vector(1) + cosine)
        let ratio = angle + excess
        // −1/ratio, with what the division rounds off put back in.
        let rest = excess - (ratio - angle)
        let inverse = Vector(-1) / ratio
        let (upperRatio, upperInverse) = (ratio.upperHalf, inverse.upperHalf)
        let missing = (Vector(1) + upperRatio * upperInverse) + upperInverse * ((ratio - upperRatio) + rest)
        return shifted.mask(ofBit: 0).choose(upperInverse + inverse * missing, else: ratio)
    }
}

extension LaneVector {
    /// Where `reduced` cannot be trusted: large angles, infinity and NaN.
    @inlinable @inline(__always) var isBeyondReduction: Self { ~magnitude.isAtMost(.reductionLimit) }

    @inlinable @inline(__always)
    public var sineAndCosine: (sine: Self, cosine: Self) {
        let quarters = Quarters(of: magnitude)
        let within = quarters.sineAndCosine
        let swapped = quarters.shifted.mask(ofBit: 0)
        let sineSign = quarters.shifted.sign(ofBit: 1)
        let sine = swapped.choose(within.cosine, else: within.sine) ^ sineSign ^ sign
        let cosine = swapped.choose(within.sine, else: within.cosine) ^ sineSign ^ (swapped & Self.signBit)
        var both = (sine: sine, cosine: cosine)
        if isBeyondReduction.hasAnyBit { Self.mendSineAndCosine(of: self, &both) }
        return both
    }

    @inlinable @inline(__always) public var sine: Self { sineAndCosine.sine }
    @inlinable @inline(__always) public var cosine: Self { sineAndCosine.cosine }

    @inlinable @inline(__always)
    public var tangent: Self {
        var tangent = Quarters(of: magnitude).tangent ^ sign
        if isBeyondReduction.hasAnyBit { Self.mendTangent(of: self, &tangent) }
        return tangent
    }

    /// The same direction in (−π, π], where π stands for the number nearest to it.
    @inlinable @inline(__always)
    public var wrapped: Self {
        let shifted = magnitude * Self(0x1.45f306dc9c883p-3) + .roundingShift
        let quarters = (shifted - .roundingShift) * Self(4)
        let (angle, tail) = magnitude.reduced(byQuarters: quarters)
        let half = Self.halfTurn.upper
        let kept = magnitude.isAtMost(half)
        let signed = (angle + tail) ^ sign
        // The quotient is rounded, so a direction close behind may have been put on the other side.
        let isBelow = signed.isAtMost(-half)
        let isOutside = isBelow | half.isLess(than: signed)
        let turn = isOutside & (Self(2) * half ^ (~isBelow & Self.signBit))
        let rest = isOutside & (Self(2) * Self.halfTurn.lower ^ (~isBelow & Self.signBit))
        let turned = kept.choose(self, else: (signed + turn) + rest)
        var wrapped = turned.isAtMost(-half).choose(half, else: turned)
        if isBeyondReduction.hasAnyBit { Self.mendWrapped(of: self, &wrapped) }
        return wrapped
    }

    // Single lanes again, out of line: it is rare, and the way past it must stay short.

    @inline(never) @usableFromInline
    static func mendTangent(of angles: Self, _ results: inout Self) {
        for lane in 0..<width where !(angles[lane].magnitude <= reductionLimit[lane]) {
            results[lane] = largeTangent(angles[lane])
        }
    }

    @inline(never) @usableFromInline
    static func mendWrapped(of angles: Self, _ results: inout Self) {
        for lane in 0..<width where !(angles[lane].magnitude <= reductionLimit[lane]) {
            results[lane] = largeWrapped(angles[lane])
        }
    }

    @inline(never) @usableFromInline
    static func mendSineAndCosine(of angles: Self, _ results: inout (sine: Self, cosine: Self)) {
        for lane in 0..<width where !(angles[lane].magnitude <= reductionLimit[lane]) {
            let large = largeSineAndCosine(angles[lane])
            results.sine[lane] = large.sine
            results.cosine[lane] = large.cosine
        }
    }
}

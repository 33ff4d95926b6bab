extension DoubleLanes {
    public static func largeSineAndCosine(_ angle: Double) -> (sine: Double, cosine: Double) {
        guard angle.isFinite else { return (.nan, .nan) }
        guard angle.magnitude > 0x1p20 else {
            let both = DoubleLanes(repeating: angle).sineAndCosine
            return (both.sine[0], both.cosine[0])
        }
        let (turns, quarters) = large(angle)
        let (sine, cosine) = quarters.sineAndCosine
        let (straight, turned) = ((sine[0], cosine[0]), (cosine[0], -sine[0]))
        let half = turns & 1 == 0 ? straight : turned
        let pair = turns & 2 == 0 ? half : (-half.0, -half.1)
        return angle < 0 ? (-pair.0, pair.1) : pair
    }

    public static func largeTangent(_ angle: Double) -> Double {
        guard angle.isFinite else { return .nan }
        guard angle.magnitude > 0x1p20 else { return DoubleLanes(repeating: angle).tangent[0] }
        let tangent = large(angle).quarters.tangent[0]
        return angle < 0 ? -tangent : tangent
    }

    public static func largeWrapped(_ angle: Double) -> Double {
        guard angle.isFinite else { return .nan }
        guard angle.magnitude > 0x1p20 else { return DoubleLanes(repeating: angle).wrapped[0] }
        let (turns, quarters) = large(angle)
        let rest = DoubledDouble(quarters.angle[0], quarters.tail[0])
        // Two quarters are half a turn either way; the one that leads into the interval.
        let base = turns == 3 ? -1 : turns == 2 && rest.upper > 0 ? -2 : Double(turns)
        let sum = DoubledDouble(base * 0x1.921fb54442d18p0, base * 0x1.1a62633145c07p-54) + rest
        let wrapped = angle < 0 ? -sum.upper : sum.upper
        return wrapped <= -0x1.921fb54442d18p1 ? 0x1.921fb54442d18p1 : wrapped
    }

    private static func large(_ angle: Double) -> (turns: Int, quarters: Quarters<Self>) {
        let (turns, rest, tail) = Double.quarters(inLarge: angle.magnitude)
        return (
            turns,
            Quarters(
                shifted: Self(Double(turns)) + .roundingShift, angle: Self(repeating: rest), tail: Self(repeating: tail)
            )
        )
    }
}

// Twice the digits of a lane make what is left of the error invisible after one rounding.
extension FloatLanes {
    public static func largeSineAndCosine(_ angle: Float) -> (sine: Float, cosine: Float) {
        let both = DoubleLanes.largeSineAndCosine(Double(angle))
        return (Float(both.sine), Float(both.cosine))
    }

    public static func largeTangent(_ angle: Float) -> Float { Float(DoubleLanes.largeTangent(Double(angle))) }

    public static func largeWrapped(_ angle: Float) -> Float {
        let wrapped = Float(DoubleLanes.largeWrapped(Double(angle)))
        return wrapped <= -0x1.921fb6p1 ? 0x1.921fb6p1 : wrapped
    }

    public static func power(_ base: Float, _ exponent: Float) -> Float {
        Float(DoubleLanes.power(Double(base), Double(exponent)))
    }
}

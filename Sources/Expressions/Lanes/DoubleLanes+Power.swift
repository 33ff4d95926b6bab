extension DoubleLanes {
    /// `base` to a power, with the exceptions of IEEE 754: for instance 1 where the exponent is 0, NaN for a negative
    /// base with a broken exponent.
    public static func power(_ base: Double, _ exponent: Double) -> Double {
        if exponent == 0 || base == 1 { return 1 }
        if base.isNaN || exponent.isNaN { return .nan }
        let parity = Parity(exponent)
        if base < 0, base.isFinite, parity == .broken { return exponent.isInfinite ? unbounded(base, exponent) : .nan }
        let size = base.magnitude
        let isPlain = size > 0 && size.isFinite && exponent.isFinite
        let power = isPlain ? positivePower(size, exponent) : unbounded(size, exponent)
        return base.sign == .minus && parity == .odd ? -power : power
    }

    private enum Parity {
        case even, odd, broken

        init(_ exponent: Double) {
            guard exponent.magnitude < 0x1p53 else {
                self = exponent.isInfinite ? .broken : .even
                return
            }
            let whole = Int64(exponent)
            self = Double(whole) != exponent ? .broken : whole & 1 == 0 ? .even : .odd
        }
    }

    /// Where zero or infinity stands in one of the two places.
    private static func unbounded(_ base: Double, _ exponent: Double) -> Double {
        let size = base.magnitude
        if size == 1 { return 1 }
        return (size > 1) == (exponent > 0) ? .infinity : 0
    }

    private static func positivePower(_ base: Double, _ exponent: Double) -> Double {
        let logarithm = preciseLogarithm(base)
        let rough = logarithm.upper * exponent
        guard rough.magnitude < 800 else { return rough > 0 ? .infinity : 0 }
        let product = DoubledDouble(exponent, 0) * logarithm
        let power = DoubleLanes(repeating: product.upper).exponential[0]
        return power.isFinite ? power + power * product.lower : power
    }

    /// The natural logarithm of a positive finite number to about 65 digits: the exponent multiplies its error.
    private static func preciseLogarithm(_ number: Double) -> DoubledDouble {
        let isSmall = number < 0x1p-1022
        let (exponent, fraction) = DoubleLanes(repeating: isSmall ? number * 0x1p54 : number).split
        let shift = exponent[0] - (isSmall ? 54 : 0)
        let f = fraction[0] - 1
        let s = DoubledDouble(f, 0) / DoubledDouble(2, plusSmaller: f)
        let z = s * s
        var series = 0.0
        for term in stride(from: 12, through: 0, by: -1) { series = series * z.upper + 2 / Double(2 * term + 5) }
        // 2/3 to twice the digits of a lane.
        let cubic = z * s * DoubledDouble(0x1.5555555555555p-1, 0x1.5555555555555p-55)
        let higher = DoubledDouble(s.upper * z.upper * (z.upper * series), 0)
        let fractional = DoubledDouble(2 * s.upper, 2 * s.lower) + (cubic + higher)
        return DoubledDouble(shift * 0x1.62e42fefa38p-1, shift * 0x1.ef35793c7673p-45) + fractional
    }
}

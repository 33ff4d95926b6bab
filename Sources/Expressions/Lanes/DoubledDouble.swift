/// A number in two parts, the second below the last digit of the first: about 106 digits.
struct DoubledDouble {
    var upper: Double
    var lower: Double

    init(_ upper: Double, _ lower: Double) {
        self.upper = upper
        self.lower = lower
    }

    /// The sum of two numbers, exactly, when the second is not larger than the first.
    init(_ larger: Double, plusSmaller smaller: Double) {
        upper = larger + smaller
        lower = smaller - (upper - larger)
    }

    /// The sum of two numbers, exactly.
    init(_ left: Double, plus right: Double) {
        upper = left + right
        let part = upper - left
        lower = (left - (upper - part)) + (right - part)
    }

    /// The product of two numbers, exactly, as long as nothing leaves the range.
    init(_ left: Double, times right: Double) {
        let (a, b) = DoubledDouble.halves(left)
        let (c, d) = DoubledDouble.halves(right)
        upper = left * right
        lower = ((a * c - upper) + a * d + b * c) + b * d
    }

    private static func halves(_ number: Double) -> (Double, Double) {
        let scaled = number * 0x1.0000002p27
        let upper = scaled - (scaled - number)
        return (upper, number - upper)
    }

    static func + (left: Self, right: Self) -> Self {
        let sum = DoubledDouble(left.upper, plus: right.upper)
        return DoubledDouble(sum.upper, plusSmaller: sum.lower + (left.lower + right.lower))
    }

    static func * (left: Self, right: Self) -> Self {
        let product = DoubledDouble(left.upper, times: right.upper)
        let rest = product.lower + (left.upper * right.lower + left.lower * right.upper)
        return DoubledDouble(product.upper, plusSmaller: rest)
    }

    static func / (left: Self, right: Self) -> Self {
        let first = left.upper / right.upper
        let product = DoubledDouble(first, times: right.upper)
        let rest = ((left.upper - product.upper) - product.lower) + (left.lower - first * right.lower)
        return DoubledDouble(first, plusSmaller: rest / right.upper)
    }
}

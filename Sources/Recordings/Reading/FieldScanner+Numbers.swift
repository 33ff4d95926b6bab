// Numbers as this house writes them, straight from their digits; whatever else may stand for one goes the long way.
extension FieldScanner {
    /// Digits with a point and an exponent: their number without its point, and what power of ten that is of.
    struct Digits {
        var isNegative = false
        var mantissa: UInt64 = 0
        var power = 0
        var hasPoint = false

        /// Past these an integer may be none that a `Double` holds exactly.
        static let most = 15
        static let exactPowers: [Double] = [
            1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
            1e20, 1e21, 1e22,
        ]

        /// The nearest `Float`; nil where that is not certain. An exact integer and an exact power of ten give the nearest
        /// `Double`, and that gives the nearest `Float` unless it lies just between two of them, or where they are thin.
        var nearest: Float? {
            guard power.magnitude < Self.exactPowers.count else { return nil }
            let scale = Self.exactPowers[Int(power.magnitude)]
            let whole = Double(mantissa)
            let size = power < 0 ? whole / scale : whole * scale
            let isBetween = size.bitPattern & 0x1FFF_FFFF == 0x1000_0000
            let isUsual = size == 0 || (size >= Double(Float.leastNormalMagnitude) && size < 1e38)
            guard isUsual, !isBetween else { return nil }
            return Float(isNegative ? -size : size)
        }
    }
}

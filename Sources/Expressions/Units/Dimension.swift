/// What kind of quantity a number is: the powers of the base units in it. Angles are plain numbers.
public struct Dimension: Hashable, Sendable {
    /// Metre, kilogram, second, ampere, kelvin; in twelfths, so that roots of units stay exact.
    private var twelfths: [Int16]

    private static let base = ["m", "kg", "s", "A", "K"]

    private init(twelfths: [Int16]) { self.twelfths = twelfths }

    init(metre: Int16 = 0, kilogram: Int16 = 0, second: Int16 = 0, ampere: Int16 = 0, kelvin: Int16 = 0) {
        twelfths = [metre, kilogram, second, ampere, kelvin].map { $0 * 12 }
    }

    public static let plain = Dimension()
    public var isPlain: Bool { self == .plain }

    public static func * (left: Self, right: Self) -> Self { left.combined(right, &+) }
    public static func / (left: Self, right: Self) -> Self { left.combined(right, &-) }

    private func combined(_ other: Self, _ combine: (Int16, Int16) -> Int16) -> Self {
        Dimension(twelfths: zip(twelfths, other.twelfths).map { combine($0, $1) })
    }

    /// Nil for a power that no unit has, such as metres to the power of π.
    func raised(to power: Double) -> Dimension? {
        var raised: [Int16] = []
        for exponent in twelfths {
            let product = (Double(exponent) * power)
            guard product.magnitude <= 1_200, let whole = Int16(exactly: product) else { return nil }
            raised.append(whole)
        }
        return Dimension(twelfths: raised)
    }

    /// Whether it is small enough to be multiplied without care; no quantity of physics comes near.
    var isReasonable: Bool { twelfths.allSatisfy { $0.magnitude <= 1_200 } }

    /// As a person writes it, in base units: `kg*m^2/s^2`.
    public var symbol: String {
        let powers = zip(Dimension.base, twelfths)
        let above = powers.filter { $0.1 > 0 }.map { Dimension.spelled($0.0, $0.1) }
        let below = powers.filter { $0.1 < 0 }.map { Dimension.spelled($0.0, -$0.1) }
        return ([above.isEmpty ? "1" : above.joined(separator: "*")] + below).joined(separator: "/")
    }

    private static func spelled(_ unit: String, _ twelfths: Int16) -> String {
        if twelfths == 12 { return unit }
        return twelfths % 12 == 0 ? "\(unit)^\(twelfths / 12)" : "\(unit)^(\(twelfths)/12)"
    }
}

extension Dimension {
    /// The units that may be written. All are of one scale: a model in millimetres is a mistake that no check finds.
    static let units: [String: Dimension] = [
        "1": .plain, "rad": .plain,
        "m": Dimension(metre: 1), "kg": Dimension(kilogram: 1), "s": Dimension(second: 1), "A": Dimension(ampere: 1),
        "K": Dimension(kelvin: 1), "degC": Dimension(kelvin: 1), "Hz": Dimension(second: -1),
        "N": Dimension(metre: 1, kilogram: 1, second: -2), "J": Dimension(metre: 2, kilogram: 1, second: -2),
        "W": Dimension(metre: 2, kilogram: 1, second: -3), "Pa": Dimension(metre: -1, kilogram: 1, second: -2),
        "C": Dimension(second: 1, ampere: 1),
        "V": Dimension(metre: 2, kilogram: 1, second: -3, ampere: -1),
        "ohm": Dimension(metre: 2, kilogram: 1, second: -3, ampere: -2),
        "H": Dimension(metre: 2, kilogram: 1, second: -2, ampere: -2),
        "Wb": Dimension(metre: 2, kilogram: 1, second: -2, ampere: -1),
        "T": Dimension(kilogram: 1, second: -2, ampere: -1),
    ]
}

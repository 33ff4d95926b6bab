public import Quantities

/// A motor's current by the duty of its bridge: what Ohm's law says, and a slow integral for the rest.
public struct CurrentRegulator: Sendable {
    private let winding: Ohms
    private var correction: Volts = Volts(0)

    /// Of the missing voltage, in one tick.
    private static var share: Float { 0.05 }

    public init(winding: Ohms) { self.winding = winding }

    /// The bridge opens, and what was learned is forgotten.
    public mutating func release() { correction = Volts(0) }

    /// A share of the supply between -0.95 and 0.95: the low side has to close now and then for the current to be seen.
    public mutating func duty(for wanted: Amperes, measured: Amperes, supply: Volts) -> Float {
        guard supply.value > 1 else { return 0 }
        let missing = (wanted.value - measured.value) * winding.value
        let most = 0.95 * supply.value
        correction = Volts(min(max(correction.value + Self.share * missing, -most), most))
        return min(max(wanted.value * winding.value + correction.value, -most), most) / supply.value
    }
}

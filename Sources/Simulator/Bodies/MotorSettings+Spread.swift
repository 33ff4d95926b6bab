import Quantities

extension MotorSettings {
    /// Another motor of the same kind: each of its figures is off by at most this share, as chance has it. The same seed
    /// and number make the same motor.
    public func varied(by share: Float, seed: UInt64, number: Int) -> MotorSettings {
        guard share > 0 else { return self }
        var chance = Dice(seed: seed &+ UInt64(number) &* 0xD1B5_4A32_D192_ED03)
        func factor() -> Float { 1 + share * chance.roll() }
        var motor = self
        motor.inertia = inertia * factor()
        motor.torqueConstant = torqueConstant * factor()
        motor.winding = winding * factor()
        motor.viscousFriction = viscousFriction * factor()
        motor.coulombFriction = coulombFriction * factor()
        motor.heatCapacity = heatCapacity * factor()
        motor.heatResistance = heatResistance * factor()
        return motor
    }
}

/// The house generator once more: rooms do not share what is smaller than the wall between them.
private struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// From -1 to 1.
    mutating func roll() -> Float {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return Float(Int64(mixed >> 40) - (1 << 23)) * 0x1p-23
    }
}

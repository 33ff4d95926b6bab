import Quantities

extension MotorSettings {
    /// Another motor of the same kind: each of its figures is off by at most this share, as chance has it. The same seed
    /// and number make the same motor.
    public func varied(by share: Float, seed: UInt64, number: Int) -> MotorSettings {
        guard share > 0 else { return self }
        let chance = Chance(seed: seed).of("motor \(number)")
        var counter: UInt64 = 0
        func factor() -> Float {
            defer { counter += 1 }
            return 1 + share * Float(chance.even(counter))
        }
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

public import Quantities

/// The numbers of one servo: motor, gear, friction, heat, sensors, wear.
public struct ServoMetal: Equatable, Sendable {
    private var values: [MetalParameter: Float]

    /// Everything that is not named is as in an XL330-M288.
    public init(_ values: [MetalParameter: Float]) {
        self.values = ServoProduct.xl330M288.values.merging(values) { $1 }
    }

    /// In the unit that the parameter's name ends with. Only a value inside the parameter's range makes a body.
    public subscript(parameter: MetalParameter) -> Float {
        get { values[parameter] ?? 0 }
        set { values[parameter] = newValue }
    }

    /// The first parameter outside its range.
    var fault: MetalParameter? {
        MetalParameter.allCases.first { !$0.range.contains(self[$0]) }
    }

    /// The same servo as the joint feels it behind a gear that loses nothing: slower, stronger and heavier. Its sensors
    /// then sit on the joint, with as many more steps.
    public func behind(_ gear: Float) -> ServoMetal {
        guard gear != 1 else { return self }
        var seen = self
        for parameter in [
            MetalParameter.torqueConstant, .coulombFriction, .stribeckFriction, .frictionWear, .encoderSteps,
        ] {
            seen[parameter] *= gear
        }
        for parameter in [MetalParameter.rotorInertia, .viscousFriction, .gearStiffness, .gearDamping] {
            seen[parameter] *= gear * gear
        }
        for parameter in [
            MetalParameter.stribeckSpeed, .backlash, .encoderNoise, .encoderOffset, .speedNoise,
        ] { seen[parameter] /= gear }
        return seen
    }

    /// What a board or a host has to know to ask for a torque.
    public var torqueConstant: NewtonMetresPerAmpere { NewtonMetresPerAmpere(self[.torqueConstant]) }
}

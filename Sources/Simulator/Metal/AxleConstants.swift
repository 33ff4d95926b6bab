/// The numbers of a servo's metal as a step needs them.
struct AxleConstants: Sendable {
    let winding, constant, windingPerKelvin, magnetPerKelvin: Double
    let inertia, stiffness, damping, backlash: Double
    let coulomb, stribeck, stribeckSpeed, stribeckExponent: Double
    let viscous, viscousPerKelvin, motorLoad, outputLoad: Double
    let windingCapacity, housingCapacity, windingToHousing, housingToAmbient: Double
    let frictionWear, backlashWear, wearHeat: Double

    init(_ metal: ServoMetal) {
        let number = { (parameter: MetalParameter) in Double(metal[parameter]) }
        winding = number(.windingResistance)
        constant = number(.torqueConstant)
        windingPerKelvin = number(.windingTemperatureCoefficient)
        magnetPerKelvin = number(.magnetTemperatureCoefficient)
        inertia = number(.rotorInertia)
        stiffness = number(.gearStiffness)
        damping = number(.gearDamping)
        backlash = number(.backlash)
        coulomb = number(.coulombFriction)
        stribeck = number(.stribeckFriction)
        stribeckSpeed = number(.stribeckSpeed)
        stribeckExponent = number(.stribeckExponent)
        viscous = number(.viscousFriction)
        viscousPerKelvin = number(.viscousTemperatureCoefficient)
        motorLoad = number(.motorLoadFriction)
        outputLoad = number(.outputLoadFriction)
        windingCapacity = number(.windingCapacity)
        housingCapacity = number(.housingCapacity)
        windingToHousing = number(.windingToHousing)
        housingToAmbient = number(.housingToAmbient)
        frictionWear = number(.frictionWear)
        backlashWear = number(.backlashWear)
        wearHeat = number(.wearHeat)
    }
}

public import Quantities

/// A motor's winding and housing as two heat stores.
public struct MotorHeat: Equatable, Sendable {
    public let resistance: Ohms
    public let windingCapacity: JoulesPerKelvin
    public let housingCapacity: JoulesPerKelvin
    public let windingToHousing: KelvinsPerWatt
    public let housingToAmbient: KelvinsPerWatt
    public let ambient: Celsius
    /// Where the winding must never come; below the point at which the servo shuts itself down.
    public let windingLimit: Celsius
    /// The forecast below which the episode ends.
    public let leastTimeLeft: Seconds

    public init(
        resistance: Ohms, windingCapacity: JoulesPerKelvin, housingCapacity: JoulesPerKelvin,
        windingToHousing: KelvinsPerWatt, housingToAmbient: KelvinsPerWatt, ambient: Celsius, windingLimit: Celsius,
        leastTimeLeft: Seconds
    ) {
        self.resistance = resistance
        self.windingCapacity = windingCapacity
        self.housingCapacity = housingCapacity
        self.windingToHousing = windingToHousing
        self.housingToAmbient = housingToAmbient
        self.ambient = ambient
        self.windingLimit = windingLimit
        self.leastTimeLeft = leastTimeLeft
    }

    /// How quickly the winding follows its load; a step of the model must be much shorter.
    public var windingTime: Seconds { windingToHousing * windingCapacity }
}

/// What the model says of one motor now.
public struct MotorTemperature: Equatable, Sendable {
    public private(set) var winding: Celsius
    public private(set) var housing: Celsius

    init(winding: Celsius, housing: Celsius) {
        self.winding = winding
        self.housing = housing
    }

    /// A motor that has rested: all of it as warm as its sensor says.
    public init(resting temperature: Celsius) {
        winding = temperature
        housing = temperature
    }

    /// Follows the load for one step. The sensor sits in the housing: where it reads more than the model, it is right.
    @_noAllocation @_noLocks
    public mutating func follow(
        _ current: Amperes, sensor: Celsius, over step: Seconds, of motor: MotorHeat
    ) {
        let intoHousing = (winding - housing) / motor.windingToHousing
        let intoAmbient = (housing - motor.ambient) / motor.housingToAmbient
        let heat = current.heat(in: motor.resistance)
        winding = winding + (heat - intoHousing) * step / motor.windingCapacity
        housing = max(sensor, housing + (intoHousing - intoAmbient) * step / motor.housingCapacity)
    }

    /// At least this long until the winding reaches its limit if the load stays; infinite when it never does.
    ///
    /// First the winding follows the load alone (fast); once it has, both follow the housing (slow). A lower bound of
    /// the true time: it takes ln x ≥ 2(x − 1)/(x + 1) in place of the logarithm, which the microcontroller lacks.
    @_noAllocation @_noLocks
    public func timeLeft(at current: Amperes, of motor: MotorHeat) -> Seconds {
        if winding >= motor.windingLimit { return .zero }
        let heat = current.heat(in: motor.resistance)
        let rise = heat * motor.windingToHousing
        let settled = housing + rise
        if settled > motor.windingLimit { return timeOfWinding(towards: settled, of: motor) }
        // A winding hotter than its load explains still gives the housing that heat.
        let given = max(heat, (winding - housing) / motor.windingToHousing)
        let final = motor.ambient + given * motor.housingToAmbient
        let critical = motor.windingLimit - rise
        guard final > critical else { return Seconds(.infinity) }
        let housingTime = motor.housingToAmbient * motor.housingCapacity
        return housingTime * shortestDecay(from: final - housing, to: final - critical)
    }

    /// The winding heads past its limit. While it does, the housing warms by at most what a winding at its limit gives
    /// it, and that moves the goal away; so the time is found once with the goal at rest and once with it moved.
    private func timeOfWinding(towards settled: Celsius, of motor: MotorHeat) -> Seconds {
        let limit = motor.windingLimit
        let unmoved = motor.windingTime * shortestDecay(from: settled - winding, to: settled - limit)
        let warming = (limit - housing) / motor.windingToHousing * unmoved / motor.housingCapacity
        let moved = settled + warming
        return motor.windingTime * shortestDecay(from: moved - winding, to: moved - limit)
    }

    /// A lower bound of how many time constants a distance takes to decay from `start` to `end`.
    private func shortestDecay(from start: Kelvins, to end: Kelvins) -> Float {
        let ratio = start / end
        return 2 * (ratio - 1) / (ratio + 1)
    }
}

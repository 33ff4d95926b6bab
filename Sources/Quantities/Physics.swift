// The products and quotients that physics allows. What is missing here does not compile.

extension Radians {
    @inlinable public static func / (angle: Radians, time: Seconds) -> RadiansPerSecond {
        RadiansPerSecond(angle.value / time.value)
    }
    @inlinable public static func * (angle: Radians, gain: PerSecond) -> RadiansPerSecond {
        RadiansPerSecond(angle.value * gain.value)
    }
}

extension RadiansPerSecond {
    @inlinable public static func * (speed: RadiansPerSecond, time: Seconds) -> Radians {
        Radians(speed.value * time.value)
    }
    @inlinable public static func / (speed: RadiansPerSecond, time: Seconds) -> RadiansPerSecondSquared {
        RadiansPerSecondSquared(speed.value / time.value)
    }
}

extension RadiansPerSecondSquared {
    @inlinable public static func * (acceleration: RadiansPerSecondSquared, time: Seconds) -> RadiansPerSecond {
        RadiansPerSecond(acceleration.value * time.value)
    }
}

extension NewtonMetres {
    @inlinable public static func * (effort: NewtonMetres, speed: RadiansPerSecond) -> Watts {
        Watts(effort.value * speed.value)
    }
}

extension NewtonMetresPerSecond {
    @inlinable public static func * (slew: NewtonMetresPerSecond, time: Seconds) -> NewtonMetres {
        NewtonMetres(slew.value * time.value)
    }
}

extension NewtonMetresPerRadian {
    @inlinable public static func * (stiffness: NewtonMetresPerRadian, angle: Radians) -> NewtonMetres {
        NewtonMetres(stiffness.value * angle.value)
    }
}

extension NewtonMetreSecondsPerRadian {
    @inlinable public static func * (damping: NewtonMetreSecondsPerRadian, speed: RadiansPerSecond) -> NewtonMetres {
        NewtonMetres(damping.value * speed.value)
    }
}

extension Amperes {
    /// The heat that this current makes in a resistance: i²R.
    @inlinable public func heat(in resistance: Ohms) -> Watts { Watts(value * value * resistance.value) }

    @inlinable public static func * (current: Amperes, resistance: Ohms) -> Volts {
        Volts(current.value * resistance.value)
    }
}

extension Volts {
    @inlinable public static func * (potential: Volts, current: Amperes) -> Watts {
        Watts(potential.value * current.value)
    }
}

extension Watts {
    @inlinable public static func * (power: Watts, time: Seconds) -> Joules { Joules(power.value * time.value) }
    @inlinable public static func * (power: Watts, resistance: KelvinsPerWatt) -> Kelvins {
        Kelvins(power.value * resistance.value)
    }
}

extension Joules {
    @inlinable public static func / (energy: Joules, capacity: JoulesPerKelvin) -> Kelvins {
        Kelvins(energy.value / capacity.value)
    }
}

extension Celsius {
    @inlinable public static func - (left: Celsius, right: Celsius) -> Kelvins { Kelvins(left.value - right.value) }
    @inlinable public static func + (temperature: Celsius, rise: Kelvins) -> Celsius {
        Celsius(temperature.value + rise.value)
    }
    @inlinable public static func - (temperature: Celsius, drop: Kelvins) -> Celsius {
        Celsius(temperature.value - drop.value)
    }
}

extension Kelvins {
    @inlinable public static func / (difference: Kelvins, resistance: KelvinsPerWatt) -> Watts {
        Watts(difference.value / resistance.value)
    }
}

extension KelvinsPerWatt {
    /// The time constant of a heat capacity behind a thermal resistance.
    @inlinable public static func * (resistance: KelvinsPerWatt, capacity: JoulesPerKelvin) -> Seconds {
        Seconds(resistance.value * capacity.value)
    }
}

extension PerSecond {
    @inlinable public static func * (rate: PerSecond, time: Seconds) -> Float { rate.value * time.value }
}

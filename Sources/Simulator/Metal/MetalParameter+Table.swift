// The spreads are ours: what makers of motors, gears and resistors usually promise. Nothing has been measured yet.
extension MetalParameter {
    public var row: Row {
        switch self {
        case .windingResistance, .torqueConstant, .windingTemperatureCoefficient, .magnetTemperatureCoefficient: ofMotor
        case .rotorInertia, .gearStiffness, .gearDamping, .backlash: ofGear
        case .coulombFriction, .stribeckFriction, .stribeckSpeed, .stribeckExponent, .viscousFriction: ofFriction
        case .viscousTemperatureCoefficient, .motorLoadFriction, .outputLoadFriction: ofFriction
        case .windingCapacity, .housingCapacity, .windingToHousing, .housingToAmbient, .temperatureSensorShare: ofHeat
        case .encoderSteps, .encoderNoise, .encoderOffset, .encoderDelay, .encoderRotorShare: ofSensors
        case .speedFilter, .speedNoise, .currentGain, .currentNoise: ofSensors
        case .frictionWear, .backlashWear, .wearHeat: ofWear
        }
    }

    private var ofMotor: Row {
        switch self {
        case .windingResistance: Row(0.005...200, .share(0.07), "Of the winding at 25 °C, with cable and bridge.")
        case .torqueConstant: Row(0.001...50, .share(0.05), "Torque of the motor for each ampere, before friction.")
        case .windingTemperatureCoefficient:
            Row(0...0.01, .none, "How much of its resistance the winding gains with each kelvin; copper 0.00393.")
        default: Row(0...0.01, .share(0.1), "How much of its constant the motor loses with each kelvin of its magnets.")
        }
    }

    private var ofGear: Row {
        switch self {
        case .rotorInertia: Row(1e-6...1, .share(0.05), "Of rotor and gear.")
        case .gearStiffness:
            Row(0.5...2_000, .share(0.2), "Of the gear between rotor and output, once its teeth touch.")
        case .gearDamping: Row(0...10, .share(0.3), "Of the gear, while its teeth touch.")
        default: Row(0...0.2, .share(0.4), "How far the output can be turned with the rotor held.")
        }
    }

    private var ofFriction: Row {
        switch self {
        case .coulombFriction: Row(0...10, .share(0.2), "Friction that is always there.")
        case .stribeckFriction: Row(0...10, .share(0.25), "What friction is greater by at rest.")
        case .stribeckSpeed: Row(0.01...100, .share(0.2), "Where that has fallen to a third.")
        case .stribeckExponent: Row(0.5...20, .none, "How suddenly it falls.")
        case .viscousFriction: Row(0...10, .share(0.2), "Friction for each rad/s, at 25 °C.")
        case .viscousTemperatureCoefficient:
            Row(0...0.1, .share(0.2), "How much of the viscous friction goes with each kelvin.")
        case .motorLoadFriction: Row(0...0.9, .share(0.15), "Friction as a share of the torque of the motor.")
        default: Row(0...0.9, .share(0.15), "Friction as a share of the torque at the output.")
        }
    }

    private var ofHeat: Row {
        switch self {
        case .windingCapacity: Row(0.01...1_000, .share(0.1), "Heat that warms the winding by a kelvin.")
        case .housingCapacity: Row(0.1...10_000, .share(0.1), "Heat that warms the rest by a kelvin.")
        case .windingToHousing: Row(0.01...200, .share(0.15), "What the winding is warmer by for each watt in it.")
        case .housingToAmbient: Row(0.01...200, .share(0.2), "What the housing is warmer by than the air, likewise.")
        default: Row(0...1, .amount(0.05), "Where the sensor sits: 0 is the housing, 1 the winding.")
        }
    }

    private var ofSensors: Row {
        switch self {
        case .encoderSteps: Row(64...1_048_576, .none, "Steps of the encoder in a turn.")
        case .encoderNoise: Row(0...0.1, .share(0.3), "Standard deviation of a reading, before it becomes steps.")
        case .encoderOffset: Row(-0.5...0.5, .amount(0.008), "What the encoder reads where its joint is at zero.")
        case .encoderDelay: Row(0...0.015, .share(0.1), "Age of the position and speed that the servo knows.")
        case .encoderRotorShare: Row(0...1, .none, "Where the encoder sits: 0 is the output, 1 the rotor.")
        case .speedFilter: Row(0...0.2, .none, "Time constant of the filter behind the servo's speed.")
        case .speedNoise: Row(0...1, .share(0.3), "Standard deviation of a speed.")
        case .currentGain: Row(0.5...2, .amount(0.04), "What the current sensor says of an ampere.")
        default: Row(0...1, .share(0.3), "Standard deviation of a current.")
        }
    }

    private var ofWear: Row {
        switch self {
        case .frictionWear: Row(0...0.01, .share(0.5), "Share of its friction that a radian of travel adds.")
        case .backlashWear: Row(0...0.001, .share(0.5), "Backlash that a radian of travel adds.")
        default: Row(1...1_000, .share(0.2), "So far above 40 °C a servo wears twice as fast.")
        }
    }
}

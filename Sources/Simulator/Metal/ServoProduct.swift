/// A servo that can be bought, or a motor of the leg, by the name that files have for it.
public enum ServoProduct: String, CaseIterable, Sendable {
    case xl330M288 = "xl330-m288"
    case xl430W250 = "xl430-w250"
    case xm430W350 = "xm430-w350"
    case xm540W270 = "xm540-w270"
    case sts3215 = "sts3215"
    case sts3215For12V = "sts3215-12v"
    case sts3250 = "sts3250"
    case moteusKit = "moteus"
    case legMotor = "leg-motor"

    public var metal: ServoMetal { ServoMetal(values) }

    // Where a number comes from:
    //   [BAM]    identified on real servos by Rhoban, "Better Actuator Models" (ICRA 2025), XL330 as model M6,
    //            STS3215 at 7.4 V as model M1,
    //   [sheet]  the maker's data sheet, [sum] computed from it,
    //   [ours]   our choice; to be measured.
    var values: [MetalParameter: Float] {
        let own =
            switch self {
            case .xl330M288: Self.ofXl330
            case .xl430W250: Self.ofXl430
            case .xm430W350: Self.ofXm430
            case .xm540W270: Self.ofXm540
            case .sts3215: Self.ofSts3215
            case .sts3215For12V: Self.ofSts3215For12V
            case .sts3250: Self.ofSts3250
            case .moteusKit: Self.ofMoteus
            case .legMotor: Self.ofLeg
            }
        return Self.changed(Self.common, own)
    }

    private static func changed(
        _ values: [MetalParameter: Float], _ changes: [MetalParameter: Float]
    ) -> [MetalParameter: Float] { values.merging(changes) { $1 } }

    private static let common: [MetalParameter: Float] = [
        .windingTemperatureCoefficient: 0.003_93,  // copper
        .magnetTemperatureCoefficient: 0.001_1,  // neodymium magnets
        .stribeckFriction: 0, .stribeckSpeed: 1, .stribeckExponent: 2,  // none known
        .viscousTemperatureCoefficient: 0.008,  // [ours] grease at room temperature
        .motorLoadFriction: 0, .outputLoadFriction: 0.03,  // [ours]
        .temperatureSensorShare: 0.1,  // [ours] on the board behind the motor
        .encoderSteps: 4_096,  // [sheet] of all the servos here
        .encoderNoise: 0.000_4,  // [ours] a quarter of a step
        .encoderOffset: 0, .encoderDelay: 0.001, .encoderRotorShare: 0,
        .speedFilter: 0.008, .speedNoise: 0.01,  // [ours]
        .currentGain: 1, .currentNoise: 0.004,  // [ours]
        .frictionWear: 2e-6, .backlashWear: 2e-8, .wearHeat: 20,  // [ours] a tenth more friction after 50 000 rad
    ]

    private static let ofXl330: [MetalParameter: Float] = [
        .windingResistance: 2.811, .torqueConstant: 0.366, .rotorInertia: 0.001_81,  // [BAM]
        .coulombFriction: 0.004_77, .stribeckFriction: 0.004_68, .stribeckSpeed: 2.89,  // [BAM]
        .stribeckExponent: 8.68, .viscousFriction: 0.005_36, .motorLoadFriction: 0.267,  // [BAM]
        .gearStiffness: 15, .gearDamping: 0.02, .backlash: 0.008,  // [ours] plastic gears, half a degree
        .windingCapacity: 0.8, .housingCapacity: 12, .windingToHousing: 15,  // [ours] as in the envelope
        .housingToAmbient: 18,  // [ours] the envelope counts on worse
    ]

    private static let ofXl430: [MetalParameter: Float] = [
        .windingResistance: 8.57,  // [sum] 12 V / 1.4 A stalled [sheet: emanual.robotis.com, 2026-11]
        // [sum] 1.5 N·m stalled and 61 rev/min free at 12 V, given this constant.
        .torqueConstant: 1.7, .motorLoadFriction: 0.349, .viscousFriction: 0.015_2,
        .rotorInertia: 0.006, .coulombFriction: 0.05,  // [ours]
        .gearStiffness: 40, .gearDamping: 0.05, .backlash: 0.006,  // [ours]
        .windingCapacity: 2.5, .housingCapacity: 40, .windingToHousing: 10, .housingToAmbient: 9,  // [ours]
    ]

    private static let ofXm430: [MetalParameter: Float] = [
        .windingResistance: 5.22,  // [sum] 12 V / 2.3 A stalled [sheet: emanual.robotis.com, 2026-11]
        // [sum] 4.1 N·m stalled and 46 rev/min free at 12 V, given this constant.
        .torqueConstant: 2.3, .motorLoadFriction: 0.2, .viscousFriction: 0.046,
        .rotorInertia: 0.009, .coulombFriction: 0.1,  // [ours]
        .gearStiffness: 100, .gearDamping: 0.1,  // [ours]
        .backlash: 0.004_4,  // [sheet] 15 arc minutes
        .windingCapacity: 4, .housingCapacity: 60, .windingToHousing: 6, .housingToAmbient: 7,  // [ours]
    ]

    private static let ofXm540: [MetalParameter: Float] = [
        .windingResistance: 2.73,  // [sum] 12 V / 4.4 A stalled [sheet: emanual.robotis.com, 2026-11]
        // [sum] 10.6 N·m stalled and 30 rev/min free at 12 V, given this constant.
        .torqueConstant: 3.6, .motorLoadFriction: 0.31, .viscousFriction: 0.12,
        .rotorInertia: 0.03, .coulombFriction: 0.25,  // [ours]
        .gearStiffness: 250, .gearDamping: 0.3,  // [ours]
        .backlash: 0.004_4,  // [sheet] 15 arc minutes
        .windingCapacity: 8, .housingCapacity: 120, .windingToHousing: 4, .housingToAmbient: 5,  // [ours]
    ]

    private static let ofSts3215: [MetalParameter: Float] = [
        .windingResistance: 2.676, .torqueConstant: 1.212, .rotorInertia: 0.028_4,  // [BAM]
        .coulombFriction: 0.052_4, .viscousFriction: 0.059_1,  // [BAM]
        .gearStiffness: 60, .gearDamping: 0.1, .backlash: 0.008_7,  // [ours] half a degree
        .windingCapacity: 4, .housingCapacity: 40, .windingToHousing: 6, .housingToAmbient: 9,  // [ours]
        .speedFilter: 0.015, .speedNoise: 0.015, .encoderDelay: 0.002, .currentNoise: 0.01,  // [ours]
    ]

    /// Another winding and another gear on the same motor.
    private static let ofSts3215For12V = changed(
        ofSts3215,
        [
            .windingResistance: 4.44,  // [sum] 12 V / 2.7 A, the dealers' current
            // [sum] 2.9 N·m stalled and 4.7 rad/s free at 12 V, given this constant.
            .torqueConstant: 2.2, .motorLoadFriction: 0.5, .viscousFriction: 0.076,
        ])

    private static let ofSts3250 = changed(
        ofSts3215,
        [
            .windingResistance: 2,  // [ours] no sheet that we found says its stalled current
            // [sum] 50 kg·cm stalled and 60° in 0.133 s free at 12 V [sheet: Feetech's of 2024-01-16, as robonine.com
            // cites it], given this constant and resistance.
            .torqueConstant: 1.4, .motorLoadFriction: 0.4, .viscousFriction: 0.046,
            .rotorInertia: 0.02, .coulombFriction: 0.06, .gearStiffness: 100,  // [ours]
            .backlash: 0.008_7,  // [sheet] at most half a degree
            .windingCapacity: 6, .housingCapacity: 60, .windingToHousing: 4, .housingToAmbient: 7,  // [ours]
        ])

    /// The motor of the kits, of 304 rev/min a volt, without a gear.
    private static let ofMoteus: [MetalParameter: Float] = [
        .windingResistance: 0.05, .torqueConstant: 0.024_5,  // [sheet]
        .rotorInertia: 4e-5, .coulombFriction: 0.003, .viscousFriction: 0.000_3,  // [ours]
        .outputLoadFriction: 0,
        .gearStiffness: 60, .gearDamping: 0.005, .backlash: 0,  // [ours] a shaft and a clamp
        .windingCapacity: 20, .housingCapacity: 120, .windingToHousing: 2, .housingToAmbient: 5,  // [ours]
        .encoderSteps: 16_384, .encoderNoise: 0.000_2, .encoderRotorShare: 1, .encoderDelay: 0,
        .speedFilter: 0.002, .speedNoise: 0.02, .currentNoise: 0.03,  // [ours]
    ]

    /// The same motor behind a belt of 6:1: its constant six times, its inertia 36 times.
    private static let ofLeg = changed(
        ofMoteus,
        [
            .torqueConstant: 0.147,  // [sum] 6 · 0.0245 N·m/A
            .rotorInertia: 0.001_5,  // [sum] 36 · 4e-5 kg·m²
            .coulombFriction: 0.03, .viscousFriction: 0.005, .outputLoadFriction: 0.04,  // [ours] the belt
            .gearStiffness: 80, .gearDamping: 0.08, .backlash: 0.001,  // [ours]
        ])
}

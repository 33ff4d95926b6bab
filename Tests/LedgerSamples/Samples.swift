import Hashing
public import Episodes
public import Quantities
import Supervision

/// Values as a learner would propose them; `number` makes one different from another.
public enum Samples {
    public struct Impossible: Error {}

    public static func name(_ text: String) throws -> Name {
        guard let name = Name(text) else { throw Impossible() }
        return name
    }

    public static func reference(_ text: String) throws -> Reference {
        Reference(name: try name(text), digest: Digest(of: text))
    }

    public static func limit<Unit: Quantity>(_ low: Float, _ high: Float, _: Unit.Type = Unit.self) throws -> Limit<
        Unit
    > {
        guard let limit = Limit(Unit(low), Unit(high)) else { throw Impossible() }
        return limit
    }

    public static func joint(_ number: UInt8) throws -> JointIndex {
        guard let joint = JointIndex(number) else { throw Impossible() }
        return joint
    }

    public static func policy(_ number: Int) throws -> PolicyPayload {
        let bytes = (0..<48).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ number &* 11) }
        guard let policy = PolicyPayload(format: try name("gaussian-1"), bytes: bytes) else { throw Impossible() }
        return policy
    }

    public static let cost = Cost(
        time: Milliseconds(4_000), wear: Microlives(3), heat: Millijoules(12_000), attention: Milliseconds(30_000))

    public static func plan(_ number: Int = 0) throws -> EpisodePlan {
        try EpisodePlan(
            robot: name("arm"), task: reference("reach"), envelope: reference("arm-envelope"),
            calibration: reference("arm-2026-11-27"), policy: policy(number),
            noise: NoiseKey(run: 7, iteration: UInt32(number / 10), episode: UInt32(number % 10)),
            start: [
                JointStart(position: Radians(0.25), speed: RadiansPerSecond(0)),
                JointStart(position: Radians(-0.5), speed: RadiansPerSecond(0.125)),
            ],
            horizon: Ticks(400), cost: cost)
    }

    public static func band() throws -> ApprovedBand {
        guard let joints = JointCount(2) else { throw Impossible() }
        let limits = try (0..<5).flatMap { step in
            [try limit(-0.5, 0.5 + Float(step) / 8, Radians.self), try limit(-1 - Float(step) / 4, 0, Radians.self)]
        }
        return try ApprovedBand(stride: Ticks(100), joints: joints, limits: limits)
    }

    public static func dossier(
        margin: Float = 0.25, worst: Float = 0.125, crossings: UInt32 = 0, distance: PolicyDistance? = nil,
        widening: BandWidening? = nil
    ) throws -> Dossier {
        let forecast = JointForecast(
            speed: try limit(-2, 2), effort: try limit(-0.5, 0.75), temperature: try limit(25, 48))
        return try Dossier(
            band: band(), joints: [forecast, forecast],
            nearest: NearestLimit(joint: joint(1), rule: .position, margin: margin),
            worst: WorstRollout(
                rollouts: 64, index: 17, nearest: NearestLimit(joint: joint(0), rule: .speed, margin: worst),
                crossings: crossings),
            distance: distance,
            thermal: ThermalForecast(joint: joint(1), peak: Celsius(61), timeLeft: Seconds(90)), wear: Microlives(3),
            widening: widening)
    }

    /// With a band that was widened as `widening` says.
    public static func widened(_ widening: BandWidening) throws -> Proposal {
        try Proposal(plan: plan(), dossier: dossier(widening: widening))
    }

    public static func proposal(_ number: Int = 0, distance: PolicyDistance? = nil) throws -> Proposal {
        try Proposal(plan: plan(number), dossier: dossier(distance: distance))
    }

    public static func author(_ text: String = "ada", number: UInt32 = 1_000) throws -> Author {
        Author(userNumber: number, groupNumber: 100, name: try name(text), origin: "unix:/run/understudy/guard.sock")
    }

    /// 2026-11-27 06:00 in UTC, and so many seconds.
    public static func instant(_ seconds: Int64 = 0) -> WallInstant {
        WallInstant(milliseconds: 1_795_759_200_000 + seconds * 1_000)
    }
}

/// The same numbers from the same seed, on every machine.
public struct SplitMix: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

public import Quantities
public import Supervision

/// What the model expects of one joint over the whole episode and all perturbed rollouts. Its position is in the band.
public struct JointForecast: Equatable, Sendable {
    public let speed: Limit<RadiansPerSecond>
    public let effort: Limit<NewtonMetres>
    public let temperature: Limit<Celsius>

    public init(speed: Limit<RadiansPerSecond>, effort: Limit<NewtonMetres>, temperature: Limit<Celsius>) {
        self.speed = speed
        self.effort = effort
        self.temperature = temperature
    }
}

/// The limit that a motion comes nearest to.
public struct NearestLimit: Equatable, Sendable {
    public let joint: JointIndex
    public let rule: Rule
    /// What is left to the limit, as a share of the whole allowed range; below zero the limit is crossed.
    public let margin: Float

    public init(joint: JointIndex, rule: Rule, margin: Float) {
        self.joint = joint
        self.rule = rule
        self.margin = margin
    }
}

/// The worst of the rollouts in which the model, the start and the noise were perturbed.
public struct WorstRollout: Equatable, Sendable {
    public let rollouts: UInt32
    /// Which one, counted from zero, and how near it came.
    public let index: UInt32
    public let nearest: NearestLimit
    /// How many of the rollouts left the envelope.
    public let crossings: UInt32

    public init(rollouts: UInt32, index: UInt32, nearest: NearestLimit, crossings: UInt32) {
        self.rollouts = rollouts
        self.index = index
        self.nearest = nearest
        self.crossings = crossings
    }
}

/// How far a policy is from another one: the divergence in nats over the states that the model visits.
public struct PolicyDistance: Equatable, Sendable {
    /// The hash of the policy that it is measured from.
    public let from: Digest
    public let value: Float

    public init(from: Digest, value: Float) {
        self.from = from
        self.value = value
    }
}

/// What the thermal model says of the hottest motor.
public struct ThermalForecast: Equatable, Sendable {
    public let joint: JointIndex
    /// The hottest that its winding becomes.
    public let peak: Celsius
    /// The least time that was left to its limit at the load of that moment.
    public let timeLeft: Seconds

    public init(joint: JointIndex, peak: Celsius, timeLeft: Seconds) {
        self.joint = joint
        self.peak = peak
        self.timeLeft = timeLeft
    }
}

/// How much wider a band is than what the rollouts show, and by which flights that was measured.
public struct BandWidening: Equatable, Sendable {
    /// By joint, the most at any tick.
    public let most: [Radians]
    /// None when nothing was flown yet, so that a first guess stands.
    public let flights: UInt32
    /// How many of them had left their own bands.
    public let left: UInt32

    public init(most: [Radians], flights: UInt32, left: UInt32) {
        self.most = most
        self.flights = flights
        self.left = left
    }
}

/// What a person looks at before approving. It was made by the learner and is believed only where the guard enforces
/// it or has measured it again.
public struct Dossier: Equatable, Sendable {
    /// Approved with the plan, and enforced.
    public let band: ApprovedBand
    public let joints: [JointForecast]
    public let nearest: NearestLimit
    public let worst: WorstRollout
    /// Nil when no policy has been approved before.
    public let distance: PolicyDistance?
    public let thermal: ThermalForecast
    public let wear: Microlives
    /// Nil where no model foretold the band.
    public let widening: BandWidening?

    public init(
        band: ApprovedBand, joints: [JointForecast], nearest: NearestLimit, worst: WorstRollout,
        distance: PolicyDistance?, thermal: ThermalForecast, wear: Microlives,
        widening: BandWidening? = nil
    ) throws(PlanDefect) {
        let count = Int(band.joints.rawValue)
        guard joints.count == count else { throw .jointCount(joints.count) }
        for joint in [nearest.joint, worst.nearest.joint, thermal.joint] where joint.rawValue >= count {
            throw .jointCount(Int(joint.rawValue) + 1)
        }
        guard worst.rollouts > 0 else { throw .noRollouts }
        let last = max(worst.index, worst.crossings > 0 ? worst.crossings - 1 : 0)
        guard last < worst.rollouts else { throw .worstPastLast(last, of: worst.rollouts) }
        let numbers = [nearest.margin, worst.nearest.margin, distance?.value ?? 0, thermal.timeLeft.value]
        guard numbers.allSatisfy(\.isFinite), thermal.peak.isFinite else { throw .notFinite }
        if let widening {
            guard widening.most.count == count else { throw .jointCount(widening.most.count) }
            guard widening.most.allSatisfy(\.isFinite) else { throw .notFinite }
            for most in widening.most where most < .zero { throw .negative(most.value) }
            guard widening.left <= widening.flights else {
                throw .leftMoreThanFlown(widening.left, of: widening.flights)
            }
        }
        for number in numbers[2...] + [Float(wear.rawValue)] where number < 0 { throw .negative(number) }
        self.band = band
        self.joints = joints
        self.nearest = nearest
        self.worst = worst
        self.distance = distance
        self.thermal = thermal
        self.wear = wear
        self.widening = widening
    }

    /// The hottest sensor that is expected.
    public var hottest: Celsius { joints.map(\.temperature.high).max() ?? thermal.peak }
}

public import Hashing
public import Quantities
public import Supervision

/// The policy that an episode runs, as the bytes that will be run.
public struct PolicyPayload: Equatable, Sendable {
    /// How the bytes are to be read.
    public let format: Name
    public let bytes: [UInt8]
    /// Made of the bytes here, so that it cannot belong to others.
    public let digest: Digest

    public static let longest = 4 << 20

    /// Nil when there are no bytes, or more than a guard is willing to keep.
    public init?(format: Name, bytes: [UInt8]) {
        guard (1...PolicyPayload.longest).contains(bytes.count) else { return nil }
        self.format = format
        self.bytes = bytes
        digest = Digest(of: bytes.span)
    }
}

/// Where one joint is to be when the episode starts.
public struct JointStart: Equatable, Sendable {
    public let position: Radians
    public let speed: RadiansPerSecond

    public init(position: Radians, speed: RadiansPerSecond) {
        self.position = position
        self.speed = speed
    }
}

/// What makes values no plan or no dossier.
public enum PlanDefect: Error, Equatable, Sendable {
    case jointCount(Int)
    case notFinite
    case horizon(Ticks)
    case negativeCost(Cost)
    /// A band of this many steps of `stride` ticks for this many joints.
    case bandShape(values: Int, joints: Int, stride: Ticks)
    case otherJointCount(plan: Int, dossier: Int)
    case bandTooShort(Ticks, horizon: Ticks)
    case noRollouts
    case worstPastLast(UInt32, of: UInt32)
    case negative(Float)
    case leftMoreThanFlown(UInt32, of: UInt32)
}

/// Everything that decides how a real episode will run. Whoever approves its hash approves all of it and nothing else.
public struct EpisodePlan: Equatable, Sendable {
    public let robot: Name
    public let task: Reference
    public let envelope: Reference
    public let calibration: Reference
    public let policy: PolicyPayload
    public let noise: NoiseKey
    /// One for each joint, in the order of the robot.
    public let start: [JointStart]
    /// The longest that the episode may run.
    public let horizon: Ticks
    public let cost: Cost

    public init(
        robot: Name, task: Reference, envelope: Reference, calibration: Reference, policy: PolicyPayload,
        noise: NoiseKey, start: [JointStart], horizon: Ticks, cost: Cost
    ) throws(PlanDefect) {
        guard (1...jointCapacity).contains(start.count) else { throw .jointCount(start.count) }
        guard start.allSatisfy({ $0.position.isFinite && $0.speed.isFinite }) else { throw .notFinite }
        guard horizon > .zero else { throw .horizon(horizon) }
        guard cost.isCovered else { throw .negativeCost(cost) }
        self.robot = robot
        self.task = task
        self.envelope = envelope
        self.calibration = calibration
        self.policy = policy
        self.noise = noise
        self.start = start
        self.horizon = horizon
        self.cost = cost
    }
}

public import Hashing

/// One whole episode as learning needs it, on the robot or inside a model.
public struct Performance: Equatable, Sendable {
    public enum Ending: UInt8, Sendable {
        /// It lasted as long as an episode may.
        case horizon
        /// A condition of the task ended it well; the ticks that it saved are worth nothing.
        case done
        /// A condition of the task ended it badly; every tick that was lost is worth the task's failure reward.
        case failure
        /// The supervisor or the device ended it. The plant includes the supervisor, so it counts as a failure does:
        /// an episode that were left out would make whatever leads to stops look better than it is.
        case stopped
        /// The numbers left the range of numbers, which only models do; it counts as a failure.
        case diverged

        public var isLoss: Bool { self == .failure || self == .stopped || self == .diverged }
    }

    /// Where it began.
    public let start: StagePart
    public let ticks: Int
    /// Column by column, tick by tick: what the policy saw.
    public let observations: [Float]
    /// Column by column, tick by tick: what the policy drew before anything squashed, clipped or clamped it.
    public let latents: [Float]
    /// What each tick was worth. The tick at which an episode was lost is worth the failure reward.
    public let rewards: [Float]
    public let ending: Ending
    /// Whether what counts as a success had held up to its end for as long as it must.
    public let isSuccess: Bool

    public init(
        start: StagePart, ticks: Int, observations: [Float], latents: [Float], rewards: [Float], ending: Ending,
        isSuccess: Bool
    ) {
        guard ticks > 0, rewards.count == ticks, observations.count.isMultiple(of: ticks),
            latents.count.isMultiple(of: ticks)
        else { preconditionFailure("a performance of \(ticks) ticks has so many numbers in each column") }
        self.start = start
        self.ticks = ticks
        self.observations = observations
        self.latents = latents
        self.rewards = rewards
        self.ending = ending
        self.isSuccess = isSuccess
    }
}

/// How one lane of a rehearsal begins, and the noise that it gets.
public struct StagePart: Hashable, Sendable {
    /// What the sensors say at the start, in the order of the task's measured numbers.
    public let measured: [Float]
    /// The commands that are in force when the policy takes over, by joint.
    public let commands: [Float]
    /// What the task draws for the episode.
    public let draws: [Float]
    public let noise: NoiseKey
    /// The parameters of this lane's model; nil for those that the model believes.
    public let parameters: [Float]?

    public init(
        measured: [Float], commands: [Float], draws: [Float] = [], noise: NoiseKey, parameters: [Float]? = nil
    ) {
        self.measured = measured
        self.commands = commands
        self.draws = draws
        self.noise = noise
        self.parameters = parameters
    }

    /// The same start and draws with other noise, or inside another model.
    public func again(noise: NoiseKey? = nil, parameters: [Float]? = nil) -> StagePart {
        StagePart(
            measured: measured, commands: commands, draws: draws, noise: noise ?? self.noise, parameters: parameters)
    }
}

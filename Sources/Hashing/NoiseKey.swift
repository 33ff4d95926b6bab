/// Which noise an episode gets: the same key gives the same bits on every machine, in the robot and in every model.
///
/// A plan is approved with its key, and a policy draws from it; the numbers themselves are made where they are needed.
public struct NoiseKey: Hashable, Sendable {
    public let run: UInt64
    public let iteration: UInt32
    public let episode: UInt32

    public init(run: UInt64, iteration: UInt32, episode: UInt32) {
        self.run = run
        self.iteration = iteration
        self.episode = episode
    }
}

public import Episodes
public import Ports

/// How patient the desk is, and with how many.
public struct DeskRules: Equatable, Sendable {
    /// How long a proposal waits for a decision, in milliseconds.
    public var proposalPatience: Int64 = WallInstant.day
    /// How long an approval waits for its robot: what a person looked at was the robot of that hour.
    public var approvalPatience: Int64 = 15 * 60_000
    /// How long a batch may be used.
    public var batchPatience: Int64 = 12 * 3_600_000
    public var mostBatchEpisodes: Int64 = 1_000
    /// Every rollout of a plan in a batch keeps this share of the range to each limit.
    public var batchMargin: Float = 0.05
    /// How many plans of one user may wait at once.
    public var waitingPlans = 16
    /// How long ago the devices may have been asked who they are when an episode begins.
    public var identityAge = Duration.seconds(60)
    /// After how long the devices are looked at again when they were not as they should be.
    public var retryPause = Duration.seconds(10)
    /// How often rules are held against plans that wait, beside when something changes.
    public var decisionPause = Duration.seconds(5)

    public init() {}
}

/// A moment on both clocks: the one of the calendar, which may jump, and the one that only goes on.
public struct DeskTime: Equatable, Sendable {
    public let wall: WallInstant
    public let steady: MonotonicInstant

    public init(wall: WallInstant, steady: MonotonicInstant) {
        self.wall = wall
        self.steady = steady
    }
}

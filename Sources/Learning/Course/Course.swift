public import Hashing
public import Models
public import Policies

/// A robot's whole way from its first policy to its last: which real episode to buy next, and what to make of it.
///
/// A value that decides and never waits: somebody performs what `next` asks for, hands it to `take`, and calls `advance`
/// when it is due. The same episodes make the same course, bit for bit.
public struct Course: Equatable, Sendable {
    public let settings: Settings
    public internal(set) var phase: Phase
    public internal(set) var incumbent: Policy
    public internal(set) var candidate: Policy?
    public internal(set) var belief: Belief
    /// What was believed before any episode.
    public internal(set) var prior: Belief
    public internal(set) var critic: Critic
    public internal(set) var notes: [Note] = []
    /// Real episodes that were taken.
    public internal(set) var episodes = 0
    var iteration: UInt32 = 0
    var batch: [Performance] = []
    var traces: [Trace] = []
    /// How the newest real episodes have begun, whoever flew them.
    var begun: [StagePart] = []
    /// The incumbent's real episodes, the newest last.
    var incumbentFlights = Flights()
    var comparison = Comparison()
    /// How far the model foretells what episodes are worth.
    var foresight = Coefficient()
    /// What somebody began with, what was rehearsed and is better on the robot, or what the gradient has made better since:
    /// what it goes back to.
    var held: Held?
    /// Whether what the gradient has made since is better than what is held, and whether it is worse.
    var above = Comparison()
    var below = Comparison()
    /// What steps are multiplied by: less after each way that was gone in vain.
    var boldness = 1.0
    /// So many real episodes there are before the model is asked again.
    var nextRehearsal = 0
    /// Whether what is held for the best is worth the goal.
    var reached = Comparison()
    var strikes = 0
    var adam: Adam
    var baseline: Baseline
    var coefficient = Coefficient()
    var tickCoefficient = Coefficient()
    var released = ReleasedMFPG()
    var manyModels = ManyModels()
    /// The newest last, as many as are used again.
    var earlier: [Earlier] = []

    public init(_ policy: Policy, _ belief: Belief, critic: Critic, _ settings: Settings) {
        self.settings = settings
        (self.belief, prior) = (belief, belief)
        self.critic = critic
        incumbent = policy
        phase = settings.method == .rehearse && settings.handOver != .atOnce ? .look : .climb
        adam = Self.adam(for: policy, settings)
        baseline = Baseline(settings.objective)
    }

    /// What remembers nothing of another policy's gradients.
    static func adam(for policy: Policy, _ settings: Settings) -> Adam {
        Adam(count: policy.shape.parameterCount, rate: settings.rate, longestGradient: 1)
    }

    /// The policy that the next episode runs.
    public var playing: Policy { candidate ?? incumbent }

    /// What whoever stops here is left with: nothing that is still to be checked, and no step of the gradient that has
    /// not shown yet that it is better than what was checked.
    public var kept: Policy { phase == .finished ? incumbent : held?.policy ?? incumbent }

    /// What to perform next; nil when the course is over.
    public var next: (policy: Policy, noise: NoiseKey)? { wave.first }

    /// What to perform next at the same time, an episode for each robot in their order; empty when the course is over.
    ///
    /// All of it is taken before anybody asks what is due. A batch is so many whole waves, so that its robots weigh the
    /// same in it; only a check, which is as long as what it is held against, and the last one of all may have fewer
    /// episodes than there are robots.
    public var wave: [(policy: Policy, noise: NoiseKey)] {
        guard phase != .finished else { return [] }
        let left = max(1, min(settings.robots, wanted - batch.count, settings.episodes - episodes))
        return (0..<left).map { place in
            (playing, NoiseKey(run: settings.run, iteration: iteration, episode: UInt32(batch.count + place)))
        }
    }

    /// Takes an episode that was performed as `next` asked for. Others are refused, so that none counts twice.
    @discardableResult
    public mutating func take(_ performance: Performance, _ trace: Trace) -> Bool {
        guard let next, performance.start.noise == next.noise, !isDue else { return false }
        batch.append(performance)
        traces.append(trace)
        if traces.count > 24 { traces.removeFirst(traces.count - 24) }
        if settings.rehearsesAsBegun { begun = Array((begun + [performance.start]).suffix(24)) }
        episodes += 1
        if phase != .check { weighGoal(settings.objective.perTick(performance)) }
        return true
    }

    /// Whether the batch is complete: `advance` comes before the next episode.
    public var isDue: Bool {
        phase != .finished && (batch.count >= wanted || isSpent)
    }

    private var isSpent: Bool { episodes >= settings.episodes && !batch.isEmpty }

    /// Learns from the batch, and decides how to go on.
    public mutating func advance(with troupe: inout some Troupe) throws(PolicyError) {
        guard isDue else { return }
        let (before, flown) = (phase, incumbent)
        switch phase {
        case .look: try look(&troupe)
        case .check: try check(&troupe)
        case .climb: try climb(&troupe)
        case .finished: break
        }
        stopIfEnough()
        batch = []
        iteration += 1
        if episodes >= settings.episodes { phase = .finished }
        guard phase == .finished else { return }
        // What nobody checked any more is not what was learnt, and neither is a step that nobody flew.
        candidate = nil
        if before != .check { incumbent = flown }
        if let held, !isGoalReached { incumbent = held.policy }
    }

    /// More episodes may be bought than when it came to its end.
    mutating func goOn() {
        guard phase == .finished, episodes < settings.episodes, !notes.contains(where: \.event.isEnough) else { return }
        comparison = Comparison()
        let rehearses = settings.method == .rehearse && settings.handOver != .atOnce && !hasHandedOver
        phase = rehearses ? .look : .climb
    }

    /// Whether the gradient has taken over for good.
    var hasHandedOver: Bool {
        notes.contains { if case .handedOver = $0.event { true } else { false } }
    }

    /// Whether no real episode comes any more, so that nothing rehearsed would be flown.
    var isOver: Bool { episodes >= settings.episodes || isGoalReached }

    var worths: [Double] { batch.map { settings.objective.perTick($0) } }

    mutating func note(_ event: Note.Event) {
        let all = worths
        notes.append(Note(episodes: episodes, worth: all.reduce(0, +) / Double(max(all.count, 1)), event: event))
    }
}

extension Course.Note.Event {
    fileprivate var isEnough: Bool { if case .stoppedBuying = self { true } else { false } }
}

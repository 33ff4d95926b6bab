internal import Expressions
public import Hashing
public import Models
public import Policies
internal import Quantities

/// Improves a policy inside models alone: proximal policy optimisation (Schulman et al., 2017) with a critic, on models
/// that are drawn anew from what is believed for each episode.
///
/// What happens here is biased by whatever the models have wrong, and never said to be anything else: whether it helped
/// is for real episodes to say.
public struct Proximal: Equatable, Sendable {
    public struct Settings: Equatable, Sendable {
        public var episodes = 32
        public var epochs = 4
        /// Every pass goes through so many parts of the samples, each a step.
        public var parts = 8
        /// So many ticks of all episodes are learnt from: neighbouring ones are much the same.
        public var samples = 8_192
        public var clip = 0.2
        public var discount: Double
        /// Generalised advantage estimation (Schulman et al., 2016): for so many seconds what was paid is looked at before
        /// the critic is trusted. A time and no share of a tick: how long a command has an effect is the robot's affair,
        /// however often it is asked.
        public var traceTime = 0.1
        /// So often the critic goes through the samples of a round. A critic that lags behind the policy makes every advantage
        /// noise, and short traces worse than useless. The passes are a sixth of a leg's round and two thirds of a reacher's,
        /// and save more rounds than they cost.
        public var criticPasses = 16
        public var rate = 1e-3
        /// Passes end early when the policy has changed by so much.
        public var longestStep = 0.03
        /// Rounds that are compared with as many before them, to see whether it still goes up.
        public var patience = 25
        /// How wide the models are drawn, in standard deviations of what is believed.
        public var width = 1.0

        public init(discount: Double) { self.discount = discount }
    }

    public let settings: Settings
    public internal(set) var policy: Policy
    public internal(set) var critic: Critic
    var adam: Adam

    public init(_ policy: Policy, critic: Critic, _ settings: Settings) {
        self.settings = settings
        self.policy = policy
        self.critic = critic
        adam = Adam(count: policy.shape.parameterCount, rate: settings.rate, longestGradient: 1)
    }

    init(_ policy: Policy, critic: Critic, _ settings: Settings, adam: Adam) {
        (self.policy, self.critic, self.settings, self.adam) = (policy, critic, settings, adam)
    }

    /// So many rounds, or fewer when the newest ones brought nothing any more.
    public mutating func improve(
        rounds: Int, _ starts: StageStarts, anywhere: StageStarts? = nil, like begun: [StagePart] = [],
        _ belief: Belief,
        _ objective: Objective, _ key: NoiseKey, with troupe: inout some Troupe
    ) throws(PolicyError) {
        var worths: [Double] = []
        while worths.count < rounds, !isSettled(worths) {
            let own = NoiseKey(
                run: key.run, iteration: key.iteration, episode: key.episode | UInt32(worths.count + 1) << 16)
            worths.append(try improve(starts, anywhere: anywhere, like: begun, belief, objective, own, with: &troupe))
        }
    }

    /// Whether the newest rounds are no better than those before them, by what all of them differ.
    private func isSettled(_ worths: [Double]) -> Bool {
        let span = settings.patience
        guard worths.count >= 2 * span, let low = worths.min(), let high = worths.max() else { return false }
        let (newest, before) = (worths.suffix(span), worths.dropLast(span).suffix(span))
        let gain = (newest.reduce(0, +) - before.reduce(0, +)) / Double(span)
        return gain < 0.01 * (high - low)
    }

    /// One round: plays, values, steps. Says the mean worth of a tick before the step.
    ///
    /// - Parameters:
    ///   - anywhere: where every other episode begins; nil where all begin alike.
    ///   - begun: how the rest of them begins, real episodes: a robot may stand elsewhere than where its file has it, and
    ///     its sensors say what no file knows. Nothing where none was flown yet.
    @discardableResult
    public mutating func improve(
        _ starts: StageStarts, anywhere: StageStarts? = nil, like begun: [StagePart] = [], _ belief: Belief,
        _ objective: Objective, _ key: NoiseKey, with troupe: inout some Troupe
    ) throws(PolicyError) -> Double {
        let parts = (0..<settings.episodes).map { number in
            let own = NoiseKey(run: key.run, iteration: key.iteration, episode: key.episode &+ UInt32(number))
            let parameters = belief.drawn(own, width: settings.width)
            guard number.isMultiple(of: 2) else { return (anywhere ?? starts).part(own, parameters: parameters) }
            return starts.part(like: begun, own, parameters: parameters)
        }
        let performances = troupe.play(policy, parts, isQuiet: false)
        return try improve(by: performances, objective, tick: Double(troupe.stage.model.period.value))
    }

    /// One round by episodes that the policy has played elsewhere: values, steps. Says the mean worth of a tick.
    ///
    /// - Parameter tick: so many seconds.
    @discardableResult
    public mutating func improve(
        by performances: [Performance], _ objective: Objective, tick: Double
    ) throws(PolicyError) -> Double {
        let samples = Samples(performances, parts: settings.parts, most: settings.samples)
        let advantages = advantages(performances, samples, objective, tick: tick)
        let goals = samples.gathered(performances.map { objective.toGo($0) })
        for _ in 0..<settings.criticPasses { try critic.learn(samples, goals) }
        try step(samples, normalised(advantages))
        let worths = performances.map { objective.perTick($0) }
        return worths.reduce(0, +) / Double(worths.count)
    }

    /// From one sample of an episode to the next: what was paid in between, and what the critic expects there.
    private func advantages(
        _ performances: [Performance], _ samples: Samples, _ objective: Objective, tick: Double
    ) -> [Double] {
        var lists = samples.byEpisode(critic.values(samples), episodes: performances.count)
        let trace = settings.traceTime / (settings.traceTime + tick)
        let (step, decay) = (samples.thinning, power(settings.discount * trace, samples.thinning))
        for (episode, performance) in performances.enumerated() {
            // Behind the end there is nothing, or what was lost: the last reward's tail.
            var (next, sum, end) = (tail(performance, objective), 0.0, performance.ticks)
            for place in lists[episode].indices.reversed() {
                let first = place * step + episode % step
                for tick in stride(from: end - 1, through: first, by: -1) {
                    next = Double(performance.rewards[tick]) + settings.discount * next
                }
                let value = lists[episode][place]
                sum = next - value + decay * sum
                (lists[episode][place], next, end) = (sum, value, first)
            }
        }
        return samples.bySample(lists)
    }

    private func power(_ base: Double, _ count: Int) -> Double {
        (0..<count).reduce(1) { product, _ in product * base }
    }

    /// What is still lost behind the last tick.
    private func tail(_ performance: Performance, _ objective: Objective) -> Double {
        guard let last = objective.toGo(performance).last else { return 0 }
        return (last - Double(performance.rewards[performance.ticks - 1])) / settings.discount
    }

    private func normalised(_ advantages: [Double]) -> [Float] {
        let mean = advantages.reduce(0, +) / Double(max(advantages.count, 1))
        let squares = advantages.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = max((squares / Double(max(advantages.count, 1))).squareRoot(), 1e-12)
        return advantages.map { Float(($0 - mean) / deviation) }
    }

    private mutating func step(_ samples: Samples, _ advantages: [Float]) throws(PolicyError) {
        var batch = PolicyBatch<FloatLanes>(policy)
        let before = samples.parts.map { batch.logProbabilities(of: samples, $0) }
        for _ in 0..<settings.epochs {
            var change = 0.0
            for (number, part) in samples.parts.enumerated() {
                batch.take(policy)
                change += try step(&batch, samples, part, advantages, before[number])
            }
            if change / Double(max(samples.count, 1)) > settings.longestStep { return }
        }
    }

    /// Says by how many nats the policy had changed in all samples of the part.
    private mutating func step(
        _ batch: inout PolicyBatch<FloatLanes>, _ samples: Samples, _ part: Range<Int>, _ advantages: [Float],
        _ before: [Float]
    ) throws(PolicyError) -> Double {
        var change = 0.0
        let gradient = batch.gradient(of: samples, part) { place, now in
            let logarithm = min(max(now - before[place], -20), 20)
            let ratio = FloatLanes(repeating: logarithm).exponential[0]
            // Schulman's estimate of the divergence: never negative, and of little variance.
            change += Double(ratio - 1 - logarithm)
            return weight(advantages[part.lowerBound + place], ratio)
        }
        policy = try policy.moved(by: adam.step(Vectors.scaled(gradient, by: 1 / Double(part.count))))
        return change
    }

    /// Nothing where the step has already gone as far as it may.
    private func weight(_ advantage: Float, _ ratio: Float) -> Float {
        let clip = Float(settings.clip)
        let isOver = advantage > 0 ? ratio > 1 + clip : ratio < 1 - clip
        return isOver ? 0 : advantage * ratio
    }
}

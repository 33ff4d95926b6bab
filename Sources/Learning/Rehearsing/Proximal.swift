internal import Expressions
public import Hashing
public import Models
public import Policies

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
        /// Generalised advantage estimation (Schulman et al., 2016): how far the critic is trusted.
        public var trace = 0.97
        public var rate = 1e-3
        /// Passes end early when the policy has changed by so much.
        public var longestStep = 0.03
        /// Rounds that are compared with as many before them, to see whether it still goes up.
        public var patience = 15
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
        rounds: Int, _ starts: StageStarts, anywhere: StageStarts? = nil, _ belief: Belief, _ objective: Objective,
        _ key: NoiseKey, with troupe: inout some Troupe
    ) throws(PolicyError) {
        var worths: [Double] = []
        while worths.count < rounds, !isSettled(worths) {
            let own = NoiseKey(
                run: key.run, iteration: key.iteration, episode: key.episode | UInt32(worths.count + 1) << 16)
            worths.append(try improve(starts, anywhere: anywhere, belief, objective, own, with: &troupe))
        }
    }

    /// Whether the newest rounds are no better than those before them, by what all of them differ.
    private func isSettled(_ worths: [Double]) -> Bool {
        let span = settings.patience
        guard worths.count >= 3 * span, let low = worths.min(), let high = worths.max() else { return false }
        let (newest, before) = (worths.suffix(span), worths.dropLast(span).suffix(span))
        let gain = (newest.reduce(0, +) - before.reduce(0, +)) / Double(span)
        return gain < 0.01 * (high - low)
    }

    /// One round: plays, values, steps. Says the mean worth of a tick before the step.
    ///
    /// - Parameter anywhere: where every other episode begins; nil where all begin alike.
    @discardableResult
    public mutating func improve(
        _ starts: StageStarts, anywhere: StageStarts? = nil, _ belief: Belief, _ objective: Objective, _ key: NoiseKey,
        with troupe: inout some Troupe
    ) throws(PolicyError) -> Double {
        let parts = (0..<settings.episodes).map { number in
            let own = NoiseKey(run: key.run, iteration: key.iteration, episode: key.episode &+ UInt32(number))
            let chosen = number.isMultiple(of: 2) ? starts : anywhere ?? starts
            return chosen.part(own, parameters: belief.drawn(own, width: settings.width))
        }
        let performances = troupe.play(policy, parts, isQuiet: false)
        let advantages = advantages(performances, objective)
        let samples = Samples(performances, parts: settings.parts, most: settings.samples)
        try critic.learn(samples, samples.gathered(performances.map { objective.toGo($0) }))
        try step(samples, samples.gathered(normalised(advantages)))
        let worths = performances.map { objective.perTick($0) }
        return worths.reduce(0, +) / Double(worths.count)
    }

    private func advantages(_ performances: [Performance], _ objective: Objective) -> [[Double]] {
        var network = PolicyBatch<FloatLanes>(critic.network)
        return performances.map { performance in
            let values = critic.values(performance, with: &network)
            var (sum, advantages) = (0.0, values)
            for tick in stride(from: performance.ticks - 1, through: 0, by: -1) {
                // Behind the end there is nothing, or what was lost: the last reward's tail.
                let isLast = tick + 1 == performance.ticks
                let next = isLast ? tail(performance, objective) : values[tick + 1]
                let surprise = Double(performance.rewards[tick]) + settings.discount * next - values[tick]
                sum = surprise + (isLast ? 0 : settings.discount * settings.trace * sum)
                advantages[tick] = sum
            }
            return advantages
        }
    }

    /// What is still lost behind the last tick.
    private func tail(_ performance: Performance, _ objective: Objective) -> Double {
        guard let last = objective.toGo(performance).last else { return 0 }
        return (last - Double(performance.rewards[performance.ticks - 1])) / settings.discount
    }

    private func normalised(_ advantages: [[Double]]) -> [[Double]] {
        let all = advantages.flatMap { $0 }
        let mean = all.reduce(0, +) / Double(all.count)
        let squares = all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = max((squares / Double(all.count)).squareRoot(), 1e-12)
        return advantages.map { $0.map { ($0 - mean) / deviation } }
    }

    private mutating func step(_ samples: Samples, _ advantages: [Float]) throws(PolicyError) {
        var batch = PolicyBatch<FloatLanes>(policy)
        let before = samples.parts.map { batch.logProbabilities(of: samples, $0) }
        for _ in 0..<settings.epochs {
            var change = 0.0
            for (number, part) in samples.parts.enumerated() {
                change += try step(samples, part, advantages, before[number])
            }
            if change / Double(max(samples.count, 1)) > settings.longestStep { return }
        }
    }

    /// Says by how many nats the policy had changed in all samples of the part.
    private mutating func step(
        _ samples: Samples, _ part: Range<Int>, _ advantages: [Float], _ before: [Float]
    ) throws(PolicyError) -> Double {
        var batch = PolicyBatch<FloatLanes>(policy)
        let now = batch.logProbabilities(of: samples, part)
        var change = 0.0
        let weights = part.enumerated().map { place, sample -> Float in
            let logarithm = min(max(now[place] - before[place], -20), 20)
            let ratio = FloatLanes(repeating: logarithm).exponential[0]
            // Schulman's estimate of the divergence: never negative, and of little variance.
            change += Double(ratio - 1 - logarithm)
            return weight(advantages[sample], ratio)
        }
        let gradient = batch.gradient(of: samples, part, weights: weights)
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

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
        public var episodes = 64
        public var epochs = 3
        /// Every pass goes through so many parts of each episode, each a step: neighbouring ticks are much the same.
        public var parts = 8
        public var clip = 0.2
        public var discount: Double
        /// Generalised advantage estimation (Schulman et al., 2016): how far the critic is trusted.
        public var trace = 0.97
        public var rate = 1e-3
        /// Passes end early when the policy has changed by so much.
        public var longestStep = 0.03
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

    /// One round: plays, values, steps. Says the mean worth of a tick before the step.
    @discardableResult
    public mutating func improve(
        _ starts: StageStarts, _ belief: Belief, _ objective: Objective, _ key: NoiseKey,
        with troupe: inout some Troupe
    ) throws(PolicyError) -> Double {
        let parts = (0..<settings.episodes).map { number in
            let own = NoiseKey(run: key.run, iteration: key.iteration, episode: key.episode &+ UInt32(number))
            return starts.part(own, parameters: belief.drawn(own, width: settings.width))
        }
        let performances = troupe.play(policy, parts, isQuiet: false)
        let advantages = advantages(performances, objective)
        try learnValues(performances, objective)
        try step(performances, normalised(advantages))
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

    private mutating func learnValues(_ performances: [Performance], _ objective: Objective) throws(PolicyError) {
        let toGo = performances.map { objective.toGo($0) }
        for part in 0..<settings.parts {
            let shares = performances.map { $0.everyTick(settings.parts, from: part) }
            let targets = toGo.map { values in
                stride(from: min(part, values.count - 1), to: values.count, by: settings.parts).map { values[$0] }
            }
            try critic.learn(shares, every: settings.parts, from: part, targets)
        }
    }

    private func normalised(_ advantages: [[Double]]) -> [[Double]] {
        let all = advantages.flatMap { $0 }
        let mean = all.reduce(0, +) / Double(all.count)
        let squares = all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = max((squares / Double(all.count)).squareRoot(), 1e-12)
        return advantages.map { $0.map { ($0 - mean) / deviation } }
    }

    private mutating func step(_ performances: [Performance], _ advantages: [[Double]]) throws(PolicyError) {
        var scorer = Scorer<FloatLanes>(policy)
        let before = performances.map { scorer.logProbabilities(of: $0) }
        let start = policy
        for _ in 0..<settings.epochs {
            for part in 0..<settings.parts { try step(part, performances, advantages, before) }
            let change = PolicyChange.nats(from: start, to: policy, over: Array(performances.prefix(8)))
            if change > settings.longestStep { return }
        }
    }

    private mutating func step(
        _ part: Int, _ performances: [Performance], _ advantages: [[Double]], _ before: [[Double]]
    ) throws(PolicyError) {
        var scorer = Scorer<FloatLanes>(policy)
        var sum = [Double](repeating: 0, count: policy.shape.parameterCount)
        var ticks = 0
        for (place, performance) in performances.enumerated() {
            let share = performance.everyTick(settings.parts, from: part)
            let now = scorer.logProbabilities(of: share)
            let first = min(part, performance.ticks - 1)
            let weights = now.enumerated().map { tick, logarithm in
                let whole = first + tick * settings.parts
                return weight(advantages[place][whole], logarithm - before[place][whole])
            }
            Vectors.add(scorer.gradient(of: share, weights: weights), to: &sum)
            ticks += share.ticks
        }
        policy = try policy.moved(by: adam.step(Vectors.scaled(sum, by: 1 / Double(max(ticks, 1)))))
    }

    /// Nothing where the step has already gone as far as it may.
    private func weight(_ advantage: Double, _ logarithm: Double) -> Double {
        let ratio = DoubleLanes(repeating: min(max(logarithm, -20), 20)).exponential[0]
        let isOver = advantage > 0 ? ratio > 1 + settings.clip : ratio < 1 - settings.clip
        return isOver ? 0 : advantage * ratio
    }
}

extension Performance {
    /// Every so-manieth tick, as if there were no others: for sums over ticks only.
    func everyTick(_ stride: Int, from first: Int) -> Performance {
        let places = Array(Swift.stride(from: min(first, ticks - 1), to: ticks, by: stride))
        func columns(_ numbers: [Float]) -> [Float] {
            (0..<numbers.count / ticks).flatMap { column in places.map { numbers[column * ticks + $0] } }
        }
        return Performance(
            start: start, ticks: places.count, observations: columns(observations), latents: columns(latents),
            rewards: places.map { rewards[$0] }, ending: ending, isSuccess: isSuccess)
    }
}

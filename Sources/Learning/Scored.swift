public import Expressions
public import Models
public import Policies

/// One episode's share of a policy gradient.
public struct Scored: Sendable {
    public let performance: Performance
    /// By how much each tick's rest of the episode was better than expected, discounted to the start.
    public let advantages: [Double]
    /// The sum over the ticks of the advantage times the gradient of the logarithm of the density of what was drawn.
    public let gradient: [Double]

    public init(performance: Performance, advantages: [Double], gradient: [Double]) {
        self.performance = performance
        self.advantages = advantages
        self.gradient = gradient
    }
}

/// Forms gradients of episodes, one at a time, in memory of its own.
public struct Scorer<Vector: LaneVector>: ~Copyable {
    private var batch: PolicyBatch<Vector>

    public init(_ policy: Policy) { batch = PolicyBatch(policy) }

    /// The sum over the ticks of a weight times the score of what was drawn. All of an episode's ticks count, and a
    /// weight of zero leaves one out.
    ///
    /// What was drawn is what the policy asked for, whatever the supervisor or the device made of it.
    @_specialize(where Vector == FloatLanes)
    public mutating func gradient(of performance: Performance, weights: [Double]) -> [Double] {
        var gradient = [Vector.Element](repeating: 0, count: batch.shape.parameterCount)
        var logs = [Vector.Element](repeating: 0, count: performance.ticks)
        let states = performance.observations.map { Vector.Element($0) }
        let latents = performance.latents.map { Vector.Element($0) }
        var gradientSpan = gradient.mutableSpan
        var logSpan = logs.mutableSpan
        batch.score(
            lanes: performance.ticks, spacing: performance.ticks, states: states.span, latents: latents.span,
            weights: weights.map { Vector.Element($0) }, logProbabilities: &logSpan, gradient: &gradientSpan)
        return gradient.map { Double($0) }
    }

    /// The logarithms of the densities of what was drawn, tick by tick.
    @_specialize(where Vector == FloatLanes)
    public mutating func logProbabilities(of performance: Performance) -> [Double] {
        var logs = [Vector.Element](repeating: 0, count: performance.ticks)
        let states = performance.observations.map { Vector.Element($0) }
        let latents = performance.latents.map { Vector.Element($0) }
        var span = logs.mutableSpan
        batch.logProbabilities(
            lanes: performance.ticks, spacing: performance.ticks, states: states.span, latents: latents.span,
            into: &span)
        return logs.map { Double($0) }
    }

    /// The share of an episode in the gradient of the objective, with a baseline for each tick.
    @_specialize(where Vector == FloatLanes)
    public mutating func score(_ performance: Performance, _ objective: Objective, baseline: [Double]) -> Scored {
        var power = 1.0
        let advantages = zip(objective.toGo(performance), baseline).map { toGo, expected in
            defer { power *= objective.discount }
            return power * (toGo - expected)
        }
        return Scored(
            performance: performance, advantages: advantages, gradient: gradient(of: performance, weights: advantages))
    }
}

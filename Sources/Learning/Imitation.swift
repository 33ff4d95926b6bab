internal import Expressions
public import Models
public import Policies

/// A policy that asks for what others asked for in recorded episodes: behaviour cloning.
///
/// What they drew is what is imitated, whatever the supervisor or the device made of it: the mean of a Gaussian whose
/// draws are likeliest is the mean of what was drawn. How much it explores stays as it was.
public struct Imitation: Equatable, Sendable {
    public let policy: Policy
    /// Which share of the variance of what was drawn its mean explains, in the last of the episodes, when it was learnt from
    /// the others alone; nil where there is one only. Noise that was drawn is nothing that a mean could explain.
    public let explained: Double?

    private static let passes = 120
    private static let parts = 8
    /// So many ticks of all episodes are learnt from at most.
    private static let samples = 16_384

    /// - Parameter policy: with what it begins; its form and its deviations stay.
    public init(by policy: Policy, of performances: [Performance]) throws(PolicyError) {
        explained =
            performances.count < 2
            ? nil
            : try Self.learnt(policy, Array(performances.dropLast())).share(of: performances[performances.count - 1])
        self.policy = try Self.learnt(policy, performances)
    }

    private static func learnt(_ policy: Policy, _ performances: [Performance]) throws(PolicyError) -> Policy {
        let samples = Samples(performances, parts: parts, most: samples)
        var policy = policy
        var adam = Adam(count: policy.shape.parameterCount, rate: 3e-3)
        for _ in 0..<passes {
            try policy.follow(samples, states: samples.observations, wanted: samples.latents, by: &adam)
        }
        return policy
    }
}

extension Policy {
    /// The share of the variance of what was drawn that this policy's mean explains, all outputs together.
    fileprivate func share(of performance: Performance) -> Double {
        var batch = PolicyBatch<FloatLanes>(self)
        var means = [Float](repeating: 0, count: performance.latents.count)
        var span = means.mutableSpan
        batch.means(
            lanes: performance.ticks, spacing: performance.ticks, states: performance.observations.span, into: &span)
        var (left, all) = (0.0, 0.0)
        for output in 0..<shape.outputs {
            let column = output * performance.ticks..<(output + 1) * performance.ticks
            let middle = performance.latents[column].reduce(0.0) { $0 + Double($1) } / Double(performance.ticks)
            for place in column {
                let drawn = Double(performance.latents[place])
                left += (drawn - Double(means[place])) * (drawn - Double(means[place]))
                all += (drawn - middle) * (drawn - middle)
            }
        }
        return all > 0 ? 1 - left / all : 0
    }
}

extension Course {
    /// Begins with a policy that somebody has and, where there are recorded episodes, with what they were worth: the critic
    /// and the baseline know it before the first real episode. They take away variance and bend nothing, whoever flew them.
    public mutating func begin(with policy: Policy, after performances: [Performance]) throws(PolicyError) {
        guard episodes == 0, iteration == 0 else { preconditionFailure("the course has begun") }
        incumbent = policy
        // Whoever has a policy has something to lose.
        if settings.method == .rehearse { held = Held(policy: policy, flights: Flights()) }
        guard !performances.isEmpty else { return }
        let samples = Samples(performances, parts: 8, most: 8_192)
        let goals = samples.gathered(performances.map { settings.objective.toGo($0) })
        for _ in 0..<30 { try critic.learn(samples, goals) }
        baseline = Baseline(settings.objective, critic: critic)
        baseline.fit(performances)
    }
}

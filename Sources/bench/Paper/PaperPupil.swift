import Expressions
import Learning
import Models
import Policies

/// A policy and what it expects, in two networks that one optimiser steps: the backbone of all published methods.
struct PaperPupil {
    static let discount = 0.97

    private(set) var policy: Policy
    private(set) var critic: Policy
    /// One for both, as published, or one for each.
    private var adams: [Adam]

    /// - Parameter inputs: with the way, as published, or without.
    init(inputs: Int, outputs: Int, seed: UInt64, rate: Double) throws(PolicyError) {
        policy = try .orthogonal(
            PolicyShape(inputs: inputs, outputs: outputs, deviationFloor: 0), seed: seed, logDeviation: 0)
        let shape = try PolicyShape(inputs: inputs, outputs: 1, deviationFloor: 0)
        // A Gaussian policy whose mean is the value: its score with a deviation of one is that of a least-squares fit.
        critic = try .orthogonal(shape, seed: seed &+ 1 << 32, outputGain: 1, logDeviation: 0)
        adams = [Self.adam(policy.shape.parameterCount + shape.parameterCount, rate)]
    }

    private static func adam(_ count: Int, _ rate: Double) -> Adam {
        Adam(count: count, rate: rate, longestGradient: 1, smallest: 1e-5)
    }

    /// Goes on with a policy that others made, in steps of its own size.
    mutating func take(_ policy: Policy, rate: Double) {
        self.policy = policy
        adams = [Self.adam(policy.shape.parameterCount, rate), Self.adam(critic.shape.parameterCount, 3e-3)]
    }

    /// Goes back to what this policy was.
    mutating func take(_ policy: Policy) { self.policy = policy }

    func values(_ performance: Performance) -> [Double] {
        var batch = PolicyBatch<FloatLanes>(critic)
        var means = [Float](repeating: 0, count: performance.ticks)
        var span = means.mutableSpan
        batch.means(
            lanes: performance.ticks, spacing: performance.ticks, states: performance.observations.span, into: &span)
        return means.map { Double($0) }
    }

    /// What is still to come behind a segment that was only interrupted.
    func tail(_ segment: PaperSegment) -> Double {
        guard segment.ending != .fallen else { return 0 }
        var mean: [Float] = [0]
        var span = mean.mutableSpan
        PolicyRunner(critic).mean(of: segment.after.span, into: &span)
        return Double(mean[0])
    }

    /// The derivative of the mean square of what the critic is off, downwards.
    private func correction(_ segments: [PaperSegment], _ returns: [[Double]], _ lengths: [Int]?) -> [Double] {
        var scorer = Scorer<FloatLanes>(critic)
        let lengths = lengths ?? segments.map(\.ticks)
        var sum = [Double](repeating: 0, count: critic.shape.parameterCount)
        for (place, segment) in segments.enumerated() {
            let weights = returns[place].indices.map { $0 < lengths[place] ? 2.0 : 0 }
            let part = scorer.gradient(of: segment.performance.wanting(returns[place]), weights: weights)
            sum.add(part, times: 1 / Double(max(lengths.reduce(0, +), 1)))
        }
        for place in critic.shape.deviations..<sum.count { sum[place] = 0 }
        return sum
    }

    /// One step of both.
    ///
    /// - Parameters:
    ///   - gradient: of the mean over steps of what is to become large; nil where only the critic learns.
    ///   - lengths: so many steps of each segment count; nil for all.
    ///   - nats: how far the policy may go; nil for as far as the optimiser says.
    mutating func step(
        _ gradient: [Double]?, _ segments: [PaperSegment], _ returns: [[Double]], lengths: [Int]? = nil,
        nats: Double? = nil
    ) throws(PolicyError) {
        let other = correction(segments, returns, lengths)
        guard let gradient else {
            critic = try critic.moved(by: adams[adams.count - 1].step(other))
            return
        }
        let step =
            adams.count == 1 ? adams[0].step(gradient + other) : adams[0].step(gradient) + adams[1].step(other)
        let own = Array(step.prefix(gradient.count))
        critic = try critic.moved(by: Array(step.dropFirst(gradient.count)))
        policy =
            if let nats {
                try PolicyChange.limited(policy, by: own, to: nats, over: segments.map(\.performance)).policy
            } else {
                try policy.moved(by: own)
            }
    }

    /// Both for its advantages: what comes from each step on, less what was expected there.
    func scored(
        _ segment: PaperSegment, _ returns: [Double], with scorer: inout Scorer<FloatLanes>
    ) -> Scored {
        let advantages = zip(returns, values(segment.performance)).map { $0 - $1 }
        return Scored(
            performance: segment.performance, advantages: advantages,
            gradient: scorer.gradient(of: segment.performance, weights: advantages))
    }
}

extension Performance {
    /// The same steps with other numbers in the place of what was drawn.
    fileprivate func wanting(_ numbers: [Double]) -> Performance {
        Performance(
            start: start, ticks: ticks, observations: observations, latents: numbers.map { Float($0) },
            rewards: rewards, ending: ending, isSuccess: isSuccess)
    }
}

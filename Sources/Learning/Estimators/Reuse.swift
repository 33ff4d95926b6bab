internal import Expressions
public import Models
public import Policies

/// Earlier real episodes of another policy, weighted by how likely this policy would have drawn the same.
public enum Reuse {
    /// How many episodes of this policy the weighted ones are worth: it falls to one as soon as a single weight
    /// outweighs the rest, which happens after steps that matter, and it says so.
    public static func effectiveEpisodes(_ weights: [Double]) -> Double {
        let (sum, squares) = (weights.reduce(0, +), weights.reduce(0) { $0 + $1 * $1 })
        return squares > 0 ? sum * sum / squares : 0
    }

    /// For each episode the ratio of the densities of all that was drawn in it. Their expectation is one.
    public static func weights(of performances: [Performance], from old: Policy, to new: Policy) -> [Double] {
        var before = Scorer<DoubleLanes>(old)
        var after = Scorer<DoubleLanes>(new)
        return performances.map { performance in
            let was = before.logProbabilities(of: performance).reduce(0, +)
            let became = after.logProbabilities(of: performance).reduce(0, +)
            return DoubleLanes(repeating: min(became - was, 700)).exponential[0]
        }
    }

    /// The unbiased estimate from old episodes alone: the mean of the weighted gradients.
    public static func estimate(_ episodes: [Scored], weights: [Double]) -> Estimate {
        let weighted = zip(episodes, weights).map { Vectors.scaled($0.gradient, by: $1) }
        return Estimate(
            gradient: Vectors.mean(weighted), variance: Vectors.spread(weighted) / Double(max(weighted.count, 1)),
            effectiveEpisodes: effectiveEpisodes(weights))
    }

    /// Two independent estimates of one gradient, each weighted by its certainty. The weights are those of effective
    /// episodes and not of the variances that the same episodes show: those fall together with the estimates.
    public static func joined(_ one: Estimate, _ other: Estimate) -> Estimate {
        let sum = one.effectiveEpisodes + other.effectiveEpisodes
        guard sum > 0, other.effectiveEpisodes > 0 else { return one }
        let share = one.effectiveEpisodes / sum
        var gradient = Vectors.scaled(one.gradient, by: share)
        Vectors.add(other.gradient, times: 1 - share, to: &gradient)
        let variance = share * share * one.variance + (1 - share) * (1 - share) * other.variance
        return Estimate(
            gradient: gradient, variance: variance, varianceRatio: variance > 0 ? one.variance / variance : 1,
            correlation: one.correlation, coefficients: one.coefficients, effectiveEpisodes: sum)
    }
}

public import Expressions
public import Models
public import Policies

/// A control variate from every single tick: what the model says that the tick's own noise did to what was still to come,
/// to first order, less the mean of that under the policy, which is known exactly.
///
/// With a slope `g` of what comes by the latent at a tick, the score times `g·(u − μ)` has the mean `Jᵀg` whatever `g` is,
/// as long as it does not look at the noise of its own tick: the moments of a normal distribution say so. Hence no free
/// episode is needed, and no model can bias it; a useless one takes no variance away.
public enum Tickwise {
    /// The batch with each real gradient less what the corrections explain of it. As with models, a half of the batch gets
    /// its factor from the other half and from earlier batches.
    public static func corrected(_ batch: Batch, _ corrections: [[Double]], past: inout Coefficient) -> Batch {
        guard corrections.count == batch.real.count, let first = corrections.first else { return batch }
        let count = corrections.count
        let halves = count < 6 ? [0..<count] : [0..<(count / 2), (count / 2)..<count]
        // Their mean is not to be estimated: it is zero.
        let none = [[Double](repeating: 0, count: first.count)]
        let own = halves.map { half in
            var coefficient = Coefficient()
            coefficient.learn(
                real: batch.real[half].map(\.gradient), paired: Array(corrections[half]), model: none)
            return coefficient
        }
        var real: [Scored] = []
        for (half, factor) in zip(halves, past.factors(forParts: own)) {
            for row in half {
                var gradient = batch.real[row].gradient
                Vectors.add(corrections[row], times: factor, to: &gradient)
                real.append(
                    Scored(
                        performance: batch.real[row].performance, advantages: batch.real[row].advantages,
                        gradient: gradient))
            }
        }
        return Batch(batch.policy, real: real, fidelities: batch.fidelities)
    }

    /// What belongs to each real episode, with a mean of zero: to be added times a factor that comes from elsewhere.
    ///
    /// - Parameter slopes: output by output and tick by tick, discounted to the start as the advantages are.
    public static func correction(
        _ performance: Performance, _ policy: Policy, slopes: [[Double]], with scorer: inout Scorer<FloatLanes>
    ) -> [Double] {
        let (ticks, outputs) = (performance.ticks, policy.shape.outputs)
        guard slopes.count == outputs, slopes.allSatisfy({ $0.count == ticks }) else {
            preconditionFailure("a slope for each output and tick")
        }
        var batch = PolicyBatch<FloatLanes>(policy)
        var means = [Float](repeating: 0, count: outputs * ticks)
        var room = means.mutableSpan
        batch.means(lanes: ticks, spacing: ticks, states: performance.observations.span, into: &room)
        var (weights, shifted) = ([Double](repeating: 0, count: ticks), means)
        for output in 0..<outputs {
            let deviation = policy.deviation(of: output)
            for tick in 0..<ticks {
                let place = output * ticks + tick
                weights[tick] += slopes[output][tick] * Double(performance.latents[place] - means[place])
                // The score of a latent that is off by σ²g is Jᵀg in all that the mean depends on.
                shifted[place] += deviation * deviation * Float(slopes[output][tick])
            }
        }
        var sum = scorer.gradient(of: performance, weights: weights)
        var expected = scorer.gradient(
            of: Performance(
                start: performance.start, ticks: ticks, observations: performance.observations, latents: shifted,
                rewards: performance.rewards, ending: performance.ending, isSuccess: performance.isSuccess),
            weights: [Double](repeating: 1, count: ticks))
        // By the deviations the mean is zero: odd moments of a normal distribution are.
        for place in policy.shape.deviations..<expected.count { expected[place] = 0 }
        Vectors.add(expected, times: -1, to: &sum)
        return sum
    }
}

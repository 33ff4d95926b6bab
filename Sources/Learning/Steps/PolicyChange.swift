internal import Expressions
public import Models
public import Policies

/// How far one policy is from another, and steps that go no further than that.
public enum PolicyChange {
    /// The divergence of `new` from `old` in nats a tick, averaged over the states of these episodes.
    public static func nats(from old: Policy, to new: Policy, over performances: [Performance]) -> Double {
        guard old.shape == new.shape else { preconditionFailure("policies of two forms") }
        var before = PolicyBatch<FloatLanes>(old)
        var after = PolicyBatch<FloatLanes>(new)
        let outputs = old.shape.outputs
        let deviations = (0..<outputs).map { (Double(old.deviation(of: $0)), Double(new.deviation(of: $0))) }
        var (sum, ticks) = (0.0, 0)
        for performance in performances {
            let count = performance.ticks
            let (first, second) = (means(&before, performance, outputs), means(&after, performance, outputs))
            for output in 0..<outputs {
                let (was, became) = deviations[output]
                let ratio = was / became
                let logarithm = Double(FloatLanes(repeating: Float(ratio)).logarithm[0])
                let own = 0.5 * (ratio * ratio - 1) - logarithm
                for tick in 0..<count {
                    let distance = Double(first[output * count + tick] - second[output * count + tick]) / became
                    sum += own + 0.5 * distance * distance
                }
            }
            ticks += count
        }
        return ticks == 0 ? 0 : sum / Double(ticks)
    }

    private static func means(
        _ batch: inout PolicyBatch<FloatLanes>, _ performance: Performance, _ outputs: Int
    ) -> [Float] {
        var means = [Float](repeating: 0, count: outputs * performance.ticks)
        var span = means.mutableSpan
        batch.means(
            lanes: performance.ticks, spacing: performance.ticks, states: performance.observations.span, into: &span)
        return means
    }

    /// The step, halved until the policy changes by no more than so many nats a tick.
    public static func limited(
        _ policy: Policy, by step: [Double], to nats: Double, over performances: [Performance]
    ) throws(PolicyError) -> (policy: Policy, factor: Double) {
        var factor = 1.0
        for _ in 0..<20 {
            let moved = try policy.moved(by: Vectors.scaled(step, by: factor))
            if Self.nats(from: policy, to: moved, over: performances) <= nats { return (moved, factor) }
            factor /= 2
        }
        return (policy, 0)
    }
}

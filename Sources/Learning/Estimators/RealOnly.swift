/// The real episodes alone (Williams, 1992): the mean of their gradients. Unbiased, and what everything is measured by.
public struct RealOnly: Estimator {
    public static let fidelities = 0

    public init() {}

    public mutating func estimate(_ batch: Batch) -> Estimate {
        let gradients = batch.real.map(\.gradient)
        return Estimate(
            gradient: Vectors.mean(gradients), variance: Vectors.spread(gradients) / Double(max(gradients.count, 1)),
            effectiveEpisodes: Double(gradients.count))
    }
}

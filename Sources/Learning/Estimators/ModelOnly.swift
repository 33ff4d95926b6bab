/// Model episodes alone: the gradient inside the first model, and biased by whatever the model has wrong.
public struct ModelOnly: Estimator {
    public static let fidelities = 1

    public init() {}

    public mutating func estimate(_ batch: Batch) -> Estimate {
        let gradients = batch.fidelities.prefix(1).flatMap { ($0.paired + $0.free).map(\.gradient) }
        return Estimate(
            gradient: Vectors.mean(gradients), variance: Vectors.spread(gradients) / Double(max(gradients.count, 1)),
            effectiveEpisodes: 0)
    }
}

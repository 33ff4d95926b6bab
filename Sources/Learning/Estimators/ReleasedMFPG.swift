internal import Expressions
internal import Models
internal import Policies

/// Multi-fidelity policy gradient as it was released with arXiv 2503.05696, kept to reproduce what was published.
///
/// Its unit is the tick, not the episode, and it has its errors, which belong to it: pairs are cut to the shorter
/// member; the coefficient comes from the correlation of advantage times log-density, which a change of units shifts;
/// it is averaged over batches this one included, so that it depends on what it multiplies; a negative correlation sets
/// it to zero. Not kept is what only its buffers brought about, which would make it worse still: batches of 100 ticks
/// that begin and end in the middle of episodes.
public struct ReleasedMFPG: Estimator, Equatable {
    public static let fidelities = 1
    private static let retention = 0.95
    private static let fewestTicks = 20

    private struct Averages: Equatable, Sendable { var correlation, real, model: Double }
    private var averages: Averages?

    public init() {}

    init(state: [Double]) {
        if state.count == 3 { averages = Averages(correlation: state[0], real: state[1], model: state[2]) }
    }

    var state: [Double] { averages.map { [$0.correlation, $0.real, $0.model] } ?? [] }

    public mutating func estimate(_ batch: Batch) -> Estimate {
        guard let model = batch.fidelities.first else { preconditionFailure("a batch without a model") }
        var scorer = Scorer<FloatLanes>(batch.policy)
        let lengths = zip(batch.real, model.paired).map { min($0.performance.ticks, $1.performance.ticks) }
        let count = lengths.reduce(0, +)
        let size = batch.policy.shape.parameterCount
        guard count > Self.fewestTicks else {
            return Estimate(gradient: [Double](repeating: 0, count: size), variance: 0, effectiveEpisodes: 0)
        }
        let (real, paired) = (products(batch.real, lengths, &scorer), products(model.paired, lengths, &scorer))
        let coefficient = coefficient(real, paired)
        var gradient = mean(batch.real, lengths, count, &scorer)
        Vectors.add(mean(model.paired, lengths, count, &scorer), times: coefficient, to: &gradient)
        let all = model.paired + model.free
        let ends = lengths + model.free.map(\.performance.ticks)
        let total = mean(all, ends, ends.reduce(0, +), &scorer)
        Vectors.add(total, times: -coefficient, to: &gradient)
        return Estimate(
            gradient: gradient, variance: 0, coefficients: [coefficient], effectiveEpisodes: Double(batch.real.count))
    }

    /// Advantage times log-density of each tick that counts.
    private func products(_ episodes: [Scored], _ lengths: [Int], _ scorer: inout Scorer<FloatLanes>) -> [Double] {
        zip(episodes, lengths).flatMap { episode, length in
            zip(episode.advantages, scorer.logProbabilities(of: episode.performance)).prefix(length).map { $0 * $1 }
        }
    }

    /// The mean over all ticks of the gradient of their products.
    private func mean(
        _ episodes: [Scored], _ lengths: [Int], _ ticks: Int, _ scorer: inout Scorer<FloatLanes>
    ) -> [Double] {
        var sum: [Double] = []
        for (episode, length) in zip(episodes, lengths) {
            let isWhole = length == episode.performance.ticks
            let weights = episode.advantages.enumerated().map { $0.offset < length ? $0.element : 0 }
            let part = isWhole ? episode.gradient : scorer.gradient(of: episode.performance, weights: weights)
            if sum.isEmpty { sum = part } else { Vectors.add(part, to: &sum) }
        }
        return Vectors.scaled(sum, by: 1 / Double(ticks))
    }

    /// What the model's correction is multiplied by, from the advantage times the log-density of each aligned tick of both.
    public mutating func coefficient(_ real: [Double], _ model: [Double]) -> Double {
        let count = Double(real.count)
        let (realMean, modelMean) = (real.reduce(0, +) / count, model.reduce(0, +) / count)
        var (covariance, realSquares, modelSquares) = (0.0, 0.0, 0.0)
        for (x, y) in zip(real, model) {
            covariance += (x - realMean) * (y - modelMean)
            realSquares += (x - realMean) * (x - realMean)
            modelSquares += (y - modelMean) * (y - modelMean)
        }
        guard realSquares > 0, modelSquares > 0 else { return 0 }
        let now = Averages(
            correlation: covariance / (realSquares * modelSquares).squareRoot(),
            real: (realSquares / count).squareRoot(), model: (modelSquares / count).squareRoot())
        let before = averages ?? now
        let (old, new) = (Self.retention, 1 - Self.retention)
        let smooth = Averages(
            correlation: old * before.correlation + new * now.correlation, real: old * before.real + new * now.real,
            model: old * before.model + new * now.model)
        averages = smooth
        return now.correlation < 0 ? 0 : -smooth.correlation * smooth.real / smooth.model
    }
}

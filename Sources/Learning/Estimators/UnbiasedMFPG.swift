/// Multi-fidelity policy gradient without bias: real episodes, corrected by what their pairs inside a model have above
/// the model's own mean.
///
/// The mean pools paired and free episodes, so that the factor which is best needs no knowledge of how many there are.
/// The factor never comes from what it multiplies: a batch is halved, and each half uses the factor of the other and of
/// earlier batches, so the expectation of a correction is zero, whatever the model. The factor may have either sign,
/// and is zero as long as it may as well be.
public struct UnbiasedMFPG: Estimator {
    public static let fidelities = 1

    public internal(set) var past: Coefficient

    public init(past: Coefficient = Coefficient()) { self.past = past }

    public mutating func estimate(_ batch: Batch) -> Estimate {
        guard let model = batch.fidelities.first else { preconditionFailure("a batch without a model") }
        let halves = Half.both(of: batch, model)
        let own = halves.map { half in
            var coefficient = Coefficient()
            coefficient.learn(real: half.real, paired: half.paired, model: half.all)
            return coefficient
        }
        let factors = past.factors(forParts: own)
        var (gradient, corrected): ([Double], [[Double]]) = ([], [])
        var ofMeans = 0.0
        for (half, factor) in zip(halves, factors) {
            let share = Double(half.real.count) / Double(batch.real.count)
            corrected += half.apart(by: factor)
            ofMeans += share * share * half.varianceOfMean(by: factor)
            let mean = Vectors.scaled(Vectors.mean(half.corrected(by: factor)), by: share)
            if gradient.isEmpty { gradient = mean } else { Vectors.add(mean, to: &gradient) }
        }
        return estimate(batch, gradient, corrected, ofMeans, factors, past.correlation)
    }

    private func estimate(
        _ batch: Batch, _ gradient: [Double], _ corrected: [[Double]], _ ofMeans: Double, _ factors: [Double],
        _ correlation: Interval?
    ) -> Estimate {
        let count = Double(batch.real.count)
        let alone = Vectors.spread(batch.real.map(\.gradient)) / count
        let now = Vectors.spread(corrected) / count + ofMeans
        let ratio = now > 0 ? alone / now : 1
        return Estimate(
            gradient: gradient, variance: now, varianceRatio: ratio, correlation: correlation,
            coefficients: [factors.reduce(0, +) / Double(max(factors.count, 1))], effectiveEpisodes: count * ratio)
    }
}

/// A half of a batch, on its own: its own real episodes, pairs, free episodes and their mean.
struct Half {
    let real: [[Double]]
    let paired: [[Double]]
    let free: [[Double]]

    var all: [[Double]] { paired + free }

    /// Two halves where both have enough pairs to say something, otherwise one.
    static func both(of batch: Batch, _ model: Batch.Fidelity) -> [Half] {
        let count = batch.real.count
        let each = count == 0 ? 0 : model.free.count / count
        func half(_ places: Range<Int>) -> Half {
            Half(
                real: batch.real[places].map(\.gradient), paired: model.paired[places].map(\.gradient),
                free: model.free[(places.lowerBound * each)..<(places.upperBound * each)].map(\.gradient))
        }
        return count < 6 ? [half(0..<count)] : [half(0..<(count / 2)), half((count / 2)..<count)]
    }

    /// Each real gradient with its own correction.
    func corrected(by factor: Double) -> [[Double]] {
        guard factor != 0 else { return real }
        let mean = Vectors.mean(all)
        return zip(real, paired).map { x, y in
            var sum = x
            Vectors.add(Vectors.difference(y, mean), times: factor, to: &sum)
            return sum
        }
    }

    /// The same estimate as a mean over the pairs and one over the free episodes, which have nothing to do with each other:
    /// so many free ones the model's mean has apart from the pairs.
    private var apartShare: Double { Double(free.count) / Double(max(all.count, 1)) }

    /// The members of the mean over the pairs. The half's own free mean is in it, which is constant within a half.
    func apart(by factor: Double) -> [[Double]] {
        guard factor != 0, !free.isEmpty else { return real }
        let mean = Vectors.mean(free)
        return zip(real, paired).map { x, y in
            var sum = x
            Vectors.add(Vectors.difference(y, mean), times: factor * apartShare, to: &sum)
            return sum
        }
    }

    /// The variance that the mean over the free episodes brings in.
    func varianceOfMean(by factor: Double) -> Double {
        guard !free.isEmpty else { return 0 }
        let weight = factor * apartShare
        return weight * weight * Vectors.spread(free) / Double(free.count)
    }
}

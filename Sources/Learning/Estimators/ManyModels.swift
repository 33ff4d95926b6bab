/// Several models at once: each corrects what the others leave, by factors that solve for all of them together.
///
/// As with one model, the factors come from the other half of the batch and from earlier ones. What a model adds is
/// shrunk by a ridge of its own variance, so that models which say the same share the work instead of fighting.
public struct ManyModels: Estimator, Equatable {
    public static let fidelities = Int.max
    private static let memory = 64
    private static let ridge = 0.1

    /// Centred inner products of one real episode and its pairs.
    struct Products: Equatable, Sendable {
        let spread: Double
        let real: [Double]
        let models: [[Double]]
    }

    private(set) var past: [Products] = []

    public init() {}

    init(past: [Products]) { self.past = past }

    public mutating func estimate(_ batch: Batch) -> Estimate {
        guard !batch.fidelities.isEmpty else { preconditionFailure("a batch without a model") }
        let halves = batch.fidelities.map { Half.both(of: batch, $0) }
        let own = halves[0].indices.map { place in Self.products(halves.map { $0[place] }) }
        var corrected: [[Double]] = []
        var used = [Double](repeating: 0, count: halves.count)
        for place in halves[0].indices {
            let others = past + (own.count > 1 ? own[1 - place] : [])
            let factors = Self.factors(others, models: halves.count)
            var parts = halves[0][place].real
            for (model, factor) in factors.enumerated() where factor != 0 {
                let half = halves[model][place]
                let mean = Vectors.mean(half.all)
                for (row, paired) in half.paired.enumerated() {
                    Vectors.add(Vectors.difference(paired, mean), times: factor, to: &parts[row])
                }
            }
            corrected += parts
            Vectors.add(factors, times: 1 / Double(halves[0].count), to: &used)
        }
        past = Array((past + own.flatMap { $0 }).suffix(Self.memory))
        let (alone, now) = (Vectors.spread(batch.real.map(\.gradient)), Vectors.spread(corrected))
        let (count, ratio) = (Double(batch.real.count), now > 0 ? alone / now : 1)
        return Estimate(
            gradient: Vectors.mean(corrected), variance: now / count, varianceRatio: ratio, coefficients: used,
            effectiveEpisodes: count * ratio)
    }

    private static func products(_ halves: [Half]) -> [Products] {
        let realMean = Vectors.mean(halves[0].real)
        let means = halves.map { Vectors.mean($0.all) }
        return halves[0].real.indices.map { row in
            let rest = Vectors.difference(halves[0].real[row], realMean)
            let parts = halves.enumerated().map { Vectors.difference($0.element.paired[row], means[$0.offset]) }
            return Products(
                spread: Vectors.dot(rest, rest), real: parts.map { Vectors.dot(rest, $0) },
                models: parts.map { part in parts.map { Vectors.dot(part, $0) } })
        }
    }

    /// Zero for all while too little is known.
    private static func factors(_ pairs: [Products], models: Int) -> [Double] {
        let none = [Double](repeating: 0, count: models)
        guard pairs.count >= Coefficient.fewest + models else { return none }
        var (right, matrix) = (none, [[Double]](repeating: none, count: models))
        for (pair, weight) in zip(pairs, Coefficient.weights(ofSpreads: pairs.map(\.spread))) {
            Vectors.add(pair.real, times: weight, to: &right)
            for row in 0..<models { Vectors.add(pair.models[row], times: weight, to: &matrix[row]) }
        }
        for row in 0..<models { matrix[row][row] *= 1 + ridge }
        guard let solution = Vectors.solve(matrix, Vectors.scaled(right, by: -1)) else { return none }
        return solution.map { min(max($0, -2), 2) }
    }
}

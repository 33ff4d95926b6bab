/// What is known of the products of paired gradients: enough to say how much of a model's correction to add.
///
/// It looks at whole gradients, not at the scalars that they are gradients of: those shift when units change, and
/// overstate how alike two gradients are. It holds the newest pairs of earlier batches, and each counts the less the older
/// it is, because the policy that they belong to goes away, and as a share of what gradients varied by at its time: those
/// of a bad policy are a hundred times as large as those of a good one, and would tell the factor alone.
public struct Coefficient: Equatable, Sendable {
    /// Centred inner products of one pair: real with real, real with model, model with model.
    struct Products: Equatable, Sendable { var xx, xy, yy: Double }

    private(set) var pairs: [Products] = []
    public static let memory = 96
    /// What a pair counts for beside the next newer one: half as much after 32 of them.
    private static let fading = 0.978_57
    /// So many on each side tell by how much gradients varied at the time of a pair.
    private static let neighbours = 16
    /// Fewer pairs say less than they seem to: of four, the first batch of a pendulum had a factor that made its variance
    /// two and a half times as large.
    static let fewest = 8
    /// Of whole worths, one number each, fewer are enough.
    static let fewestWorths = 5

    public init() {}

    init(pairs: [Products]) { self.pairs = pairs }

    public var count: Int { pairs.count }

    /// - Parameter model: paired and free ones together, whose mean is the better for it.
    mutating func learn(real: [[Double]], paired: [[Double]], model: [[Double]]) {
        guard real.count > 1 else { return }
        let (realMean, modelMean) = (Vectors.mean(real), Vectors.mean(model))
        // With their own mean taken away, products are too small by this.
        let whole = Double(real.count) / Double(real.count - 1)
        for (x, y) in zip(real, paired) {
            let (a, b) = (Vectors.difference(x, realMean), Vectors.difference(y, modelMean))
            pairs.append(
                Products(xx: whole * Vectors.dot(a, a), xy: whole * Vectors.dot(a, b), yy: Vectors.dot(b, b)))
        }
        if pairs.count > Self.memory { pairs.removeFirst(pairs.count - Self.memory) }
    }

    /// - Parameter foretold: of each, by a model that knew nothing of it.
    mutating func learn(worths: [Double], foretold: [Double]) {
        guard worths.count > 1 else { return }
        let (real, model) = (Interval(meanOf: worths).value, Interval(meanOf: foretold).value)
        let whole = Double(worths.count) / Double(worths.count - 1)
        for (x, y) in zip(worths, foretold) {
            let (a, b) = (x - real, y - model)
            pairs.append(Products(xx: whole * a * a, xy: whole * a * b, yy: whole * b * b))
        }
        if pairs.count > Self.memory { pairs.removeFirst(pairs.count - Self.memory) }
    }

    func joined(with other: Coefficient) -> Coefficient { Coefficient(pairs: pairs + other.pairs) }

    /// For each part of a batch the factor that the other parts and earlier batches tell: never what it multiplies itself.
    ///
    /// - Parameter own: what each part says. All of it is remembered.
    mutating func factors(forParts own: [Coefficient]) -> [Double] {
        let factors = own.indices.map { place in
            let others = own.indices.filter { $0 != place }.reduce(Coefficient()) { $0.joined(with: own[$1]) }
            return joined(with: others).factor
        }
        pairs = (pairs + own.flatMap(\.pairs)).suffix(Self.memory)
        return factors
    }

    /// The best factor with its standard deviation, by how much the pairs differ; nil where nothing can be said.
    public var best: Interval? { best(Sums(pairs), ofAtLeast: Self.fewest) }

    private func best(_ sums: Sums, ofAtLeast fewest: Int) -> Interval? {
        let yy = sums.all.yy
        guard pairs.count >= fewest, yy > 0 else { return nil }
        let ratio = -sums.all.xy / yy
        var (all, squares, rest) = (0.0, 0.0, 0.0)
        for (pair, weight) in zip(pairs, sums.weights) {
            let left = weight * (pair.xy + ratio * pair.yy)
            (all, squares, rest) = (all + weight, squares + weight * weight, rest + left * left)
        }
        // As many as would say as much if all counted alike.
        let count = all * all / squares
        return Interval(ratio, deviation: (count / (count - 1) * rest).squareRoot() / yy)
    }

    /// How alike the gradients of a pair are, from −1 to 1.
    public var correlation: Interval? {
        let sums = Sums(pairs)
        guard let best = best(sums, ofAtLeast: Self.fewest) else { return nil }
        let scale = (sums.all.yy / max(sums.all.xx, .leastNormalMagnitude)).squareRoot()
        return Interval(
            min(max(-best.value * scale, -1), 1), low: max(-best.high * scale, -1), high: min(-best.low * scale, 1))
    }

    /// What to multiply a correction by: nothing where doing so may as well do harm, the less the less is known, and
    /// never more than members of a pair of equal direction would need.
    public var factor: Double { factor(ofAtLeast: Self.fewest) }

    func factor(ofAtLeast fewest: Int) -> Double {
        let sums = Sums(pairs)
        guard let best = best(sums, ofAtLeast: fewest), !best.contains(0) else { return 0 }
        let share = max(0, 1 - best.deviation * best.deviation / (best.value * best.value))
        let most = 1.2 * (sums.all.xx / sums.all.yy).squareRoot()
        return min(max(best.value * share, -most), most)
    }

    /// What pairs count for, and their products together.
    private struct Sums {
        let weights: [Double]
        private(set) var all = Products(xx: 0, xy: 0, yy: 0)

        init(_ pairs: [Products]) {
            weights = Coefficient.weights(ofSpreads: pairs.map(\.xx))
            for (pair, weight) in zip(pairs, weights) {
                all.xx += weight * pair.xx
                all.xy += weight * pair.xy
                all.yy += weight * pair.yy
            }
        }
    }

    /// What each of many pairs counts for, the newest last.
    ///
    /// - Parameter spreads: what the real gradient of each is off from the mean, squared.
    static func weights(ofSpreads spreads: [Double]) -> [Double] {
        var age = 1.0
        let fresh = spreads.indices.reversed().map { place in
            defer { age *= fading }
            let near = spreads[max(0, place - neighbours)...min(spreads.count - 1, place + neighbours)]
            let mean = near.reduce(0, +) / Double(near.count)
            return mean > 0 ? age / mean : 0
        }
        return fresh.reversed()
    }
}

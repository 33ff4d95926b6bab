/// What is known of the products of paired gradients: enough to say how much of a model's correction to add.
///
/// It looks at whole gradients, not at the scalars that they are gradients of: those shift when units change, and
/// overstate how alike two gradients are. It holds the newest pairs of earlier batches, because the policy that they
/// belong to goes away.
public struct Coefficient: Equatable, Sendable {
    /// Centred inner products of one pair: real with real, real with model, model with model.
    struct Products: Equatable, Sendable { var xx, xy, yy: Double }

    private(set) var pairs: [Products] = []
    public static let memory = 96
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

    /// The best factor with its standard deviation, by how much the pairs differ; nil where nothing can be said.
    public var best: Interval? { best(ofAtLeast: Self.fewest) }

    private func best(ofAtLeast fewest: Int) -> Interval? {
        let (xy, yy) = (sum(\.xy), sum(\.yy))
        guard pairs.count >= fewest, yy > 0 else { return nil }
        let ratio = -xy / yy
        let rest = pairs.reduce(0) { $0 + ($1.xy + ratio * $1.yy) * ($1.xy + ratio * $1.yy) }
        let small = Double(pairs.count) / Double(pairs.count - 1)
        return Interval(ratio, deviation: (small * rest).squareRoot() / yy)
    }

    /// How alike the gradients of a pair are, from −1 to 1.
    public var correlation: Interval? {
        guard let best else { return nil }
        let scale = (sum(\.yy) / max(sum(\.xx), .leastNormalMagnitude)).squareRoot()
        return Interval(
            min(max(-best.value * scale, -1), 1), low: max(-best.high * scale, -1), high: min(-best.low * scale, 1))
    }

    /// What to multiply a correction by: nothing where doing so may as well do harm, the less the less is known, and
    /// never more than members of a pair of equal direction would need.
    public var factor: Double { factor(ofAtLeast: Self.fewest) }

    func factor(ofAtLeast fewest: Int) -> Double {
        guard let best = best(ofAtLeast: fewest), !best.contains(0) else { return 0 }
        let share = max(0, 1 - best.deviation * best.deviation / (best.value * best.value))
        let most = 1.2 * (sum(\.xx) / sum(\.yy)).squareRoot()
        return min(max(best.value * share, -most), most)
    }

    private func sum(_ part: KeyPath<Products, Double>) -> Double { pairs.reduce(0) { $0 + $1[keyPath: part] } }
}

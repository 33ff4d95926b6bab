internal import Expressions

/// How much of one thing's variation another one shares, and how sure that is.
public struct Correlation: Equatable, Sendable {
    public let value: Double
    /// Where the true one lies in 95 of 100 cases; nil where there is too little to say.
    public let interval: ClosedRange<Double>?
    /// Over how many episodes.
    public let count: Int

    /// By what factor a control variate with this correlation, and a model mean that is known, divides the variance.
    public var gain: Double { 1 / max(1 - value * value, 1e-9) }

    /// Between vectors, one pair for each episode: products of whole vectors, each less its mean in its group.
    ///
    /// The interval is Student's around Fisher's transform, with the spread that leaving out one episode after the other
    /// shows: episodes are independent, what is inside them is not.
    ///
    /// - Parameter groups: pairs of one number share their means, such as episodes of one policy.
    public init?(_ left: [[Double]], _ right: [[Double]], groups: [Int]) {
        var sums: [Int: GroupSums] = [:]
        for (place, group) in groups.enumerated() {
            sums[group, default: GroupSums(left[place].count)].add(left[place], right[place], 1)
        }
        let used = groups.indices.filter { (sums[groups[$0]]?.count ?? 0) > 1 }
        let parts = sums.mapValues(\.products)
        guard used.count > 2, let whole = Self.ratio(parts.values) else { return nil }
        value = whole
        count = used.count
        var transformed: [Double] = []
        for place in used {
            var without = sums[groups[place]] ?? GroupSums(0)
            without.add(left[place], right[place], -1)
            var others = parts
            others[groups[place]] = without.count > 1 ? without.products : nil
            if let ratio = Self.ratio(others.values) { transformed.append(Self.stretched(ratio)) }
        }
        interval = Self.interval(around: Self.stretched(whole), transformed)
    }

    private static func ratio(_ parts: some Sequence<Products>) -> Double? {
        var (both, left, right) = (0.0, 0.0, 0.0)
        for part in parts {
            both += part.both
            left += part.left
            right += part.right
        }
        guard left > 0, right > 0 else { return nil }
        let ratio = both / (left * right).squareRoot()
        return ratio.isFinite ? min(max(ratio, -1), 1) : nil
    }

    /// Fisher's transform, short of the ends where it is endless.
    private static func stretched(_ ratio: Double) -> Double {
        let inside = min(max(ratio, -0.999_999_999), 0.999_999_999)
        return 0.5 * DoubleLanes(repeating: (1 + inside) / (1 - inside)).logarithm[0]
    }

    private static func back(_ stretched: Double) -> Double {
        DoubleLanes(repeating: stretched).hyperbolicTangent[0]
    }

    private static func interval(around middle: Double, _ values: [Double]) -> ClosedRange<Double>? {
        guard values.count > 3 else { return nil }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let error = (squares * (count - 1) / count).squareRoot()
        let width = studentWidth(freedom: values.count - 1) * error
        return back(middle - width)...back(middle + width)
    }

    /// How many deviations 95 of 100 cases are within: Student's distribution, by its series around the normal one.
    private static func studentWidth(freedom: Int) -> Double {
        let (normal, freedom) = (1.959_963_985, Double(freedom))
        let cube = normal * normal * normal
        let first = (cube + normal) / (4 * freedom)
        let second = (5 * cube * normal * normal + 16 * cube + 3 * normal) / (96 * freedom * freedom)
        let third =
            (3 * cube * cube * normal + 19 * cube * normal * normal + 17 * cube - 15 * normal)
            / (384 * freedom * freedom * freedom)
        return normal + first + second + third
    }
}

/// Sums of products of vectors less their means.
private struct Products {
    let both: Double
    let left: Double
    let right: Double
}

private struct GroupSums {
    private(set) var count = 0
    private var left: [Double]
    private var right: [Double]
    private var both = 0.0
    private var leftSquares = 0.0
    private var rightSquares = 0.0

    init(_ width: Int) {
        left = [Double](repeating: 0, count: width)
        right = left
    }

    /// Adds a pair, or with a weight of -1 takes it out again.
    mutating func add(_ one: [Double], _ other: [Double], _ weight: Double) {
        guard one.count == left.count, other.count == right.count else { return }
        count += weight > 0 ? 1 : -1
        for place in left.indices {
            left[place] += weight * one[place]
            right[place] += weight * other[place]
            both += weight * one[place] * other[place]
            leftSquares += weight * one[place] * one[place]
            rightSquares += weight * other[place] * other[place]
        }
    }

    var products: Products {
        let share = 1 / Double(max(count, 1))
        var (meanBoth, meanLeft, meanRight) = (0.0, 0.0, 0.0)
        for place in left.indices {
            meanBoth += left[place] * right[place]
            meanLeft += left[place] * left[place]
            meanRight += right[place] * right[place]
        }
        return Products(
            both: both - share * meanBoth, left: leftSquares - share * meanLeft,
            right: rightSquares - share * meanRight)
    }
}

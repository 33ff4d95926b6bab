/// What was found: parameters with how well they are known, and how much better the model predicts with them.
public struct Fit: Sendable {
    public struct Estimate: Equatable, Sendable {
        /// Its place among the model's parameters.
        public let place: Int
        public let value: Double
        /// Its standard deviation.
        public let deviation: Double
        /// Where it lies in 95 of 100 cases.
        public let interval: ClosedRange<Double>
        /// Whether it stopped at the end of what it can be.
        public let isAtBound: Bool
        /// The share of its belief's variance that the data took away: 0 learnt nothing, 1 everything.
        public let learnt: Double
    }

    /// A combination of parameters about which the data say less than was believed beforehand.
    public struct WeakDirection: Equatable, Sendable {
        /// The places of the parameters that it is made of, the largest part first.
        public let places: [Int]
        /// By what share of the belief's variance the data narrow it.
        public let learnt: Double
    }

    public let estimates: [Estimate]
    /// All parameters of the model, the free ones as they were found.
    public let parameters: [Double]
    public let weakDirections: [WeakDirection]
    /// For each output: root mean square of the prediction error at the windows' ends, in recordings that were held out.
    public let heldOutBefore: [Double]
    public let heldOutAfter: [Double]
    /// The same with what was found, where that does not predict them better than what was believed, all outputs and
    /// moments together: then all of it stays as it was believed, and so do the predictions.
    public let refused: [Double]?
    public var isBetter: Bool { refused == nil }
    /// What a residual of each output usually is: its sensor's error and what the model does not know.
    public let residuals: [Double]
    public let steps: Int
    public let hasConverged: Bool

    init(_ problem: FitProblem, _ search: FitSearch, before: [Double], after: [Double], isBetter: Bool) {
        let beliefs = problem.unknowns.map(\.deviation)
        let belief = SquareMatrix(diagonal: beliefs.map { 1 / ($0 * $0) })
        let (information, groups) = (search.information, search.groups)
        let covariance = Self.covariance(information, belief, groups)
        let width = Self.widthOfInterval(freedom: max(groups.count - 1, 1))
        estimates = problem.unknowns.enumerated().map { row, unknown in
            guard isBetter else { return Estimate(believing: unknown) }
            let value = search.values[row]
            let deviation = covariance[row, row].squareRoot()
            return Estimate(
                place: unknown.place, value: value, deviation: deviation,
                interval: value - width * deviation...value + width * deviation,
                isAtBound: value <= unknown.range.lowerBound || value >= unknown.range.upperBound,
                learnt: min(max(1 - covariance[row, row] * belief[row, row], 0), 1))
        }
        parameters = isBetter ? problem.parameters(search.values) : problem.parameters(problem.unknowns.map(\.belief))
        weakDirections = Self.weakDirections(information.scaled(by: beliefs), problem.unknowns)
        (heldOutBefore, heldOutAfter, refused) = (before, isBetter ? after : before, isBetter ? nil : after)
        (residuals, steps, hasConverged) = (search.scales, search.steps, search.hasConverged)
    }

    /// How uncertain the parameters are when what the model does not know is not independent noise: by how much they
    /// would move if one recording after the other were left out, and by what is not known of the belief. With few
    /// groups their disagreement says little, so the curvature alone is the least that it can be.
    private static func covariance(
        _ information: SquareMatrix, _ belief: SquareMatrix, _ groups: [FitSearch.Group]
    ) -> SquareMatrix {
        let whole = information + belief
        guard let inverse = Cholesky(whole)?.inverse else { return SquareMatrix(information.size) }
        var result = inverse * belief * inverse
        let share = 1 - 1 / Double(max(groups.count, 1))
        for group in groups {
            // Without a group the others are less certain of what it alone would have told: it had pulled them along.
            guard let rest = Cholesky(whole - group.information) else { continue }
            result.add(outer: rest.solve(group.slope), weight: share)
        }
        for row in 0..<result.size { result[row, row] = max(result[row, row], inverse[row, row]) }
        return result
    }

    /// How many deviations 95 of 100 cases are within: Student's distribution, by its series around the normal one.
    private static func widthOfInterval(freedom: Int) -> Double {
        let (normal, freedom) = (1.959_963_985, Double(freedom))
        let cube = normal * normal * normal
        let first = (cube + normal) / (4 * freedom)
        let second = (5 * cube * normal * normal + 16 * cube + 3 * normal) / (96 * freedom * freedom)
        return normal + first + second
    }

    /// `scaled` is the information in units of the belief: 1 says as much as was believed.
    private static func weakDirections(
        _ scaled: SquareMatrix, _ unknowns: [FitProblem.Unknown]
    ) -> [WeakDirection] {
        let axes = Eigenvectors(scaled)
        return zip(axes.values, axes.vectors).filter { $0.0 < 1 }.map { strength, vector in
            let parts = vector.indices.filter { abs(vector[$0]) > 0.3 }.sorted { abs(vector[$0]) > abs(vector[$1]) }
            return WeakDirection(
                places: parts.map { unknowns[$0].place }, learnt: max(strength, 0) / (1 + max(strength, 0)))
        }
    }
}

extension Fit.Estimate {
    /// Nothing was learnt.
    init(believing unknown: FitProblem.Unknown) {
        let reach = 1.959_963_985 * unknown.deviation
        self.init(
            place: unknown.place, value: unknown.belief, deviation: unknown.deviation,
            interval: unknown.belief - reach...unknown.belief + reach, isAtBound: false, learnt: 0)
    }
}

public import Models

/// What an episode is expected to bring from a tick on, as a function of what is seen there and of the time.
///
/// Fitted to earlier episodes, never to those that it is used for, so that it takes away variance and adds no bias,
/// whatever it says. With a critic that learnt inside a model, the critic's word is one more number to be weighed by
/// the same regression: a useless model gets the weight that it deserves.
public struct Baseline: Equatable, Sendable {
    public private(set) var critic: Critic?
    private var coefficients: [Double] = []
    private let objective: Objective

    public init(_ objective: Objective, critic: Critic? = nil) {
        self.objective = objective
        self.critic = critic
    }

    public var isFitted: Bool { !coefficients.isEmpty }
    var state: [Double] { coefficients }

    init(_ objective: Objective, critic: Critic?, state: [Double]) {
        self.init(objective, critic: critic)
        coefficients = state
    }

    /// One number for each tick; zero before anything was fitted.
    public func values(_ performance: Performance) -> [Double] {
        guard isFitted else { return [Double](repeating: 0, count: performance.ticks) }
        return features(performance).map { Vectors.dot($0, coefficients) }
    }

    /// Fits to all ticks of these episodes, every `thinning`th one: neighbours say nearly the same.
    public mutating func fit(_ performances: [Performance], ridge: Double = 1e-3, thinning: Int = 7) {
        guard let first = performances.first else { return }
        let count = features(first)[0].count
        var matrix = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
        var right = [Double](repeating: 0, count: count)
        var rows = 0.0
        for performance in performances {
            let (all, toGo) = (features(performance), objective.toGo(performance))
            for tick in stride(from: 0, to: performance.ticks, by: thinning) {
                rows += 1
                for row in 0..<count {
                    right[row] += all[tick][row] * toGo[tick]
                    for column in 0...row { matrix[row][column] += all[tick][row] * all[tick][column] }
                }
            }
        }
        for row in 0..<count {
            for column in (row + 1)..<count { matrix[row][column] = matrix[column][row] }
            matrix[row][row] += ridge * rows
        }
        if let solution = Vectors.solve(matrix, right), solution.allSatisfy(\.isFinite) { coefficients = solution }
    }

    /// What is seen, its squares, the time that is left in powers, and the critic's word.
    private func features(_ performance: Performance) -> [[Double]] {
        let ticks = performance.ticks
        let columns = performance.observations.count / ticks
        let words = critic?.values(performance) ?? []
        return (0..<ticks).map { tick in
            let left = Double(objective.horizon - tick) / Double(objective.horizon)
            var row = [1, left, left * left]
            for column in 0..<columns {
                let seen = min(max(Double(performance.observations[column * ticks + tick]), -3), 3)
                row += [seen, seen * seen, seen * left]
            }
            if !words.isEmpty { row += [words[tick], words[tick] * left] }
            return row
        }
    }
}

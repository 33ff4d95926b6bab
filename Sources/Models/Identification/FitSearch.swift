/// Levenberg and Marquardt's way down: Newton's step where the model is nearly straight, a short one where it is not.
struct FitSearch {
    let problem: FitProblem
    let sensitivities: Sensitivities
    let windows: Windows
    private(set) var values: [Double]
    private var starts: [Double]
    /// What a residual of each output usually is.
    private(set) var scales: [Double]
    private(set) var steps = 0
    /// Whether the last round ended because nothing more was to be gained.
    private(set) var hasConverged = false
    private var equations: NormalEquations

    init(_ problem: FitProblem, _ sensitivities: Sensitivities, _ windows: Windows) {
        self.problem = problem
        self.sensitivities = sensitivities
        self.windows = windows
        values = problem.unknowns.map(\.belief)
        starts = windows.starts
        scales = problem.outputDeviations
        equations = NormalEquations(
            problem, sensitivities, windows, values: values, starts: starts, scales: scales)
    }

    /// What the model cannot explain is larger than what the sensors add, and by how much is known only afterwards:
    /// hence several rounds, each with the residuals of the one before.
    mutating func run() throws(FitError) {
        guard equations.cost.isFinite else { throw .diverges }
        for _ in 0..<problem.rounds {
            scales = zip(problem.outputDeviations.indices, problem.outputDeviations).map { output, least in
                max(least, (equations.squares[output] / max(equations.weights[output], 1)).squareRoot())
            }
            equations = evaluated(values, starts)
            hasConverged = descend()
        }
    }

    private func evaluated(_ values: [Double], _ starts: [Double]) -> NormalEquations {
        NormalEquations(
            problem, sensitivities, windows, values: values, starts: starts, scales: scales)
    }

    private func beliefCost(_ values: [Double]) -> Double {
        zip(problem.unknowns, values).reduce(0) { sum, pair in
            let error = (pair.1 - pair.0.belief) / pair.0.deviation
            return sum + error * error
        }
    }

    /// The cost counts squares of standard deviations: a whole step that gains less than this moves no parameter by more
    /// than a hundredth of what it is known to. One that is damped says less about how far it still is.
    private static func enough(_ cost: Double, _ damping: Double) -> Double {
        max(damping > 1e-2 ? 0 : 1e-4, 1e-10 * (1 + cost))
    }

    private mutating func descend() -> Bool {
        var damping = 1e-3
        var cost = equations.cost + beliefCost(values)
        for _ in 0..<problem.mostSteps {
            steps += 1
            guard let next = step(damping) else {
                damping *= 10
                continue
            }
            // A step that was damped even more would promise even less.
            guard next.promise > Self.enough(cost, damping) else { return true }
            let foundCost =
                beliefCost(next.values)
                + NormalEquations.cost(
                    problem, sensitivities, windows, values: next.values, starts: next.starts, scales: scales)
            guard foundCost.isFinite, foundCost < cost else {
                damping *= 10
                continue
            }
            let gain = cost - foundCost
            (values, starts, cost) = (next.values, next.starts, foundCost)
            equations = evaluated(values, starts)
            if gain <= Self.enough(cost, damping) { return true }
            damping = max(damping / 10, 1e-12)
        }
        return false
    }

    private struct Step {
        let values: [Double]
        let starts: [Double]
        /// What the cost falls by at most, if the model is as straight as the step takes it to be.
        let promise: Double
    }

    /// Where a step leads; nil when the equations have no solution with this damping.
    private func step(_ damping: Double) -> Step? {
        var information = SquareMatrix(values.count)
        var slope = [Double](repeating: 0, count: values.count)
        var factors: [Cholesky] = []
        var promise = 0.0
        for window in equations.windows {
            guard let reduced = window.reduced(damping: damping) else { return nil }
            promise += 2 * Self.product(window.startSlope, reduced.factor.solve(window.startSlope))
            information = information + reduced.information
            for row in slope.indices { slope[row] += reduced.slope[row] }
            factors.append(reduced.factor)
        }
        for (row, unknown) in problem.unknowns.enumerated() {
            information[row, row] += 1 / (unknown.deviation * unknown.deviation)
            slope[row] += (values[row] - unknown.belief) / (unknown.deviation * unknown.deviation)
            information[row, row] *= 1 + damping
        }
        hold(&information, &slope)
        guard let factor = Cholesky(information) else { return nil }
        let way = factor.solve(slope)
        let (next, nextStarts) = moved(by: way.map { -$0 }, factors)
        return Step(values: next, starts: nextStarts, promise: promise + 2 * Self.product(slope, way))
    }

    private static func product(_ left: [Double], _ right: [Double]) -> Double {
        zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// A parameter at the end of its range, which would leave it, stays where it is.
    private func hold(_ information: inout SquareMatrix, _ slope: inout [Double]) {
        for (row, unknown) in problem.unknowns.enumerated() where isHeld(unknown, values[row], slope[row]) {
            for other in values.indices { (information[row, other], information[other, row]) = (0, 0) }
            (information[row, row], slope[row]) = (1, 0)
        }
    }

    private func isHeld(_ unknown: FitProblem.Unknown, _ value: Double, _ slope: Double) -> Bool {
        value <= unknown.range.lowerBound && slope > 0 || value >= unknown.range.upperBound && slope < 0
    }

    private func moved(by step: [Double], _ factors: [Cholesky]) -> (values: [Double], starts: [Double]) {
        let next = problem.unknowns.indices.map { row in
            let range = problem.unknowns[row].range
            return min(max(values[row] + step[row], range.lowerBound), range.upperBound)
        }
        let taken = zip(next, values).map { $0 - $1 }
        var nextStarts = starts
        for (number, window) in equations.windows.enumerated() {
            for (state, change) in window.startStep(taken, factors[number]).enumerated() {
                nextStarts[state * windows.count + number] += change
            }
        }
        return (next, nextStarts)
    }

    /// What the data alone say about the parameters at the place that was found.
    var information: SquareMatrix {
        equations.windows.reduce(SquareMatrix(values.count)) { sum, window in
            window.reduced(damping: 0).map { sum + $0.information } ?? sum
        }
    }

    /// What the windows of each group say: their information, and what they would still change.
    var groups: [Group] {
        var groups: [Int: Group] = [:]
        for (number, window) in equations.windows.enumerated() {
            guard let reduced = window.reduced(damping: 0) else { continue }
            let empty = Group(
                information: SquareMatrix(values.count), slope: Array(repeating: 0, count: values.count))
            let group = groups[windows.groups[number]] ?? empty
            groups[windows.groups[number]] = Group(
                information: group.information + reduced.information,
                slope: zip(group.slope, reduced.slope).map { $0 + $1 })
        }
        return groups.sorted { $0.key < $1.key }.map(\.value)
    }

    struct Group {
        let information: SquareMatrix
        let slope: [Double]
    }
}

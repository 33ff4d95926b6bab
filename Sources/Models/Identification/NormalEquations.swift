/// What all windows say together about the parameters, after each has had its say about its own beginning.
///
/// A window's start is measured with an error. To take it as exact would put that error into the parameters; hence it is
/// found as well, and eliminated window by window: parameters with parameters, parameters with starts, starts with
/// starts.
struct NormalEquations {
    /// Half of this is what is minimised.
    private(set) var cost = 0.0
    private(set) var windows: [Block]
    /// Sums of weighted squared residuals and of weights, output by output.
    private(set) var squares: [Double]
    private(set) var weights: [Double]

    /// One window's own part.
    struct Block {
        var parameters: SquareMatrix
        /// Parameter by state.
        var mixed: [[Double]]
        var start: SquareMatrix
        var parameterSlope: [Double]
        var startSlope: [Double]
        var cost = 0.0

        init(_ parameters: Int, _ states: Int) {
            self.parameters = SquareMatrix(parameters)
            mixed = Array(repeating: Array(repeating: 0, count: states), count: parameters)
            start = SquareMatrix(states)
            parameterSlope = Array(repeating: 0, count: parameters)
            startSlope = Array(repeating: 0, count: states)
        }
    }

    init(
        _ problem: FitProblem, _ sensitivities: Sensitivities, _ windows: Windows, values: [Double], starts: [Double],
        scales: [Double]
    ) {
        let (states, outputs) = (sensitivities.stateCount, sensitivities.outputCount)
        self.windows = (0..<windows.count).map { _ in Block(values.count, states) }
        squares = Array(repeating: 0, count: outputs)
        weights = squares
        for window in 0..<windows.count { believeStart(problem, windows, starts, window) }
        sensitivities.roll(windows, from: starts, parameters: problem.parameters(values)) { tick, predicted, changes in
            for output in 0..<outputs {
                for window in 0..<windows.count {
                    let measured = windows.outputs[(tick * outputs + output) * windows.count + window]
                    guard !measured.isNaN else { continue }
                    let error = predicted[output * windows.count + window] - measured
                    note(error, output, window, changes, scale: scales[output], doubt: problem.doubt)
                }
            }
        }
        cost = self.windows.reduce(0) { $0 + $1.cost }
    }

    private mutating func believeStart(_ problem: FitProblem, _ windows: Windows, _ starts: [Double], _ window: Int) {
        for (state, deviation) in problem.startDeviations.enumerated() {
            let place = state * windows.count + window
            let error = (starts[place] - windows.starts[place]) / deviation
            self.windows[window].start[state, state] += 1 / (deviation * deviation)
            self.windows[window].startSlope[state] += error / deviation
            self.windows[window].cost += error * error
        }
    }

    private mutating func note(
        _ error: Double, _ output: Int, _ window: Int, _ changes: Span<Double>, scale: Double, doubt: Double
    ) {
        let residual = error / scale
        let excess = (1 + residual * residual / (doubt * doubt)).squareRoot()
        let weight = 1 / (excess * scale * scale)
        let lanes = windows.count
        let (parameters, states) = (windows[window].parameterSlope.count, windows[window].startSlope.count)
        let columns = parameters + states
        func change(_ column: Int) -> Double { changes[(output * columns + column) * lanes + window] }
        for row in 0..<parameters {
            let weighted = weight * change(row)
            windows[window].parameterSlope[row] += weighted * error
            for column in 0..<parameters { windows[window].parameters[row, column] += weighted * change(column) }
            for state in 0..<states { windows[window].mixed[row][state] += weighted * change(parameters + state) }
        }
        for row in 0..<states {
            let weighted = weight * change(parameters + row)
            windows[window].startSlope[row] += weighted * error
            for column in 0..<states { windows[window].start[row, column] += weighted * change(parameters + column) }
        }
        windows[window].cost += 2 * doubt * doubt * (excess - 1)
        squares[output] += error * error / excess
        weights[output] += 1 / excess
    }
}

extension NormalEquations.Block {
    /// This window's part with its start eliminated; nil where even the belief about the start has drowned.
    func reduced(damping: Double) -> Reduced? {
        var damped = start
        for state in 0..<start.size { damped[state, state] *= 1 + damping }
        guard let factor = Cholesky(damped) else { return nil }
        let through = mixed.map { factor.solve($0) }
        var information = parameters
        var slope = parameterSlope
        for row in 0..<parameters.size {
            for state in 0..<start.size {
                slope[row] -= through[row][state] * startSlope[state]
                for column in 0..<parameters.size {
                    information[row, column] -= through[row][state] * mixed[column][state]
                }
            }
        }
        return Reduced(information: information, slope: slope, factor: factor)
    }

    struct Reduced {
        let information: SquareMatrix
        let slope: [Double]
        let factor: Cholesky
    }

    /// How the start moves when the parameters move.
    func startStep(_ step: [Double], _ factor: Cholesky) -> [Double] {
        var right = startSlope
        for (row, change) in step.enumerated() {
            for state in right.indices { right[state] += mixed[row][state] * change }
        }
        return factor.solve(right).map { -$0 }
    }
}

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
    /// What the predictions of each window would cost if it counted in full.
    private(set) var misfits: [Double]
    /// How much each window counts.
    private let trust: [Double]

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
        scales: [Double], trust: [Double]
    ) {
        let (states, outputs) = (sensitivities.stateCount, sensitivities.outputCount)
        self.windows = (0..<windows.count).map { _ in Block(values.count, states) }
        squares = Array(repeating: 0, count: outputs)
        weights = squares
        misfits = Array(repeating: 0, count: windows.count)
        self.trust = trust
        for window in 0..<windows.count { believeStart(problem, windows, starts, window) }
        var sums = Sums(windows: windows.count, columns: sensitivities.unknowns)
        sensitivities.roll(windows, from: starts, parameters: problem.parameters(values)) { tick, predicted, changes in
            for output in 0..<outputs {
                for block in 0..<sums.blocks {
                    let (errors, shares) = note(
                        windows, predicted, tick, output, block, scale: scales[output], doubt: problem.doubt)
                    guard !sensitivities.isFixed(output) else { continue }
                    sums.add(changes, block, output, errors: errors, weights: shares)
                }
            }
        }
        for window in 0..<windows.count { self.windows[window].add(sums, window) }
        cost = self.windows.reduce(0) { $0 + $1.cost }
    }

    /// The cost alone, which is all that is wanted of a step that may not be taken.
    static func cost(
        _ problem: FitProblem, _ sensitivities: Sensitivities, _ windows: Windows, values: [Double], starts: [Double],
        scales: [Double], trust: [Double]
    ) -> Double {
        var cost = 0.0
        for (place, start) in starts.enumerated() {
            let error = (start - windows.starts[place]) / problem.startDeviations[place / windows.count]
            cost += error * error
        }
        let parameters = problem.parameters(values)
        sensitivities.rollPlainly(windows, from: starts, parameters: parameters) { tick, predicted in
            let first = tick * predicted.count
            for place in predicted.indices where !windows.outputs[first + place].isNaN {
                let error = predicted[place] - windows.outputs[first + place]
                let excess = excess(error, scale: scales[place / windows.count], doubt: problem.doubt)
                cost += trust[place % windows.count] * loss(excess, doubt: problem.doubt)
            }
        }
        return cost
    }

    /// How much a residual is above what it would be if large ones counted by their square.
    private static func excess(_ error: Double, scale: Double, doubt: Double) -> Double {
        let residual = error / scale
        return (1 + residual * residual / (doubt * doubt)).squareRoot()
    }

    /// What a residual costs.
    private static func loss(_ excess: Double, doubt: Double) -> Double { 2 * doubt * doubt * (excess - 1) }

    private mutating func believeStart(_ problem: FitProblem, _ windows: Windows, _ starts: [Double], _ window: Int) {
        for (state, deviation) in problem.startDeviations.enumerated() {
            let place = state * windows.count + window
            let error = (starts[place] - windows.starts[place]) / deviation
            self.windows[window].start[state, state] += 1 / (deviation * deviation)
            self.windows[window].startSlope[state] += error / deviation
            self.windows[window].cost += error * error
        }
    }

    /// Four windows' errors of an output in a tick, and how much they weigh: nothing where nothing was measured.
    private mutating func note(
        _ windows: Windows, _ predicted: Span<Double>, _ tick: Int, _ output: Int, _ block: Int, scale: Double,
        doubt: Double
    ) -> (errors: SIMD4<Double>, weights: SIMD4<Double>) {
        var (errors, weights) = (SIMD4<Double>(repeating: 0), SIMD4<Double>(repeating: 0))
        let place = output * windows.count
        for window in 4 * block..<min(4 * block + 4, windows.count) {
            let measured = windows.outputs[tick * predicted.count + place + window]
            guard !measured.isNaN else { continue }
            let error = predicted[place + window] - measured
            errors[window % 4] = error
            weights[window % 4] = note(error, output, window, scale: scale, doubt: doubt)
        }
        return (errors, weights)
    }

    /// Says how much the change of what was predicted weighs.
    private mutating func note(
        _ error: Double, _ output: Int, _ window: Int, scale: Double, doubt: Double
    ) -> Double {
        let excess = Self.excess(error, scale: scale, doubt: doubt)
        let loss = Self.loss(excess, doubt: doubt)
        misfits[window] += loss
        windows[window].cost += trust[window] * loss
        let weight = trust[window] / excess
        squares[output] += weight * error * error
        weights[output] += weight
        return weight / (scale * scale)
    }
}

/// Weighted sums of products of changes, four windows at a time.
private struct Sums {
    let blocks: Int
    let columns: Int
    /// How many products there are of four windows.
    private let triangle: Int
    /// Four by four windows, the upper triangle row by row.
    private var products: [SIMD4<Double>]
    private var slopes: [SIMD4<Double>]
    private var row: [SIMD4<Double>]

    init(windows: Int, columns: Int) {
        blocks = (windows + 3) / 4
        self.columns = columns
        let none = SIMD4<Double>(repeating: 0)
        triangle = columns * (columns + 1) / 2
        products = Array(repeating: none, count: blocks * triangle)
        slopes = Array(repeating: none, count: blocks * columns)
        row = Array(repeating: none, count: columns)
    }

    mutating func add(
        _ changes: Sensitivities.Changes, _ block: Int, _ output: Int, errors: SIMD4<Double>, weights: SIMD4<Double>
    ) {
        let isMissing = weights .== 0
        let first = changes.place(block, output)
        for column in 0..<columns { row[column] = changes.fours[first + column].replacing(with: 0, where: isMissing) }
        var place = block * triangle
        for column in 0..<columns {
            let weighted = weights * row[column]
            slopes[block * columns + column] += weighted * errors
            for other in column..<columns {
                products[place] += weighted * row[other]
                place += 1
            }
        }
    }

    func product(_ column: Int, _ other: Int, _ window: Int) -> Double {
        let (low, high) = (min(column, other), max(column, other))
        let first = window / 4 * triangle + low * columns - low * (low - 1) / 2
        return products[first + high - low][window % 4]
    }

    func slope(_ column: Int, _ window: Int) -> Double { slopes[window / 4 * columns + column][window % 4] }
}

extension NormalEquations.Block {
    fileprivate mutating func add(_ sums: Sums, _ window: Int) {
        let parameters = parameterSlope.count
        for row in 0..<parameters {
            parameterSlope[row] += sums.slope(row, window)
            for column in 0..<parameters { self.parameters[row, column] += sums.product(row, column, window) }
            for state in startSlope.indices { mixed[row][state] += sums.product(row, parameters + state, window) }
        }
        for row in startSlope.indices {
            startSlope[row] += sums.slope(parameters + row, window)
            for column in startSlope.indices {
                start[row, column] += sums.product(parameters + row, parameters + column, window)
            }
        }
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

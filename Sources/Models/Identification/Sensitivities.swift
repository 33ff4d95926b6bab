internal import Expressions

/// How what a model predicts changes with its parameters and with the states in which it begins: exact, by the chain
/// rule through every substep.
///
/// The unknowns of a window are the parameters that are free, which all windows share, and its own start.
struct Sensitivities: Sendable {
    let model: ReducedModel
    /// The places of the free parameters among the model's.
    let free: [Int]
    private let step: Tape<Double>
    private let measure: Tape<Double>

    var stateCount: Int { model.count(of: .state) }
    var outputCount: Int { model.measurements.results.count }
    var unknowns: Int { free.count + stateCount }

    init(of model: ReducedModel, free: [Int]) throws(ExpressionErrors) {
        self.model = model
        self.free = free
        let parameters = model.slots.filter { $0.role == .parameter }
        let slots = model.slots.filter { $0.role == .state } + free.map { parameters[$0] }
        step = Tape(try model.step.derivatives(by: slots, withValues: true), parameters: .shared)
        measure = Tape(try model.measurements.derivatives(by: slots, withValues: true), parameters: .shared)
    }

    /// Rolls some windows from `starts` to their ends and hands over, tick by tick, what was predicted and how it
    /// changes: each number for all windows, derivatives by parameters first and by the start behind them.
    func roll(
        _ windows: Windows, from starts: [Double], parameters: [Double],
        _ take: (_ tick: Int, _ predicted: Span<Double>, _ changes: Span<Double>) -> Void
    ) {
        var run = Run(self, windows, starts, parameters)
        for tick in 0..<windows.ticks {
            run.step(windows, tick)
            run.measure()
            take(tick, run.predicted.span, run.changes.span)
        }
    }

    /// The numbers of one roll.
    private struct Run: ~Copyable {
        let plan: Sensitivities
        let lanes: Int
        private var states: [Double]
        private var inputs: [Double]
        /// State by unknown.
        private var slopes: [Double]
        private var nextSlopes: [Double]
        private var stepResults: [Double]
        private var measureResults: [Double]
        private(set) var predicted: [Double]
        /// Output by unknown.
        private(set) var changes: [Double]
        private var stepWorkspace: Workspace<Double>
        private var measureWorkspace: Workspace<Double>

        init(_ plan: Sensitivities, _ windows: Windows, _ starts: [Double], _ parameters: [Double]) {
            let (count, states, outputs) = (windows.count, plan.stateCount, plan.outputCount)
            let columns = plan.unknowns
            func numbers(_ width: Int) -> [Double] { [Double](repeating: 0, count: width * count) }
            self.plan = plan
            lanes = count
            self.states = starts
            inputs = numbers(plan.model.count(of: .input))
            slopes = numbers(states * columns)
            nextSlopes = slopes
            stepResults = numbers(states * (1 + columns))
            measureResults = numbers(outputs * (1 + columns))
            predicted = numbers(outputs)
            changes = numbers(outputs * columns)
            stepWorkspace = Workspace(for: plan.step)
            measureWorkspace = Workspace(for: plan.measure)
            stepWorkspace.share(parameters: parameters.span, of: plan.step)
            measureWorkspace.share(parameters: parameters.span, of: plan.measure)
            for state in 0..<states {
                let row = (state * columns + plan.free.count + state) * count
                for lane in 0..<count { slopes[row + lane] = 1 }
            }
        }

        mutating func step(_ windows: Windows, _ tick: Int) {
            // What was given so many ticks ago arrives now: the list begins with the commands that were under way.
            for place in inputs.indices { inputs[place] = windows.inputs[tick * inputs.count + place] }
            for _ in 0..<plan.model.substeps {
                Self.run(plan.step, lanes, states, inputs, into: &stepResults, &stepWorkspace)
                Self.chain(plan, lanes, plan.stateCount, stepResults, slopes, into: &nextSlopes)
                swap(&slopes, &nextSlopes)
                for place in states.indices { states[place] = stepResults[place] }
            }
        }

        mutating func measure() {
            Self.run(plan.measure, lanes, states, inputs, into: &measureResults, &measureWorkspace)
            Self.chain(plan, lanes, plan.outputCount, measureResults, slopes, into: &changes)
            for place in predicted.indices { predicted[place] = measureResults[place] }
        }

        private static func run(
            _ tape: Tape<Double>, _ lanes: Int, _ states: [Double], _ inputs: [Double], into results: inout [Double],
            _ workspace: inout Workspace<Double>
        ) {
            var room = results.mutableSpan
            tape.run(
                lanes: lanes, spacing: lanes, states: states.span, inputs: inputs.span, parameters: Span(),
                results: &room, with: &workspace)
        }

        /// For every result its change with each unknown: through all states, and with the parameters directly.
        private static func chain(
            _ plan: Sensitivities, _ lanes: Int, _ rows: Int, _ results: [Double], _ slopes: [Double],
            into target: inout [Double]
        ) {
            let (states, columns, parameters) = (plan.stateCount, plan.unknowns, plan.free.count)
            for row in 0..<rows {
                let derivatives = (rows + row * (states + parameters)) * lanes
                for column in 0..<columns {
                    let place = (row * columns + column) * lanes
                    let direct = derivatives + (states + column) * lanes
                    for lane in 0..<lanes { target[place + lane] = column < parameters ? results[direct + lane] : 0 }
                    for state in 0..<states {
                        let (by, slope) = (derivatives + state * lanes, (state * columns + column) * lanes)
                        for lane in 0..<lanes { target[place + lane] += results[by + lane] * slopes[slope + lane] }
                    }
                }
            }
        }
    }
}

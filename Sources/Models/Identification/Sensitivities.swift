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
    /// The same without derivatives, which cost many times as much.
    private let plainStep: Tape<Double>
    private let plainMeasure: Tape<Double>
    private let stepRule: ChainRule
    private let measureRule: ChainRule

    var stateCount: Int { model.count(of: .state) }
    var outputCount: Int { model.measurements.results.count }
    var unknowns: Int { free.count + stateCount }

    /// Whether nothing that is sought changes an output, as when it is a command.
    func isFixed(_ output: Int) -> Bool { measureRule.isFixed(output) }

    init(of model: ReducedModel, free: [Int]) throws(ExpressionErrors) {
        self.model = model
        self.free = free
        let parameters = model.slots.filter { $0.role == .parameter }
        let states = model.slots.filter { $0.role == .state }
        let slots = states + free.map { parameters[$0] }
        let step = try model.step.derivatives(by: slots, withValues: true)
        let measure = try model.measurements.derivatives(by: slots, withValues: true)
        self.step = Tape(step, parameters: .shared)
        self.measure = Tape(measure, parameters: .shared)
        plainStep = Tape(model.step, parameters: .shared)
        plainMeasure = Tape(model.measurements, parameters: .shared)
        stepRule = ChainRule(step, rows: states.count, states: states.count, parameters: free.count)
        measureRule = ChainRule(
            measure, rows: model.measurements.results.count, states: states.count, parameters: free.count)
    }

    /// Rolls some windows from `starts` to their ends and hands over, tick by tick, what was predicted and how it
    /// changes: each number for all windows, derivatives by parameters first and by the start behind them.
    func roll(
        _ windows: Windows, from starts: [Double], parameters: [Double],
        _ take: (_ tick: Int, _ predicted: Span<Double>, _ changes: Changes) -> Void
    ) {
        var run = Run(self, windows, starts, parameters, isPlain: false)
        for tick in 0..<windows.ticks {
            run.step(windows, tick)
            run.measure()
            take(tick, run.predicted.span, Changes(outputs: outputCount, columns: unknowns, fours: run.changes))
        }
    }

    /// Only what is predicted.
    func rollPlainly(
        _ windows: Windows, from starts: [Double], parameters: [Double],
        _ take: (_ tick: Int, _ predicted: Span<Double>) -> Void
    ) {
        var run = Run(self, windows, starts, parameters, isPlain: true)
        for tick in 0..<windows.ticks {
            run.step(windows, tick)
            run.measure()
            take(tick, run.predicted.span)
        }
    }

    /// How what is measured in one tick changes, four windows at a time.
    struct Changes {
        let outputs: Int
        let columns: Int
        /// Four by four windows, then output by output, then unknown by unknown.
        let fours: [SIMD4<Double>]

        /// Where those of four windows and an output begin.
        func place(_ block: Int, _ output: Int) -> Int { (block * outputs + output) * columns }

        subscript(output: Int, column: Int, window window: Int) -> Double {
            fours[place(window / 4, output) + column][window % 4]
        }
    }

    /// The numbers of one roll.
    private struct Run: ~Copyable {
        let plan: Sensitivities
        private let isPlain: Bool
        private let stepTape: Tape<Double>
        private let measureTape: Tape<Double>
        let lanes: Int
        /// So many numbers lie between one column and the next: the lanes, up to a multiple of four.
        private let spacing: Int
        private var states: [Double]
        private var inputs: [Double]
        private var slopes: [SIMD4<Double>]
        private var nextSlopes: [SIMD4<Double>]
        private var stepResults: [Double]
        private var measureResults: [Double]
        private(set) var predicted: [Double]
        private(set) var changes: [SIMD4<Double>]
        private var stepWorkspace: Workspace<Double>
        private var measureWorkspace: Workspace<Double>

        init(
            _ plan: Sensitivities, _ windows: Windows, _ starts: [Double], _ parameters: [Double], isPlain: Bool
        ) {
            let (count, states, outputs) = (windows.count, plan.stateCount, plan.outputCount)
            let (columns, spacing) = (isPlain ? 0 : plan.unknowns, (windows.count + 3) / 4 * 4)
            func numbers(_ width: Int) -> [Double] { [Double](repeating: 0, count: width * spacing) }
            (self.plan, self.isPlain) = (plan, isPlain)
            stepTape = isPlain ? plan.plainStep : plan.step
            measureTape = isPlain ? plan.plainMeasure : plan.measure
            (lanes, self.spacing) = (count, spacing)
            self.states = numbers(states)
            inputs = numbers(plan.model.count(of: .input))
            // Without derivatives there is nothing to keep of them.
            slopes = isPlain ? [] : plan.stepRule.room(states, spacing: spacing)
            nextSlopes = slopes
            stepResults = numbers(states * (1 + columns))
            measureResults = numbers(outputs * (1 + columns))
            predicted = [Double](repeating: 0, count: outputs * count)
            changes = isPlain ? [] : plan.measureRule.room(outputs, spacing: spacing)
            stepWorkspace = Workspace(for: stepTape)
            measureWorkspace = Workspace(for: measureTape)
            stepWorkspace.share(parameters: parameters.span, of: stepTape)
            measureWorkspace.share(parameters: parameters.span, of: measureTape)
            for state in 0..<states {
                for lane in 0..<count { self.states[state * spacing + lane] = starts[state * count + lane] }
                for block in 0..<(isPlain ? 0 : spacing / 4) {
                    slopes[(block * states + state) * columns + plan.free.count + state] = SIMD4(repeating: 1)
                }
            }
        }

        mutating func step(_ windows: Windows, _ tick: Int) {
            // What was given so many ticks ago arrives now: the list begins with the commands that were under way.
            let width = inputs.count / spacing
            for input in 0..<width {
                let first = (tick * width + input) * lanes
                for lane in 0..<lanes { inputs[input * spacing + lane] = windows.inputs[first + lane] }
            }
            for _ in 0..<plan.model.substeps {
                Self.run(stepTape, lanes, spacing, states, inputs, into: &stepResults, &stepWorkspace)
                if !isPlain {
                    Self.chain(plan.stepRule, spacing, stepResults, slopes, into: &nextSlopes)
                    swap(&slopes, &nextSlopes)
                }
                for place in states.indices { states[place] = stepResults[place] }
            }
        }

        mutating func measure() {
            Self.run(measureTape, lanes, spacing, states, inputs, into: &measureResults, &measureWorkspace)
            if !isPlain { Self.chain(plan.measureRule, spacing, measureResults, slopes, into: &changes) }
            for output in 0..<plan.outputCount {
                for lane in 0..<lanes { predicted[output * lanes + lane] = measureResults[output * spacing + lane] }
            }
        }

        private static func run(
            _ tape: Tape<Double>, _ lanes: Int, _ spacing: Int, _ states: [Double], _ inputs: [Double],
            into results: inout [Double], _ workspace: inout Workspace<Double>
        ) {
            var room = results.mutableSpan
            tape.run(
                lanes: lanes, spacing: spacing, states: states.span, inputs: inputs.span, parameters: Span(),
                results: &room, with: &workspace)
        }

        private static func chain(
            _ rule: ChainRule, _ spacing: Int, _ results: [Double], _ slopes: [SIMD4<Double>],
            into target: inout [SIMD4<Double>]
        ) {
            var room = target.mutableSpan
            rule.apply(results.span, spacing: spacing, slopes: slopes.span, into: &room)
        }
    }
}

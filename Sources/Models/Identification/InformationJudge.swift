internal import Expressions
internal import Quantities

/// Rolls many motions at once and says what their measurements would tell.
struct InformationJudge {
    private let design: ExperimentDesign
    private let sensitivities: Sensitivities
    private let compiled: CompiledModel<Double>

    init(_ design: ExperimentDesign) throws(FitError) {
        self.design = design
        compiled = CompiledModel(design.problem.model)
        do throws(ExpressionErrors) {
            sensitivities = try Sensitivities(of: design.problem.model, free: design.problem.unknowns.map(\.place))
        } catch { throw .expressions(error) }
    }

    /// Of those that stay inside the limits; nil when none does.
    func best(of motions: [[[Experiment.Wave]]]) -> Experiment? {
        let windows = windows(of: motions)
        let beliefs = design.problem.unknowns.map(\.belief)
        var rating = Rating(motions.count, design, sensitivities)
        roll(windows, beliefs) { rating.take($0, $1) }
        for parameters in doubts where rating.hasAny { rollPlainly(windows, parameters) { rating.checkLimits($0) } }
        return rating.best(motions)
    }

    private func roll(
        _ windows: Windows, _ unknowns: [Double], _ take: (Span<Double>, Sensitivities.Changes) -> Void
    ) {
        let parameters = design.problem.parameters(unknowns)
        sensitivities.roll(windows, from: windows.starts, parameters: parameters) { _, values, changes in
            take(values, changes)
        }
    }

    /// Only what would be measured: whether limits are kept needs no derivatives, which cost many times as much.
    private func rollPlainly(_ windows: Windows, _ unknowns: [Double], _ take: (Span<Double>) -> Void) {
        let model = design.problem.model
        var lanes = ModelLanes(of: compiled, lanes: windows.count)
        lanes.share(parameters: design.problem.parameters(unknowns).span)
        var states = lanes.mutableStates
        for place in states.indices { states[place] = windows.starts[place] }
        let width = model.count(of: .input) * windows.count
        // Before a motion its first command has been there for ever.
        for tick in 0..<windows.ticks {
            var inputs = lanes.mutableInputs
            for place in 0..<width { inputs[place] = windows.inputs[(tick + model.delay) * width + place] }
            if tick == 0 { lanes.holdInputs() }
            lanes.step()
            lanes.measure()
            take(lanes.measurements)
        }
    }

    /// Each parameter as wrong as it may be, to both sides.
    private var doubts: [[Double]] {
        let unknowns = design.problem.unknowns
        return unknowns.indices.flatMap { place in
            [-design.doubt, design.doubt].map { doubt in
                unknowns.enumerated().map { number, unknown in
                    guard number == place else { return unknown.belief }
                    let value = unknown.belief + doubt * unknown.deviation
                    return min(max(value, unknown.range.lowerBound), unknown.range.upperBound)
                }
            }
        }
    }

    private func windows(of motions: [[[Experiment.Wave]]]) -> Windows {
        let model = design.problem.model
        let period = Double(model.period.value)
        let outputs = [Double](repeating: .nan, count: model.measurements.results.count)
        let stretches = motions.map { motion in
            let inputs = (-model.delay..<design.ticks).map { tick in
                zip(motion, design.inputs).map { waves, input in
                    let time = Double(max(tick, 0)) * period
                    return input.middle + waves.reduce(0) { $0 + $1.value(at: time) }
                }
            }
            return Windows.Stretch(
                states: inputs.map { _ in design.start }, inputs: inputs, outputs: inputs.map { _ in outputs })
        }
        return Windows(cutting: stretches, ticks: design.ticks, delay: model.delay)
    }
}

/// What has been added up of each motion.
private struct Rating {
    private let design: ExperimentDesign
    private let sensitivities: Sensitivities
    private let lanes: Int
    private var information: [SquareMatrix]
    private var isInside: [Bool]
    private let scales: [Double]

    init(_ lanes: Int, _ design: ExperimentDesign, _ sensitivities: Sensitivities) {
        self.design = design
        self.sensitivities = sensitivities
        self.lanes = lanes
        let count = design.problem.unknowns.count
        information = [SquareMatrix](repeating: SquareMatrix(count), count: lanes)
        isInside = [Bool](repeating: true, count: lanes)
        scales = design.problem.unknowns.map(\.deviation)
    }

    /// Whether any motion has kept its limits so far.
    var hasAny: Bool { isInside.contains(true) }

    mutating func take(_ values: Span<Double>, _ changes: Sensitivities.Changes) {
        checkLimits(values)
        let unknowns = scales.count
        var row = [Double](repeating: 0, count: unknowns)
        for output in 0..<sensitivities.outputCount {
            let weight = 1 / design.problem.outputDeviations[output]
            for lane in 0..<lanes where isInside[lane] {
                for column in 0..<unknowns {
                    row[column] = changes[output, column, window: lane] * scales[column] * weight
                }
                information[lane].add(outer: row)
            }
        }
    }

    mutating func checkLimits(_ values: Span<Double>) {
        for limit in design.limits {
            for lane in 0..<lanes where !limit.range.contains(values[limit.output * lanes + lane]) {
                isInside[lane] = false
            }
        }
    }

    func best(_ motions: [[[Experiment.Wave]]]) -> Experiment? {
        var best: Experiment?
        for lane in 0..<lanes where isInside[lane] && information[lane].isFinite {
            let whole = information[lane] + SquareMatrix(diagonal: scales.map { _ in 1 })
            guard let triangle = Cholesky(whole) else { continue }
            let found = Experiment(
                waves: motions[lane], logDeterminant: triangle.logDeterminant,
                remaining: triangle.inverse.diagonal.map { $0.squareRoot() })
            if found.logDeterminant > best?.logDeterminant ?? -.infinity { best = found }
        }
        return best
    }
}

/// The sine, with the same bits on every machine.
func sine(_ angle: Double) -> Double { DoubleLanes(repeating: angle).sine[0] }

func naturalLogarithm(_ number: Double) -> Double { DoubleLanes(repeating: number).logarithm[0] }

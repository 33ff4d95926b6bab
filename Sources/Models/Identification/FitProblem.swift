public import Expressions

/// What is fitted to what, and how much is believed beforehand.
public struct FitProblem: Sendable {
    /// A parameter that the data may move.
    public struct Unknown: Equatable, Sendable {
        /// Its place among the model's parameters.
        public let place: Int
        /// What it can be at all.
        public let range: ClosedRange<Double>
        /// What is believed before any data, and how far the truth may well be from it.
        public let belief: Double
        public let deviation: Double

        public init(place: Int, range: ClosedRange<Double>, belief: Double, deviation: Double) {
            self.place = place
            self.range = range
            self.belief = belief
            self.deviation = deviation
        }
    }

    public let model: ReducedModel
    public let unknowns: [Unknown]
    /// By how much each state of a window's beginning was measured wrong, roughly.
    public let startDeviations: [Double]
    /// By how much each output is measured wrong at least; what the model cannot explain is found on top of it.
    public let outputDeviations: [Double]

    /// From how many of its deviations on a residual counts for less than its square.
    public var doubt = 2.0
    /// How often the residuals' size is found again.
    public var rounds = 4
    public var mostSteps = 60
    /// One recording of so many judges and is not learnt from.
    public var holdingOutEvery = 5

    public init(
        model: ReducedModel, unknowns: [Unknown], startDeviations: [Double], outputDeviations: [Double]
    ) {
        self.model = model
        self.unknowns = unknowns
        self.startDeviations = startDeviations
        self.outputDeviations = outputDeviations
    }

    /// Finds the parameters that predict the windows best, with how well they are known.
    ///
    /// What does not predict the recordings that were held out better than what was believed is not believed.
    public func fit(_ windows: Windows) throws(FitError) -> Fit {
        try check(windows)
        let (learnt, heldOut) = windows.divided(holdingOutEvery: holdingOutEvery)
        guard learnt.count * learnt.ticks > unknowns.count, heldOut.count > 0 else {
            throw .tooLittle(windows: windows.count, recordings: Set(windows.groups).count, atLeast: holdingOutEvery)
        }
        let sensitivities: Sensitivities
        do { sensitivities = try Sensitivities(of: model, free: unknowns.map(\.place)) } catch {
            throw .expressions(error)
        }
        var search = FitSearch(self, sensitivities, learnt)
        try search.run()
        let (believed, found) = (parameters(unknowns.map(\.belief)), parameters(search.values))
        let judge = HeldOutJudge(sensitivities, heldOut)
        return Fit(
            self, search, before: judge.errors(believed), after: judge.errors(found),
            isBetter: judge.prefers(found, to: believed))
    }

    private func check(_ windows: Windows) throws(FitError) {
        guard !unknowns.isEmpty else { throw .nothingFree }
        if let bad = unknowns.first(where: { !($0.deviation > 0) || !$0.range.contains($0.belief) }) {
            throw .badBelief(place: bad.place)
        }
        guard startDeviations.count == model.count(of: .state), startDeviations.allSatisfy({ $0 > 0 }),
            outputDeviations.count == model.measurements.results.count, outputDeviations.allSatisfy({ $0 > 0 })
        else { throw .badDeviations }
        guard windows.count == 0 || windows.starts.count == windows.count * startDeviations.count,
            windows.outputs.count == windows.count * windows.ticks * outputDeviations.count
        else { throw .foreignWindows }
    }

    /// All parameters of the model, with these in the places of the free ones.
    func parameters(_ values: [Double]) -> [Double] {
        var all = model.parameters
        for (unknown, value) in zip(unknowns, values) { all[unknown.place] = value }
        return all
    }
}

/// Why nothing was found.
public enum FitError: Error, Equatable, Sendable {
    case nothingFree
    /// A belief outside of its range, or without a deviation.
    case badBelief(place: Int)
    /// Deviations that are not positive, or not as many as states and outputs.
    case badDeviations
    /// Windows with another number of states or outputs than the model has.
    case foreignWindows
    /// Not enough motion to learn from and to judge with.
    case tooLittle(windows: Int, recordings: Int, atLeast: Int)
    /// The model does not predict finite numbers even with what is believed.
    case diverges
    case expressions(ExpressionErrors)
}

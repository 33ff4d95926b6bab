internal import Expressions

/// Looks for a motion that tells most about a model's parameters, by simulation, among sums of sines for every input.
///
/// What counts is the determinant of the information that the motion's measurements would hold, together with what is
/// believed already: the volume of what stays possible. Motions that leave the limits, also with parameters that are as
/// wrong as they may be, do not count.
public struct ExperimentDesign: Sendable {
    /// A limit on one of the model's measurements, by its place.
    public struct Limit: Equatable, Sendable {
        public let output: Int
        public let range: ClosedRange<Double>

        public init(output: Int, _ range: ClosedRange<Double>) {
            self.output = output
            self.range = range
        }
    }

    public let problem: FitProblem
    public let start: [Double]
    public let ticks: Int
    /// For each input: what stays the same, and how far the waves may go from there.
    public let inputs: [(middle: Double, reach: Double)]
    public let limits: [Limit]
    /// How many waves an input is made of, and the slowest and the quickest of them, in radians a second.
    public var waves = 4
    public var rates: ClosedRange<Double>
    /// How wrong parameters may be, in deviations of the belief: so far on both sides of each a motion keeps its limits.
    public var doubt = 1.0

    public init(
        _ problem: FitProblem, start: [Double], ticks: Int, inputs: [(middle: Double, reach: Double)], limits: [Limit],
        rates: ClosedRange<Double>
    ) {
        self.problem = problem
        self.start = start
        self.ticks = ticks
        self.inputs = inputs
        self.limits = limits
        self.rates = rates
    }

    /// The best motion that was found; nil when none of those that were tried stays inside the limits.
    ///
    /// The same seed finds the same motion on every machine.
    public func best(rounds: Int = 12, candidates: Int = 32, seed: UInt64) throws(FitError) -> Experiment? {
        guard !problem.unknowns.isEmpty else { throw .nothingFree }
        guard start.count == problem.model.count(of: .state), inputs.count == problem.model.count(of: .input),
            problem.outputDeviations.count == problem.model.measurements.results.count
        else { throw .foreignWindows }
        let judge = try InformationJudge(self)
        var chance = DesignChance(seed: seed)
        var best: Experiment?
        var reach = 1.0
        for _ in 0..<rounds {
            let motions = (0..<candidates).map { _ in
                best.map { changed($0.waves, by: reach, &chance) } ?? drawn(&chance)
            }
            let found = judge.best(of: motions)
            if let found, found.logDeterminant > best?.logDeterminant ?? -.infinity {
                best = found
            } else if best != nil {
                reach *= 0.6
            }
        }
        return best
    }

    /// Any motion: rates evenly over octaves, and amplitudes that together stay below the reach.
    private func drawn(_ chance: inout DesignChance) -> [[Experiment.Wave]] {
        let scale = chance.next()
        return inputs.map { input in
            (0..<waves).map { _ in
                let octave = chance.next()
                return Experiment.Wave(
                    amplitude: input.reach / Double(waves) * scale * (0.3 + 0.7 * chance.next()),
                    rate: between(octave), phase: 2 * .pi * chance.next())
            }
        }
    }

    /// From the slowest rate to the quickest, so that the middle is their geometric mean; without a logarithm, by three
    /// square roots.
    private func between(_ share: Double) -> Double {
        var (low, high) = (rates.lowerBound, rates.upperBound)
        var (from, to) = (0.0, 1.0)
        for _ in 0..<12 {
            let (middle, half) = ((low * high).squareRoot(), (from + to) / 2)
            if share < half { (high, to) = (middle, half) } else { (low, from) = (middle, half) }
        }
        return (low * high).squareRoot()
    }

    private func changed(
        _ waves: [[Experiment.Wave]], by reach: Double, _ chance: inout DesignChance
    ) -> [[Experiment.Wave]] {
        zip(waves, inputs).map { waves, input in
            let moved = waves.map { wave in
                Experiment.Wave(
                    amplitude: max(0, wave.amplitude + reach * 0.3 * input.reach * (chance.next() - 0.5)),
                    rate: min(max(wave.rate * (1 + reach * (chance.next() - 0.5)), rates.lowerBound), rates.upperBound),
                    phase: wave.phase + reach * 2 * (chance.next() - 0.5))
            }
            let sum = moved.reduce(0) { $0 + $1.amplitude }
            let share = sum > input.reach ? input.reach / sum : 1
            return moved.map { Experiment.Wave(amplitude: $0.amplitude * share, rate: $0.rate, phase: $0.phase) }
        }
    }
}

/// A motion that tells something about a model's parameters.
public struct Experiment: Sendable {
    /// `amplitude · sin(rate · time + phase)`
    public struct Wave: Equatable, Sendable {
        public let amplitude: Double
        public let rate: Double
        public let phase: Double

        public init(amplitude: Double, rate: Double, phase: Double) {
            self.amplitude = amplitude
            self.rate = rate
            self.phase = phase
        }

        public func value(at time: Double) -> Double {
            amplitude * sine(rate * time + phase)
        }
    }

    /// For each input.
    public let waves: [[Wave]]
    /// Of the information with the belief, in units of the belief: 0 tells nothing.
    public let logDeterminant: Double
    /// For each unknown: how well it would be known afterwards, as a share of its belief's deviation.
    public let remaining: [Double]
}

/// Chance that every machine repeats.
struct DesignChance {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1 }

    /// From 0 to 1.
    mutating func next() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((mixed ^ (mixed >> 31)) >> 11) * 0x1p-53
    }
}

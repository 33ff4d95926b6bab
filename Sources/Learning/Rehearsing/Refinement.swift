internal import Expressions
public import Hashing
public import Models
internal import Policies
internal import Quantities

/// Refines what is believed of a model's parameters by what real episodes showed: Levenberg and Marquardt's fit with
/// exact derivatives, to predictions of half a second from measured states.
///
/// Some episodes are kept back; what does not predict them better than what was believed before is not believed. Where
/// the model's form cannot follow the robot however its parameters are, the fit is certain of the wrong: hence the
/// belief is widened until its models differ by as much as they are wrong.
public struct Refinement: Sendable {
    public var segmentTime = 0.5
    /// So many segments are learnt from, and judged by.
    public var segments = 48
    /// Models that are drawn to see by how much they differ.
    public var draws = 24
    /// Of the fit in each of its rounds: the next rehearsal goes on with more episodes, and what is not better is not
    /// believed. A model with contacts is so rough that a fit would go down it by ever smaller steps.
    public var mostSteps = 15
    /// Nothing is known better than by this share of what was believed before any data: an episode is like the next one
    /// in more than its parameters.
    public var narrowest = 0.05

    public init() {}

    public struct Result: Equatable, Sendable {
        public let belief: Belief
        /// Root mean square of the predictions' errors on the episodes that were kept back, in units of how much the
        /// measurements vary: before and after.
        public let before: Double
        public let after: Double
        public var isBetter: Bool { after < before }
        /// Whether it predicts better than who says, whatever happens, the mean of what was measured.
        public var saysSomething: Bool { after < 1 }
    }

    /// - Parameters:
    ///   - belief: what is believed now, from the same or earlier episodes.
    ///   - prior: what was believed before any; what is learnt from these episodes starts from it, so that none counts twice.
    ///   - key: of everything that is drawn here.
    public func refine(
        _ belief: Belief, from prior: Belief? = nil, of stage: Stage, by traces: [Trace], _ key: NoiseKey
    ) -> Result {
        let ticks = segmentTicks(stage)
        let usable = traces.filter { $0.ticks > ticks + stage.model.delay + 1 }
        guard usable.count > 1, let material = Material(self, stage, usable, ticks, key) else {
            return Result(belief: belief, before: 0, after: 0)
        }
        let fitted = fitted(prior ?? belief, stage, material)
        let errors = material.errors(of: [belief.values, (fitted ?? belief).values])
        let isBetter = fitted != nil && errors[1] < errors[0]
        let best = isBetter ? fitted ?? belief : belief
        return Result(
            belief: widened(best, within: prior ?? belief, material, key), before: errors[0].squareRoot(),
            after: (isBetter ? errors[1] : errors[0]).squareRoot())
    }

    private func segmentTicks(_ stage: Stage) -> Int {
        let wanted = Int((segmentTime / Double(stage.model.period.value)).rounded())
        // Short episodes have short segments.
        return min(max(8, wanted), max(2, stage.task.horizon / 3))
    }

    /// Nil when nothing is free, or nothing could be found.
    private func fitted(_ prior: Belief, _ stage: Stage, _ material: Material) -> Belief? {
        let unknowns = prior.parameters.enumerated().compactMap { place, parameter in
            parameter.deviation > 0
                ? FitProblem.Unknown(
                    place: place, range: parameter.range, belief: parameter.value, deviation: parameter.deviation) : nil
        }
        guard !unknowns.isEmpty else { return nil }
        var problem = FitProblem(
            model: stage.model.with(parameters: prior.parameters.map(\.value)), unknowns: unknowns,
            startDeviations: material.startDeviations,
            outputDeviations: material.outputDeviations)
        problem.holdingOutEvery = material.period
        problem.mostSteps = mostSteps
        guard let fit = try? problem.fit(material.windows) else { return nil }
        var parameters = prior.parameters
        for estimate in fit.estimates {
            let old = prior.parameters[estimate.place]
            let least = narrowest * old.deviation
            parameters[estimate.place] = Belief.Parameter(
                estimate.value, deviation: min(max(estimate.deviation, least), old.deviation), in: old.range)
        }
        return Belief(parameters)
    }

    /// Until its models differ by as much as they are wrong, and never beyond what was believed before any data.
    private func widened(_ belief: Belief, within prior: Belief, _ material: Material, _ key: NoiseKey) -> Belief {
        let drawn = (0..<draws).map { number in
            belief.drawn(
                NoiseKey(run: key.run, iteration: key.iteration, episode: key.episode | 0xE000 + UInt32(number)))
        }
        let (error, spread) = material.errorAndSpread(of: drawn, about: belief.values)
        guard spread > 0, error > spread else { return belief }
        let factor = (error / spread).squareRoot()
        return Belief(
            zip(belief.parameters, prior.parameters).map { parameter, old in
                Belief.Parameter(
                    parameter.value,
                    deviation: min(parameter.deviation * factor, max(old.deviation, parameter.deviation)),
                    in: parameter.range)
            })
    }
}

/// Whole numbers from a key, one after the other.
struct Choice {
    private let stream: NoiseStream
    private var tick: UInt32 = 0

    init(_ key: NoiseKey) { stream = NoiseStream(key, for: .comparison) }

    mutating func next(below bound: Int) -> Int {
        tick += 1
        return Int(stream.bits(tick: tick, block: 0).0 % UInt32(max(bound, 1)))
    }
}

internal import Expressions
internal import Hashing
internal import Models
internal import Policies

extension Course {
    /// One step along the gradient on the robot.
    mutating func climb(_ troupe: inout some Troupe) throws(PolicyError) {
        let estimate = estimate(scored(&troupe))
        baseline.fit(batch)
        let step = adam.step(estimate.gradient)
        let limited = try PolicyChange.limited(incumbent, by: step, to: settings.longestStep, over: batch)
        incumbent = limited.policy
        guard limited.factor > 0 else { return note(.divergedStep) }
        note(.estimated(effectiveEpisodes: estimate.effectiveEpisodes, gain: gain(estimate, step, limited.factor)))
        note(
            .stepped(
                varianceRatio: estimate.varianceRatio, correlation: estimate.correlation,
                coefficient: estimate.coefficients.first ?? 0, factor: limited.factor))
        if settings.handOver == .never, settings.method == .rehearse {
            incumbentWorths = worths
            try rehearse(&troupe)
        }
    }

    /// What the step is expected to add to the worth of a tick.
    private func gain(_ estimate: Estimate, _ step: [Double], _ factor: Double) -> Interval {
        let gain = Purchase.gain(of: estimate, step: Vectors.scaled(step, by: factor))
        let ticks = settings.objective.span(settings.objective.horizon)
        return Interval(gain.value / ticks, low: gain.low / ticks, high: gain.high / ticks)
    }

    private mutating func estimate(_ batch: Batch) -> Estimate {
        switch settings.method {
        case .real: return RealOnly().estimated(batch)
        case .released: return released.estimate(batch)
        case .unbiased, .rehearse:
            var estimator = UnbiasedMFPG(past: coefficient)
            defer { coefficient = estimator.past }
            return estimator.estimate(batch)
        }
    }

    /// The baseline is that of earlier batches; the first batch has none, and pays for it with variance only.
    private func scored(_ troupe: inout some Troupe) -> Batch {
        var scorer = Scorer<FloatLanes>(incumbent)
        func scored(_ performances: [Performance]) -> [Scored] {
            performances.map { scorer.score($0, settings.objective, baseline: baseline.values($0)) }
        }
        guard settings.method != .real else { return Batch(incumbent, real: scored(batch)) }
        let values = belief.values
        let pairs = batch.map { $0.start.again(parameters: values) }
        let free = batch.enumerated().flatMap { place, performance in
            (0..<freePerReal).map { number in
                let episode = Self.free | UInt32(place * freePerReal + number)
                let noise = NoiseKey(run: settings.run, iteration: iteration, episode: episode)
                return performance.start.again(noise: noise, parameters: values)
            }
        }
        let played = troupe.play(incumbent, pairs + free, isQuiet: false)
        return Batch(
            incumbent, real: scored(batch),
            fidelities: [
                Batch.Fidelity(
                    "believed", paired: scored(Array(played.prefix(pairs.count))),
                    free: scored(Array(played.dropFirst(pairs.count))))
            ])
    }

}

extension Estimator {
    fileprivate func estimated(_ batch: Batch) -> Estimate {
        var estimator = self
        return estimator.estimate(batch)
    }
}

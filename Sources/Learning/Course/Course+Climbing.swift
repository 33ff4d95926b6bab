internal import Expressions
internal import Hashing
internal import Models
internal import Policies

extension Course {
    /// One step along the gradient on the robot. Where the model was not believed yet it is asked again, now that there
    /// are more episodes to refine it by.
    mutating func climb(_ troupe: inout some Troupe) throws(PolicyError) {
        guard settings.method == .rehearse else { return try step(&troupe) }
        if isStillGood(&troupe) { try step(&troupe) }
        if settings.handOver == .never || settings.handOver == .automatic && !hasHandedOver {
            incumbentFlights = Flights(batch, settings.objective)
            try rehearse(&troupe)
        } else if let held, asksAgain {
            (incumbent, incumbentFlights) = (held.policy, held.flights.newest(settings.step))
            adam = Self.adam(for: incumbent, settings)
            try rehearse(&troupe)
        }
    }

    /// The model once had no more to give. There is more now to refine it by: half as many real episodes again.
    private var asksAgain: Bool {
        settings.handOver == .automatic && episodes >= nextRehearsal
            && coefficient.correlation.map { $0.low >= settings.likeness } ?? false
    }

    /// What the batch says of the incumbent that flew it.
    mutating func step(_ troupe: inout some Troupe) throws(PolicyError) {
        let played = played(&troupe)
        let (wasFitted, past) = (baseline.isFitted, (coefficient, tickCoefficient, manyModels))
        let estimate = joined(estimate(of: played, in: troupe.stage))
        if hasHandedOver { baseline = Baseline(settings.objective, critic: critic) }
        baseline.fit(batch)
        if !wasFitted, settings.method != .released {
            // Without a baseline whole returns stand in the gradients, of the model's episodes as of the robot's, and make
            // them all alike; what later batches are told of this one is what it says beside its baseline.
            (coefficient, tickCoefficient, manyModels) = past
            _ = self.estimate(of: played, in: troupe.stage)
        }
        remember()
        let step = try move(along: estimate)
        let limited = try PolicyChange.limited(incumbent, by: step, to: settings.longestStep, over: batch)
        incumbent = limited.policy
        guard limited.factor > 0 else { return note(.divergedStep) }
        note(.estimated(effectiveEpisodes: estimate.effectiveEpisodes, gain: gain(estimate, step, limited.factor)))
        note(
            .stepped(
                varianceRatio: estimate.varianceRatio, correlation: estimate.correlation,
                coefficient: estimate.coefficients.first ?? 0, factor: limited.factor))
    }

    /// Where something is held that was checked, a step goes as far as its direction is certain, and no further: there is
    /// more to lose than to find. Whoever begins from nothing cannot wait for that.
    private mutating func move(along estimate: Estimate) throws(PolicyError) -> [Double] {
        let (step, certainty): ([Double], Double)
        switch settings.stepRule {
        case .adam:
            step = adam.step(estimate.gradient, variance: estimate.variance)
            certainty = adam.certainty
        case .natural:
            step = try NaturalStep.step(
                incumbent, up: estimate.gradient, over: batch, nats: settings.longestStep)
            certainty = estimate.certainty
        }
        return held == nil ? step : Vectors.scaled(step, by: boldness * certainty)
    }

    /// What the step is expected to add to the worth of a tick.
    private func gain(_ estimate: Estimate, _ step: [Double], _ factor: Double) -> Interval {
        let gain = Purchase.gain(of: estimate, step: Vectors.scaled(step, by: factor))
        let ticks = settings.objective.span(settings.objective.horizon)
        return Interval(gain.value / ticks, low: gain.low / ticks, high: gain.high / ticks)
    }

    /// By how much what comes changes with each tick's own noise: the model says where a command leads, the critic what is to
    /// come from there.
    private func tickCorrections(in stage: Stage) -> [[Double]] {
        guard traces.count >= batch.count else { return [] }
        let aftermath = Aftermath(stage)
        var scorer = Scorer<FloatLanes>(incumbent)
        return zip(batch, traces.suffix(batch.count)).map { performance, trace in
            let seen = aftermath.seen(
                performance, incumbent, measurements: trace.measurements, commands: trace.commands)
            var slopes = seen.distances.map { _ in [Double](repeating: 0, count: performance.ticks) }
            let count = seen.ticks.count
            let values = critic.values(
                seen.observations, at: (0..<2 * slopes.count * count).map { seen.ticks[$0 % count] + aftermath.lag })
            for output in slopes.indices {
                for (place, tick) in seen.ticks.enumerated() {
                    let change = values[2 * output * count + place] - values[(2 * output + 1) * count + place]
                    slopes[output][tick] =
                        settings.objective.power(tick + aftermath.lag) * change / Double(seen.distances[output])
                }
            }
            return Tickwise.correction(performance, incumbent, slopes: slopes, with: &scorer)
        }
    }

    /// What the batch and its model episodes say beside the baseline, and what is remembered of it.
    private mutating func estimate(of played: [Played], in stage: Stage) -> Estimate {
        var scored = scored(played)
        if settings.isTickwise, settings.method != .real, settings.method != .released {
            scored = Tickwise.corrected(scored, tickCorrections(in: stage), past: &tickCoefficient)
        }
        return estimate(scored)
    }

    private mutating func estimate(_ batch: Batch) -> Estimate {
        switch settings.method {
        case .real: return RealOnly().estimated(batch)
        case .released: return released.estimate(batch)
        case .unbiased where settings.models > 1, .rehearse where settings.models > 1:
            return manyModels.estimate(batch)
        case .unbiased, .rehearse:
            var estimator = UnbiasedMFPG(past: coefficient)
            defer { coefficient = estimator.past }
            return estimator.estimate(batch)
        }
    }

    /// A model's episodes beside those of the batch: with their starts and noise, and with their starts alone.
    private struct Played {
        let name: String
        let paired: [Performance]
        let free: [Performance]
    }

    private func played(_ troupe: inout some Troupe) -> [Played] {
        guard settings.method != .real else { return [] }
        return believable.map { name, values in
            let pairs = batch.map { $0.start.again(parameters: values) }
            let free = batch.enumerated().flatMap { place, performance in
                (0..<freePerReal).map { number in
                    let episode = Self.free | UInt32(place * freePerReal + number)
                    let noise = NoiseKey(run: settings.run, iteration: iteration, episode: episode)
                    return performance.start.again(noise: noise, parameters: values)
                }
            }
            let all = troupe.play(incumbent, pairs + free, isQuiet: false)
            return Played(
                name: name, paired: Array(all.prefix(pairs.count)), free: Array(all.dropFirst(pairs.count)))
        }
    }

    /// The baseline is that of earlier batches; the first batch has none, and pays for it with variance only.
    private func scored(_ played: [Played]) -> Batch {
        var scorer = Scorer<FloatLanes>(incumbent)
        func scored(_ performances: [Performance]) -> [Scored] {
            performances.map { scorer.score($0, settings.objective, baseline: baseline.values($0)) }
        }
        return Batch(
            incumbent, real: scored(batch),
            fidelities: played.map { .init($0.name, paired: scored($0.paired), free: scored($0.free)) })
    }

    /// The model that is believed, and as many others as were asked for: the same of those that are believed possible in
    /// every step, so that what is known of their corrections stays true of them.
    private var believable: [(name: String, parameters: [Float])] {
        [("believed", belief.values)]
            + (0..<others).map { number in
                let key = NoiseKey(run: settings.run, iteration: 0, episode: Self.possible | UInt32(number))
                return ("possible \(number)", belief.drawn(key))
            }
    }

    /// Models beside the one that is believed; what others have published knows of none.
    var others: Int { settings.method == .released ? 0 : max(0, settings.models - 1) }

}

extension Estimator {
    fileprivate func estimated(_ batch: Batch) -> Estimate {
        var estimator = self
        return estimator.estimate(batch)
    }
}

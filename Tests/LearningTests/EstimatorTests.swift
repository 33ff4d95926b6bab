import Expressions
import Foundation
import Learning
import Models
import Policies
import Testing

@Suite struct EstimatorTests {
    static let real = SmallPlant()
    /// Where little is explored, gradients have light tails, and the factor is soon known as well as theory has it. With
    /// the noise of the others a fifth more of the variance stays, because 96 pairs do not tell the factor better.
    static let calm = SmallPlant(logDeviation: -1.5)
    static let nearCalm = SmallPlant(a: 0.6, b: 1.3, logDeviation: -1.5)
    static let oppositeCalm = SmallPlant(a: 0.6, b: 1.3, sign: -1, logDeviation: -1.5)
    static let near = SmallPlant(a: 0.6, b: 1.3)
    /// What is good here is bad there.
    static let opposite = SmallPlant(a: 0.6, b: 1.3, sign: -1)
    static let far = SmallPlant(a: -0.6, b: -0.4)

    private func run<Kind: Estimator>(
        _ estimator: Kind, _ models: [SmallPlant], of plant: SmallPlant = Self.real, batches: Int, count: Int = 8,
        free: Int = 3, seed: UInt64 = 1,
        keepsState: Bool = true, skip: Int = 0, spread: Double = 0.4
    ) throws -> (Average, Kind) {
        var (dice, average, current) = (Dice(seed), Average(), estimator)
        for number in 0..<(batches + skip) {
            if !keepsState { current = estimator }
            let estimate = current.estimate(
                try batch(plant, models, count: count, free: free, spread: spread, &dice))
            if number >= skip { average.add(estimate.gradient) }
        }
        return (average, current)
    }

    @Test("the plant's gradient by hand is the one that the scorer makes")
    func scorer() throws {
        var dice = Dice(4)
        let episode = Self.real.scored(0.7, (0..<SmallPlant.ticks).map { _ in dice.normal() })
        var scorer = Scorer<Double.Vector>(try SmallPlant.policy())
        let made = scorer.gradient(of: episode.performance, weights: episode.advantages)
        for (left, right) in zip(made, episode.gradient) { #expect(abs(left - right) < 2e-6 * (1 + abs(right))) }
    }

    @Test("real episodes alone, with a good, an opposite and a bad model: the mean is the true gradient")
    func unbiased() throws {
        let (truth, batches) = (Self.real.gradient, 200 * campaign)
        #expect(try run(RealOnly(), [], batches: batches).0.distance(from: truth) < 3)
        for model in [Self.near, Self.opposite, Self.far] {
            let (average, _) = try run(UnbiasedMFPG(), [model], batches: batches)
            #expect(average.distance(from: truth) < 3, "\(average.mean) for \(truth)")
        }
        let (average, _) = try run(ManyModels(), [Self.near, Self.far], batches: batches)
        #expect(average.distance(from: truth) < 3, "\(average.mean) for \(truth)")
    }

    /// Episodes of the plant with what a model says of the noise of each tick: x after it moves by `b`, and every later
    /// tick is worth about −x²; the slope is of the second kind by the policy's mean, not by what it drew.
    private func tickwise(_ model: SmallPlant, _ batch: Batch) throws -> [[Double]] {
        var scorer = Scorer<Float.Vector>(batch.policy)
        let (k, c) = (SmallPlant.parameters[0], SmallPlant.parameters[1])
        return batch.real.map { episode in
            let slopes = (0..<SmallPlant.ticks).map { tick -> Double in
                let x = Double(episode.performance.observations[tick])
                let mean = k * x + c
                var (slope, gain) = (-0.2 * mean, model.b)
                var next = model.a * x + model.b * mean
                for _ in (tick + 1)..<max(SmallPlant.ticks, tick + 1) {
                    slope -= 2 * gain * (next + 0.1 * k * (k * next + c))
                    gain *= model.a + model.b * k
                    next = model.a * next + model.b * (k * next + c)
                }
                return slope
            }
            return Tickwise.correction(episode.performance, batch.policy, slopes: [slopes], with: &scorer)
        }
    }

    @Test("what a model says of each tick's noise takes variance away, and adds no bias, good or bad")
    func ticks() throws {
        let batches = 3_000 * campaign
        var (dice, alone) = (Dice(21), Average())
        let truth = Self.real.gradient
        for (model, isGood) in [(Self.real, true), (Self.far, false)] {
            var (average, past) = (Average(), Coefficient())
            alone = Average()
            for _ in 0..<batches {
                let own = try batch(Self.real, [], count: 8, free: 0, &dice)
                let corrected = Tickwise.corrected(own, try tickwise(model, own), past: &past)
                average.add(RealOnly().estimated(corrected).gradient)
                alone.add(RealOnly().estimated(own).gradient)
            }
            #expect(average.distance(from: truth) < 3, "\(average.mean) for \(truth)")
            let ratio = average.variance / alone.variance
            // Of the noise of three ticks, what is of first order is an eighth of the variance here.
            #expect(isGood ? ratio < 0.95 : ratio < 1.1, "\(ratio)")
        }
    }

    @Test("the released rule is off, because its factor comes from what it multiplies")
    func releasedBias() throws {
        // By ticks, so of a third; and as in the first batch, where its averages are those of the batch itself.
        let truth = Self.real.gradient.map { $0 / Double(SmallPlant.ticks) }
        let (average, _) = try run(
            ReleasedMFPG(), [Self.near], batches: 1_500 * campaign, count: 8, free: 3, keepsState: false)
        #expect(average.distance(from: truth) > 4, "\(average.mean) for \(truth) with \(average.errors)")
    }

    /// All of them in the proof; in between in every run.
    private static let freePerReal = campaign > 1 ? [1, 3, 15] : [3]

    @Test("the variance that is left is what theory says, with few and with many free episodes", arguments: freePerReal)
    func variance(free: Int) throws {
        let (alone, _) = try run(
            RealOnly(), [Self.nearCalm], of: Self.calm, batches: 500 * campaign, count: 12, free: free, spread: 0)
        let (helped, state) = try run(
            UnbiasedMFPG(), [Self.nearCalm], of: Self.calm, batches: 500 * campaign, count: 12, free: free, skip: 12,
            spread: 0)
        let squared = try correlation(Self.nearCalm)
        let expected = Allocation.variance(correlation: squared.squareRoot(), freePerReal: free)
        let ratio = helped.variance / alone.variance
        #expect(abs(ratio / expected - 1) < 0.15, "\(ratio) where \(expected) is expected, ρ² \(squared)")
        #expect(state.past.count == Coefficient.memory)
    }

    @Test("an estimate knows its variance, that of the model's mean included", arguments: [1, 10])
    func ownVariance(free: Int) throws {
        var (dice, estimator, average, said) = (Dice(31), UnbiasedMFPG(), Average(), 0.0)
        for number in 0..<320 {  // The first ones know no factor yet.
            let estimate = estimator.estimate(
                try batch(Self.calm, [Self.nearCalm], count: 12, free: free, spread: 0, &dice))
            guard number >= 20 else { continue }
            average.add(estimate.gradient)
            said += estimate.variance / 300
        }
        #expect(abs(said / average.variance - 1) < 0.2, "says \(said), is \(average.variance)")
    }

    /// The square of the correlation of whole gradients, by many pairs.
    private func correlation(_ model: SmallPlant) throws -> Double {
        var dice = Dice(77)
        let pairs = try batch(Self.calm, [model], count: 10_000, free: 0, spread: 0, &dice)
        func centred(_ episodes: [Scored]) -> [[Double]] {
            var average = Average()
            for episode in episodes { average.add(episode.gradient) }
            return episodes.map { episode in (0..<3).map { episode.gradient[$0] - average.mean[$0] } }
        }
        let (x, y) = (centred(pairs.real), centred(pairs.fidelities[0].paired))
        var (xx, xy, yy) = (0.0, 0.0, 0.0)
        for (left, right) in zip(x, y) {
            for place in 0..<3 {
                xx += left[place] * left[place]
                xy += left[place] * right[place]
                yy += right[place] * right[place]
            }
        }
        return xy * xy / (xx * yy)
    }

    @Test("a model whose every reward has the wrong sign helps as much as the right one, by a factor of the other sign")
    func opposite() throws {
        let (right, rightState) = try run(UnbiasedMFPG(), [Self.near], batches: 120, skip: 6)
        let (wrong, wrongState) = try run(UnbiasedMFPG(), [Self.opposite], batches: 120, skip: 6)
        #expect(abs(right.variance / wrong.variance - 1) < 1e-9)
        let (one, other) = (try #require(rightState.past.best), try #require(wrongState.past.best))
        #expect(one.value < 0 && other.value > 0 && abs(one.value + other.value) < 1e-12)
        #expect((rightState.past.correlation?.value ?? 0) > 0.5 && (wrongState.past.correlation?.value ?? 0) < -0.5)
        let (released, _) = try run(ReleasedMFPG(), [Self.opposite], batches: 300)
        let (alone, _) = try run(RealOnly(), [], batches: 300)
        #expect(released.variance * 9 / alone.variance > 0.85, "the released rule gets nothing out of it")
    }

    /// As those of a policy that is far from good are beside those of one that is nearly so.
    private func larger(_ batch: Batch, by scale: Double) -> Batch {
        func larger(_ episodes: [Scored]) -> [Scored] {
            episodes.map {
                Scored(
                    performance: $0.performance, advantages: $0.advantages,
                    gradient: $0.gradient.map { scale * $0 })
            }
        }
        return Batch(
            batch.policy, real: larger(batch.real),
            fidelities: batch.fidelities.map { .init($0.name, paired: larger($0.paired), free: larger($0.free)) })
    }

    @Test("how a model was when gradients were a hundred times as large does not outweigh how it is now")
    func scales() throws {
        var (dice, estimator, ratios) = (Dice(41), UnbiasedMFPG(), [Double]())
        for _ in 0..<6 {
            let bad = try batch(Self.calm, [Self.nearCalm], count: 8, free: 3, &dice)
            #expect(estimator.estimate(larger(bad, by: 100)).coefficients[0] <= 0)
        }
        for _ in 0..<12 {
            let good = try batch(Self.calm, [Self.oppositeCalm], count: 8, free: 3, &dice)
            ratios.append(estimator.estimate(good).varianceRatio)
        }
        #expect((estimator.past.best?.value ?? 0) > 0, "the model's sign is another one now")
        #expect(ratios.suffix(6).allSatisfy { $0 >= 1 } && ratios[11] > 1, "\(ratios)")
    }

    @Test("a model that has nothing to do with the robot is left out, and costs next to nothing")
    func unrelated() throws {
        var (dice, estimator, alone, helped) = (Dice(5), UnbiasedMFPG(), Average(), Average())
        var used = 0
        for _ in 0..<200 {
            let own = try batch(Self.real, [Self.near], count: 8, free: 3, &dice)
            let other = try batch(Self.real, [Self.near], count: 8, free: 3, &dice)
            let mixed = Batch(own.policy, real: own.real, fidelities: other.fidelities)
            let estimate = estimator.estimate(mixed)
            used += estimate.coefficients[0] != 0 ? 1 : 0
            helped.add(estimate.gradient)
            alone.add((0..<3).map { place in own.real.map { $0.gradient[place] }.reduce(0, +) / 8 })
        }
        #expect(helped.variance / alone.variance < 1.05, "\(helped.variance / alone.variance), used \(used) times")
        #expect(used < 40, "of 200: \(used)")
    }

    @Test("two models together leave no more variance than the better one")
    func many() throws {
        let other = SmallPlant(a: 1.1, b: 0.8)
        let (two, _) = try run(ManyModels(), [Self.near, other], batches: 400, free: 8, skip: 8)
        let (one, _) = try run(UnbiasedMFPG(), [Self.near], batches: 400, free: 8, skip: 8)
        #expect(two.variance < one.variance * 1.05, "\(two.variance / one.variance)")
    }

    @Test("a batch of one pair, or without any variance, is the mean of what is there")
    func small() throws {
        var dice = Dice(8)
        let one = try batch(Self.real, [Self.near], count: 1, free: 2, &dice)
        var estimator = UnbiasedMFPG()
        #expect(estimator.estimate(one).gradient == one.real[0].gradient)
        let same = Self.real.scored(1, [0, 0, 0])
        let still = Batch(
            one.policy, real: [same, same],
            fidelities: [.init("same", paired: [same, same], free: [same, same])])
        #expect(estimator.estimate(still).gradient == same.gradient)
        #expect(ModelOnly().estimated(still).gradient == same.gradient)
    }

    @Test("episodes of another policy count for as much as they are like this one's, and the sum is unbiased")
    func reuse() throws {
        let policy = try SmallPlant.policy()
        let change = [0.15, -0.2, 0.1]
        let moved = try policy.moved(by: change)
        let truth = Self.real.gradient(at: zip(SmallPlant.parameters, change).map { $0 + $1 })
        var (dice, average, gradient) = (Dice(11), Average(), Average())
        var scorer = Scorer<Double.Vector>(moved)
        for _ in 0..<(400 * campaign) {
            let old = try batch(Self.real, [], count: 6, free: 0, &dice)
            let weights = Reuse.weights(of: old.real.map(\.performance), from: policy, to: moved)
            let effective = Reuse.effectiveEpisodes(weights)
            #expect(effective > 1 && effective <= 6.000_001)
            average.add([weights.reduce(0, +) / 6, 0, 0])
            // The same episodes, scored as the new policy's: without bias, since they did not decide what it is.
            let scored = old.real.map { episode in
                Scored(
                    performance: episode.performance, advantages: episode.advantages,
                    gradient: scorer.gradient(of: episode.performance, weights: episode.advantages))
            }
            gradient.add(Reuse.estimate(scored, weights: weights).gradient)
        }
        #expect(gradient.distance(from: truth) < 3, "\(gradient.mean) for \(truth)")
        let pair = [Self.real.scored(1, [1, 0, 0]), Self.real.scored(1, [0, 1, 0])]
        let expected = zip(pair[0].gradient, pair[1].gradient).map { (0.5 * $0 + 3 * $1) / 2 }
        #expect(Reuse.estimate(pair, weights: [0.5, 3]).gradient == expected)
        #expect(abs(average.mean[0] - 1) < 3 * average.errors[0], "the weights' mean is one: \(average.mean[0])")
        #expect(Reuse.effectiveEpisodes([1, 0, 0]) == 1 && Reuse.effectiveEpisodes([2, 2, 2]) == 3)
        let none = Reuse.estimate([], weights: [])
        let own = Estimate(gradient: [1], variance: 1, effectiveEpisodes: 4)
        #expect(Reuse.joined(own, none) == own)
        let other = Estimate(gradient: [3], variance: 1, effectiveEpisodes: 4)
        #expect(Reuse.joined(own, other).gradient == [2] && Reuse.joined(own, other).variance == 0.5)
    }
}

extension Estimator {
    func estimated(_ batch: Batch) -> Estimate {
        var copy = self
        return copy.estimate(batch)
    }
}

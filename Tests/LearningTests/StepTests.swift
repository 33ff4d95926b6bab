import Expressions
import Foundation
import Hashing
import Learning
import Models
import Policies
import Testing

@Suite struct StepTests {
    @Test("Adam's first step is the rate in every direction, and its second follows the published sums")
    func adam() {
        var adam = Adam(count: 2, rate: 0.1)
        let first = adam.step([4, -0.5])
        #expect(abs(first[0] - 0.1) < 1e-6 && abs(first[1] + 0.1) < 1e-6)
        let second = adam.step([2, 0])
        // By hand: m = 0.9·0.4 + 0.1·2 = 0.56 over 0.19, v = 0.999·0.016 + 0.001·4 over 0.001999.
        let expected = 0.1 * (0.56 / 0.19) / sqrt((0.999 * 0.016 + 0.004) / 0.001_999)
        #expect(abs(second[0] - expected) < 1e-7, "\(second[0]) for \(expected)")
        #expect(adam.step([.nan, 1]) == [0, 0], "what is no number moves nothing")
    }

    @Test("a step is as certain as its direction: not where gradients are chance, and the more the more of them agree")
    func certainty() {
        var (sure, doubtful, lost) = (Adam(count: 2, rate: 0.1), Adam(count: 2, rate: 0.1), Adam(count: 2, rate: 0.1))
        #expect(sure.certainty == 0)
        var certainties: [Double] = []
        for _ in 0..<30 {
            _ = (sure.step([3, 4]), doubtful.step([3, 4], variance: 20), lost.step([3, 4], variance: 1_000))
            certainties.append(doubtful.certainty)
        }
        // The first one alone: 1 − 20 / 25. By and by a share of 0.1 / 1.9 of the variance stays.
        #expect(sure.certainty == 1 && lost.certainty == 0 && abs(certainties[0] - 0.2) < 1e-12)
        #expect(zip(certainties, certainties.dropFirst()).allSatisfy { $0 < $1 })
        #expect(abs(certainties[29] - (1 - 20.0 / 25 / 19)) < 0.005, "\(certainties[29])")
    }

    @Test("a long gradient is shortened as a whole and keeps its direction")
    func clipping() {
        var (long, short) = (
            Adam(count: 2, rate: 0.1, longestGradient: 1), Adam(count: 2, rate: 0.1, longestGradient: 1)
        )
        _ = (long.step([30, 40]), short.step([0.6, 0.8]))
        #expect(long == short)
    }

    private func performance(_ states: [Float]) -> Performance {
        Performance(
            start: StagePart(measured: [0], commands: [0], noise: NoiseKey(run: 0, iteration: 0, episode: 0)),
            ticks: states.count, observations: states, latents: states.map { _ in 0.3 }, rewards: states,
            ending: .horizon,
            isSuccess: false)
    }

    @Test("the change of a policy is the divergence of two Gaussians, and a limited step keeps below its limit")
    func change() throws {
        let old = try SmallPlant.policy()
        let new = try old.moved(by: [0.1, -0.2, 0.3])
        let states: [Float] = [-1, 0, 2]
        let (was, became) = (exp(-0.7), exp(-0.4))
        let expected =
            states.map { state -> Double in
                let distance = 0.1 * Double(state) - 0.2
                return log(became / was) + (was * was + distance * distance) / (2 * became * became) - 0.5
            }.reduce(0, +) / 3
        let nats = PolicyChange.nats(from: old, to: new, over: [performance(states)])
        #expect(abs(nats - expected) < 1e-5, "\(nats) for \(expected)")
        let limited = try PolicyChange.limited(old, by: [0.1, -0.2, 0.3], to: 0.01, over: [performance(states)])
        #expect(PolicyChange.nats(from: old, to: limited.policy, over: [performance(states)]) <= 0.01)
        #expect(limited.factor < 1 && limited.factor > 0)
    }

    @Test("a natural step solves for what the scores say of each other, and changes the policy by what is allowed")
    func natural() throws {
        let policy = try SmallPlant.policy()
        let flown = performance([-1, 0, 2, 0.5])
        var scorer = Scorer<DoubleLanes>(policy)
        let scores = (0..<4).map { tick in
            scorer.gradient(of: flown, weights: (0..<4).map { $0 == tick ? 1 : 0 })
        }
        func fisher(_ vector: [Double]) -> [Double] {
            scores.reduce([0, 0, 0]) { sum, score in
                let along = zip(score, vector).reduce(0) { $0 + $1.0 * $1.1 }
                return zip(sum, score).map { $0 + along * $1 / 4 }
            }
        }
        let gradient = [0.3, -0.1, 0.2]
        func dot(_ left: [Double], _ right: [Double]) -> Double { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }
        let share = 0.1 * dot(gradient, fisher(gradient)) / dot(gradient, gradient)
        let step = try NaturalStep.step(policy, up: gradient, over: [flown], nats: 1e-3)
        let image = zip(fisher(step), step).map { $0 + share * $1 }
        // The same direction as the gradient, and by as much as the limit says.
        let cosine = dot(image, gradient) / (dot(image, image) * dot(gradient, gradient)).squareRoot()
        #expect(cosine > 0.999_99, "\(cosine)")
        let half = dot(step, image) / 2
        #expect(abs(half - 1e-3) < 1e-5, "\(half)")
        #expect(try NaturalStep.step(policy, up: [0, 0, 0], over: [flown], nats: 1) == [0, 0, 0])
        #expect(try NaturalStep.step(policy, up: [.nan, 0, 0], over: [flown], nats: 1) == [0, 0, 0])
    }

    @Test("lost ticks are worth the failure reward, saved ones nothing, and the tail is discounted")
    func objective() {
        let objective = Objective(discount: 0.5, horizon: 4, failureReward: -8)
        func made(_ ending: Performance.Ending) -> Performance {
            Performance(
                start: performance([0]).start, ticks: 2, observations: [0, 0], latents: [0, 0], rewards: [1, -8],
                ending: ending, isSuccess: false)
        }
        // 1 + 0.5·(−8 + 0.5·(−8 + 0.5·(−8)))
        #expect(objective.toGo(made(.stopped)) == [-6, -14] && objective.value(made(.failure)) == -6)
        #expect(objective.toGo(made(.done)) == [-3, -8])
        #expect(objective.perTick(made(.stopped)) == -23.0 / 4 && objective.perTick(made(.done)) == -7.0 / 4)
    }

    @Test("a score is the derivative of the log-density, for a network with hidden layers as well")
    func score() throws {
        let shape = try PolicyShape(inputs: 2, hidden: [5, 4], outputs: 1, squashes: true, deviationFloor: 0.1)
        let policy = try Policy.orthogonal(shape, seed: 5, outputGain: 0.8)
        let ticks = 6
        let episode = Performance(
            start: performance([0]).start, ticks: ticks, observations: (0..<12).map { sin(Float($0)) },
            latents: (0..<6).map { cos(Float($0)) }, rewards: [Float](repeating: 0, count: ticks), ending: .horizon,
            isSuccess: false)
        let weights = (0..<ticks).map { Double($0) - 2.2 }
        var scorer = Scorer<Double.Vector>(policy)
        let made = scorer.gradient(of: episode, weights: weights)
        for place in policy.parameters.indices {
            func sum(_ step: Double) -> Double {
                var values = policy.parameters.map { Double($0) }
                values[place] += step
                var batch = PolicyBatch<Double.Vector>(shape, parameters: values)
                var logs = [Double](repeating: 0, count: ticks)
                let (states, latents) = (episode.observations.map { Double($0) }, episode.latents.map { Double($0) })
                var span = logs.mutableSpan
                batch.logProbabilities(
                    lanes: ticks, spacing: ticks, states: states.span, latents: latents.span, into: &span)
                return zip(logs, weights).map { $0 * $1 }.reduce(0, +)
            }
            let expected = (sum(1e-5) - sum(-1e-5)) / 2e-5
            #expect(abs(made[place] - expected) < 1e-6 * max(1, abs(expected)), "parameter \(place)")
        }
        var quick = Scorer<Float.Vector>(policy)
        let single = quick.gradient(of: episode, weights: weights)
        let length = made.map { $0 * $0 }.reduce(0, +).squareRoot()
        let error = zip(made, single).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
        #expect(error / length < 1e-5)
    }
}

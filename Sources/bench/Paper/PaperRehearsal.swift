import Expressions
import Hashing
import Learning
import Models
import Policies
import Simulator

extension PaperRun {
    /// Improves the policy inside the model, and lets the robot say whether that did it any good.
    ///
    /// The first policy, what it was half-way and what came of it begin in the same places; whoever is best there goes on.
    /// What they do there is counted.
    mutating func rehearse() throws(PolicyError) {
        let first = pupil.policy
        let objective = Objective(discount: 0.99, horizon: PaperPlant.horizon, failureReward: 0)
        let begun = try Policy.orthogonal(first.shape.forRehearsal(), seed: seed, logDeviation: -0.5)
        var settings = Proximal.Settings(discount: objective.discount)
        (settings.traceTime, settings.criticPasses) = (0.2, 4)
        var proximal = Proximal(
            begun,
            critic: try Critic(
                observations: begun.shape.inputs, horizon: PaperPlant.horizon, scale: 100, hidden: [64, 64],
                seed: seed &+ 2 << 32), settings)
        var (candidates, round) = ([first], UInt32(0))
        for share in [0.5, 1] {
            while Double(model.steps) < share * Double(budget.rehearsal) {
                round += 1
                try proximal.improve(by: episodes(proximal.policy, round), objective, tick: real.world.tick)
            }
            candidates.append(proximal.policy)
        }
        let keys = (0..<UInt32(PaperBudget.tries)).map { NoiseKey(run: seed, iteration: 0, episode: 1 << 26 | $0) }
        let worths = candidates.map { candidate in
            candidate.returns(on: real, keys, steps: PaperBudget.tryTicks).reduce(0, +)
        }
        real.begin(NoiseKey(run: seed, iteration: 0, episode: 1 << 31))
        guard let best = worths.indices.max(by: { worths[$0] < worths[$1] }), best > 0 else { return }
        nats = PaperBudget.longestStep
        pupil.take(candidates[best], rate: PaperBudget.rateAfterRehearsal)
        try expect()
    }

    /// Whole episodes of the model, until there are enough steps for a round.
    private func episodes(_ policy: Policy, _ round: UInt32) -> [Performance] {
        let player = PaperPlayer(policy, on: model)
        var (performances, ticks) = ([Performance](), 0)
        while ticks < PaperBudget.round {
            let key = NoiseKey(run: seed, iteration: round, episode: 1 << 25 | UInt32(performances.count))
            model.begin(key)
            performances.append(
                model.play(player, model.state, PaperPlant.horizon, key, from: 0).performance)
            ticks += performances[performances.count - 1].ticks
        }
        return performances
    }

    /// Learns in the model what is to be expected with the policy as it is now.
    private mutating func expect() throws(PolicyError) {
        let player = PaperPlayer(pupil.policy, on: model)
        model.begin(NoiseKey(run: seed, iteration: 0, episode: 1 << 24))
        let segments = model.collect(
            player, PaperBudget.round, NoiseKey(run: seed, iteration: 0, episode: 1 << 23), longest: 250)
        for _ in 0..<200 {
            let returns = segments.map { $0.toGo(PaperPupil.discount, tail: pupil.tail($0)) }
            try pupil.step(nil, segments, returns)
        }
    }
}

extension PolicyShape {
    /// Deviations that cannot vanish.
    fileprivate func forRehearsal() throws(PolicyError) -> PolicyShape {
        try PolicyShape(inputs: inputs, hidden: hidden, outputs: outputs, deviationFloor: 0.05)
    }
}

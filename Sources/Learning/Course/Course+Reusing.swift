internal import Expressions
internal import Models
internal import Policies

extension Course {
    /// Real episodes of an earlier step, and the policy that flew them.
    struct Earlier: Equatable, Sendable {
        let policy: Policy
        let performances: [Performance]
    }

    /// The estimate with what earlier episodes say of the policy that flew the batch, as far as it would have flown them.
    func joined(_ estimate: Estimate) -> Estimate {
        guard settings.method != .released else { return estimate }
        var joined = estimate
        var scorer = Scorer<FloatLanes>(incumbent)
        for earlier in earlier {
            let weights = Reuse.weights(of: earlier.performances, from: earlier.policy, to: incumbent)
            var scored: [Scored] = []
            for performance in earlier.performances {
                scored.append(scorer.score(performance, settings.objective, baseline: baseline.values(performance)))
            }
            joined = Reuse.joined(joined, Reuse.estimate(scored, weights: weights))
        }
        return joined
    }

    /// Keeps the batch for the steps after the one that it is for.
    mutating func remember() {
        guard settings.reuse > 0 else { return }
        earlier = Array((earlier + [Earlier(policy: incumbent, performances: batch)]).suffix(settings.reuse))
    }
}

import Expressions
import Hashing
import Learning
import Models
import Policies

// What the released code does to aligned segments.

extension [Scored] {
    /// The first so many steps of each; what came later still counts in what is to come.
    func cut(to lengths: [Int], with scorer: inout Scorer<FloatLanes>) -> [Scored] {
        zip(self, lengths).map { scored, length in
            guard length < scored.performance.ticks else { return scored }
            let advantages = scored.advantages.enumerated().map { $0.offset < length ? $0.element : 0 }
            return Scored(
                performance: scored.performance, advantages: advantages,
                gradient: scorer.gradient(of: scored.performance, weights: advantages))
        }
    }

    /// Advantage times log-density, step by step: the advantages come from a shuffled buffer and the densities do not, so
    /// that the two of a product belong to different steps, in both fidelities to the same.
    func products(_ lengths: [Int], _ key: NoiseKey, with scorer: inout Scorer<FloatLanes>) -> [Double] {
        let advantages = zip(self, lengths).flatMap { $0.advantages.prefix($1) }
        var logs: [Double] = []
        for (scored, length) in zip(self, lengths) {
            logs += scorer.logProbabilities(of: scored.performance).prefix(length)
        }
        var places = Array<Int>(advantages.indices)
        let stream = NoiseStream(key, for: .comparison)
        for last in stride(from: places.count - 1, to: 0, by: -1) {
            let bits = stream.bits(tick: UInt32(last), block: 0)
            places.swapAt(last, Int(UInt64(bits.0) * UInt64(last + 1) >> 32))
        }
        return zip(places, logs).map { advantages[$0] * $1 }
    }
}

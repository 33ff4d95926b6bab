public import Models
public import Policies

/// Whoever plays many parts at once: one thread, or several that share them.
public protocol Troupe {
    var stage: Stage { get }
    /// Plays all parts, in any order; the performances come in the order of the parts.
    mutating func play(_ policy: Policy, _ parts: [StagePart], isQuiet: Bool) -> [Performance]
}

/// One thread, with the memory of one rehearsal.
public struct Soloist: Troupe {
    public let stage: Stage
    public let lanes: Int

    public init(_ stage: Stage, lanes: Int = 64) {
        self.stage = stage
        self.lanes = lanes
    }

    public mutating func play(_ policy: Policy, _ parts: [StagePart], isQuiet: Bool) -> [Performance] {
        var rehearsal = Rehearsal(stage, lanes: max(1, min(lanes, parts.count)))
        var performances: [Performance] = []
        for first in stride(from: 0, to: parts.count, by: rehearsal.lanes) {
            let end = min(first + rehearsal.lanes, parts.count)
            rehearsal.play(policy, Array(parts[first..<end]), isQuiet: isQuiet)
            performances += (0..<(end - first)).map { rehearsal.performance($0) }
        }
        return performances
    }
}

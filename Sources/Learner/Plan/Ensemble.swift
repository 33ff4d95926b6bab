public import Learning
public import Models
public import Policies
internal import Threads

/// Several threads that share the parts of a rehearsal. Each lane is its own episode, so the bits are those of one
/// thread, however many there are.
public struct Ensemble: Troupe {
    public let stage: Stage
    public let threads: Int
    /// How many episodes were played so far.
    public private(set) var episodes = 0
    /// Is called before each rehearsal: learning takes a while, and somebody may want it to end.
    private let pause: () -> Void

    public init(_ stage: Stage, threads: Int, pause: @escaping () -> Void = {}) {
        self.stage = stage
        self.threads = max(1, threads)
        self.pause = pause
    }

    public mutating func play(_ policy: Policy, _ parts: [StagePart], isQuiet: Bool) -> [Performance] {
        pause()
        let all = Self.together(parts, threads) { [stage] part in
            var soloist = Soloist(stage)
            return soloist.play(policy, part, isQuiet: isQuiet)
        }
        episodes += all.count
        return all
    }

    /// All parts, a share for each thread that is worth one; the results in the order of the parts.
    static func together<Part: Sendable, Result: Sendable>(
        _ parts: [Part], _ threads: Int, _ work: @escaping @Sendable ([Part]) -> [Result]
    ) -> [Result] {
        let share = max(16, (parts.count + threads - 1) / threads)
        let shares = stride(from: 0, to: parts.count, by: share).map { Array(parts[$0..<min($0 + share, parts.count)]) }
        return together(shares, work)
    }

    /// One share here, the others on a thread each; where the system has none left, here as well.
    private static func together<Part: Sendable, Result: Sendable>(
        _ shares: [[Part]], _ work: @escaping @Sendable ([Part]) -> [Result]
    ) -> [Result] {
        guard let first = shares.first else { return [] }
        guard shares.count > 1 else { return work(first) }
        let rest = Array(shares.dropFirst())
        let thread = HostThread<[Result]> { together(rest, work) }
        let own = work(first)
        guard let thread = consume thread else { return own + together(rest, work) }
        return own + thread.join()
    }
}

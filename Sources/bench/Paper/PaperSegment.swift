import Hashing
import Models
import Policies

/// Some steps of one episode that follow each other.
struct PaperSegment {
    let begin: PaperPlant.State
    /// The tick of the noise of its first step.
    let noise: Int
    let performance: Performance
    let ending: PaperPlant.Ending
    /// What is seen behind its last step.
    let after: [Float]

    var ticks: Int { performance.ticks }

    /// What comes from each step on: `tail` is what is still to come behind the last one.
    func toGo(_ discount: Double, tail: Double) -> [Double] {
        var (sums, sum) = ([Double](repeating: 0, count: ticks), tail)
        for tick in stride(from: ticks - 1, through: 0, by: -1) {
            sum = Double(performance.rewards[tick]) + discount * sum
            sums[tick] = sum
        }
        return sums
    }
}

/// Rows of one segment while it is under way.
struct PaperRows {
    private var seen: [[Float]] = []
    private var drawn: [[Float]] = []
    private var rewards: [Float] = []
    private let begin: PaperPlant.State
    private let noise: Int

    init(_ plant: PaperPlant, noise: Int, asSeen: Bool = false) {
        begin = asSeen ? plant.stateAsSeen : plant.state
        self.noise = noise
    }

    var ticks: Int { rewards.count }

    /// One step with what the policy draws.
    mutating func step(
        _ plant: PaperPlant, _ player: borrowing PaperPlayer, _ key: NoiseKey, _ tick: Int
    ) -> PaperPlant.Ending {
        seen.append(Array(player.sight(of: plant)))
        let action = player.draw(plant, key, tick)
        let (reward, ending) = plant.step(action)
        drawn.append(action)
        rewards.append(reward)
        return ending
    }

    func segment(_ plant: PaperPlant, _ player: borrowing PaperPlayer, _ ending: PaperPlant.Ending) -> PaperSegment {
        PaperSegment(
            begin: begin, noise: noise,
            performance: Performance(
                start: StagePart(measured: [], commands: [], noise: NoiseKey(run: 0, iteration: 0, episode: 0)),
                ticks: ticks, observations: Self.columns(seen), latents: Self.columns(drawn), rewards: rewards,
                ending: ending == .fallen ? .done : .horizon, isSuccess: false),
            ending: ending, after: Array(player.sight(of: plant)))
    }

    private static func columns(_ rows: [[Float]]) -> [Float] {
        guard let width = rows.first?.count else { return [] }
        return (0..<width).flatMap { column in rows.map { $0[column] } }
    }
}

extension PaperPlant {
    /// So many steps from where it is, on from episode to episode; a segment ends with its episode, after `longest` steps,
    /// or with the buffer.
    func collect(
        _ player: borrowing PaperPlayer, _ count: Int, _ key: NoiseKey, longest: Int = .max, asSeen: Bool = false
    ) -> [PaperSegment] {
        var segments: [PaperSegment] = []
        var rows = PaperRows(self, noise: 0, asSeen: asSeen)
        for tick in 0..<count {
            let ending = rows.step(self, player, key, tick)
            guard ending != .none || rows.ticks >= longest || tick == count - 1 else { continue }
            segments.append(rows.segment(self, player, ending))
            if ending != .none {
                begin(NoiseKey(run: key.run, iteration: key.iteration, episode: key.episode &+ UInt32(tick + 1) << 12))
            }
            rows = PaperRows(self, noise: tick + 1, asSeen: asSeen)
        }
        return segments
    }

    /// From a state, so many steps at most, with noise from a tick on.
    func play(_ player: borrowing PaperPlayer, _ state: State, _ count: Int, _ key: NoiseKey, from tick: Int)
        -> PaperSegment
    {
        begin(state)
        var rows = PaperRows(self, noise: tick)
        var ending = Ending.none
        while rows.ticks < count, ending == .none { ending = rows.step(self, player, key, tick + rows.ticks) }
        return rows.segment(self, player, ending)
    }

    /// As the released code follows a buffer of the real robot: the same noise, and behind an end of its own the next
    /// start of an episode in that buffer with the noise from there, or its first state where there is none; noise of
    /// its own behind the end of a segment.
    func follow(_ player: borrowing PaperPlayer, _ real: [PaperSegment], _ count: Int, _ key: NoiseKey)
        -> [PaperSegment]
    {
        let fresh = NoiseKey(run: key.run, iteration: key.iteration, episode: key.episode | 1 << 30)
        let starts = real.count > 1 ? Array(real.dropFirst()) : real
        var (segments, next, source) = ([PaperSegment](), 0, real[0])
        begin(source.begin)
        var rows = PaperRows(self, noise: source.noise)
        for tick in 0..<count {
            let own = rows.ticks < source.ticks
            let ending = rows.step(self, player, own ? key : fresh, own ? source.noise + rows.ticks : tick)
            guard ending != .none || tick == count - 1 else { continue }
            segments.append(rows.segment(self, player, ending))
            source = starts[next % starts.count]
            next += 1
            begin(source.begin)
            rows = PaperRows(self, noise: source.noise)
        }
        return segments
    }
}

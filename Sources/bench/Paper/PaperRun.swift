import Expressions
import Glibc
import Hashing
import Learning
import Models
import Policies
import Simulator

/// What was reached after how much of everything.
struct PaperMark: Equatable, Sendable {
    /// Steps of the real robot: those that were learnt from or that chose something, and those that only judged.
    var learning = 0
    var judging = 0
    /// Steps of the model.
    var model = 0
    /// The mean undiscounted return of the mean actions over so many whole episodes.
    var worth = 0.0
    /// What the model's correction was multiplied by, on the average so far.
    var factor = 0.0
    /// The variance of the gradient from the same real steps alone by that of the estimate: the geometric mean over all
    /// steps so far, as far as each batch shows it. 1 where nothing says it.
    var gain = 1.0

    var real: Int { learning + judging }
}

/// One seed of one method on one task.
struct PaperRun {
    private(set) var marks: [PaperMark] = []
    let method: PaperMethod
    let seed: UInt64
    let budget: PaperBudget
    let real: PaperPlant
    let judge: PaperPlant
    let model: PaperPlant
    /// Robots of the model that are never put where the real one is.
    private let free: [PaperPlant]
    var pupil: PaperPupil
    private var released = ReleasedMFPG()
    private var unbiased = UnbiasedMFPG()
    /// For steps that go no further; nil where the optimiser decides.
    var nats: Double?
    private var factors = (sum: 0.0, gains: 0.0, count: 0)
    private var update: UInt32 = 0

    init(_ task: PaperTask, _ method: PaperMethod, seed: UInt64, _ budget: PaperBudget, _ mjcf: String) {
        (self.method, self.seed, self.budget) = (method, seed, budget)
        (real, judge, model) = (task.real(mjcf), task.real(mjcf), task.modelled(mjcf))
        free = (0..<(method == .low ? 10 : method == .released ? 9 : 0)).map { _ in task.modelled(mjcf) }
        let published = method != .unbiased && method != .ours
        do throws(PolicyError) {
            pupil = try PaperPupil(
                inputs: 2 * task.robot.positions - (published ? 0 : 1), outputs: task.robot.actions, seed: seed,
                rate: method == .more ? 9e-4 : 7e-4)
            for (place, plant) in ([real] + free).enumerated() {
                plant.begin(NoiseKey(run: seed, iteration: 0, episode: 1 << 31 | UInt32(place)))
            }
            try run()
        } catch { preconditionFailure("\(task.name), \(method), seed \(seed): \(error)") }
    }

    /// So much of the robot is spent; who learns from the model alone is stepped as often as if it had bought data.
    private var spent: Int { judge.steps + (method == .low ? Int(update) * PaperBudget.batch : real.steps) }
    private var modelSteps: Int { model.steps + free.reduce(0) { $0 + $1.steps } }

    private mutating func run() throws(PolicyError) {
        let whole = budget.real * (method == .more ? 15 : 1)
        if method == .ours { try rehearse() }
        var best = pupil.policy
        while spent < whole {
            if spent >= whole * (marks.count + 1) / budget.marks {
                mark(episodes: budget.episodes)
                // What is seen is used: who was better before is gone on with.
                if let worth = marks.last?.worth, nats != nil {
                    if marks.allSatisfy({ $0.worth <= worth }) { best = pupil.policy } else { pupil.take(best) }
                }
            }
            update += 1
            try advance()
        }
        mark(episodes: budget.lastEpisodes)
    }

    private mutating func mark(episodes: Int) {
        let first = UInt32(marks.count) << 16 | 1 << 29
        let keys = (0..<UInt32(episodes)).map { NoiseKey(run: seed, iteration: 0, episode: first | $0) }
        let returns = pupil.policy.returns(on: judge, keys)
        // As released: the robot that learns is the one that is judged, and afterwards it is somewhere else than it was
        // last seen.
        if [.high, .more, .released].contains(method) {
            real.begin(NoiseKey(run: seed, iteration: update, episode: 1 << 27), isSeen: false)
        }
        marks.append(
            PaperMark(
                learning: real.steps, judging: judge.steps, model: modelSteps,
                worth: returns.reduce(0, +) / Double(episodes), factor: factors.sum / Double(max(factors.count, 1)),
                gain: exp(factors.gains / Double(max(factors.count, 1)))))
    }

    private mutating func advance() throws(PolicyError) {
        let key = NoiseKey(run: seed, iteration: update, episode: 0)
        switch method {
        case .high: try alone([real], PaperBudget.batch, key)
        case .more: try alone([real], PaperBudget.largeBatch, key)
        case .low: try alone(free, budget.free, key)
        case .released: try asReleased(key)
        case .unbiased: try corrected(key, free: max(1, budget.ratio - 1))
        case .ours: try corrected(key, free: budget.freeAfterRehearsal)
        }
    }

    /// From the data of these robots alone.
    private mutating func alone(_ plants: [PaperPlant], _ count: Int, _ key: NoiseKey) throws(PolicyError) {
        let segments = plants.enumerated().flatMap { place, plant in
            let player = PaperPlayer(pupil.policy, on: plant)
            return plant.collect(
                player, count, NoiseKey(run: key.run, iteration: key.iteration, episode: UInt32(place)))
        }
        var scorer = Scorer<FloatLanes>(pupil.policy)
        let returns = segments.map { $0.toGo(PaperPupil.discount, tail: 0) }
        let ticks = segments.reduce(0) { $0 + $1.ticks }
        var gradient = [Double](repeating: 0, count: pupil.policy.shape.parameterCount)
        for (segment, sums) in zip(segments, returns) {
            let scored = pupil.scored(segment, sums, with: &scorer)
            gradient.add(scored.gradient, times: 1 / Double(ticks))
        }
        try pupil.step(gradient, segments, returns)
    }

    /// The released step, with everything about it that is not as its paper says.
    private mutating func asReleased(_ key: NoiseKey) throws(PolicyError) {
        let player = PaperPlayer(pupil.policy, on: real)
        let high = real.collect(player, PaperBudget.batch, key, asSeen: true)
        let low = model.follow(player, high, PaperBudget.batch, key)
        var scorer = Scorer<FloatLanes>(pupil.policy)
        let others = free.enumerated().flatMap { place, plant in
            plant.collect(
                player, budget.free, NoiseKey(run: key.run, iteration: key.iteration, episode: UInt32(place + 1)))
        }
        // Both are cut to the shorter, and what is then left over is thrown away, the robot's steps as well.
        let lengths = zip(high, low).map { min($0.ticks, $1.ticks) }
        let count = lengths.reduce(0, +)
        guard count > 20 else { return }
        func scored(_ segments: [PaperSegment], _ scorer: inout Scorer<FloatLanes>) -> [Scored] {
            segments.map { pupil.scored($0, $0.toGo(PaperPupil.discount, tail: 0), with: &scorer) }
        }
        let highs = scored(Array(high.prefix(lengths.count)), &scorer).cut(to: lengths, with: &scorer)
        let lows = scored(Array(low.prefix(lengths.count)), &scorer).cut(to: lengths, with: &scorer)
        let rest = scored(others, &scorer)
        let factor = released.coefficient(
            highs.products(lengths, key, with: &scorer), lows.products(lengths, key, with: &scorer))
        note(factor)
        var gradient = [Double](repeating: 0, count: pupil.policy.shape.parameterCount)
        let pooled = count + others.reduce(0) { $0 + $1.ticks }
        for (a, b) in zip(highs, lows) {
            gradient.add(a.gradient, times: 1 / Double(count))
            gradient.add(b.gradient, times: factor / Double(count) - factor / Double(pooled))
        }
        for other in rest { gradient.add(other.gradient, times: -factor / Double(pooled)) }
        let kept = Array(high.prefix(lengths.count))
        try pupil.step(gradient, kept, kept.map { $0.toGo(PaperPupil.discount, tail: 0) }, lengths: lengths)
    }

    /// Short segments from where the robot was, and from there as many in the model: with its noise, and with fresh noise.
    private mutating func corrected(_ key: NoiseKey, free: Int) throws(PolicyError) {
        let player = PaperPlayer(pupil.policy, on: real)
        let segments = real.collect(player, PaperBudget.batch, key, longest: PaperBudget.segment)
        var scorer = Scorer<FloatLanes>(pupil.policy)
        var (paired, others, returns): ([Scored], [Scored], [[Double]]) = ([], [], [])
        let highs = segments.map { segment in
            returns.append(segment.toGo(PaperPupil.discount, tail: pupil.tail(segment)))
            return pupil.scored(segment, returns[returns.count - 1], with: &scorer)
        }
        for (place, segment) in segments.enumerated() {
            // How long it may be was known when it began.
            let longest = min(PaperBudget.segment, PaperBudget.batch - segment.noise)
            for number in 0...free {
                let own = NoiseKey(
                    run: key.run, iteration: key.iteration, episode: 1 << 28 | UInt32(place * free + number))
                let played = model.play(
                    player, segment.begin, longest, number == 0 ? key : own, from: segment.noise)
                let scored = pupil.scored(
                    played, played.toGo(PaperPupil.discount, tail: pupil.tail(played)), with: &scorer)
                if number == 0 { paired.append(scored) } else { others.append(scored) }
            }
        }
        let estimate = unbiased.estimate(
            Batch(
                pupil.policy, real: highs, fidelities: [Batch.Fidelity("published", paired: paired, free: others)]))
        note(estimate.coefficients.first ?? 0, gain: estimate.varianceRatio)
        let perTick = Double(segments.count) / Double(segments.reduce(0) { $0 + $1.ticks })
        try pupil.step(estimate.gradient.map { $0 * perTick }, segments, returns, nats: nats)
    }

    private mutating func note(_ factor: Double, gain: Double = 1) {
        let logarithm = gain > 0 && gain.isFinite ? log(gain) : 0
        factors = (factors.sum + factor, factors.gains + logarithm, factors.count + 1)
    }
}

extension [Double] {
    mutating func add(_ other: [Double], times factor: Double) {
        for place in indices { self[place] += factor * other[place] }
    }
}

internal import Expressions
public import Hashing
public import Models
internal import Policies

/// Refines what is believed of a model by what real episodes showed: the cross-entropy method on predictions of a few
/// ticks, each from a measured state, held against what was measured at their end.
///
/// Needs no derivatives and no good guess, and a few hundred models roll forward together. Some segments are kept back;
/// what does not predict them better than what was believed before is not believed.
public struct Refinement: Sendable {
    public var segmentTicks = 40
    public var segments = 48
    public var models = 96
    public var elite = 12
    public var rounds = 12

    public init() {}

    public struct Result: Equatable, Sendable {
        public let belief: Belief
        /// Root mean square of the predictions' errors on the segments that were kept back, in units of how much the
        /// measurements vary: before and after.
        public let before: Double
        public let after: Double
        public var isBetter: Bool { after < before }
    }

    /// - Parameter key: of everything that is drawn here.
    public func refine(_ belief: Belief, of stage: Stage, by traces: [Trace], _ key: NoiseKey) -> Result {
        var fitting = self
        // Short episodes have short segments.
        fitting.segmentTicks = min(segmentTicks, max(2, stage.task.horizon / 3))
        return fitting.fitted(belief, stage, traces, key)
    }

    private func fitted(_ belief: Belief, _ stage: Stage, _ traces: [Trace], _ key: NoiseKey) -> Result {
        let all = chosen(traces, key, delay: stage.model.delay)
        guard all.count >= 8, belief.parameters.contains(where: { $0.deviation > 0 }) else {
            return Result(belief: belief, before: 0, after: 0)
        }
        let kept = all.count / 4
        let (test, train) = (Array(all[..<kept]), Array(all[kept...]))
        let scale = Self.scale(traces)
        var search = belief
        for round in 0..<rounds {
            let candidates =
                [search.values]
                + (1..<models).map { number in
                    search.drawn(
                        NoiseKey(run: key.run, iteration: key.iteration, episode: UInt32(round * models + number)),
                        width: round == 0 ? 1.5 : 1)
                }
            let errors = errors(of: candidates, stage, train, traces, scale)
            let best = errors.indices.sorted { (errors[$0], $0) < (errors[$1], $1) }.prefix(elite)
            search = narrowed(search, to: best.map { candidates[$0] })
        }
        let judged = errors(of: [belief.values, search.values], stage, test, traces, scale)
        let result = judged[1] < judged[0] ? search : belief
        return Result(belief: result, before: judged[0].squareRoot(), after: judged[1].squareRoot())
    }

    struct Segment: Equatable, Sendable { let trace: Int, first: Int }

    /// Anywhere in the traces, after as many ticks as a command is under way.
    private func chosen(_ traces: [Trace], _ key: NoiseKey, delay: Int) -> [Segment] {
        var choice = Choice(key)
        let usable = traces.indices.filter { traces[$0].ticks > segmentTicks + delay + 1 }
        guard !usable.isEmpty else { return [] }
        return (0..<segments).map { number in
            let trace = usable[number % usable.count]
            let room = traces[trace].ticks - segmentTicks - delay - 1
            return Segment(trace: trace, first: delay + choice.next(below: room))
        }
    }

    private func narrowed(_ belief: Belief, to best: [[Float]]) -> Belief {
        Belief(
            belief.parameters.enumerated().map { place, parameter in
                let values = best.map { Double($0[place]) }
                let mean = values.reduce(0, +) / Double(values.count)
                let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
                // Half of the old one stays, so that the search does not settle before it has looked around.
                let spread = (squares / Double(values.count)).squareRoot()
                let deviation = parameter.deviation == 0 ? 0 : 0.5 * parameter.deviation + 0.5 * spread
                return Belief.Parameter(mean, deviation: deviation, in: parameter.range)
            })
    }

    /// How much each measured number varies; zero for what never changes.
    private static func scale(_ traces: [Trace]) -> [Double] {
        guard let first = traces.first else { return [] }
        return (0..<first.measured).map { number in
            var (sum, squares, count) = (0.0, 0.0, 0.0)
            for trace in traces {
                for tick in 0..<trace.ticks {
                    let value = Double(trace.measurements[tick * trace.measured + number])
                    (sum, squares, count) = (sum + value, squares + value * value, count + 1)
                }
            }
            return max(0, squares / max(count, 1) - (sum / max(count, 1)) * (sum / max(count, 1))).squareRoot()
        }
    }

    /// The mean square error of each candidate over all segments.
    private func errors(
        of candidates: [[Float]], _ stage: Stage, _ segments: [Segment], _ traces: [Trace], _ scale: [Double]
    ) -> [Double] {
        var sums = [Double](repeating: 0, count: candidates.count)
        var prediction = Prediction(stage, lanes: candidates.count)
        for segment in segments {
            let trace = traces[segment.trace]
            prediction.roll(
                measurements: trace.measurements, commands: trace.commands, from: segment.first, ticks: segmentTicks,
                parameters: candidates)
            let end = segment.first + segmentTicks
            for lane in candidates.indices {
                var (error, count) = (0.0, 0.0)
                for number in 0..<2 * stage.joints where scale[number] > 1e-9 {
                    guard let predicted = prediction.measured(number, lane: lane) else { continue }
                    let rest = (Double(predicted) - Double(trace.measurements[end * trace.measured + number]))
                    // Nothing that a wild model says weighs more than being altogether wrong.
                    error += rest.isFinite ? min(rest * rest / (scale[number] * scale[number]), 4) : 4
                    count += 1
                }
                sums[lane] += error / max(count, 1)
            }
        }
        return sums.map { $0 / Double(max(segments.count, 1)) }
    }
}

/// Whole numbers from a key, one after the other.
struct Choice {
    private let stream: NoiseStream
    private var tick: UInt32 = 0

    init(_ key: NoiseKey) { stream = NoiseStream(key, for: .comparison) }

    mutating func next(below bound: Int) -> Int {
        tick += 1
        return Int(stream.bits(tick: tick, block: 0).0 % UInt32(max(bound, 1)))
    }
}

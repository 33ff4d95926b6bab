import Expressions
import Glibc
import Policies

/// Work on samples that are there: 102,400 of them, 11 numbers seen and 3 drawn, or 512 trajectories of 200.
struct PeerSamples: ~Copyable {
    static let (trajectories, ticks) = (512, 200)
    static let count = trajectories * ticks
    private let policy: Policy
    private var batch: PolicyBatch<FloatLanes>
    private let states: [Float]
    private let latents: [Float]
    private let weights: [Float]
    private var results: Results

    private struct Results {
        var means: [Float]
        var gradient: [Float]
    }

    init(in registers: Registers = .widest) throws(PolicyError) {
        let policy = try Policy.orthogonal(PolicyShape(inputs: 11, outputs: 3), seed: 7)
        self.policy = policy
        batch = PolicyBatch(policy, in: registers)
        states = Self.numbers(11 * Self.count)
        latents = Self.numbers(3 * Self.count)
        weights = Self.numbers(Self.count)
        results = Results(
            means: [Float](repeating: 0, count: 3 * Self.count),
            gradient: [Float](repeating: 0, count: policy.shape.parameterCount))
    }

    /// Between −1 and 1, the same in every run.
    private static func numbers(_ count: Int) -> [Float] {
        (0..<count).map { Float(($0 &* 7_919) % 2_003) / 1_001 - 1 }
    }

    /// Operations of the layers in one state, a product and a sum counted as two.
    static let operations: Double = 2 * 4_992

    /// The means of 4,096 states.
    mutating func forward() { Self.forward(&batch, states, &results) }

    /// Apart from `self`, of which only a part may be borrowed for writing while another is read.
    private static func forward(_ batch: inout PolicyBatch<FloatLanes>, _ states: [Float], _ results: inout Results) {
        var room = results.means.mutableSpan
        batch.means(lanes: 4_096, spacing: count, states: states.span, into: &room)
    }

    /// The gradient of the weighted sum of all logarithms of densities.
    mutating func pooled() { score(0, Self.count) }

    /// A gradient of each trajectory.
    mutating func each() {
        for first in stride(from: 0, to: Self.count, by: Self.ticks) { score(first, Self.ticks) }
    }

    private mutating func score(_ first: Int, _ lanes: Int) {
        Self.score(&batch, first, lanes, states, latents, weights, &results)
    }

    private static func score(
        _ batch: inout PolicyBatch<FloatLanes>, _ first: Int, _ lanes: Int, _ states: [Float], _ latents: [Float],
        _ weights: [Float], _ results: inout Results
    ) {
        var logs = [Float](repeating: 0, count: lanes)
        var logSpan = logs.mutableSpan
        var gradient = results.gradient.mutableSpan
        batch.score(
            lanes: lanes, spacing: count, states: states.span.extracting(first...),
            latents: latents.span.extracting(first...), logProbabilities: &logSpan, gradient: &gradient
        ) { lane, _ in weights[first + lane] }
    }

    /// Microseconds of one action, the two readings of the clock included: the median and the 99th percentile.
    func latency() -> [Double] {
        let runner = PolicyRunner(policy)
        let key = NoiseStream(run: 1, iteration: 2, episode: 3)
        let state = [Float](repeating: 0.1, count: 11)
        var (latent, action): ([Float], [Float]) = ([0, 0, 0], [0, 0, 0])
        var latents = latent.mutableSpan
        var actions = action.mutableSpan
        var times: [Double] = []
        var (before, after) = (timespec(), timespec())
        for tick in 0..<20_000 as Range<UInt32> {
            unsafe clock_gettime(CLOCK_MONOTONIC, &before)
            runner.act(on: state.span, noise: key, tick: tick, latent: &latents, action: &actions)
            unsafe clock_gettime(CLOCK_MONOTONIC, &after)
            times.append(Double((after.tv_sec - before.tv_sec) * 1_000_000_000 + after.tv_nsec - before.tv_nsec) / 1e3)
        }
        let spread = Spread(times)
        return [spread.quantile(0.5), spread.quantile(0.99)]
    }
}

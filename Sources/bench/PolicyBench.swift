import Expressions
import Policies

/// What one tick of a policy costs the control loop, and what a state costs a learner that has many at once.
/// Goal: an action of a 64 × 64 policy under a microsecond, at the 99th percentile.
enum PolicyBench {
    static let batches = 4_000
    static let ticksInBatch = 25

    static func run() {
        print("policy: \(batches) batches of \(ticksInBatch) ticks, thread processor time, each figure a batch")
        for (name, hidden, inputs, outputs) in [
            ("64 × 64, 12 inputs, 6 outputs", [64, 64], 12, 6), ("64 × 64, 3 inputs, 1 output", [64, 64], 3, 1),
            ("linear, 12 inputs, 6 outputs", [], 12, 6), ("256 × 256, 12 inputs, 6 outputs", [256, 256], 12, 6),
        ] as [(String, [Int], Int, Int)] {
            do throws(PolicyError) {
                let shape = try PolicyShape(inputs: inputs, hidden: hidden, outputs: outputs, squashes: true)
                let policy = try Policy.orthogonal(shape, seed: 7)
                let times = act(policy)
                let verdict = times.quantile(0.99) <= 1_000 ? "under 1 µs" : "NOT under 1 µs"
                let last = (times.quantile(0.99) * 10).rounded() / 10
                print("  act, \(name): \(times.line("ns")), 99 %: \(last) ns, \(verdict)")
                let (means, scores) = batch(policy)
                print("    in tiles of lanes: mean \(means.line("ns a state")), score \(scores.line("ns a state"))")
            } catch {
                preconditionFailure("\(error)")
            }
        }
        reportNoise()
    }

    private static func act(_ policy: Policy) -> Spread {
        let runner = PolicyRunner(policy)
        let key = NoiseStream(run: 1, iteration: 2, episode: 3)
        var state = [Float](repeating: 0.1, count: policy.shape.inputs)
        var latent = [Float](repeating: 0, count: policy.shape.outputs)
        var action = latent
        var times: [Double] = []
        var tick: UInt32 = 0
        var latents = latent.mutableSpan
        var actions = action.mutableSpan
        for _ in 0..<batches {
            let before = Stopwatch.nanoseconds()
            for _ in 0..<ticksInBatch {
                state[0] = Float(tick % 64) * 0.01
                runner.act(on: state.span, noise: key, tick: tick, latent: &latents, action: &actions)
                tick += 1
            }
            times.append(Double(Stopwatch.nanoseconds() - before) / Double(ticksInBatch))
        }
        guard actions[0].magnitude <= 1 else { preconditionFailure("a squashed action of \(actions[0])") }
        return Spread(times)
    }

    private static func batch(_ policy: Policy) -> (means: Spread, scores: Spread) {
        let lanes = 512
        var batch = PolicyBatch<FloatLanes>(policy)
        let states = (0..<lanes * policy.shape.inputs).map { Float($0 % 97) * 0.01 }
        let latents = (0..<lanes * policy.shape.outputs).map { Float($0 % 89) * 0.02 - 0.9 }
        var means = [Float](repeating: 0, count: lanes * policy.shape.outputs)
        var logarithms = [Float](repeating: 0, count: lanes)
        var gradient = [Float](repeating: 0, count: policy.shape.parameterCount)
        var (forward, score): ([Double], [Double]) = ([], [])
        for _ in 0..<40 {
            var room = means.mutableSpan
            var before = Stopwatch.nanoseconds()
            batch.means(lanes: lanes, spacing: lanes, states: states.span, into: &room)
            forward.append(Double(Stopwatch.nanoseconds() - before) / Double(lanes))
            var logs = logarithms.mutableSpan
            var derivatives = gradient.mutableSpan
            before = Stopwatch.nanoseconds()
            batch.score(
                lanes: lanes, spacing: lanes, states: states.span, latents: latents.span, logProbabilities: &logs,
                gradient: &derivatives)
            score.append(Double(Stopwatch.nanoseconds() - before) / Double(lanes))
        }
        return (Spread(forward), Spread(score))
    }

    private static func reportNoise() {
        let key = NoiseStream(run: 1, iteration: 2, episode: 3)
        var sum = FloatLanes(repeating: 0)
        let before = Stopwatch.nanoseconds()
        for tick in 0..<1_000_000 { sum = sum + key.normals(tick: UInt32(tick), block: 0) }
        let each = Double(Stopwatch.nanoseconds() - before) / 4_000_000
        print("  noise: \((each * 100).rounded() / 100) ns a normal (sum \(sum[0]))")
    }
}

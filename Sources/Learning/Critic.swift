internal import Expressions
public import Models
public import Policies

/// A network that says what is still to come, learnt from whole episodes.
///
/// It is a Gaussian policy whose action is the value: the gradient of its log-density is that of a least-squares fit,
/// so the kernels of the policies serve it as well.
public struct Critic: Equatable, Sendable {
    public private(set) var network: Policy
    private var adam: Adam
    /// Targets are divided by it, so that one rate serves every task.
    public let scale: Double
    public let horizon: Int

    public init(
        observations: Int, horizon: Int, scale: Double, hidden: [Int] = [32, 32], seed: UInt64
    ) throws(PolicyError) {
        let shape = try PolicyShape(inputs: observations + 1, hidden: hidden, outputs: 1, deviationFloor: 0)
        network = try .orthogonal(shape, seed: seed, outputGain: 0.1, logDeviation: 0)
        adam = Adam(count: shape.parameterCount, rate: 3e-3)
        self.scale = max(scale, 1e-9)
        self.horizon = horizon
    }

    init(network: Policy, adam: Adam, scale: Double, horizon: Int) {
        (self.network, self.adam, self.scale, self.horizon) = (network, adam, scale, horizon)
    }

    var optimiser: Adam { adam }

    public func values(_ performance: Performance) -> [Double] {
        var batch = PolicyBatch<FloatLanes>(network)
        return values(performance, with: &batch)
    }

    func values(_ performance: Performance, with batch: inout PolicyBatch<FloatLanes>) -> [Double] {
        var means = [Float](repeating: 0, count: performance.ticks)
        let states = inputs(performance)
        var span = means.mutableSpan
        batch.means(lanes: performance.ticks, spacing: performance.ticks, states: states.span, into: &span)
        return means.map { scale * Double($0) }
    }

    /// What is seen at the ticks that a share of an episode has, and how much time is left there.
    private func inputs(_ performance: Performance, every stride: Int = 1, from first: Int = 0) -> [Float] {
        let left = (0..<performance.ticks).map { 1 - Float(first + $0 * stride) / Float(horizon) }
        return performance.observations + left
    }

    /// One step of least squares towards a target for each tick of these shares of episodes, which have every
    /// so-manieth tick.
    mutating func learn(
        _ performances: [Performance], every stride: Int, from first: Int, _ targets: [[Double]]
    ) throws(PolicyError) {
        var batch = PolicyBatch<FloatLanes>(network)
        var sum = [Double](repeating: 0, count: network.shape.parameterCount)
        var ticks = 0
        for (performance, target) in zip(performances, targets) {
            var gradient = [Float](repeating: 0, count: sum.count)
            var logs = [Float](repeating: 0, count: performance.ticks)
            let states = inputs(performance, every: stride, from: first)
            let wanted = target.map { Float($0 / scale) }
            var gradientSpan = gradient.mutableSpan
            var logSpan = logs.mutableSpan
            batch.score(
                lanes: performance.ticks, spacing: performance.ticks, states: states.span, latents: wanted.span,
                logProbabilities: &logSpan, gradient: &gradientSpan)
            for place in sum.indices { sum[place] += Double(gradient[place]) }
            ticks += performance.ticks
        }
        // The deviation is no part of what is learnt.
        sum[network.shape.deviations] = 0
        let step = adam.step(Vectors.scaled(sum, by: 1 / Double(max(ticks, 1))))
        network = try network.moved(by: step)
    }
}

extension Policy {
    /// The policy with a step added to its parameters; throws when one is no number any more.
    public func moved(by step: [Double]) throws(PolicyError) -> Policy {
        guard step.count == parameters.count else { throw .parameterCount(step.count, needed: parameters.count) }
        return try Policy(shape, parameters: zip(parameters, step).map { Float(Double($0) + $1) })
    }
}

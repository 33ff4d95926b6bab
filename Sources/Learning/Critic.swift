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

    /// Of any observations, column by column, each at its tick.
    func values(_ observations: [Float], at ticks: [Int]) -> [Double] {
        var batch = PolicyBatch<FloatLanes>(network)
        var means = [Float](repeating: 0, count: ticks.count)
        let states = observations + ticks.map { left($0) }
        var span = means.mutableSpan
        batch.means(lanes: ticks.count, spacing: ticks.count, states: states.span, into: &span)
        return means.map { scale * Double($0) }
    }

    func values(_ samples: Samples) -> [Double] { values(samples.observations, at: samples.places.map(\.tick)) }

    /// What is seen at each tick, and how much time is left there.
    private func inputs(_ performance: Performance) -> [Float] {
        performance.observations + (0..<performance.ticks).map { left($0) }
    }

    private func left(_ tick: Int) -> Float { 1 - Float(tick) / Float(horizon) }

    /// One pass of least squares towards a target for each sample, part by part.
    mutating func learn(_ samples: Samples, _ targets: [Float]) throws(PolicyError) {
        let states = samples.observations + samples.places.map { left($0.tick) }
        try network.follow(samples, states: states, wanted: targets.map { $0 / Float(scale) }, by: &adam)
    }
}

extension Policy {
    /// One pass of least squares of its mean towards what is wanted for each sample, part by part.
    mutating func follow(_ samples: Samples, states: [Float], wanted: [Float], by adam: inout Adam) throws(PolicyError)
    {
        var batch = PolicyBatch<FloatLanes>(self)
        for part in samples.parts {
            batch.take(self)
            var sum = batch.gradient(
                lanes: part.count, spacing: samples.count, states: states.span.extracting(part.lowerBound...),
                latents: wanted.span.extracting(part.lowerBound...)
            ) { _, _ in 1 }
            // The deviations are no part of what is learnt.
            for place in shape.deviations..<sum.count { sum[place] = 0 }
            self = try moved(by: adam.step(Vectors.scaled(sum, by: 1 / Double(part.count))))
        }
    }

    /// The policy with a step added to its parameters; throws when one is no number any more.
    public func moved(by step: [Double]) throws(PolicyError) -> Policy {
        guard step.count == parameters.count else { throw .parameterCount(step.count, needed: parameters.count) }
        return try Policy(shape, parameters: zip(parameters, step).map { Float(Double($0) + $1) })
    }
}

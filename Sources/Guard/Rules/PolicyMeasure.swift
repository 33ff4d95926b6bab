internal import Glibc
public import Episodes
public import Policies

/// How far two policies are from each other, measured by the guard on the weights themselves.
///
/// The divergence of two Gaussians, in nats, at each of many states that are spread evenly over a box of observations;
/// the greatest counts. The learner's own number is an average over the states that its model visits and so is smaller
/// as long as the model stays in that box; a batch asks for both.
public struct PolicyMeasure: Equatable, Sendable {
    /// How policies are written in plans.
    public static var format: Name {
        guard let name = Name("gaussian-1") else { preconditionFailure("a name of letters and digits") }
        return name
    }

    /// Observations lie between minus this and this, in the units of the task.
    public let reach: Int
    public let states: Int

    public init(reach: Int = 3, states: Int = 512) {
        guard reach > 0, states > 0 else { preconditionFailure("at least one state in a box that has a size") }
        self.reach = reach
        self.states = states
    }

    /// Nil when the bytes are no policy.
    public static func policy(_ bytes: [UInt8]) -> Policy? {
        do throws(PolicyError) { return try Policy(decoding: bytes) } catch { return nil }
    }

    /// Nil when the two do not even have the same inputs and outputs: then they cannot be compared, and are not near.
    public func distance(of policy: Policy, from other: Policy) -> Double? {
        let (mine, others) = (policy.shape, other.shape)
        guard mine.inputs == others.inputs, mine.outputs == others.outputs, mine.squashes == others.squashes else {
            return nil
        }
        let near = PolicyRunner(policy)
        let far = PolicyRunner(other)
        let deviations = (0..<mine.outputs).map { (policy.deviation(of: $0), other.deviation(of: $0)) }
        var greatest = 0.0
        for number in 0..<states {
            let state = state(number, of: mine.inputs)
            let means = zip(Self.mean(near, state), Self.mean(far, state))
            let sum = zip(means, deviations).reduce(0.0) { $0 + Self.divergence($1.0, $1.1) }
            guard sum.isFinite else { return nil }
            greatest = max(greatest, sum)
        }
        return greatest
    }

    private static func mean(_ runner: borrowing PolicyRunner, _ state: [Float]) -> [Float] {
        var mean = [Float](repeating: 0, count: runner.outputs)
        var span = mean.mutableSpan
        runner.mean(of: state.span, into: &span)
        return mean
    }

    private static func divergence(_ means: (Float, Float), _ deviations: (Float, Float)) -> Double {
        let (near, far) = (Double(deviations.0), Double(deviations.1))
        let gap = Double(means.0) - Double(means.1)
        return log(far / near) + (near * near + gap * gap) / (2 * far * far) - 0.5
    }

    /// One of evenly spread states: multiples of irrational steps, which never line up (R-sequence by Roberts).
    private func state(_ number: Int, of inputs: Int) -> [Float] {
        var ratio = 2.0
        for _ in 0..<64 { ratio = pow(1 + ratio, 1 / Double(inputs + 1)) }
        return (1...max(1, inputs)).map { input in
            let place = 0.5 + Double(number + 1) / pow(ratio, Double(input))
            return Float((place - place.rounded(.down)) * 2 - 1) * Float(reach)
        }
    }
}

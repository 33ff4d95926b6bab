internal import Expressions
public import Models
public import Policies

/// Steps that are measured by how much a policy changes, and not its parameters (Amari, 1998; Kakade, 2001): as far up
/// as so many nats a tick allow, whatever numbers the policy is written in.
///
/// What the scores of the drawn actions say of each other stands for the Fisher matrix; it is never formed, and solved
/// for by conjugate gradients. A share of it in the gradient's own direction is added everywhere, since a few episodes
/// say nothing about most directions.
public enum NaturalStep {
    public static func step(
        _ policy: Policy, up gradient: [Double], over performances: [Performance], nats: Double,
        damping: Double = 0.1, rounds: Int = 10
    ) throws(PolicyError) -> [Double] {
        let none = [Double](repeating: 0, count: gradient.count)
        let square = Vectors.dot(gradient, gradient)
        guard square > 0, square.isFinite, !performances.isEmpty else { return none }
        var fisher = Fisher(policy, performances)
        let share = damping * Vectors.dot(gradient, try fisher.times(gradient)) / square
        var (solution, rest, way, error) = (none, gradient, gradient, square)
        for _ in 0..<rounds where error > 1e-12 * square {
            var image = try fisher.times(way)
            Vectors.add(way, times: share, to: &image)
            let curvature = Vectors.dot(way, image)
            guard curvature > 0 else { break }
            Vectors.add(way, times: error / curvature, to: &solution)
            Vectors.add(image, times: -error / curvature, to: &rest)
            let next = Vectors.dot(rest, rest)
            way = zip(rest, way).map { $0 + next / error * $1 }
            error = next
        }
        // Half of the step times the matrix times the step is its divergence, as long as it is small.
        let slope = Vectors.dot(solution, gradient)
        return slope > 0 ? Vectors.scaled(solution, by: (2 * nats / slope).squareRoot()) : none
    }

    /// The mean over the ticks of each score times itself, times a direction.
    struct Fisher: ~Copyable {
        private let policy: Policy
        private let performances: [Performance]
        private let ticks: Double
        private var scorer: Scorer<DoubleLanes>
        private static let reach = 1e-3

        init(_ policy: Policy, _ performances: [Performance]) {
            (self.policy, self.performances) = (policy, performances)
            ticks = Double(performances.reduce(0) { $0 + $1.ticks })
            scorer = Scorer<DoubleLanes>(policy)
        }

        /// How each score goes in the direction is a difference of two densities, to the third order.
        mutating func times(_ direction: [Double]) throws(PolicyError) -> [Double] {
            let length = Vectors.dot(direction, direction).squareRoot()
            var sum = [Double](repeating: 0, count: direction.count)
            guard length > 0 else { return sum }
            let step = Vectors.scaled(direction, by: Self.reach / length)
            var ahead = Scorer<DoubleLanes>(try policy.moved(by: step))
            var behind = Scorer<DoubleLanes>(try policy.moved(by: Vectors.scaled(step, by: -1)))
            for performance in performances {
                let (more, less) = (
                    ahead.logProbabilities(of: performance), behind.logProbabilities(of: performance)
                )
                let weights = zip(more, less).map { ($0 - $1) * length / (2 * Self.reach) }
                Vectors.add(scorer.gradient(of: performance, weights: weights), to: &sum)
            }
            return Vectors.scaled(sum, by: 1 / ticks)
        }
    }
}

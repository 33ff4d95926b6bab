public import Policies

/// What an estimator is given: whole episodes that began in common places and had the same time.
public struct Batch: Sendable {
    /// One reduced model and what it made of the same starts.
    public struct Fidelity: Sendable {
        public let name: String
        /// One for each real episode, with its start, its draws and its noise.
        public let paired: [Scored]
        /// With the starts and draws of the real episodes and fresh noise, equally many for each of them.
        public let free: [Scored]

        public init(_ name: String, paired: [Scored], free: [Scored]) {
            self.name = name
            self.paired = paired
            self.free = free
        }
    }

    public let policy: Policy
    public let real: [Scored]
    public let fidelities: [Fidelity]

    public init(_ policy: Policy, real: [Scored], fidelities: [Fidelity] = []) {
        for fidelity in fidelities {
            guard fidelity.paired.count == real.count, fidelity.free.count.isMultiple(of: max(real.count, 1)) else {
                preconditionFailure(
                    "\(fidelity.name): every real episode has one pair and as many free ones as any other")
            }
        }
        self.policy = policy
        self.real = real
        self.fidelities = fidelities
    }
}

/// An estimate of the gradient of the objective on the robot, and what is known of its quality.
public struct Estimate: Equatable, Sendable {
    public let gradient: [Double]
    /// The sum of the variances of all components, as far as the batch shows it.
    public let variance: Double
    /// The variance by the same real episodes alone, divided by that of the estimate: above 1 is a gain.
    public let varianceRatio: Double
    /// Between the gradients of the two members of a pair, with 95 % confidence; nil without pairs.
    public let correlation: Interval?
    /// What each model's correction was multiplied by.
    public let coefficients: [Double]
    /// So many independent real episodes would be worth as much.
    public let effectiveEpisodes: Double

    public init(
        gradient: [Double], variance: Double, varianceRatio: Double = 1, correlation: Interval? = nil,
        coefficients: [Double] = [], effectiveEpisodes: Double
    ) {
        self.gradient = gradient
        self.variance = variance
        self.varianceRatio = varianceRatio
        self.correlation = correlation
        self.coefficients = coefficients
        self.effectiveEpisodes = effectiveEpisodes
    }

    /// How much of the gradient is not chance.
    var certainty: Double { Vectors.certainty(of: gradient, variance: variance) }
}

/// A number that was estimated, between two others with 95 % confidence.
public struct Interval: Equatable, Sendable {
    public let value: Double
    public let low: Double
    public let high: Double

    public init(_ value: Double, low: Double, high: Double) {
        (self.value, self.low, self.high) = (value, low, high)
    }

    public init(_ value: Double, deviation: Double) {
        self.init(value, low: value - 1.96 * deviation, high: value + 1.96 * deviation)
    }

    /// The mean of independent numbers that are about normal; of a single one nothing is known but itself.
    public init(meanOf numbers: [Double]) {
        let count = Double(max(numbers.count, 1))
        let mean = numbers.reduce(0, +) / count
        guard numbers.count > 1 else {
            self.init(mean, low: -.infinity, high: .infinity)
            return
        }
        let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        // Student's distribution by its series around the normal one; of two numbers it says what a table says.
        let freedom = count - 1
        let width =
            freedom < 2
            ? 12.706 : 1.95996 + 2.37227 / freedom + 2.82250 / (freedom * freedom) + 2.5 / (freedom * freedom * freedom)
        let half = width * (squares / count).squareRoot()
        self.init(mean, low: mean - half, high: mean + half)
    }

    public var deviation: Double { (high - low) / (2 * 1.96) }
    public func contains(_ number: Double) -> Bool { low <= number && number <= high }
}

/// Makes a policy gradient of episodes. What it remembers of earlier batches is its state.
public protocol Estimator: Sendable {
    /// How many of the fidelities of a batch it looks at.
    static var fidelities: Int { get }
    mutating func estimate(_ batch: Batch) -> Estimate
}

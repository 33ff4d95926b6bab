/// What the next real episode is bought for, what it costs, and what it is expected to bring.
public struct Purchase: Equatable, Sendable {
    public enum Purpose: UInt8, CaseIterable, Sendable {
        /// To see what the first policy does, for the model and for comparison.
        case look
        /// To find out whether what was rehearsed is better on the robot.
        case check
        /// For a step along the gradient on the robot.
        case climb
    }

    public let purpose: Purpose
    /// Episodes of its batch that were taken already.
    public let taken: Int
    /// Episodes that the batch takes at most.
    public let episodes: Int
    /// Model episodes for each real one, its pair not counted.
    public let freePerReal: Int
    /// Of the next episode, in the currency of the settings.
    public let cost: Double
    /// By how much a tick is expected to be worth more when the batch is complete, with 95 % confidence; nil as long as
    /// nothing is known.
    public let gain: Interval?
    /// How many more episodes it will take, by what was seen so far, until the batch has its answer.
    public let needed: Int?
    /// Whether the gain at its best is worth what the rest of the batch costs; nil when nobody said what a gain is worth.
    public let isWorthIt: Bool?

    public init(
        _ purpose: Purpose, taken: Int, of episodes: Int, freePerReal: Int, cost: Double, gain: Interval?,
        needed: Int?, isWorthIt: Bool?
    ) {
        (self.purpose, self.taken, self.episodes, self.freePerReal) = (purpose, taken, episodes, freePerReal)
        (self.cost, self.gain, self.needed, self.isWorthIt) = (cost, gain, needed, isWorthIt)
    }

    /// What a step along an estimate is expected to add to the objective.
    ///
    /// A step of length `rate` times the estimate gains `rate·‖g‖²` less what the noise in it costs; both are predicted
    /// from the estimate, whose own square is too large by its variance.
    public static func gain(of estimate: Estimate, step: [Double]) -> Interval {
        let along = Vectors.dot(estimate.gradient, step)
        let length = Vectors.dot(step, step).squareRoot()
        return Interval(along * estimate.certainty, deviation: length * estimate.variance.squareRoot())
    }

    /// - Parameter price: of one unit of the objective, in the currency of `cost`.
    public static func isWorth(_ gain: Interval, cost: Double, unit price: Double) -> Bool { gain.high * price > cost }
}

public import Models

/// What is to become large: the discounted sum of what the ticks of an episode are worth.
public struct Objective: Equatable, Sendable {
    public let discount: Double
    public let horizon: Int
    /// What each tick is worth that a failure or the supervisor took away.
    public let failureReward: Double

    public init(discount: Double, horizon: Int, failureReward: Double) {
        guard discount > 0, discount <= 1, horizon > 0 else { preconditionFailure("discount \(discount)") }
        self.discount = discount
        self.horizon = horizon
        self.failureReward = failureReward
    }

    public init(_ task: Stage.Piece, discount: Double) {
        self.init(discount: discount, horizon: task.horizon, failureReward: Double(task.failureReward))
    }

    /// What comes from each tick on, as seen from that tick.
    public func toGo(_ performance: Performance) -> [Double] {
        var sums = [Double](repeating: 0, count: performance.ticks)
        var sum = performance.ending.isLoss ? failureReward * span(horizon - performance.ticks) : 0
        for tick in stride(from: performance.ticks - 1, through: 0, by: -1) {
            sum = Double(performance.rewards[tick]) + discount * sum
            sums[tick] = sum
        }
        return sums
    }

    public func value(_ performance: Performance) -> Double { toGo(performance).first ?? 0 }

    /// The mean worth of a tick, without discount, lost ticks included: what people compare.
    public func perTick(_ performance: Performance) -> Double {
        let lost = performance.ending.isLoss ? failureReward * Double(horizon - performance.ticks) : 0
        return (performance.rewards.reduce(lost) { $0 + Double($1) }) / Double(horizon)
    }

    func power(_ ticks: Int) -> Double { span(ticks + 1) - span(ticks) }

    /// The sum of so many powers of the discount.
    func span(_ ticks: Int) -> Double {
        var (sum, power) = (0.0, 1.0)
        for _ in 0..<max(ticks, 0) {
            sum += power
            power *= discount
        }
        return sum
    }
}

/// How many real and model episodes an iteration deserves.
public struct Allocation: Equatable, Sendable {
    public let real: Int
    /// For each real one, its pair not counted.
    public let freePerReal: Int

    /// The best split of a price at the correlation that was measured: with `n` pairs and `m` free episodes the variance
    /// is that of `n` real ones times `1 − ρ²·m/(n+m)`, so `(n+m)/n` is best at √(w·ρ²/(1−ρ²)), where `w` says for how
    /// many model episodes a real one could be had.
    ///
    /// - Parameters:
    ///   - correlation: between the gradients of the members of a pair; its careful end counts.
    ///   - real: how many real episodes a step takes at least and at most.
    public init(
        correlation: Interval?, realPrice: Double, modelPrice: Double, real: ClosedRange<Int>, free: ClosedRange<Int>
    ) {
        let squared = Self.carefulSquare(correlation)
        let ratio = modelPrice > 0 ? realPrice / modelPrice : .infinity
        let best = squared >= 1 ? .infinity : (ratio * squared / (1 - squared)).squareRoot() - 1
        freePerReal =
            squared == 0 ? free.lowerBound : Int(min(max(best, Double(free.lowerBound)), Double(free.upperBound)))
        let share = Double(freePerReal) / Double(freePerReal + 1)
        // So many real episodes have, with their model's help, the certainty of the most without it.
        let needed = (Double(real.upperBound) * (1 - squared * share)).rounded(.up)
        self.real = min(max(Int(needed), real.lowerBound), real.upperBound)
    }

    /// Of the end that is nearer to zero; nothing when zero is inside.
    private static func carefulSquare(_ correlation: Interval?) -> Double {
        guard let correlation, !correlation.contains(0) else { return 0 }
        let end = min(abs(correlation.low), abs(correlation.high))
        return min(end * end, 0.9999)
    }

    /// What is left of the variance of the real episodes alone, at a correlation.
    public static func variance(correlation: Double, freePerReal: Int) -> Double {
        1 - correlation * correlation * Double(freePerReal) / Double(freePerReal + 1)
    }
}

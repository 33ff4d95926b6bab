public import Quantities

/// How much may happen over time: at once at most the capacity, for ever at most the drain.
///
/// Over any span of time the amount poured in stays below `capacity + drain × span`, and no history has to be kept.
public struct Allowance: Equatable, Sendable {
    public let capacity: Float
    /// Per second of real time.
    public let drain: PerSecond

    public init(capacity: Float, drain: PerSecond) {
        self.capacity = capacity
        self.drain = drain
    }
}

struct Bucket {
    private(set) var level: Float = 0

    /// Adds `amount` after `elapsed` has drained; says whether the allowance is exceeded.
    mutating func overflows(after elapsed: Seconds, adding amount: Float, allowed: Allowance) -> Bool {
        level = max(0, level - allowed.drain * elapsed) + amount
        return level > allowed.capacity
    }
}

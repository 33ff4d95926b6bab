public import Quantities

/// How a joint comes to rest: it goes on at its speed for the reaction time, then slows down evenly.
public struct Braking: Equatable, Sendable {
    public let deceleration: RadiansPerSecondSquared
    public let reaction: Seconds

    @_noAllocation @_noLocks
    public init(deceleration: RadiansPerSecondSquared, reaction: Seconds) {
        self.deceleration = deceleration
        self.reaction = reaction
    }

    /// How far the joint still moves from this speed, in the direction of the speed.
    @_noAllocation @_noLocks
    public func distance(from speed: RadiansPerSecond) -> Radians {
        let rate = speed.value
        return Radians(rate * reaction.value + rate * rate.magnitude / (2 * deceleration.value))
    }

    /// The highest speed from which the joint still stops within this distance; zero when the distance is gone.
    @_noAllocation @_noLocks
    public func speed(within distance: Radians) -> RadiansPerSecond {
        let lost = deceleration.value * reaction.value
        let room = max(distance.value, 0)
        return RadiansPerSecond(squareRoot(lost * lost + 2 * deceleration.value * room) - lost)
    }
}

/// SAFETY of the claim: the square root of a `Float` is one instruction on x86-64, AArch64 and Cortex-M4F. The compiler
/// does not know that it neither allocates nor locks, so the tick vouches for it here and nowhere else.
@_semantics("no_performance_analysis")
@inline(never)
private func squareRoot(_ value: Float) -> Float { value.squareRoot() }

public import Quantities

/// What a joint feels from outside of its actuator: a hand that turns it, and dirt where it rubs.
public struct JointTouch: Equatable, Sendable {
    /// Somebody turns it so fast, as far as a hand's strength goes.
    public var hand: RadiansPerSecond?
    /// Around this position it rubs as much again as `roughness` times its own friction.
    public var rough: Radians?

    public init(hand: RadiansPerSecond? = nil, rough: Radians? = nil) {
        self.hand = hand
        self.rough = rough
    }

    public static let none = JointTouch()
}

extension JointTouch {
    /// Newton metres: fingers at a link of a decimetre. [ours]
    private static let strength = 1.0
    /// Newton metres for each radian a second that the hand is behind: it gives way where it feels an end. [ours]
    private static let grip = 1.0
    /// Radians to each side. [ours]
    private static let reach = 0.1
    private static let roughness = 10.0

    /// Newton metres as a mean over a part of a step. What they do to the speed is taken into account, so that they turn
    /// no motion round that they only brake.
    ///
    /// - Parameters:
    ///   - mobility: how easily the joint is moved: radians per second squared for a newton metre.
    ///   - friction: the joint's own, in newton metres.
    func effort(
        at position: Double, speed: Double, mobility: Double, friction: Double, over time: Double
    ) -> Double {
        let ease = mobility * time
        guard ease > 0 else { return 0 }
        var effort = 0.0
        if let hand {
            let wanted = (Double(hand.value) - speed) / (1 / Self.grip + ease)
            effort = min(max(wanted, -Self.strength), Self.strength)
        }
        if let rough, abs(position - Double(rough.value)) < Self.reach {
            let most = Self.roughness * friction
            effort += min(max(-(speed + effort * ease) / ease, -most), most)
        }
        return effort
    }
}

public import Quantities

/// The approved band of each joint at one tick.
public typealias Tube = PerJoint<Limit<Radians>>

/// How long a joint has been outside its approved band.
struct TubeWatch {
    private var ticksOutside: Ticks = .zero

    /// Outside counts only past the hysteresis, inside only within the band itself; between the two nothing changes.
    mutating func hasLeft(_ band: Limit<Radians>, at position: Radians, by rules: TubeRules) -> Bool {
        if band.contains(position) {
            ticksOutside = .zero
        } else if position < band.low - rules.hysteresis || position > band.high + rules.hysteresis {
            ticksOutside = ticksOutside.next
        }
        return ticksOutside >= rules.patience
    }
}

public struct TubeRules: Equatable, Sendable {
    public let hysteresis: Radians
    /// Ticks outside before it is a fault.
    public let patience: Ticks

    public init(hysteresis: Radians, patience: Ticks) {
        self.hysteresis = hysteresis
        self.patience = patience
    }
}

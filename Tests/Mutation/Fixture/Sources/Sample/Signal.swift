public import Units

/// Chooses a light by the distance to an obstacle. Every line of it is tested, except where it says otherwise.
public struct Signal: Sendable {
    public enum Event: Sendable {
        case near(Metres)
        case far(Metres)
        case gone
    }

    public private(set) var light = Light.green
    public private(set) var count = 0
    private let reach: Metres

    public init(reach: Metres) {
        self.reach = reach
    }

    /// What comes nearer than the reach turns the light red, and half a reach more amber.
    @inlinable
    public mutating func handle(_ event: Event) -> Bool {
        switch event {
        case .near(let distance) where distance < .zero: return false
        case .near(let distance): change(to: color(at: distance))
        case .far: change(to: .green)
        case .gone: count = 0
        }
        return true
    }

    @usableFromInline
    mutating func change(to next: Light) {
        if light != next { count += 1 }
        light = next
    }

    @usableFromInline
    func color(at distance: Metres) -> Light {
        if distance <= reach { return .red }
        return distance <= reach * 1.5 ? .amber : .green
    }

    public var isStop: Bool {
        switch light {
        case .green, .amber: false
        case .red: true
        }
    }

    public func difference(_ left: Metres, _ right: Metres) -> Metres { max(left, right) - min(left, right) }

    // PLANTED: a test runs this and looks at its sign only, so the factor can be anything.
    public func nudge(_ distance: Metres) -> Metres { distance * 3 }

    // PLANTED: no test runs this.
    public func forgotten(_ left: Bool, _ right: Bool) -> Bool { left && right }
}

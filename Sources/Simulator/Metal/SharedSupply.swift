internal import Quantities

/// A source behind a resistance, with all motors of a robot on it.
struct SharedSupply: Sendable {
    let ambient: Double
    private(set) var voltage: Double
    private let source: Double
    private let resistance: Double

    init(_ settings: SupplySettings) {
        source = Double(settings.voltage.value)
        resistance = Double(settings.resistance.value)
        ambient = Double(settings.ambient.value)
        voltage = source
    }

    /// After a step in which the motors drew this.
    ///
    /// Bridges on a duty draw less from less, which is solved for; whoever holds a current draws more, which is not. So
    /// the voltage goes only half of the way, as the capacitors of the electronics have it, and settles always. A source
    /// takes nothing back: what motors return beyond what others need is burnt in its cable.
    mutating func settle(drawn: Double, perVolt: Double) {
        let atNothing = drawn - perVolt * voltage
        let settled = (source - resistance * atNothing) / (1 + resistance * perVolt)
        voltage = min(max(0.5 * (voltage + settled), 0), source)
    }
}

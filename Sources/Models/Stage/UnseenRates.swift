public import Expressions
internal import Quantities

/// States that no sensor says, although one says what they are the rate of: how fast a boom rises, where only its height is
/// measured.
///
/// An episode begins at rest, as the model's start has it. In the middle of one, a start at rest would be wrong from its
/// first tick on: there the rate is taken from the motion to both sides.
public struct UnseenRates: Equatable, Sendable {
    /// A state, and the place of the measured number whose rate it is.
    struct Rate: Equatable, Sendable {
        let state: Int
        let measured: Int
    }

    let rates: [Rate]
    private let reach: Int
    private let period: Double

    /// So far to either side the motion is looked at: a sensor's steps tell no speed from one tick to the next.
    private static let reachTime = 0.01

    /// - Parameter start: computes the model's states from the measured numbers.
    public init(_ model: ReducedModel, start: Program) {
        let measured = start.slots.filter { $0.role == .state }
        rates = model.rateStates.enumerated().compactMap { state, rate in
            guard let rate, start.constant(rate) != nil, let slot = start.slot(state) else { return nil }
            return measured.firstIndex(of: slot).map { Rate(state: rate, measured: $0) }
        }
        period = Double(model.period.value)
        reach = max(1, Int((Self.reachTime / period).rounded()))
    }

    /// The rate of a measured number at a tick; nil at the first one, where an episode begins.
    ///
    /// - Parameter value: what was measured at a tick.
    public func rate(at tick: Int, of ticks: Int, _ value: (_ tick: Int) -> Double) -> Double? {
        let (before, after) = (max(0, tick - reach), min(ticks - 1, tick + reach))
        guard tick > 0, after > before else { return nil }
        return (value(after) - value(before)) / (Double(after - before) * period)
    }

    /// The places of the states, for whoever wants to know how well they are known.
    public var states: [Int] { rates.map(\.state) }

    /// Puts them among states that a start made of measured numbers, state by state, each for all ticks.
    public func fill(_ states: inout [[Double]], from measured: [[Double]]) {
        for rate in rates {
            let column = measured[rate.measured]
            for tick in column.indices {
                guard let found = self.rate(at: tick, of: column.count, { column[$0] }) else { continue }
                states[rate.state][tick] = found
            }
        }
    }
}

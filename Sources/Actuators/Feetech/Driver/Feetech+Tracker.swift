import Ports
import Quantities

extension Feetech {
    /// Where one joint is, as far as its readings can be believed.
    struct Tracker: Sendable {
        private var turns: TurnCounter?
        private var seen = MonotonicInstant.past

        /// What an encoder at rest may say next: its own noise, and the servo's filter.
        private static let noise: Float = 8

        /// The way to a reading in steps; nil, and nothing changed, when the joint cannot be there.
        ///
        /// The longer it was not seen, the farther it may have come, up to half a turn; then only the shortest way is
        /// left to believe. So one wrong reading at the beginning does not last.
        mutating func follow(_ reading: Int32, at instant: MonotonicInstant, fastest: RadiansPerSecond) -> Int64? {
            guard var counter = turns else {
                turns = TurnCounter(at: reading)
                seen = instant
                return turns?.steps
            }
            let span = instant - seen
            let seconds = max(Float(span.components.seconds) + Float(span.components.attoseconds) * 1e-18, 0)
            let stepsPerSecond = fastest.value * Float(stepsPerTurn) / radiansPerTurn
            let reach = min(seconds * stepsPerSecond + Self.noise, Float(stepsPerTurn / 2))
            guard let steps = counter.follow(reading, within: Int32(reach)) else { return nil }
            turns = counter
            seen = instant
            return steps
        }

        /// The servo counts no turns: its goals lead the wrong way round once the joint has left the one it began in.
        var isInFirstTurn: Bool { turns.map { (0..<Int64(stepsPerTurn)).contains($0.steps) } ?? false }
    }
}

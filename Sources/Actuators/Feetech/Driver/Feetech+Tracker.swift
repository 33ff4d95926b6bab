import Ports
import Quantities

extension Feetech {
    /// Where one joint is, as far as its readings can be believed.
    struct Tracker: Sendable {
        private var turns: TurnCounter?
        private var seen = MonotonicInstant.past
        /// The latest reading that was not believed.
        private var doubted: Doubt?

        private struct Doubt {
            var turns: TurnCounter
            var seen: MonotonicInstant
        }

        /// What an encoder at rest may say next: its own noise, and the servo's filter.
        private static let noise: Float = 8

        /// The way to a reading in steps; nil, and nothing changed, when the joint cannot be there.
        ///
        /// The longer it was not seen, the farther it may have come, up to half a turn; then only the shortest way is
        /// left to believe. So one wrong reading at the beginning does not last.
        ///
        /// What two readings in a row agree about is no damage of the line, which would not damage both alike: then it is
        /// the encoder that has jumped, by the shortest way, and whoever supervises has to hear of it.
        mutating func follow(_ reading: Int32, at instant: MonotonicInstant, fastest: RadiansPerSecond) -> Int64? {
            guard let turns else { return believe(TurnCounter(at: reading), at: instant) }
            let near = Self.follow(reading, at: instant, fastest, from: turns, seenAt: seen)
            if let near { return believe(near, at: instant) }
            let again = doubted.flatMap { Self.follow(reading, at: instant, fastest, from: $0.turns, seenAt: $0.seen) }
            if let again { return believe(again, at: instant) }
            var jumped = turns
            doubted = jumped.follow(reading, within: stepsPerTurn) == nil ? nil : Doubt(turns: jumped, seen: instant)
            return nil
        }

        private mutating func believe(_ counter: TurnCounter?, at instant: MonotonicInstant) -> Int64? {
            turns = counter
            seen = instant
            doubted = nil
            return counter?.steps
        }

        /// The counter that has followed; nil when the joint cannot have come so far since it was seen.
        private static func follow(
            _ reading: Int32, at instant: MonotonicInstant, _ fastest: RadiansPerSecond, from turns: TurnCounter,
            seenAt seen: MonotonicInstant
        ) -> TurnCounter? {
            let span = instant - seen
            let seconds = max(Float(span.components.seconds) + Float(span.components.attoseconds) * 1e-18, 0)
            let stepsPerSecond = fastest.value * Float(stepsPerTurn) / radiansPerTurn
            let reach = min(seconds * stepsPerSecond + noise, Float(stepsPerTurn / 2))
            var counter = turns
            return counter.follow(reading, within: Int32(reach)) == nil ? nil : counter
        }

        /// The servo counts no turns: its goals lead the wrong way round once the joint has left the one it began in.
        var isInFirstTurn: Bool { turns.map { (0..<Int64(stepsPerTurn)).contains($0.steps) } ?? false }
    }
}

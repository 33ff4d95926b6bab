import Ports
import Quantities

extension Moteus {
    /// Tells from a controller's clock whether it has started again.
    ///
    /// One that has knows its position only within a turn of its rotor, and would follow the next command from there as
    /// if nothing had happened.
    struct Uptime: Sendable {
        private var clock: Seconds?
        private var seen = MonotonicInstant.past

        /// When the clock of sixteen bits begins anew.
        private static let turn: Float = 65.536
        /// How exactly the moment of a sample is known.
        private static let doubt: Float = 0.04

        /// Takes a new reading, and says whether it does not follow from the last one.
        mutating func hasRestarted(_ now: Seconds, at instant: MonotonicInstant) -> Bool {
            defer {
                clock = now
                seen = instant
            }
            guard let clock else { return false }
            let span = (instant - seen).components
            let elapsed = Float(span.seconds) + Float(span.attoseconds) * 1e-18
            // After a longer silence the clock may have gone round, and says nothing.
            guard elapsed < Self.turn / 2 else { return false }
            let advance = (now.value - clock.value + Self.turn).truncatingRemainder(dividingBy: Self.turn)
            return abs(advance - elapsed) > Self.doubt + elapsed / 20
        }
    }
}

import Ports
import Quantities

extension Board {
    /// Where the board's ticks lie on our clock, out of questions and answers.
    ///
    /// An answer says nothing about how its way was shared between there and back, so each measurement is good to half
    /// of its round trip; it grows worse as the two clocks drift apart, until a newer one is better.
    struct Clock: Sendable {
        private var anchor: Anchor?

        private struct Anchor {
            let host: MonotonicInstant
            let tick: Tick
            /// Nanoseconds.
            let doubt: Int64
        }

        /// Two crystals differ by less than this.
        private static let driftPerMillion: Int64 = 200

        /// A tick as it was met in the middle between question and answer.
        mutating func learn(_ tick: Tick, lasted: Seconds?, asked: MonotonicInstant, answered: MonotonicInstant) {
            let doubt = max(answered.nanoseconds - asked.nanoseconds, 0) / 2
            if let anchor, doubt > anchor.doubt + drift(since: anchor.host, until: answered) { return }
            let middle = asked.nanoseconds + doubt
            let start = middle - Int64(Double(lasted?.value ?? 0) * 1e9)
            anchor = Anchor(host: MonotonicInstant(nanoseconds: start), tick: tick, doubt: doubt)
        }

        private func drift(since: MonotonicInstant, until: MonotonicInstant) -> Int64 {
            max(until.nanoseconds - since.nanoseconds, 0) / 1_000_000 * Self.driftPerMillion
        }

        /// When a tick began; nil before the first measurement.
        func instant(of tick: Tick, period: Seconds) -> MonotonicInstant? {
            guard let anchor else { return nil }
            let nanoseconds = Double((tick - anchor.tick).rawValue) * Double(period.value) * 1e9
            return anchor.host + .nanoseconds(Int64(nanoseconds))
        }
    }
}

internal import Ports
internal import Quantities

/// When ticks are due. After a pause it begins anew, and what was missed is counted and not caught up.
struct Metronome {
    let period: Duration
    private(set) var due: MonotonicInstant
    private var last: MonotonicInstant?

    init(period: Seconds, from now: MonotonicInstant) {
        self.period = .nanoseconds(Int64((Double(period.value) * 1e9).rounded()))
        due = now
    }

    /// How long it is since the tick before; one period for the first one.
    mutating func begin(at now: MonotonicInstant) -> Duration {
        defer { last = now }
        return last.map { now - $0 } ?? period
    }

    /// Makes the next tick due; says how many were left out.
    mutating func advance(at now: MonotonicInstant) -> UInt64 {
        due = due + period
        guard due <= now else { return 0 }
        let behind = now - due
        let missed = UInt64(behind / period) + 1
        due = due + period * Double(missed)
        return missed
    }

    /// Something else than ticking took its time: nothing was missed, and the next tick is told how long it was.
    mutating func restart(at now: MonotonicInstant) { due = now + period }
}

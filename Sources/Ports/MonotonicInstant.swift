internal import CLinux

/// A moment on the machine's monotonic clock, in nanoseconds since it started.
///
/// Deadlines are such moments and not spans of time: what several calls share does not grow with each of them.
@frozen public struct MonotonicInstant: Comparable, Hashable, Sendable {
    public let nanoseconds: Int64

    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Now. The only place of the house's host side where this clock is read.
    public static func now() -> MonotonicInstant {
        MonotonicInstant(nanoseconds: clinux_monotonic_nanoseconds())
    }

    /// Sleeps until then. Signals do not end it.
    public static func sleep(until moment: MonotonicInstant) { Linux.sleep(until: moment) }

    /// Already over: a call with this deadline takes what is there and does not wait.
    public static let past = MonotonicInstant(nanoseconds: .min)
    /// Never over.
    public static let never = MonotonicInstant(nanoseconds: .max)

    @inlinable public static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// Stops at `past` and `never` instead of wrapping round; what is below a nanosecond is dropped.
    public static func + (instant: MonotonicInstant, span: Duration) -> MonotonicInstant {
        let (seconds, attoseconds) = span.components
        let whole = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let delta = whole.partialValue.addingReportingOverflow(attoseconds / 1_000_000_000)
        let moment = instant.nanoseconds.addingReportingOverflow(delta.partialValue)
        guard whole.overflow || delta.overflow || moment.overflow else {
            return MonotonicInstant(nanoseconds: moment.partialValue)
        }
        return span < .zero ? past : never
    }

    /// How long from `right` to `left`; negative when `left` is the earlier one.
    public static func - (left: MonotonicInstant, right: MonotonicInstant) -> Duration {
        .nanoseconds(left.nanoseconds) - .nanoseconds(right.nanoseconds)
    }
}

extension Duration {
    /// Stops at the ends of its range; what is below a nanosecond is dropped.
    var nanoseconds: Int64 { (MonotonicInstant(nanoseconds: 0) + self).nanoseconds }
}

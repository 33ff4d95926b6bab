/// A number of control ticks: a duration counted on the loop's own clock.
@frozen public struct Ticks: Comparable, Hashable, Sendable {
    public let rawValue: Int32
    @inlinable public init(_ rawValue: Int32) { self.rawValue = rawValue }

    @inlinable public static func < (left: Ticks, right: Ticks) -> Bool { left.rawValue < right.rawValue }
    @inlinable public static func == (left: Ticks, right: Ticks) -> Bool { left.rawValue == right.rawValue }
    @inlinable public static var zero: Ticks { Ticks(0) }

    /// One tick later. Stays at the largest count instead of wrapping into the past.
    @inlinable public var next: Ticks { Ticks(rawValue == .max ? .max : rawValue + 1) }
}

/// A moment on the loop's clock. It wraps around; the difference of two moments does not care.
@frozen public struct Tick: Hashable, Sendable {
    public let rawValue: UInt32
    @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }

    @inlinable public static func == (left: Tick, right: Tick) -> Bool { left.rawValue == right.rawValue }

    /// Signed, so that a stamp slightly ahead of the clock is fresh instead of 49 days old.
    @inlinable public static func - (later: Tick, earlier: Tick) -> Ticks {
        Ticks(Int32(bitPattern: later.rawValue &- earlier.rawValue))
    }
    @inlinable public static func + (moment: Tick, span: Ticks) -> Tick {
        Tick(moment.rawValue &+ UInt32(bitPattern: span.rawValue))
    }
}

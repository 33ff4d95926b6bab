/// A number that carries its unit in its type.
///
/// Inside is a `Float` in SI units: the same width on the host and on the microcontroller, so both compute the same
/// bits. There is no conversion to or from plain numbers except by name.
public protocol Quantity: Comparable, Sendable {
    var value: Float { get }
    init(_ value: Float)
}

// All four comparisons are spelled out: the ones that `Comparable` makes out of `<` would answer "NaN is at most 1" with
// yes. Here NaN answers every comparison with no.
extension Quantity {
    @inlinable public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
    @inlinable public static func <= (left: Self, right: Self) -> Bool { left.value <= right.value }
    @inlinable public static func > (left: Self, right: Self) -> Bool { left.value > right.value }
    @inlinable public static func >= (left: Self, right: Self) -> Bool { left.value >= right.value }

    @inlinable public var isFinite: Bool { value.isFinite }
}

/// A quantity that can be added to its own kind and scaled.
///
/// An absolute temperature is a `Quantity` but not linear: adding two of them means nothing.
public protocol LinearQuantity: Quantity {}

extension LinearQuantity {
    @inlinable public static var zero: Self { Self(0) }
    @inlinable public var magnitude: Self { Self(value.magnitude) }

    @inlinable public static prefix func - (right: Self) -> Self { Self(-right.value) }
    @inlinable public static func + (left: Self, right: Self) -> Self { Self(left.value + right.value) }
    @inlinable public static func - (left: Self, right: Self) -> Self { Self(left.value - right.value) }
    @inlinable public static func += (left: inout Self, right: Self) { left = left + right }
    @inlinable public static func * (left: Self, right: Float) -> Self { Self(left.value * right) }
    @inlinable public static func * (left: Float, right: Self) -> Self { Self(left * right.value) }
    @inlinable public static func / (left: Self, right: Float) -> Self { Self(left.value / right) }
    /// The plain ratio of two quantities of one kind.
    @inlinable public static func / (left: Self, right: Self) -> Float { left.value / right.value }

    /// The value pulled into `-bound ... bound`. NaN stays NaN.
    @inlinable public func clamped(to bound: Self) -> Self { min(max(self, -bound), bound) }

    /// The value moved towards `target` by at most `step`.
    @inlinable public func approaching(_ target: Self, by step: Self) -> Self {
        self + (target - self).clamped(to: step)
    }
}

/// A length that knows no product with itself, so that a swapped operator has no meaning to the compiler.
@frozen public struct Metres: Comparable, Sendable {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }

    @inlinable public static var zero: Metres { Metres(0) }
    @inlinable public var magnitude: Metres { Metres(value.magnitude) }
    @inlinable public static func < (left: Metres, right: Metres) -> Bool { left.value < right.value }
    @inlinable public static func == (left: Metres, right: Metres) -> Bool { left.value == right.value }
    @inlinable public static prefix func - (right: Metres) -> Metres { Metres(-right.value) }
    @inlinable public static func + (left: Metres, right: Metres) -> Metres { Metres(left.value + right.value) }
    @inlinable public static func - (left: Metres, right: Metres) -> Metres { Metres(left.value - right.value) }
    @inlinable public static func * (left: Metres, right: Float) -> Metres { Metres(left.value * right) }
}

public enum Light: UInt8, Sendable {
    case green, amber, red
}

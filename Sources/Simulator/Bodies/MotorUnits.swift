public import Quantities

/// How hard it is to turn something faster: kg·m², seen from the output.
@frozen public struct KilogramSquareMetres: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// A length, or a coordinate.
@frozen public struct Metres: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// A force.
@frozen public struct Newtons: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

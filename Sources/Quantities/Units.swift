/// An angle, or a difference of angles. Positive is the joint's positive direction.
@frozen public struct Radians: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// An angular speed.
@frozen public struct RadiansPerSecond: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// An angular acceleration.
@frozen public struct RadiansPerSecondSquared: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// A torque; `effort` in the vocabulary of this house.
@frozen public struct NewtonMetres: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// How quickly a torque changes.
@frozen public struct NewtonMetresPerSecond: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// What a motor makes of its current, seen from the output: N·m/A, which is also V·s/rad.
@frozen public struct NewtonMetresPerAmpere: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// The stiffness of a holding law.
@frozen public struct NewtonMetresPerRadian: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// The damping of a holding or braking law.
@frozen public struct NewtonMetreSecondsPerRadian: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// A rate, or the gain from a position error to a speed.
@frozen public struct PerSecond: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// A span of time.
@frozen public struct Seconds: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// An electric current.
@frozen public struct Amperes: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// An electric potential.
@frozen public struct Volts: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// An electric resistance.
@frozen public struct Ohms: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// A power, mechanical or electrical.
@frozen public struct Watts: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// An energy.
@frozen public struct Joules: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// A temperature on an absolute scale; the difference of two is in `Kelvins`.
@frozen public struct Celsius: Quantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// A difference of temperatures.
@frozen public struct Kelvins: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// A thermal resistance.
@frozen public struct KelvinsPerWatt: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// A heat capacity.
@frozen public struct JoulesPerKelvin: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// How hard a drive is switched on, as a share of its supply: 1 is all of it, the sign is the direction.
///
/// Servos without a current sensor report this as their "load". It is neither a current nor a torque.
@frozen public struct Duty: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

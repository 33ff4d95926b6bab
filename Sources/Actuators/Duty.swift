public import Quantities

/// How hard a drive is switched on, as a share of its supply: 1 is all of it, the sign is the direction.
///
/// Servos without a current sensor report this as their "load". It is neither a current nor a torque.
@frozen public struct Duty: LinearQuantity {
    public let value: Float
    @inlinable public init(_ value: Float) { self.value = value }
    @inlinable public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
}

/// Where a register lives.
public enum Memory: Equatable, Sendable {
    /// Survives a loss of power, wears out, and is closed for writing while the servo is in use.
    case persistent
    case volatile
}

public enum Access: Equatable, Sendable { case readOnly, readWrite }

/// The whole number nearest to a value on the wire; nil when it is none or does not fit.
func nearestRaw(_ value: Float, least: Int32 = .min, most: Int32 = .max) -> Int32? {
    let nearest = Double(value.rounded())
    guard nearest >= Double(least), nearest <= Double(most) else { return nil }
    return Int32(nearest)
}

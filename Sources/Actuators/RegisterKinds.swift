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

public import Quantities

/// A quantity as people and files spell it.
public protocol NamedUnit: Quantity {
    /// As shown to people: `rad/s`.
    static var symbol: String { get }
    /// As the end of a key: `rad_s`.
    static var keySuffix: String { get }
}

extension Radians: NamedUnit {
    public static let symbol = "rad"
    public static let keySuffix = "rad"
}

extension RadiansPerSecond: NamedUnit {
    public static let symbol = "rad/s"
    public static let keySuffix = "rad_s"
}

extension RadiansPerSecondSquared: NamedUnit {
    public static let symbol = "rad/s²"
    public static let keySuffix = "rad_s2"
}

extension NewtonMetres: NamedUnit {
    public static let symbol = "N·m"
    public static let keySuffix = "nm"
}

extension NewtonMetresPerSecond: NamedUnit {
    public static let symbol = "N·m/s"
    public static let keySuffix = "nm_s"
}

extension NewtonMetresPerRadian: NamedUnit {
    public static let symbol = "N·m/rad"
    public static let keySuffix = "nm_rad"
}

extension NewtonMetreSecondsPerRadian: NamedUnit {
    public static let symbol = "N·m·s/rad"
    public static let keySuffix = "nm_s_rad"
}

extension PerSecond: NamedUnit {
    public static let symbol = "1/s"
    public static let keySuffix = "per_s"
}

extension Seconds: NamedUnit {
    public static let symbol = "s"
    public static let keySuffix = "s"
}

extension Volts: NamedUnit {
    public static let symbol = "V"
    public static let keySuffix = "v"
}

extension Ohms: NamedUnit {
    public static let symbol = "Ω"
    public static let keySuffix = "ohm"
}

extension Watts: NamedUnit {
    public static let symbol = "W"
    public static let keySuffix = "w"
}

extension Joules: NamedUnit {
    public static let symbol = "J"
    public static let keySuffix = "j"
}

extension Celsius: NamedUnit {
    public static let symbol = "°C"
    public static let keySuffix = "c"
}

extension KelvinsPerWatt: NamedUnit {
    public static let symbol = "K/W"
    public static let keySuffix = "k_w"
}

extension JoulesPerKelvin: NamedUnit {
    public static let symbol = "J/K"
    public static let keySuffix = "j_k"
}

/// A share of a joint's position range; one is from end to end.
struct Ranges: NamedUnit {
    let value: Float
    init(_ value: Float) { self.value = value }
    static let symbol = "ranges"
    static let keySuffix = "ranges"
}

/// The same per second of real time.
struct RangesPerSecond: NamedUnit {
    let value: Float
    init(_ value: Float) { self.value = value }
    static let symbol = "ranges/s"
    static let keySuffix = "ranges_s"
}

extension Amperes: NamedUnit {
    public static let symbol = "A"
    public static let keySuffix = "a"
}

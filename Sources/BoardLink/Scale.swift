public import Quantities

/// The fixed-point scales of the wire. One table; nothing else in the house knows what one step is worth.
///
/// All but the duration are powers of two: then a decoded value is exact, both machines hold the same bits, and encoding
/// it again gives the same raw number.
public enum Scales {
    /// 15.3 µrad a step; ±128 rad.
    @inlinable public static var position: Scale<Radians> { Scale(code: 1, bytes: 3, stepsPerUnit: 65_536) }
    /// 3.9 mrad/s a step; ±128 rad/s.
    @inlinable public static var speed: Scale<RadiansPerSecond> { Scale(code: 2, bytes: 2, stepsPerUnit: 256) }
    /// 2.0 mN·m a step; ±64 N·m.
    @inlinable public static var effort: Scale<NewtonMetres> { Scale(code: 3, bytes: 2, stepsPerUnit: 512) }
    /// 7.8 m°C a step; ±256 °C.
    @inlinable public static var temperature: Scale<Celsius> { Scale(code: 4, bytes: 2, stepsPerUnit: 128) }
    /// 3.9 mV a step; ±128 V.
    @inlinable public static var voltage: Scale<Volts> { Scale(code: 5, bytes: 2, stepsPerUnit: 256) }
    /// 3.9 mA a step; ±128 A.
    @inlinable public static var current: Scale<Amperes> { Scale(code: 6, bytes: 2, stepsPerUnit: 256) }
    /// 1 µs a step; ±32.8 ms.
    @inlinable public static var duration: Scale<Seconds> { Scale(code: 7, bytes: 2, stepsPerUnit: 1_000_000) }
    /// 31 mrad/s² a step; ±1,024 rad/s².
    @inlinable public static var braking: Scale<RadiansPerSecondSquared> { Scale(code: 8, bytes: 2, stepsPerUnit: 32) }
}

/// How one quantity travels: a signed whole number of steps, two or three bytes wide.
///
/// The most negative number is reserved for "unknown". What lies beyond the range becomes the end of the range.
@frozen public struct Scale<Unit: Quantity>: Sendable {
    /// Distinguishes quantities in the layout hash.
    public let code: UInt8
    public let bytes: UInt8
    public let stepsPerUnit: Float

    @inlinable init(code: UInt8, bytes: UInt8, stepsPerUnit: Float) {
        self.code = code
        self.bytes = bytes
        self.stepsPerUnit = stepsPerUnit
    }

    /// The largest raw number; the smallest is its negative.
    @inlinable public var largest: Int32 { bytes == 3 ? 0x7F_FFFF : 0x7FFF }

    /// The raw number that means "unknown".
    @inlinable public var unknown: Int32 { -largest - 1 }

    /// The nearest raw number, halves away from zero; `unknown` for nil, NaN and infinities.
    @inlinable public func raw(_ quantity: Unit?) -> Int32 {
        guard let quantity, quantity.isFinite else { return unknown }
        let steps = quantity.value * stepsPerUnit
        let end = Float(Int(largest))
        if steps >= end { return largest }
        if steps <= -end { return -largest }
        // Not `rounded()`, which is a library call on a Cortex-M4; and not `+ 0.5`, which rounds 0.49999997 up.
        let whole = Int(steps)
        let rest = steps - Float(whole)
        if rest >= 0.5 { return Int32(whole + 1) }
        return Int32(rest <= -0.5 ? whole - 1 : whole)
    }

    /// The quantity that a raw number stands for; nil for `unknown`.
    @inlinable public func quantity(_ raw: Int32) -> Unit? {
        guard raw != unknown else { return nil }
        return Unit(Float(Int(raw)) / stepsPerUnit)
    }
}

// Generic code is proven free of allocation only where it meets a concrete unit in its own file, hence one function a
// quantity here.
extension Fields {
    @_noAllocation @_noLocks mutating func scaled(_ value: inout Radians?) { walk(&value, Scales.position) }
    @_noAllocation @_noLocks mutating func scaled(_ value: inout RadiansPerSecond?) { walk(&value, Scales.speed) }
    @_noAllocation @_noLocks mutating func scaled(_ value: inout NewtonMetres?) { walk(&value, Scales.effort) }
    @_noAllocation @_noLocks mutating func scaled(_ value: inout Celsius?) { walk(&value, Scales.temperature) }
    @_noAllocation @_noLocks mutating func scaled(_ value: inout Volts?) { walk(&value, Scales.voltage) }
    @_noAllocation @_noLocks mutating func scaled(_ value: inout Seconds?) { walk(&value, Scales.duration) }

    // A number that must be there.
    @_noAllocation @_noLocks mutating func scaled(_ value: inout Radians) { need(&value, Scales.position) }
    @_noAllocation @_noLocks mutating func scaled(_ value: inout RadiansPerSecond) { need(&value, Scales.speed) }
    @_noAllocation @_noLocks mutating func scaled(_ value: inout NewtonMetres) { need(&value, Scales.effort) }
    @_noAllocation @_noLocks mutating func scaled(_ value: inout Celsius) { need(&value, Scales.temperature) }

    // A number that must be there and above zero.
    @_noAllocation @_noLocks mutating func bound(_ value: inout RadiansPerSecond) { positive(&value, Scales.speed) }
    @_noAllocation @_noLocks mutating func bound(_ value: inout NewtonMetres) { positive(&value, Scales.effort) }
    @_noAllocation @_noLocks mutating func bound(_ value: inout Amperes) { positive(&value, Scales.current) }
    @_noAllocation @_noLocks mutating func bound(_ value: inout Seconds) { positive(&value, Scales.duration) }

    /// A deceleration: a joint that does not slow down, or that slows down the wrong way, is refused by its name.
    @_noAllocation @_noLocks
    mutating func braking(_ value: inout RadiansPerSecondSquared) {
        var known: RadiansPerSecondSquared? = value
        walk(&known, Scales.braking)
        guard let known, known > .zero else { return refuse(.braking) }
        value = known
    }

    // Two numbers, the first below the second.
    @_noAllocation @_noLocks mutating func limit(_ value: inout Limit<Radians>) { range(&value, Scales.position) }
    @_noAllocation @_noLocks mutating func limit(_ value: inout Limit<Volts>) { range(&value, Scales.voltage) }

    private mutating func walk<Unit>(_ value: inout Unit?, _ scale: Scale<Unit>) {
        note(.scaled, UInt32(scale.code))
        note(.scaled, UInt32(scale.bytes))
        note(.scaled, scale.stepsPerUnit.bitPattern)
        let raw = scale.raw(value)
        var low = UInt16(truncatingIfNeeded: raw)
        var high = UInt8(truncatingIfNeeded: raw >> 16)
        half(&low)
        if scale.bytes == 3 {
            byte(&high)
            value = scale.quantity(Int32(Int8(bitPattern: high)) << 16 | Int32(low))
        } else {
            value = scale.quantity(Int32(Int16(bitPattern: low)))
        }
    }

    private mutating func need<Unit>(_ value: inout Unit, _ scale: Scale<Unit>) {
        var known: Unit? = value
        walk(&known, scale)
        guard let known else { return refuse(.missingNumber) }
        value = known
    }

    private mutating func positive<Unit>(_ value: inout Unit, _ scale: Scale<Unit>) {
        need(&value, scale)
        if value.value <= 0 { refuse(.limit) }
    }

    private mutating func range<Unit>(_ value: inout Limit<Unit>, _ scale: Scale<Unit>) {
        var low = value.low
        var high = value.high
        need(&low, scale)
        need(&high, scale)
        guard let read = Limit(low, high) else { return refuse(.limit) }
        value = read
    }
}

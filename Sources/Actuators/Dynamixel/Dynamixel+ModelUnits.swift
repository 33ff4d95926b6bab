public import Quantities

// What the numbers of the registers mean. Raw numbers are whole; a quantity that has none is nil.

/// The steps of one turn of a magnetic encoder with twelve bits.
let stepsPerTurn: Int32 = 4_096

let radiansPerTurn: Float = 2 * .pi

extension Dynamixel.Model {
    private static let radiansPerStep = radiansPerTurn / Float(stepsPerTurn)
    // The vendor's machine-readable tables carry this number; the manual rounds it to 0.229 revolutions a minute.
    private static let radiansPerSecondPerStep: Float = 0.023_969_1
    // 214.577 revolutions per minute, per minute.
    private static let radiansPerSecondSquaredPerStep = 214.577 * radiansPerTurn / 3_600
    private static let voltsPerStep: Float = 0.1
    /// All of the supply.
    private static let fullPWM: Float = 885
    private static let fullLoad: Float = 1_000

    /// Nil for a model that cannot measure its current.
    private var amperesPerStep: Float? {
        switch family {
        case .x330: 0.001
        case .x430, .x540: 0.002_69
        case .x430WithoutCurrent: nil
        }
    }

    /// An angle of the servo's own scale: zero is its raw zero, not the middle of its range.
    public func position(_ raw: Int32) -> Radians { Radians(Float(raw) * Self.radiansPerStep) }

    public func raw(_ position: Radians) -> Int32? { nearestRaw(position.value / Self.radiansPerStep) }

    public func velocity(_ raw: Int32) -> RadiansPerSecond {
        RadiansPerSecond(Float(raw) * Self.radiansPerSecondPerStep)
    }

    public func raw(_ velocity: RadiansPerSecond) -> Int32? {
        nearestRaw(velocity.value / Self.radiansPerSecondPerStep)
    }

    /// The profile's acceleration, in the drive mode that gives it as one and not as a time.
    public func acceleration(_ raw: Int32) -> RadiansPerSecondSquared {
        RadiansPerSecondSquared(Float(raw) * Self.radiansPerSecondSquaredPerStep)
    }

    public func raw(_ acceleration: RadiansPerSecondSquared) -> Int32? {
        nearestRaw(acceleration.value / Self.radiansPerSecondSquaredPerStep, least: 0)
    }

    public func current(_ raw: Int16) -> Amperes? {
        amperesPerStep.map { Amperes(Float(raw) * $0) }
    }

    public func raw(_ current: Amperes) -> Int16? {
        amperesPerStep.flatMap { nearestRaw(current.value / $0, least: -0x8000, most: 0x7FFF) }.map(Int16.init)
    }

    public func duty(pwm raw: Int16) -> Duty { Duty(Float(raw) / Self.fullPWM) }

    public func rawPWM(_ duty: Duty) -> Int16? {
        nearestRaw(duty.value * Self.fullPWM, least: -0x8000, most: 0x7FFF).map(Int16.init)
    }

    /// Nil for a model that measures its current instead.
    public func duty(load raw: Int16) -> Duty? {
        hasCurrentSensor ? nil : Duty(Float(raw) / Self.fullLoad)
    }

    public func voltage(_ raw: UInt16) -> Volts { Volts(Float(raw) * Self.voltsPerStep) }

    public func raw(_ voltage: Volts) -> UInt16? {
        nearestRaw(voltage.value / Self.voltsPerStep, least: 0, most: 0xFFFF).map(UInt16.init)
    }

    public func temperature(_ raw: UInt8) -> Celsius { Celsius(Float(raw)) }

    /// How long the servo waits before it answers: register "return delay".
    public func returnDelay(_ raw: UInt8) -> Seconds { Seconds(Float(raw) * 2e-6) }

    /// The servo's own clock: register "realtime tick". It wraps after 32.767 s.
    public func clock(_ raw: UInt16) -> Seconds { Seconds(Float(raw) * 1e-3) }
}

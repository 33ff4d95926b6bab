public import Quantities

extension Feetech {
    /// What a step of the speed registers is. Bit 2 of register `phase` decides it.
    public enum SpeedUnit: Equatable, Sendable {
        case fiftyStepsPerSecond
        case oneStepPerSecond

        public init(phase: UInt8) { self = phase & 0x04 == 0 ? .fiftyStepsPerSecond : .oneStepPerSecond }

        var steps: Float {
            switch self {
            case .fiftyStepsPerSecond: 50
            case .oneStepPerSecond: 1
            }
        }
    }

    /// What the numbers of the registers mean. Raw numbers are whole; a quantity that has none is nil.
    public struct Units: Equatable, Sendable {
        public let speed: SpeedUnit

        public init(phase: UInt8) { speed = SpeedUnit(phase: phase) }

        private static let radiansPerStep = radiansPerTurn / Float(stepsPerTurn)
        private static let amperesPerStep: Float = 0.006_5
        private static let voltsPerStep: Float = 0.1
        /// All of the supply.
        private static let fullDuty: Float = 1_000
        private static let accelerationSteps: Float = 100

        private var radiansPerSecondPerStep: Float { Self.radiansPerStep * speed.steps }

        /// An angle of the servo's own scale: zero is its raw zero, not the middle of its range.
        public func position(_ raw: Int32) -> Radians { Radians(Float(raw) * Self.radiansPerStep) }

        public func raw(_ position: Radians) -> Int32? { nearestRaw(position.value / Self.radiansPerStep) }

        public func velocity(_ raw: Int32) -> RadiansPerSecond {
            RadiansPerSecond(Float(raw) * radiansPerSecondPerStep)
        }

        public func raw(_ velocity: RadiansPerSecond) -> Int32? { nearestRaw(velocity.value / radiansPerSecondPerStep) }

        public func acceleration(_ raw: Int32) -> RadiansPerSecondSquared {
            RadiansPerSecondSquared(Float(raw) * Self.accelerationSteps * Self.radiansPerStep)
        }

        public func raw(_ acceleration: RadiansPerSecondSquared) -> Int32? {
            nearestRaw(acceleration.value / (Self.accelerationSteps * Self.radiansPerStep), least: 0)
        }

        /// A load or a torque limit: a share of the PWM, not a torque.
        public func duty(_ raw: Int32) -> Duty { Duty(Float(raw) / Self.fullDuty) }

        public func raw(_ duty: Duty) -> Int32? { nearestRaw(duty.value * Self.fullDuty) }

        public func current(_ raw: Int32) -> Amperes { Amperes(Float(raw) * Self.amperesPerStep) }

        public func raw(_ current: Amperes) -> Int32? { nearestRaw(current.value / Self.amperesPerStep) }

        public func voltage(_ raw: UInt8) -> Volts { Volts(Float(raw) * Self.voltsPerStep) }

        public func temperature(_ raw: UInt8) -> Celsius { Celsius(Float(raw)) }

        /// How long the servo waits before it answers: register `returnDelay`.
        public func returnDelay(_ raw: UInt8) -> Seconds { Seconds(Float(raw) * 2e-6) }
    }

    /// One joint's state, out of the fifteen bytes that begin at the present position.
    public struct Sample: Equatable, Sendable {
        /// In steps, as the encoder says it: within one turn, unless the servo counts turns itself.
        public let steps: Int32
        public let position: Radians
        public let velocity: RadiansPerSecond
        public let load: Duty
        public let voltage: Volts
        public let temperature: Celsius
        public let faults: ServoFaults
        public let isMoving: Bool
        public let current: Amperes

        public static let region = Region(address: 56, count: 15)

        /// Nil when the window is not complete.
        public init?(_ window: Span<UInt8>, in units: Units) {
            guard window.count == Int(Self.region.count), let steps = Self.number(.presentPosition, window),
                let speed = Self.number(.presentVelocity, window), let load = Self.number(.presentLoad, window),
                let current = Self.number(.presentCurrent, window)
            else { return nil }
            self.steps = steps
            position = units.position(steps)
            velocity = units.velocity(speed)
            self.load = units.duty(load)
            voltage = units.voltage(window[6])
            temperature = units.temperature(window[7])
            faults = ServoFaults(rawValue: window[9])
            isMoving = window[10] != 0
            self.current = units.current(current)
        }

        private static func number(_ item: Item, _ window: Span<UInt8>) -> Int32? {
            item.register.number(in: window, at: Int(item.register.address) - Int(region.address))
        }
    }
}

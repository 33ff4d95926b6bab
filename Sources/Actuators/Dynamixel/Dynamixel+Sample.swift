public import Quantities

extension Dynamixel {
    /// One joint's state, out of registers that indirect ones put next to each other.
    ///
    /// So one request brings not only where a joint is, but also whether its motor is on, whether its watchdog is armed,
    /// what it complains about and which goal it follows; nothing of that has to be believed from a write.
    public struct Sample: Equatable, Sendable {
        public let hardwareError: HardwareError
        public let isDriven: Bool
        /// nil for a value that the register never has.
        public let watchdog: BusWatchdog?
        public let pull: ActuatorPull
        public let velocity: RadiansPerSecond
        public let position: Radians
        public let voltage: Volts
        public let temperature: Celsius
        /// The bytes of the goal register, the low one first.
        public let goal: Int32
        /// The servo's own clock; nil where the block has no room for it.
        public let clock: Seconds?

        /// What every model has room for.
        public static let width: UInt16 = 20
        /// With the servo's clock.
        public static let widthWithClock: UInt16 = 22
        /// With the lower half of the goal, which is all of it but for turns beyond the eighth.
        public static let leastWidth: UInt16 = 18

        /// The address that the indirect register at a place of the window must show.
        public static func shownAddress(at place: UInt16, goal: Register) -> UInt16? {
            switch place {
            case 0: 70
            case 1: 64
            case 2: 98
            case 3...12: 126 + place - 3
            // The low byte is enough for 25 V.
            case 13: 144
            case 14: 0
            case 15: 146
            // A goal of two bytes brings its neighbours along; they are cut off again.
            case 16...19: goal.address + place - 16
            case 20...21: 120 + place - 20
            default: nil
            }
        }

        /// Nil when more than the end of the window is missing, or it does not show what it was laid to.
        ///
        /// A servo that has started again answers with an empty window. The low byte of its model number is in it so that
        /// nobody takes those zeros for a position: it is not zero for any model.
        public init?(_ window: Span<UInt8>, of model: Model, goal register: Register) {
            guard (Int(Self.leastWidth)...Int(Self.widthWithClock)).contains(window.count) else { return nil }
            let raw = Int16(bitPattern: window.number(at: 3))
            guard window[14] == UInt8(truncatingIfNeeded: model.rawValue), let pull = model.pull(raw) else {
                return nil
            }
            hardwareError = HardwareError(rawValue: window[0])
            isDriven = window[1] != 0
            watchdog = BusWatchdog(rawValue: window[2])
            self.pull = pull
            velocity = model.velocity(window.signedNumber(at: 5))
            position = model.position(window.signedNumber(at: 9))
            voltage = model.voltage(UInt16(window[13]))
            temperature = model.temperature(window[15])
            self.goal = Self.goal(window, register)
            clock = window.count == Int(Self.widthWithClock) ? model.clock(window.number(at: 20)) : nil
        }

        /// As much of the goal as the window shows, with the sign of its highest byte.
        private static func goal(_ window: Span<UInt8>, _ register: Register) -> Int32 {
            let lower = window.number(at: 16)
            if register.width == 2 || window.count < 19 { return Int32(Int16(bitPattern: lower)) }
            guard window.count < Int(width) else { return window.signedNumber(at: 16) }
            return Int32(bitPattern: (UInt32(lower) | UInt32(window[18]) << 16) << 8) >> 8
        }
    }
}

extension Dynamixel.Model {
    /// A current where it is measured, and else a load.
    func pull(_ raw: Int16) -> ActuatorPull? {
        current(raw).map(ActuatorPull.current) ?? duty(load: raw).map(ActuatorPull.load)
    }
}

extension Span where Element == UInt8 {
    /// Four bytes in two's complement, the low one first.
    func signedNumber(at offset: Int) -> Int32 {
        Int32(bitPattern: UInt32(number(at: offset)) | UInt32(number(at: offset + 2)) << 16)
    }
}

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

        /// Nil when the window is not complete, or does not show what it was laid out to show.
        ///
        /// A servo that has started again answers with an empty window. The low byte of its model number is in it so that
        /// nobody takes those zeros for a position: it is not zero for any model.
        public init?(_ window: Span<UInt8>, of model: Model, goal register: Register) {
            guard window.count == Int(Self.width) || window.count == Int(Self.widthWithClock) else { return nil }
            let raw = Int16(bitPattern: window.number(at: 3))
            guard window[14] == UInt8(truncatingIfNeeded: model.rawValue), let pull = model.pull(raw),
                let goal = register.number(in: window, at: 16)
            else { return nil }
            hardwareError = HardwareError(rawValue: window[0])
            isDriven = window[1] != 0
            watchdog = BusWatchdog(rawValue: window[2])
            self.pull = pull
            velocity = model.velocity(window.signedNumber(at: 5))
            position = model.position(window.signedNumber(at: 9))
            voltage = model.voltage(UInt16(window[13]))
            temperature = model.temperature(window[15])
            self.goal = Int32(truncatingIfNeeded: goal)
            clock = window.count > 20 ? model.clock(window.number(at: 20)) : nil
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

public import Quantities

extension Dynamixel {
    /// One joint's state, out of fourteen bytes that indirect registers put next to each other.
    ///
    /// So the error and the temperature come with every position and cost no request of their own.
    public struct Sample: Equatable, Sendable {
        /// What the motor is made to do: a current where it is measured, and else a load.
        public enum Drive: Equatable, Sendable {
            case current(Amperes)
            case load(Duty)
        }

        public let hardwareError: HardwareError
        public let drive: Drive
        public let velocity: RadiansPerSecond
        public let position: Radians
        public let voltage: Volts
        public let temperature: Celsius

        public static let width: UInt16 = 14

        /// The address that the indirect register at a place of the window must show.
        public static func shownAddress(at place: UInt16) -> UInt16? {
            switch place {
            case 0: 70
            case 1...10: 125 + place
            case 11...12: 133 + place
            case 13: 146
            default: nil
            }
        }

        /// Nil when the window is not complete.
        public init?(_ window: Span<UInt8>, of model: Model) {
            guard window.count == Int(Self.width) else { return nil }
            let pull = Int16(bitPattern: window.number(at: 1))
            guard let drive = Self.drive(pull, of: model) else { return nil }
            hardwareError = HardwareError(rawValue: window[0])
            self.drive = drive
            velocity = model.velocity(window.signedNumber(at: 3))
            position = model.position(window.signedNumber(at: 7))
            voltage = model.voltage(window.number(at: 11))
            temperature = model.temperature(window[13])
        }

        private static func drive(_ raw: Int16, of model: Model) -> Drive? {
            model.current(raw).map(Drive.current) ?? model.duty(load: raw).map(Drive.load)
        }
    }
}

extension Span where Element == UInt8 {
    /// Four bytes in two's complement, the low one first.
    func signedNumber(at offset: Int) -> Int32 {
        Int32(bitPattern: UInt32(number(at: offset)) | UInt32(number(at: offset + 2)) << 16)
    }
}

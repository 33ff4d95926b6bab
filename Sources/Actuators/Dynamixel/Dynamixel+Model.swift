public import Quantities

extension Dynamixel {
    /// The servos whose registers are known here. The number is what a ping answers.
    public enum Model: UInt16, CaseIterable, Sendable {
        case xm430W350 = 1020
        case xm430W210 = 1030
        case xl430W250 = 1060
        /// Two servos in one case, each with a number of its own.
        case doubleXL430W250 = 1090
        case xm540W270 = 1120
        case xm540W150 = 1130
        case xl330M077 = 1190
        case xl330M288 = 1200

        enum Family { case x330, x430WithoutCurrent, x430, x540 }

        var family: Family {
            switch self {
            case .xl330M077, .xl330M288: .x330
            case .xl430W250, .doubleXL430W250: .x430WithoutCurrent
            case .xm430W350, .xm430W210: .x430
            case .xm540W270, .xm540W150: .x540
            }
        }

        /// Whether current can be measured, limited and commanded. Without, there is a load: a share of the PWM.
        public var hasCurrentSensor: Bool { family != .x430WithoutCurrent }
    }

    /// The version of a servo's own program; the registers depend on it.
    public struct Firmware: Comparable, Sendable {
        public let rawValue: UInt8

        public init(_ rawValue: UInt8) { self.rawValue = rawValue }

        public static func < (left: Firmware, right: Firmware) -> Bool { left.rawValue < right.rawValue }
    }

    /// Registers that show others: what is scattered can be read at once.
    public struct IndirectBlock: Equatable, Sendable {
        /// Two bytes for each entry: the address that it shows.
        public let addresses: UInt16
        /// One byte for each entry: what stands at that address.
        public let data: UInt16

        public var entries: UInt16 { (data - addresses) / 2 }
    }
}

extension Dynamixel.Model {
    /// Whether several servos can share one answer.
    public func answersFastReads(with firmware: Dynamixel.Firmware) -> Bool {
        switch self {
        case .doubleXL430W250: false
        case .xl330M077, .xl330M288: firmware >= Dynamixel.Firmware(46)
        case .xl430W250, .xm430W350, .xm430W210, .xm540W270, .xm540W150: firmware >= Dynamixel.Firmware(45)
        }
    }

    /// Whether the servo can stop by itself when its bus falls silent.
    public func hasBusWatchdog(with firmware: Dynamixel.Firmware) -> Bool { firmware >= Self.firstFirmwareWithWatchdog }

    public static let firstFirmwareWithWatchdog = Dynamixel.Firmware(38)

    /// Whether the servo can forget whole turns (`Writer.clearTurns`).
    public func clearsTurns(with firmware: Dynamixel.Firmware) -> Bool { firmware >= Dynamixel.Firmware(42) }

    /// Whether the servo can store its own table (`Writer.backup`); one that can says so in "backup ready".
    public var hasBackup: Bool { register(.backupReady) != nil }

    public func indirectBlock(with firmware: Dynamixel.Firmware) -> Dynamixel.IndirectBlock {
        let isShort = family == .x330 && firmware <= Dynamixel.Firmware(52)
        return Dynamixel.IndirectBlock(addresses: 168, data: isShort ? 208 : 224)
    }

    /// The bits per second behind a code of the baud register; nil for a code that this model does not have.
    public func bitsPerSecond(code: UInt8) -> UInt32? {
        switch code {
        case 0: 9_600
        case 1: 57_600
        case 2: 115_200
        case 3: 1_000_000
        case 4: 2_000_000
        case 5: 3_000_000
        case 6: 4_000_000
        case 7: family == .x330 ? nil : 4_500_000
        default: nil
        }
    }

    public func code(bitsPerSecond: UInt32) -> UInt8? {
        for code in UInt8(0)...7 where self.bitsPerSecond(code: code) == bitsPerSecond { return code }
        return nil
    }

    public func allows(_ mode: Dynamixel.OperatingMode) -> Bool {
        switch mode {
        case .current, .currentBasedPosition: hasCurrentSensor
        case .velocity, .position, .extendedPosition, .pwm: true
        }
    }
}

extension Dynamixel {
    public enum OperatingMode: UInt8, CaseIterable, Sendable {
        case current = 0
        case velocity = 1
        case position = 3
        case extendedPosition = 4
        case currentBasedPosition = 5
        case pwm = 16
    }

    /// What the watchdog register says or is told.
    public enum BusWatchdog: Equatable, Sendable {
        case off
        /// The servo stops when the bus is silent for so many steps of 20 ms.
        case armed(steps: UInt8)
        /// It has stopped the servo, which refuses every goal until `off` is written.
        case tripped

        /// Nil for a value that the register never has.
        public init?(rawValue: UInt8) {
            switch rawValue {
            case 0: self = .off
            case 1...127: self = .armed(steps: rawValue)
            case 0xFF: self = .tripped
            default: return nil
            }
        }

        public static let step = Seconds(0.02)

        /// The longest silence that is at most `silence`, or nil when that is shorter than one step or too long.
        public static func arming(within silence: Seconds) -> BusWatchdog? {
            // A hundredth of a step of tolerance: 0.1 s is five steps although 0.1 / 0.02 is not five in binary.
            let steps = (silence / step + 0.01).rounded(.down)
            return steps >= 1 && steps <= 127 ? .armed(steps: UInt8(steps)) : nil
        }

        public var rawValue: UInt8 {
            switch self {
            case .off: 0
            case .armed(let steps): steps
            case .tripped: 0xFF
            }
        }

        public var silence: Seconds? {
            if case .armed(let steps) = self { Self.step * Float(Int(steps)) } else { nil }
        }
    }
}

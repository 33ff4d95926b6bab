import BoardFirmware
import BoardLink
import Quantities
import _Volatile

/// Four bridges with a direction pin each, driven by the four channels of timer 1 at 20 kHz.
///
/// Off means: the timer's main output is disabled, so that all four pins are low, and pull-downs on the board hold them
/// so while the processor resets. The emergency stop is wired to the timer's break input, which does the same without
/// the program.
enum Stages {
    private static var base: UInt { 0x4001_0000 }
    /// 168 MHz / 8,400 = 20 kHz.
    private static var period: UInt32 { 8_400 }

    static func start() {
        register(0x4002_3830).set(0x1F)  // ports A to E
        register(0x4002_3844).set(1)  // timer 1
        // E9, 11, 13, 14: channels; E15: break; E7, 8, 10, 12: directions.
        register(0x4002_1000).change(
            0xFFFF_C000, to: 2 << 18 | 2 << 22 | 2 << 26 | 2 << 28 | 2 << 30 | 1 << 14 | 1 << 16 | 1 << 20 | 1 << 24)
        register(0x4002_1024).change(0xFFF0_F0F0, to: 1 << 4 | 1 << 12 | 1 << 20 | 1 << 24 | 1 << 28)
        register(base + 0x2C).store(period - 1)
        register(base + 0x18).store(0x6868)  // PWM mode 1 with preload, channels 1 and 2
        register(base + 0x1C).store(0x6868)
        register(base + 0x20).store(0x1111)
        register(base + 0x44).store(1 << 12 | 1 << 10)  // break enabled, active low; idle state driven
        register(base + 0x14).store(1)
        register(base).store(1 << 7 | 1)
    }

    /// One store and nothing to go wrong.
    @inline(__always) static func off() { register(base + 0x44).store(1 << 12 | 1 << 10) }

    /// Whether the break input has acted; it stays so until the program turns the outputs on again.
    static var isStopped: Bool { register(0x4002_1010).load() & (1 << 15) == 0 }

    static func on() { register(base + 0x44).store(1 << 15 | 1 << 12 | 1 << 10) }

    /// The duty lies between -1 and 1.
    static func set(_ joint: BoardJoint, duty: Float) {
        let steps = UInt32(truncatingIfNeeded: Int(duty.magnitude * Float(Int(period))))
        register(base + 0x34 + 4 * UInt(joint.rawValue)).store(steps)
        let pin: UInt32 =
            switch joint.rawValue {
            case 0: 7
            case 1: 8
            case 2: 10
            default: 12
            }
        register(0x4002_1018).store(duty < 0 ? 1 << (pin + 16) : 1 << pin)
    }
}

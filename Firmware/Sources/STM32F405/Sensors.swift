import BoardFirmware
import BoardLink
import Quantities
import _Volatile

/// Encoders on timers 2 to 5; currents, supply and temperatures on converter 1.
enum Sensors {
    static var countsPerTurn: Int32 { 4_096 }

    private static func timer(_ joint: BoardJoint) -> UInt { 0x4000_0000 + 0x400 * UInt(joint.rawValue) }

    static func start() {
        register(0x4002_3840).set(0xF)  // timers 2 to 5
        register(0x4002_3844).set(1 << 8)  // converter 1
        // A0, 1 (timer 5), A15 and B3 (timer 2), C6, 7 (timer 3), D12, 13 (timer 4); A4 to A7 and C0 to C3 analogue.
        register(0x4002_0000).change(0xC000_FF0F, to: 2 << 30 | 2 | 2 << 2 | 0xFF00)
        register(0x4002_0020).change(0xFF, to: 0x22)
        register(0x4002_0024).change(0xF000_0000, to: 1 << 28)
        register(0x4002_0400).change(3 << 6, to: 2 << 6)
        register(0x4002_0420).change(0xF000, to: 1 << 12)
        register(0x4002_0800).change(0xF0FF, to: 2 << 12 | 2 << 14 | 0xFF)
        register(0x4002_0820).change(0xFF00_0000, to: 2 << 24 | 2 << 28)
        register(0x4002_0C00).change(0xF00_0000, to: 2 << 24 | 2 << 26)
        register(0x4002_0C24).change(0xFF_0000, to: 2 << 16 | 2 << 20)
        var position: UInt8 = 0
        while let joint = BoardJointCount.four.joint(at: position) {
            register(timer(joint) + 0x18).store(0x0101)
            register(timer(joint) + 0x08).store(3)  // both edges of both tracks
            register(timer(joint) + 0x2C).store(0xFFFF)
            register(timer(joint)).store(1)
            position += 1
        }
        register(0x4001_2010).store(0x3FFF_FFFF)  // long samples
        register(0x4001_200C).store(0x07FF_FFFF)
        register(0x4001_2304).store(1 << 16)  // 84 MHz / 4
        register(0x4001_2008).store(1)
    }

    static func count(_ joint: BoardJoint) -> UInt16 {
        UInt16(truncatingIfNeeded: register(timer(joint) + 0x24).load())
    }

    /// One conversion: 23 µs. Nine of them a tick.
    private static func convert(_ channel: UInt32) -> Float {
        register(0x4001_2034).store(channel)
        register(0x4001_2008).store(1 | 1 << 30)
        while register(0x4001_2000).load() & 2 == 0 {}
        return Float(Int(register(0x4001_204C).load() & 0xFFF)) / 4_095
    }

    /// A hall sensor that says half of its supply at no current; ±40 A.
    static func current(_ joint: BoardJoint) -> Amperes {
        Amperes((convert(10 + UInt32(truncatingIfNeeded: Int(joint.rawValue))) - 0.5) * 80)
    }

    /// Behind a divider by eleven.
    static func supply() -> Volts { Volts(convert(4) * 3.3 * 11) }

    /// 10 mV a degree, 500 mV at nothing: one sensor for every two stages.
    static func temperature(_ joint: BoardJoint) -> Celsius {
        Celsius((convert(5 + UInt32(truncatingIfNeeded: Int(joint.rawValue / 2))) * 3.3 - 0.5) * 100)
    }

    /// D0, low when a stage says that it is broken.
    static var isStageBroken: Bool { register(0x4002_0C10).load() & 1 == 0 }
}

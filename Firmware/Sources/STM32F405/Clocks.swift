import CPU
import _Volatile

/// The STM32F405 as it starts: 168 MHz from an 8 MHz crystal.
enum Clocks {
    static var coreHertz: UInt32 { 168_000_000 }

    private static var control: Register { register(0x4002_3800) }
    private static var configuration: Register { register(0x4002_3808) }

    /// Never so on silicon, where the internal oscillator runs from the start. QEMU has no clock tree and is at full
    /// speed already.
    static var isSimulated: Bool { control.load() == 0 }

    static func start() {
        guard !isSimulated else { return }
        register(0x4002_3C00).store(0x0000_0705)  // flash: five wait states, both caches
        control.set(1 << 16)
        while control.load() & (1 << 17) == 0 {}  // crystal
        register(0x4002_3804).store(0x0740_5408 | 1 << 22)  // 8 MHz / 8 * 336 / 2
        control.set(1 << 24)
        while control.load() & (1 << 25) == 0 {}
        configuration.store(5 << 10 | 4 << 13 | 2)  // peripherals at 42 and 84 MHz
        while configuration.load() & 0xC != 0x8 {}
    }

    /// A tick a millisecond.
    static func startTicks() {
        register(0xE000_E014).store(coreHertz / 1_000 - 1)
        register(0xE000_E018).store(0)
        register(0xE000_E010).store(7)
    }

    static var stepsLeft: UInt32 { register(0xE000_E018).load() }

    /// Fed once round the loop; resets the chip, and with it every output, after 16 ms without.
    static func startWatchdog() {
        register(0x4000_3000).store(0x5555)
        register(0x4000_3004).store(0)  // 32 kHz / 4
        register(0x4000_3008).store(128)
        register(0x4000_3000).store(0xCCCC)
    }

    static func feedWatchdog() { register(0x4000_3000).store(0xAAAA) }
}

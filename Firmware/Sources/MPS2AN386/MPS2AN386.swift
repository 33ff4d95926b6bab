import BoardApplication
import BoardFirmware
import BoardLink
import CPU
import Quantities
import _Volatile

/// Arm's MPS2+ with the AN386 image: the same core at 25 MHz, other registers everywhere, and no motor at all. It shows
/// that nothing but the board file knows a board, and it has a watchdog that a simulator counts.
struct MPS2AN386: Electronics {
    static var coreHertz: UInt32 { 25_000_000 }

    var isSimulated: Bool { true }
    var tickSteps: UInt32 { Self.coreHertz / 1_000 }
    var stepsLeft: UInt32 { register(0xE000_E018).load() }
    var canSend: Bool { Line.canSend }

    var settings: BoardSettings {
        BoardSettings(
            chip: ChipIdentifier(high: 0, middle: 0, low: 0),
            firmwareBuild: DoubleWord(high: cpu_build_high(), low: cpu_build_low()), joints: .four,
            torqueConstant: NewtonMetresPerAmpere(0.147))
    }

    mutating func startUp() {
        Line.start()
        // Interrupt after 25 ms, reset after 25 more.
        register(0x4000_8C00).store(0x1ACC_E551)
        register(0x4000_8000).store(Self.coreHertz / 1_000 * 25)
        register(0x4000_8008).store(3)
        register(0xE000_E014).store(tickSteps - 1)
        register(0xE000_E018).store(0)
        register(0xE000_E010).store(7)
    }

    /// What ends a living program without a word is the watchdog.
    func resetCause(wasAlive: Bool) -> ResetCause { wasAlive ? .watchdog : .powerOn }

    func noise() -> UInt32 { 0 }
    mutating func measure() -> BoardMeasurement { BoardMeasurement() }
    mutating func drive(_ drives: StageDrives) {}
    func send(_ byte: UInt8) { Line.send(byte) }
    func feedWatchdog() { register(0x4000_800C).store(1) }
}

/// The first of its five serial ports.
enum Line {
    private static var base: UInt { 0x4000_4000 }

    static func start() {
        register(base + 16).store(25)
        register(base + 8).store(1 | 2 | 8)
        register(0xE000_E100).store(1)
    }

    /// In the interrupt.
    @inline(__always) static func receive() {
        register(base + 12).store(2)
        while register(base + 4).load() & 2 != 0 { lineIn.push(UInt8(truncatingIfNeeded: register(base).load())) }
    }

    static var canSend: Bool { register(base + 4).load() & 1 == 0 }
    static func send(_ byte: UInt8) { register(base).store(UInt32(truncatingIfNeeded: Int(byte))) }
}

@main struct Program {
    static func main() { Board<MPS2AN386>.run(MPS2AN386()) }
}

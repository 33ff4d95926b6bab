import BoardApplication
import _Volatile

/// USART 1 on B6 and B7, at a million bits a second.
enum Line {
    private static var base: UInt { 0x4001_1000 }

    static func start() {
        register(0x4002_3844).set(1 << 4)
        register(0x4002_0400).change(0xF000, to: 2 << 12 | 2 << 14)
        register(0x4002_0420).change(0xFF00_0000, to: 7 << 24 | 7 << 28)
        register(base + 8).store(84)
        register(base + 12).store(1 << 13 | 1 << 5 | 1 << 3 | 1 << 2)
        register(0xE000_E104).store(1 << 5)  // interrupt 37
    }

    /// In the interrupt. Reading the status and then the byte also forgets an overrun.
    @inline(__always) static func receive() {
        let status = register(base).load()
        if status & (1 << 5 | 1 << 3) != 0 { lineIn.push(UInt8(truncatingIfNeeded: register(base + 4).load())) }
    }

    static var canSend: Bool { register(base).load() & (1 << 7) != 0 }

    static func send(_ byte: UInt8) { register(base + 4).store(UInt32(truncatingIfNeeded: Int(byte))) }
}

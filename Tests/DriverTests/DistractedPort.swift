import Ports

/// The port of a machine that is away for a moment each time after it has told a servo to watch for the shortest silence.
struct DistractedPort: BytePort, ~Copyable {
    private var port: SteppedLink
    private let beAway: @Sendable () -> Void

    init(_ port: consuming SteppedLink, beAway: @escaping @Sendable () -> Void) {
        self.port = port
        self.beAway = beAway
    }

    var counters: PortCounters { port.counters }
    var now: MonotonicInstant { port.now }

    mutating func write(_ bytes: Span<UInt8>, by deadline: MonotonicInstant) throws(PortError) {
        try port.write(bytes, by: deadline)
        // A write (3) of one step to the bus watchdog (98).
        if bytes.count == 13, bytes[7] == 3, bytes[8] == 98, bytes[9] == 0, bytes[10] == 1 { beAway() }
    }

    mutating func read(
        into buffer: inout MutableSpan<UInt8>, from start: Int, by deadline: MonotonicInstant
    ) throws(PortError) -> Int {
        try port.read(into: &buffer, from: start, by: deadline)
    }

    mutating func discardInput() throws(PortError) -> Int { try port.discardInput() }

    mutating func setLastWords(_ words: LastWords) { port.setLastWords(words) }
}

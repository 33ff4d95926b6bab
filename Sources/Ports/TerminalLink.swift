/// The near end of a pseudo terminal, for virtual robots in another process and for no real device.
public struct TerminalLink: BytePort, ~Copyable {
    private var descriptor: Descriptor
    private var channel = Channel(.terminal)

    /// Opens `/dev/pts/N` and sets the rate, which paces nothing here; the virtual line at the other end reads it.
    ///
    /// Any other path is `.missing`: a real line is opened by its identity, as a `SerialPort`.
    public init(_ path: String, baudRate: BaudRate) throws(PortError) {
        guard path.hasPrefix("/dev/pts/") else { throw .missing }
        var descriptor = try Linux.openTerminal(path)
        try descriptor.lock()
        try Linux.makeRaw(descriptor)
        try descriptor.excludeOthers()
        try Linux.setBaud(baudRate, of: descriptor)
        self.descriptor = descriptor
    }

    public var counters: PortCounters { channel.counters }

    /// Stays awake for so long while it waits for bytes. Falling asleep saves the processor and costs some tens of
    /// microseconds on waking up: for a loop that has a core to itself.
    public mutating func stayAwake(for time: Duration) { channel.eagerNanoseconds = time.nanoseconds }

    public mutating func setBaudRate(_ rate: BaudRate) throws(PortError) { try Linux.setBaud(rate, of: descriptor) }

    public mutating func write(_ bytes: Span<UInt8>, by deadline: MonotonicInstant) throws(PortError) {
        try channel.write(bytes, to: descriptor, by: deadline)
    }

    public mutating func read(
        into buffer: inout MutableSpan<UInt8>, from start: Int, by deadline: MonotonicInstant
    ) throws(PortError) -> Int {
        try channel.read(into: &buffer, at: start, from: descriptor, by: deadline)
    }

    public mutating func discardInput() throws(PortError) -> Int { try channel.discardInput(from: descriptor) }

    public mutating func setLastWords(_ words: LastWords) { descriptor.lastWords = words }

    public consuming func close() throws(PortError) { try descriptor.close() }
}

/// A connection through a Unix socket, for virtual robots in another process.
public struct SocketLink: BytePort, ~Copyable {
    private var descriptor: Descriptor
    private var channel = Channel(.socket)

    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

    /// Connects to whoever listens at `path`: `.missing` when nobody does, `.busy` when they do not keep up.
    public init(to path: String) throws(PortError) { descriptor = try Linux.connect(path) }

    /// One end of a new connection without a name; the other one is put into `other`.
    public init(pairedWith other: inout SocketLink?) throws(PortError) {
        var far: Descriptor?
        descriptor = try Linux.socketPair(other: &far)
        if let far = far.take() { other = SocketLink(far) }
    }

    public var counters: PortCounters { channel.counters }

    /// Stays awake for so long while it waits for bytes. Falling asleep saves the processor and costs some tens of
    /// microseconds on waking up: for a loop that has a core to itself.
    public mutating func stayAwake(for time: Duration) { channel.eagerNanoseconds = time.nanoseconds }
    var number: Int32 { descriptor.number }

    /// Whether the other side has gone, as far as can be seen without reading.
    public var isHungUp: Bool { (try? Linux.wait(descriptor.number, for: .readable, by: .past).isHangUp) ?? true }

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

/// A serial line to a device, opened by what stays the same about it, and ours alone.
public struct SerialPort: BytePort, ~Copyable {
    /// Where the port was when it was opened.
    public let path: String
    /// The rate that the driver says it runs at; nil when it says none.
    public private(set) var baudRate: BaudRate?
    /// What was found when the port was opened.
    public let latencyFound: LineLatency
    /// What holds since then; the same where nothing better was allowed.
    public let latency: LineLatency
    private var descriptor: Descriptor
    private var channel = Channel(.terminal)

    /// Looks for the port, takes it, sets the rate and reads it back, and asks for low latency.
    public init(_ identity: SerialIdentity, baudRate: BaudRate) throws(PortError) {
        try self.init(identity, baudRate: baudRate, in: .machine)
    }

    init(_ identity: SerialIdentity, baudRate: BaudRate, in tree: DeviceTree) throws(PortError) {
        let path = try SerialPorts.path(of: identity, in: tree)
        var descriptor = try Linux.openTerminal(path)
        // Before anything is changed: the port may be at work for somebody else.
        try descriptor.lock()
        try SerialLibrary.configure(path)
        try descriptor.excludeOthers()
        // Between looking and opening, somebody may have pulled one plug and put in another.
        let isStillThere = try SerialPorts.path(of: identity, in: tree) == path && Linux.isSameDevice(descriptor, path)
        guard isStillThere else { throw .replaced }
        let attribute = "\(tree.terminals)/\(path.dropFirst("/dev/".count))/device/latency_timer"
        let found = LineLatency(of: descriptor, attribute: attribute)
        if found.isWorseThanNeeded { LineLatency.lower(descriptor, attribute: attribute) }
        let driven = try Self.set(baudRate, of: descriptor)
        try Linux.flush(descriptor)
        self.path = path
        self.baudRate = driven
        latencyFound = found
        latency = LineLatency(of: descriptor, attribute: attribute)
        self.descriptor = descriptor
    }

    public var counters: PortCounters { channel.counters }

    /// Stays awake for so long while it waits for bytes. Falling asleep saves the processor and costs some tens of
    /// microseconds on waking up: for a loop that has a core to itself.
    public mutating func stayAwake(for time: Duration) { channel.eagerNanoseconds = time.nanoseconds }

    /// Changes the rate. When the driver refuses it, or picks one too far away, `baudRate` is nil until a call succeeds.
    public mutating func setBaudRate(_ rate: BaudRate) throws(PortError) {
        baudRate = nil
        baudRate = try Self.set(rate, of: descriptor)
    }

    private static func set(_ asked: BaudRate, of descriptor: borrowing Descriptor) throws(PortError) -> BaudRate {
        try Linux.setBaud(asked, of: descriptor)
        let got = try Linux.baud(of: descriptor)
        guard let got, got.isNear(asked) else { throw .baudRefused(asked: asked, got: got) }
        return got
    }

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

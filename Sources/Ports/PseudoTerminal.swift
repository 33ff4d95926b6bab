/// The far end of an emulated serial line: whoever opens `path` talks to us as to a device.
///
/// It outlives those who open it. While nobody has the path open, reading and writing report a hang-up, from the start.
public struct PseudoTerminal: BytePort, ~Copyable {
    /// What to open: `/dev/pts/N`.
    public let path: String
    private var master: Descriptor
    private var channel = Channel(.master)

    public init() throws(PortError) {
        var number: UInt32 = 0
        let master = try Linux.openMaster(number: &number)
        let path = "/dev/pts/\(number)"
        // Opened and closed once: the settings stay, and from now on the kernel reports that nobody is there.
        try Linux.makeRaw(Linux.openTerminal(path))
        self.path = path
        self.master = master
    }

    public var counters: PortCounters { channel.counters }

    /// Stays awake for so long while it waits for bytes. Falling asleep saves the processor and costs some tens of
    /// microseconds on waking up: for a loop that has a core to itself.
    public mutating func stayAwake(for time: Duration) { channel.eagerNanoseconds = time.nanoseconds }

    public mutating func write(_ bytes: Span<UInt8>, by deadline: MonotonicInstant) throws(PortError) {
        try channel.write(bytes, to: master, by: deadline)
    }

    public mutating func read(
        into buffer: inout MutableSpan<UInt8>, from start: Int, by deadline: MonotonicInstant
    ) throws(PortError) -> Int {
        try channel.read(into: &buffer, at: start, from: master, by: deadline)
    }

    public mutating func discardInput() throws(PortError) -> Int { try channel.discardInput(from: master) }

    /// The rate that the other side has set. Nothing is slowed down by it; a device may garble what is sent at another.
    public func baudRateOfPeer() throws(PortError) -> BaudRate? { try Linux.baud(of: master) }

    /// Whether somebody has the path open.
    public func hasPeer() throws(PortError) -> Bool {
        try !Linux.wait(master.number, for: .writable, by: .past).isHangUp
    }

    /// Waits until somebody opens the path. The kernel tells nobody about that, so it is asked every millisecond.
    public func waitForPeer(by deadline: MonotonicInstant) throws(PortError) {
        while try !hasPeer() {
            let now = MonotonicInstant.now()
            guard now < deadline else { throw .timedOut(transferred: 0) }
            Linux.sleep(until: min(deadline, now + .milliseconds(1)))
        }
    }

    public mutating func setLastWords(_ words: LastWords) { master.lastWords = words }

    public consuming func close() throws(PortError) { try master.close() }
}

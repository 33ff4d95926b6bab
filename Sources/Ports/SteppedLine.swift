/// A line whose time goes on only while its master waits: that of a virtual robot in lockstep.
///
/// Whoever talks over it gets the same run every time, however busy the machine is.
public protocol SteppedLine: AnyObject, Sendable {
    var now: MonotonicInstant { get }

    func setBaudRate(_ rate: BaudRate)

    func send(_ bytes: [UInt8]) throws(PortError)

    /// Lets time pass until something is there, and takes so much of it at most.
    func receive(_ room: Int, by deadline: MonotonicInstant) throws(PortError) -> [UInt8]

    /// Lets time pass without a word from the master.
    func sleep(until instant: MonotonicInstant)

    /// Throws away what has arrived and was not read; says how much that was.
    func discard() throws(PortError) -> Int
}

/// The master's end of such a line, as a port. What it is given by a deadline that has passed is not sent.
public struct SteppedLink: BytePort, ~Copyable {
    private let line: any SteppedLine
    public private(set) var counters = PortCounters()
    private var lastWords = LastWords.nothing

    public init(_ line: any SteppedLine) { self.line = line }

    deinit {
        if !lastWords.isEmpty { try? line.send((0..<lastWords.count).map { lastWords.storage[$0] }) }
    }

    public var now: MonotonicInstant { line.now }

    public mutating func setLastWords(_ words: LastWords) { lastWords = words }

    public mutating func setBaudRate(_ rate: BaudRate) throws(PortError) { line.setBaudRate(rate) }

    public mutating func write(_ bytes: Span<UInt8>, by deadline: MonotonicInstant) throws(PortError) {
        guard now < deadline else {
            counters.timeOuts += 1
            throw .timedOut(transferred: 0)
        }
        try line.send(bytes.indices.map { bytes[$0] })
        counters.bytesOut += UInt64(bytes.count)
    }

    public mutating func read(
        into buffer: inout MutableSpan<UInt8>, from start: Int, by deadline: MonotonicInstant
    ) throws(PortError) -> Int {
        let bytes = try line.receive(buffer.count - start, by: deadline)
        for position in bytes.indices { buffer[start + position] = bytes[position] }
        counters.reads += 1
        counters.bytesIn += UInt64(bytes.count)
        return bytes.count
    }

    public mutating func sleep(until instant: MonotonicInstant) throws(PortError) { line.sleep(until: instant) }

    public mutating func discardInput() throws(PortError) -> Int {
        let count = try line.discard()
        counters.bytesDiscarded += UInt64(count)
        return count
    }
}

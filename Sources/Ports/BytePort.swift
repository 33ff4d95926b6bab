/// A stream of bytes to a device: a serial line, a pseudo terminal, a socket.
///
/// A handle cannot be copied; it closes what it holds when it goes out of scope. None of these calls allocates.
public protocol BytePort: ~Copyable, Sendable {
    var counters: PortCounters { get }

    /// The clock that this port's deadlines are told by: the machine's, or that of a virtual robot in lockstep.
    var now: MonotonicInstant { get }

    /// Hands all bytes to the system. A deadline that has passed sends nothing: what is late must not move a robot.
    ///
    /// The system takes bytes before the wire does; that they arrived is known only from an answer.
    mutating func write(_ bytes: Span<UInt8>, by deadline: MonotonicInstant) throws(PortError)

    /// Waits until something is there and puts it into the buffer from `start` on; at least one byte. Says how many.
    ///
    /// A deadline that has passed takes what is already there. What arrived before a hang-up is still delivered.
    mutating func read(
        into buffer: inout MutableSpan<UInt8>, from start: Int, by deadline: MonotonicInstant
    ) throws(PortError) -> Int

    /// Says that nothing will be written before so many bytes have been read or a read has timed out.
    ///
    /// A robot in lockstep then needs not be asked for each piece of them; what is read, and when, does not change.
    mutating func expect(_ bytes: Int)

    /// Throws away what has arrived and was not read; says how much that was.
    mutating func discardInput() throws(PortError) -> Int

    /// Lets time pass on this port's clock; returns at once when the instant has passed.
    mutating func sleep(until instant: MonotonicInstant) throws(PortError)

    /// What it says by itself when it is closed or goes out of scope, whatever the reason; `.nothing` takes it back.
    mutating func setLastWords(_ words: LastWords)
}

extension BytePort where Self: ~Copyable {
    public var now: MonotonicInstant { .now() }

    public mutating func expect(_ bytes: Int) {}

    public mutating func sleep(until instant: MonotonicInstant) throws(PortError) { Linux.sleep(until: instant) }

    /// Takes what is there, as `read(into:from:by:)` does.
    public mutating func read(
        into buffer: inout MutableSpan<UInt8>, by deadline: MonotonicInstant
    ) throws(PortError) -> Int {
        try read(into: &buffer, from: 0, by: deadline)
    }

    /// Fills the buffer. The error of a deadline or a hang-up says how many bytes are in it.
    public mutating func read(
        filling buffer: inout MutableSpan<UInt8>, by deadline: MonotonicInstant
    ) throws(PortError) {
        var done = 0
        while done < buffer.count {
            do throws(PortError) {
                done += try read(into: &buffer, from: done, by: deadline)
            } catch .timedOut {
                throw .timedOut(transferred: done)
            } catch .hungUp {
                throw .hungUp(transferred: done)
            }
        }
    }
}

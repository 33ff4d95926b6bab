import CAllocationCounter
import Ports
import Synchronization

/// How much memory the other side of a port asked for on this thread.
final class OtherSide: Sendable {
    private let count = Atomic<UInt64>(0)

    /// What this thread has asked for without it.
    var allocationsWithout: UInt64 { callocationcounter_of_this_thread() &- count.load(ordering: .relaxed) }

    fileprivate func add(since before: UInt64) {
        count.wrappingAdd(callocationcounter_of_this_thread() &- before, ordering: .relaxed)
    }
}

/// A port in lockstep whose own work is not counted: what is left is the driver's.
///
/// So the proof needs no second thread, and no machine that is quick enough.
struct UncountedPort: BytePort, ~Copyable {
    private var port: SteppedLink
    private let other: OtherSide

    init(_ port: consuming SteppedLink, _ other: OtherSide) {
        self.port = port
        self.other = other
    }

    var counters: PortCounters { port.counters }
    var now: MonotonicInstant { port.now }

    mutating func write(_ bytes: Span<UInt8>, by deadline: MonotonicInstant) throws(PortError) {
        let before = callocationcounter_of_this_thread()
        defer { other.add(since: before) }
        try port.write(bytes, by: deadline)
    }

    mutating func read(
        into buffer: inout MutableSpan<UInt8>, from start: Int, by deadline: MonotonicInstant
    ) throws(PortError) -> Int {
        let before = callocationcounter_of_this_thread()
        defer { other.add(since: before) }
        return try port.read(into: &buffer, from: start, by: deadline)
    }

    mutating func discardInput() throws(PortError) -> Int {
        let before = callocationcounter_of_this_thread()
        defer { other.add(since: before) }
        return try port.discardInput()
    }

    mutating func setLastWords(_ words: LastWords) { port.setLastWords(words) }
}

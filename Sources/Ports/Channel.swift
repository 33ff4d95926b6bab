/// Reading and writing by deadlines, the same for everything that has a descriptor; the port owns that.
struct Channel: Sendable {
    enum Kind {
        case terminal, socket
        /// The far end of a pseudo terminal, which swallows what is written to nobody.
        case master
    }

    let kind: Kind
    private(set) var counters = PortCounters()
    /// How long a read keeps asking before it falls asleep; never beyond its deadline. 0 sleeps at once, and costs no
    /// processor while nothing comes.
    var eagerNanoseconds: Int64 = 0

    init(_ kind: Kind) { self.kind = kind }

    mutating func write(
        _ bytes: Span<UInt8>, to descriptor: borrowing Descriptor, by deadline: MonotonicInstant
    ) throws(PortError) {
        var done = 0
        // Room is the rule, and asking for it first costs another call into the kernel: only who would not hear of a
        // hang-up otherwise asks.
        var mustAsk = kind == .master
        while done < bytes.count {
            guard MonotonicInstant.now() < deadline else { throw timeOut(after: done) }
            if mustAsk {
                let events = try Linux.wait(descriptor.number, for: .writable, by: deadline)
                if events.isEmpty { throw timeOut(after: done) }
                if events.isHangUp { throw hangUp(after: done) }
            }
            done += try writeOnce(bytes.extracting(done...), to: descriptor, after: done)
            mustAsk = true
        }
    }

    private mutating func writeOnce(
        _ rest: Span<UInt8>, to descriptor: borrowing Descriptor, after done: Int
    ) throws(PortError) -> Int {
        let sent = Linux.write(descriptor.number, rest, toSocket: kind == .socket)
        if sent < rest.count { counters.shortWrites += 1 }
        guard sent < 0 else {
            counters.bytesOut += UInt64(sent)
            return sent
        }
        if Linux.isNothingNow(sent) { return 0 }
        throw Linux.isHangUp(sent) ? hangUp(after: done) : .system(call: .write, errno: Int32(-sent))
    }

    mutating func read(
        into buffer: inout MutableSpan<UInt8>, at start: Int, from descriptor: borrowing Descriptor,
        by deadline: MonotonicInstant
    ) throws(PortError) -> Int {
        guard start < buffer.count else { preconditionFailure("a read needs room for one byte") }
        var received = try readEagerly(into: &buffer, at: start, from: descriptor, by: deadline)
        while received == 0 {
            let events = try Linux.wait(descriptor.number, for: .readable, by: deadline)
            if events.isEmpty { throw timeOut(after: 0) }
            received = try readOnce(into: &buffer, at: start, from: descriptor, events)
        }
        counters.reads += 1
        counters.bytesIn += UInt64(received)
        return received
    }

    /// Reads again and again instead of asking whether there is something: what comes costs one call into the kernel
    /// and not two. 0 when it is time to sleep; a terminal that hung up is noticed then.
    private mutating func readEagerly(
        into buffer: inout MutableSpan<UInt8>, at start: Int, from descriptor: borrowing Descriptor,
        by deadline: MonotonicInstant
    ) throws(PortError) -> Int {
        guard eagerNanoseconds > 0 else { return 0 }
        let end = min(deadline, .now() + .nanoseconds(eagerNanoseconds))
        while MonotonicInstant.now() < end {
            let received = try readOnce(into: &buffer, at: start, from: descriptor, Linux.Events.none)
            if received > 0 { return received }
        }
        return 0
    }

    /// 0 when there was nothing after all.
    private mutating func readOnce(
        into buffer: inout MutableSpan<UInt8>, at start: Int, from descriptor: borrowing Descriptor,
        _ events: Linux.Events
    ) throws(PortError) -> Int {
        let received = Linux.read(descriptor.number, into: &buffer, from: start)
        if received > 0 { return received }
        // A terminal answers 0 both for "nothing" and for "hung up"; only the poll tells them apart.
        let isOver = events.isHangUp || received == 0 && kind == .socket || Linux.isHangUp(received)
        if isOver { throw hangUp(after: 0) }
        if received == 0 || Linux.isNothingNow(received) { return 0 }
        throw .system(call: .read, errno: Int32(-received))
    }

    mutating func discardInput(from descriptor: borrowing Descriptor) throws(PortError) -> Int {
        var scratch = InlineArray<256, UInt8>(repeating: 0)
        var discarded = 0
        while true {
            let events = try Linux.wait(descriptor.number, for: .readable, by: .past)
            if events.isEmpty { break }
            var room = scratch.mutableSpan
            let received = try readOnce(into: &room, at: 0, from: descriptor, events)
            if received == 0 { break }
            discarded += received
        }
        counters.bytesDiscarded += UInt64(discarded)
        return discarded
    }

    private mutating func timeOut(after done: Int) -> PortError {
        counters.timeOuts += 1
        return .timedOut(transferred: done)
    }

    private mutating func hangUp(after done: Int) -> PortError {
        counters.hangUps += 1
        return .hungUp(transferred: done)
    }
}

internal import Ports

/// One request at a time over one port, and where its time went. Knows nothing of packets.
struct Exchange<Port: BytePort & ~Copyable>: ~Copyable, Sendable {
    private var port: Port
    private(set) var wire: WireTime
    /// How much later than the wire allows an answer may come: the adapter, its driver, and this machine.
    var patience: Duration
    /// Whether the adapter repeats what it sends.
    private(set) var hasEcho = false
    var counters = BusCounters()
    private(set) var timing = BusTiming()

    private var incoming = InlineArray<1_024, UInt8>(repeating: 0)
    private var incomingCount = 0
    /// How much of the echo is still to come.
    private var echoLeft = 0
    private var sent = InlineArray<1_024, UInt8>(repeating: 0)
    private var sentCount = 0
    private var clock = Clock()

    /// The moments of the transaction under way.
    private struct Clock {
        var began = MonotonicInstant.past
        var wireIsFree = MonotonicInstant.past
        var handedOver = MonotonicInstant.past
        var firstByte: MonotonicInstant?
        /// When the first byte was on the wire at the latest.
        var answerBegan = MonotonicInstant.past
        var lastByte = MonotonicInstant.past
        var bytesOut = 0
        var bytesIn = 0
    }

    init(_ port: consuming Port, rate: BaudRate?, patience: Duration) {
        self.port = port
        wire = WireTime(rate)
        self.patience = patience
    }

    var now: MonotonicInstant { port.now }
    var portCounters: PortCounters { port.counters }

    mutating func setLastWords(_ words: LastWords) { port.setLastWords(words) }

    mutating func sleep(until instant: MonotonicInstant) throws(PortError) { try port.sleep(until: instant) }

    /// Half way between the end of the request and the beginning of the answer.
    var sampleInstant: MonotonicInstant {
        let end = requestEnd
        guard clock.firstByte != nil, clock.answerBegan > end else { return end }
        return end + (clock.answerBegan - end) / 2
    }

    /// When the last bit of the request can have left at the earliest: after what was sent before it.
    private var requestEnd: MonotonicInstant { clock.wireIsFree }

    /// Sends a request. What lies about from before is thrown away and counted, unless the device speaks unasked.
    mutating func send(
        _ request: Span<UInt8>, keepingInput: Bool = false, by deadline: MonotonicInstant
    ) throws(PortError) {
        if !keepingInput { counters.lateBytes &+= UInt64(try port.discardInput()) }
        let now = port.now
        clock = Clock(began: now, wireIsFree: wireIsFree(after: request.count, from: now), bytesOut: request.count)
        if !keepingInput { incomingCount = 0 }
        try port.write(request, by: deadline)
        clock.handedOver = port.now
        counters.transactions &+= 1
        timing.handOver.record(nanoseconds: clock.handedOver.nanoseconds - clock.began.nanoseconds)
        if hasEcho { remember(request) }
    }

    /// Sends more of the request under way.
    mutating func sendMore(_ request: Span<UInt8>, by deadline: MonotonicInstant) throws(PortError) {
        clock.wireIsFree = wireIsFree(after: request.count, from: port.now)
        try port.write(request, by: deadline)
        clock.handedOver = port.now
        clock.bytesOut += request.count
    }

    private func wireIsFree(after count: Int, from now: MonotonicInstant) -> MonotonicInstant {
        max(now, clock.wireIsFree) + .nanoseconds(wire.nanoseconds(for: count))
    }

    /// Says how many bytes of answers are to come before the next request; rather too few than too many.
    mutating func expect(_ bytes: Int) { port.expect(bytes) }

    /// Until when an answer of so many bytes, after so much delay of the devices, is worth waiting for.
    func answerDeadline(bytes: Int, delay: Duration, atMost deadline: MonotonicInstant) -> MonotonicInstant {
        min(deadline, requestEnd + .nanoseconds(wire.nanoseconds(for: bytes)) + delay + patience)
    }

    /// Waits for more bytes; false when the deadline passed without any. They stay until the next call.
    mutating func receive(by deadline: MonotonicInstant) throws(PortError) -> Bool {
        do throws(PortError) {
            var room = incoming.mutableSpan
            incomingCount = try port.read(into: &room, by: deadline)
        } catch .timedOut {
            incomingCount = 0
            return false
        }
        let now = port.now
        dropEcho()
        guard incomingCount > 0 else { return true }
        if clock.firstByte == nil {
            // What came at once was on the wire one byte after the other.
            clock.firstByte = now
            clock.answerBegan = now + .nanoseconds(-wire.nanoseconds(for: incomingCount))
        }
        clock.lastByte = now
        clock.bytesIn += incomingCount
        return true
    }

    var received: Span<UInt8> {
        @_lifetime(borrow self) get { incoming.span.extracting(0..<incomingCount) }
    }

    /// Closes the books on a transaction that brought its answer.
    mutating func finish() {
        guard let first = clock.firstByte else { return }
        let end = requestEnd.nanoseconds
        timing.wait.record(nanoseconds: clock.answerBegan.nanoseconds - end)
        timing.receive.record(nanoseconds: clock.lastByte.nanoseconds - first.nanoseconds)
        timing.whole.record(nanoseconds: clock.lastByte.nanoseconds - clock.began.nanoseconds)
        timing.wire.record(nanoseconds: wire.nanoseconds(for: clock.bytesOut + clock.bytesIn))
    }

    /// Another rate from now on; `change` sets the port's.
    mutating func setRate(
        _ rate: BaudRate, _ change: (inout Port, BaudRate) throws(PortError) -> Void
    ) throws(PortError) {
        try change(&port, rate)
        if wire.rate != nil { wire = WireTime(rate) }
    }

    consuming func takePort() -> Port { port }
}

// An adapter that repeats what it sends: exactly those bytes are dropped, and only while they are those.
extension Exchange where Port: ~Copyable {
    /// Finds out, with a request that no device answers, whether it comes back.
    mutating func probeEcho(with request: Span<UInt8>, by deadline: MonotonicInstant) throws(PortError) {
        hasEcho = true
        try send(request, by: deadline)
        // It comes from the adapter itself, however slow the devices are.
        let latest = min(deadline, port.now + .milliseconds(200))
        let end = answerDeadline(bytes: request.count, delay: .zero, atMost: latest)
        while echoLeft > 0, try receive(by: end) {
            if incomingCount > 0 { break }
        }
        hasEcho = echoLeft == 0
        echoLeft = 0
    }

    private mutating func remember(_ request: Span<UInt8>) {
        sentCount = min(request.count, sent.count)
        for position in 0..<sentCount { sent[position] = request[position] }
        echoLeft = sentCount
    }

    private mutating func dropEcho() {
        guard echoLeft > 0 else { return }
        let start = sentCount - echoLeft
        var same = 0
        while same < min(echoLeft, incomingCount), incoming[same] == sent[start + same] { same += 1 }
        let isOver = same < min(echoLeft, incomingCount)
        echoLeft = isOver ? 0 : echoLeft - same
        if echoLeft == 0 && !isOver { counters.echoes &+= 1 }
        // A difference means that this is no echo: what looked like one so far belongs to the answer.
        guard !isOver || start > 0 else { return }
        for position in same..<incomingCount { incoming[position - same] = incoming[position] }
        incomingCount -= same
    }
}

/// The master's end of a virtual robot in another process whose time passes only while its master waits for it.
///
/// Its clock is that of the robot: every deadline is one of virtual time. What is written leaves with the next call
/// that waits, in its order and at its instant, and what was expected comes in one answer: a cycle of reading, writing
/// and sleeping costs two trips over the socket. The same calls to a robot of the same seed get the same answers, bit
/// for bit.
public struct LockstepLink: BytePort, ~Copyable {
    var link: SocketLink
    public internal(set) var counters = PortCounters()
    public internal(set) var now = MonotonicInstant(nanoseconds: 0)
    var inputs: LockstepAnswer.Inputs = []
    /// What has arrived at the other side and was not read, as of the last answer.
    var left: UInt32 = 0
    /// When the last answer was given.
    var answered = MonotonicInstant(nanoseconds: 0)
    let patience: Duration
    var outgoing = InlineArray<4_400, UInt8>(repeating: 0)
    var outgoingCount = 0
    /// What came back and was not handed out, and where it begins.
    var incoming = InlineArray<4_608, UInt8>(repeating: 0)
    var incomingStart = 0
    var incomingEnd = 0
    var pieces = InlineArray<32, LockstepPiece>(repeating: LockstepPiece(.past, 0))
    var nextPiece = 0
    var pieceCount = 0
    /// So many bytes are heard before anything is said.
    private var expected = 0
    private var lastWords = LastWords.nothing

    /// Connects to the robot that `understudy virtual --lockstep` hosts at the path.
    ///
    /// - Parameter patience: how much real time one answer may take; a robot that takes longer hangs.
    /// - Parameter awake: how long to stay awake for an answer before falling asleep.
    public init(
        to path: String, patience: Duration = .seconds(60), awake: Duration = .microseconds(50)
    ) throws(PortError) {
        try self.init(SocketLink(to: path), patience: patience, awake: awake)
    }

    init(
        _ link: consuming SocketLink, patience: Duration = .seconds(60), awake: Duration = .microseconds(50)
    ) throws(PortError) {
        self.link = link
        self.patience = patience
        self.link.stayAwake(for: awake)
        var room = outgoing.mutableSpan
        LockstepFormat.putGreeting(into: &room)
        outgoingCount = LockstepFormat.greetingSize
        LockstepRequest.ask(.discard).put(into: &room, at: outgoingCount)
        outgoingCount += LockstepRequest.size
        try flush()
        try takeGreeting()
        counters.bytesDiscarded += UInt64(try answer(to: .discard).discarded)
    }

    deinit {
        // What waits for the next answer, and the last words behind it: they may be those that switch the motors off.
        if outgoingCount > 0 {
            let bytes = outgoing
            _ = Linux.write(link.number, bytes.span.extracting(0..<outgoingCount), toSocket: true)
        }
        guard !lastWords.isEmpty else { return }
        var frame = InlineArray<600, UInt8>(repeating: 0)
        var room = frame.mutableSpan
        LockstepRequest.write(lastWords.count).put(into: &room, at: 0)
        for place in 0..<lastWords.count { room[LockstepRequest.size + place] = lastWords.storage[place] }
        let size = LockstepRequest.size + lastWords.count
        _ = Linux.write(link.number, frame.span.extracting(0..<size), toSocket: true)
    }

    public mutating func setLastWords(_ words: LastWords) { lastWords = words }

    /// Whether somebody holds the dead-man switch, as of the last answer.
    public var isDeadManHeld: Bool { inputs.contains(.deadManHeld) }

    /// Whether the emergency stop is pressed, as of the last answer.
    public var isEmergencyStopped: Bool { inputs.contains(.emergencyStop) }

    private var isPlugged: Bool { inputs.contains(.plugged) }

    public mutating func setBaudRate(_ rate: BaudRate) throws(PortError) {
        try put(.ask(.rate, number: rate.bitsPerSecond))
    }

    public mutating func expect(_ bytes: Int) { expected = bytes }

    public mutating func write(_ bytes: Span<UInt8>, by deadline: MonotonicInstant) throws(PortError) {
        guard now < deadline else { throw timeOut() }
        guard isPlugged else { throw hangUp() }
        expected = 0
        var done = 0
        while done < bytes.count {
            let piece = bytes.extracting(done..<min(bytes.count, done + LockstepFormat.longest))
            try put(.write(piece.count), piece)
            done += piece.count
        }
        counters.bytesOut += UInt64(done)
    }

    public mutating func read(
        into buffer: inout MutableSpan<UInt8>, from start: Int, by deadline: MonotonicInstant
    ) throws(PortError) -> Int {
        guard start < buffer.count else { preconditionFailure("a read needs room for one byte") }
        if nextPiece == pieceCount {
            // Nothing can have come since the last answer when time has not passed.
            if outgoingCount == 0, left == 0, deadline <= now, isPlugged { throw timeOut() }
            let room = min(buffer.count - start, LockstepFormat.longest)
            _ = dropPieces()
            try put(.read(atMost: room, least: expected, until: deadline))
            try takePieces(try answer(to: .read), atMost: room)
        }
        guard nextPiece < pieceCount else {
            expected = 0
            throw isPlugged ? timeOut() : hangUp()
        }
        return try takePiece(into: &buffer, from: start, by: deadline)
    }

    private mutating func takePiece(
        into buffer: inout MutableSpan<UInt8>, from start: Int, by deadline: MonotonicInstant
    ) throws(PortError) -> Int {
        let piece = pieces[nextPiece]
        guard piece.instant <= max(deadline, now) else {
            now = deadline
            throw timeOut()
        }
        now = max(now, piece.instant)
        let count = min(piece.count, buffer.count - start)
        for place in 0..<count { buffer[start + place] = incoming[incomingStart + place] }
        incomingStart += count
        expected = max(0, expected - count)
        pieces[nextPiece] = LockstepPiece(piece.instant, piece.count - count)
        if count == piece.count { nextPiece += 1 }
        counters.reads += 1
        counters.bytesIn += UInt64(count)
        return count
    }

    public mutating func discardInput() throws(PortError) -> Int {
        var discarded = dropPieces()
        // Nothing can have come since the last answer: time has not passed.
        if outgoingCount > 0 || left > 0 {
            try put(.ask(.discard))
            discarded += Int(try answer(to: .discard).discarded)
        }
        counters.bytesDiscarded += UInt64(discarded)
        guard isPlugged else { throw hangUp() }
        return discarded
    }

    /// Lets virtual time pass; what arrives meanwhile stays for the next read.
    public mutating func sleep(until instant: MonotonicInstant) throws(PortError) {
        guard instant > now else { return }
        try put(.ask(.sleep, until: instant))
        _ = try answer(to: .sleep)
    }

    private mutating func timeOut() -> PortError {
        counters.timeOuts += 1
        return .timedOut(transferred: 0)
    }

    private mutating func hangUp() -> PortError {
        counters.hangUps += 1
        return .hungUp(transferred: 0)
    }
}

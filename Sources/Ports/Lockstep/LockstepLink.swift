/// The master's end of a virtual robot in another process whose time passes only while its master waits for it.
///
/// Its clock is that of the robot: every deadline is one of virtual time. What is written leaves with the next call
/// that waits, in its order and at its instant, so that a cycle costs one trip over the socket. The same calls to a
/// robot of the same seed get the same answers, bit for bit.
public struct LockstepLink: BytePort, ~Copyable {
    private var link: SocketLink
    public private(set) var counters = PortCounters()
    public private(set) var now = MonotonicInstant(nanoseconds: 0)
    private var inputs: LockstepAnswer.Inputs = []
    /// What has arrived at the other side and was not read, as of the last answer.
    private var left: UInt32 = 0
    private let patience: Duration
    private var outgoing = InlineArray<4_400, UInt8>(repeating: 0)
    private var outgoingCount = 0
    private var incoming = InlineArray<4_400, UInt8>(repeating: 0)
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
        _ = try answer(to: .discard)
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

    public mutating func write(_ bytes: Span<UInt8>, by deadline: MonotonicInstant) throws(PortError) {
        guard now < deadline else { throw timeOut() }
        guard isPlugged else { throw hangUp() }
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
        let room = min(buffer.count - start, LockstepFormat.longest)
        try put(.ask(.read, number: UInt32(room), until: deadline))
        let answer = try answer(to: .read)
        guard answer.length <= room else { throw .foreign(.tooLong(answer.length)) }
        guard answer.length > 0 else { throw isPlugged ? timeOut() : hangUp() }
        for place in 0..<answer.length { buffer[start + place] = incoming[LockstepAnswer.size + place] }
        counters.reads += 1
        counters.bytesIn += UInt64(answer.length)
        return answer.length
    }

    public mutating func discardInput() throws(PortError) -> Int {
        // Nothing can have come since the last answer: time has not passed.
        if outgoingCount > 0 || left > 0 {
            try put(.ask(.discard))
            counters.bytesDiscarded += UInt64(try answer(to: .discard).discarded)
        }
        guard isPlugged else { throw hangUp() }
        return Int(lastDiscarded)
    }

    private var lastDiscarded: UInt32 = 0

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

// Frames, out and in.
extension LockstepLink {
    private mutating func put(_ request: LockstepRequest) throws(PortError) {
        let nothing = InlineArray<0, UInt8>(repeating: 0)
        try put(request, nothing.span)
    }

    private mutating func put(_ request: LockstepRequest, _ bytes: Span<UInt8>) throws(PortError) {
        if outgoingCount + LockstepRequest.size + bytes.count > outgoing.count { try flush() }
        var room = outgoing.mutableSpan
        request.put(into: &room, at: outgoingCount)
        outgoingCount += LockstepRequest.size
        for place in bytes.indices { outgoing[outgoingCount + place] = bytes[place] }
        outgoingCount += bytes.count
    }

    private mutating func flush() throws(PortError) {
        let count = outgoingCount
        outgoingCount = 0
        do throws(PortError) {
            try link.write(outgoing.span.extracting(0..<count), by: .now() + patience)
        } catch { throw Self.hanging(error) }
    }

    /// The header of what comes back, with everything behind it in `incoming`. Nothing else is under way then.
    private mutating func answer(to kind: LockstepRequest.Kind) throws(PortError) -> LockstepAnswer {
        lastDiscarded = 0
        if outgoingCount > 0 { try flush() }
        var done = 0
        try takeIn(&done, atLeast: LockstepAnswer.size)
        let answer = try parsed(kind)
        try takeIn(&done, atLeast: LockstepAnswer.size + answer.length)
        guard done == LockstepAnswer.size + answer.length else { throw .foreign(.tooLong(done)) }
        (now, inputs, left, lastDiscarded) = (answer.now, answer.inputs, answer.left, answer.discarded)
        return answer
    }

    private func parsed(_ kind: LockstepRequest.Kind) throws(PortError) -> LockstepAnswer {
        do throws(LockstepProblem) {
            let answer = try LockstepAnswer(parsing: incoming.span.extracting(0..<LockstepAnswer.size))
            guard answer.kind == kind else { throw .unknownKind(answer.kind.rawValue) }
            guard answer.now >= now else { throw .backwards }
            return answer
        } catch { throw .foreign(error) }
    }

    private mutating func takeGreeting() throws(PortError) {
        var greeting = InlineArray<16, UInt8>(repeating: 0)
        var room = greeting.mutableSpan
        do throws(PortError) { try link.read(filling: &room, by: .now() + patience) } catch {
            throw Self.hanging(error)
        }
        do throws(LockstepProblem) { try LockstepFormat.checkGreeting(greeting.span) } catch { throw .foreign(error) }
    }

    private mutating func takeIn(_ done: inout Int, atLeast count: Int) throws(PortError) {
        while done < count {
            var room = incoming.mutableSpan
            do throws(PortError) {
                done += try link.read(into: &room, from: done, by: .now() + patience)
            } catch { throw Self.hanging(error) }
        }
    }

    /// A time-out of the socket is none of the robot's: that would be one of virtual time.
    private static func hanging(_ error: PortError) -> PortError {
        switch error {
        case .timedOut: .foreign(.silent)
        case .hungUp: .hungUp(transferred: 0)
        default: error
        }
    }
}

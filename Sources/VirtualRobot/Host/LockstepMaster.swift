internal import Ports

/// A master at the other end of a lockstep socket: bytes in, requests out.
struct LockstepMaster: ~Copyable {
    private static let patience = Duration.milliseconds(20)
    private static let awake = Duration.microseconds(50)

    private var link: SocketLink
    private var buffer = [UInt8](repeating: 0, count: 16_384)
    private var start = 0
    private var end = 0
    /// The bytes behind the last request.
    private(set) var payload: [UInt8] = []

    init(_ link: consuming SocketLink) {
        self.link = link
        self.link.stayAwake(for: Self.awake)
    }

    /// Whether nobody is there any more to hear an answer.
    var hasLeft: Bool { link.isHungUp }

    /// Both sides say who they are.
    mutating func greet(whileWaiting goOn: () -> Bool) throws(LockstepProblem) {
        guard try fill(LockstepFormat.greetingSize, whileWaiting: goOn) else { return }
        try LockstepFormat.checkGreeting(buffer.span.extracting(start..<start + LockstepFormat.greetingSize))
        start += LockstepFormat.greetingSize
        var greeting = [UInt8](repeating: 0, count: LockstepFormat.greetingSize)
        var room = greeting.mutableSpan
        LockstepFormat.putGreeting(into: &room)
        _ = Self.write(greeting.span, to: &link)
    }

    /// The next request with its payload; nil when the master has left between two of them.
    mutating func next(whileWaiting goOn: () -> Bool) throws(LockstepProblem) -> LockstepRequest? {
        guard try fill(LockstepRequest.size, whileWaiting: goOn) else { return nil }
        let request = try LockstepRequest(parsing: buffer.span.extracting(start..<start + LockstepRequest.size))
        let whole = LockstepRequest.size + request.length
        guard try fill(whole, whileWaiting: goOn) else { return nil }
        if request.length > 0 { payload = Array(buffer[start + LockstepRequest.size..<start + whole]) }
        start += whole
        return request
    }

    /// Whether the master took it.
    mutating func say(_ answer: LockstepAnswer, _ bytes: [UInt8]) -> Bool {
        var frame = [UInt8](repeating: 0, count: LockstepAnswer.size)
        var room = frame.mutableSpan
        answer.put(into: &room)
        frame += bytes
        return Self.write(frame.span, to: &link)
    }

    private static func read(
        from link: inout SocketLink, into buffer: inout [UInt8], at place: Int
    ) throws(PortError) -> Int {
        var room = buffer.mutableSpan
        return try link.read(into: &room, from: place, by: .now() + patience)
    }

    private static func write(_ bytes: Span<UInt8>, to link: inout SocketLink) -> Bool {
        // A master that asks and does not listen for so long has lost interest.
        do throws(PortError) { try link.write(bytes, by: .now() + .seconds(10)) } catch { return false }
        return true
    }

    /// Waits until so many bytes are there; false when the master has left before the first, or nobody waits any more.
    private mutating func fill(_ count: Int, whileWaiting goOn: () -> Bool) throws(LockstepProblem) -> Bool {
        if start + count > buffer.count {
            let rest = Array(buffer[start..<end])
            buffer.replaceSubrange(0..<rest.count, with: rest)
            (start, end) = (0, end - start)
        }
        while end - start < count {
            do throws(PortError) {
                end += try Self.read(from: &link, into: &buffer, at: end)
            } catch .timedOut {
                guard goOn() else { return false }
            } catch {
                if end > start { throw .truncated(end - start) }
                return false
            }
        }
        return true
    }
}

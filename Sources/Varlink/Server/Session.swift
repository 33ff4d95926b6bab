internal import Ports

/// One connection, as the server's thread sees it.
struct Session {
    let socket: ServedSocket
    let outbox: Outbox
    var framer: MessageFramer
    /// What was taken from the outbox, and how much of it the kernel has.
    private var sending: [UInt8] = []
    private var sent = 0
    /// When bytes last moved in either direction, or a call ended.
    private(set) var active: MonotonicInstant
    private(set) var messageBegan: MonotonicInstant?
    private(set) var stuckSince: MonotonicInstant?
    private var allowance: CallAllowance
    /// Whom others make room for.
    let isPreferred: Bool
    let since: MonotonicInstant
    /// Nothing more will come.
    private(set) var inputEnded = false
    /// Nobody is there to read.
    var peerIsGone = false

    init(
        _ socket: ServedSocket, _ outbox: Outbox, _ limits: ServerLimits, isPreferred: Bool, at now: MonotonicInstant
    ) {
        self.socket = socket
        self.outbox = outbox
        self.isPreferred = isPreferred
        since = now
        framer = MessageFramer(limit: limits.messageBytes)
        allowance = CallAllowance(limits, at: now)
        active = now
    }

    var user: UInt32 { socket.peer.user }
    var hasUnsent: Bool { outbox.unsent > 0 }
    var isIdle: Bool { outbox.openCall == nil && !hasUnsent && !framer.hasMessage && !framer.isWithin }
    /// Whether bytes would be read now; what has no use yet stays in the socket and makes the sender wait.
    var wantsInput: Bool { !inputEnded && !framer.hasMessage }

    /// What to wait for; nil when nothing of the socket is of use: of one that is gone only a clock helps.
    var interest: SocketStation.Interest? {
        if peerIsGone { return nil }
        var interest: SocketStation.Interest = wantsInput ? .reading : []
        if hasUnsent { interest.insert(.writing) }
        return interest
    }

    /// Reads what is there, up to the size of the buffer.
    mutating func read(into buffer: inout [UInt8], at now: MonotonicInstant) throws(PortError) {
        var room = buffer.mutableSpan
        do throws(PortError) {
            let count = try socket.read(into: &room)
            guard count > 0 else { return }
            framer.append(buffer[..<count])
            active = now
            noteMessage(at: now)
        } catch .hungUp {
            inputEnded = true
        }
    }

    private mutating func noteMessage(at now: MonotonicInstant) {
        messageBegan = framer.isWithin ? messageBegan ?? now : nil
    }

    /// Whether the next message may be handled now.
    mutating func mayCall(at now: MonotonicInstant) -> Bool {
        outbox.openCall == nil && framer.hasMessage && allowance.take(at: now)
    }

    /// The next message; what follows it begins now.
    mutating func nextMessage(at now: MonotonicInstant) -> MessageFramer.Outcome {
        active = now
        messageBegan = nil
        defer { noteMessage(at: now) }
        return framer.next()
    }

    /// Hands on what waits, as far as the kernel takes it.
    mutating func write(at now: MonotonicInstant) throws(PortError) {
        while true {
            if sent == sending.count { (sending, sent) = (outbox.take(), 0) }
            guard sent < sending.count else {
                stuckSince = nil
                return
            }
            let count = try socket.write(sending.span.extracting(sent...))
            guard count > 0 else {
                stuckSince = stuckSince ?? now
                return
            }
            sent += count
            outbox.sent(count)
            active = now
            stuckSince = nil
        }
    }

    /// Why it must end now, if it must.
    func end(_ limits: ServerLimits, at now: MonotonicInstant) -> ConnectionEnd? {
        if let end = outbox.end { return end }
        if inputEnded, !framer.hasMessage, peerIsGone || outbox.openCall == nil && !hasUnsent { return .hungUp }
        if let began = messageBegan, began + limits.messageTime <= now { return .unfinishedMessage }
        if let stuck = stuckSince, stuck + limits.unreadTime <= now { return .unreadForTooLong }
        if isIdle, active + limits.idleTime <= now { return .idle }
        return nil
    }

    /// When the server must look again although nothing happens.
    func nextLook(_ limits: ServerLimits, at now: MonotonicInstant) -> MonotonicInstant {
        if peerIsGone, wantsInput { return .past }
        var look = MonotonicInstant.never
        if let began = messageBegan { look = min(look, began + limits.messageTime) }
        if let stuck = stuckSince { look = min(look, stuck + limits.unreadTime) }
        if isIdle { look = min(look, active + limits.idleTime) }
        if framer.hasMessage, outbox.openCall == nil { look = min(look, allowance.next(after: now)) }
        return look
    }
}

/// How many calls a connection may still make: so many at once, and so many a second in the long run.
struct CallAllowance {
    private let perSecond: Double
    private let most: Double
    private var left: Double
    private var counted: MonotonicInstant

    init(_ limits: ServerLimits, at now: MonotonicInstant) {
        perSecond = limits.callsPerSecond
        most = limits.callsAtOnce
        left = most
        counted = now
    }

    mutating func take(at now: MonotonicInstant) -> Bool {
        left = min(most, left + Double(now.nanoseconds - counted.nanoseconds) * 1e-9 * perSecond)
        counted = now
        guard left >= 1 else { return false }
        left -= 1
        return true
    }

    /// When `take` next succeeds; a little later rather than a little too early.
    func next(after now: MonotonicInstant) -> MonotonicInstant {
        left >= 1 ? now : counted + .nanoseconds(Int64((1 - left) / perSecond * 1e9) + 1_000)
    }
}

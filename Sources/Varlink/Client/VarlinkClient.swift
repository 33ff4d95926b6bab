public import JSON
public import Ports

/// One connection to a service. It waits, up to the deadline that each call is given.
public struct VarlinkClient: ~Copyable, Sendable {
    /// How a call is to be answered.
    public enum Mode: Sendable {
        case once
        /// As often as the service has something to say.
        case more
        case never
    }

    public struct Reply: Equatable, Sendable {
        public let parameters: JSONObject
        /// Whether further replies to the same call follow.
        public let continues: Bool
    }

    private var link: SocketLink
    private var framer: MessageFramer
    private let limits: JSONLimits
    private var buffer = [UInt8](repeating: 0, count: 1 << 14)
    /// The modes of calls without their last reply, the oldest first.
    private var awaited: [Mode] = []
    /// A call was sent in part: nothing that follows would be understood.
    private var isBroken = false
    /// Nothing was called yet.
    private var isNew = true

    /// Connects. A service whose queue is full is asked again until the deadline.
    public init(
        to path: String, by deadline: MonotonicInstant, limits: JSONLimits = JSONLimits(bytes: 16 << 20)
    ) throws(ClientError) {
        self.limits = limits
        framer = MessageFramer(limit: limits.bytes)
        do throws(PortError) {
            link = try Self.connect(to: path, by: deadline)
        } catch {
            throw ClientError(error)
        }
    }

    private static func connect(to path: String, by deadline: MonotonicInstant) throws(PortError) -> SocketLink {
        while true {
            do throws(PortError) {
                return try SocketLink(to: path)
            } catch .busy {
                let again = MonotonicInstant.now() + .milliseconds(5)
                guard again < deadline else { throw .timedOut(transferred: 0) }
                MonotonicInstant.sleep(until: again)
            }
        }
    }

    /// One call and its one reply. An error of the service is thrown as `.refused`.
    public mutating func call(
        _ method: String, _ parameters: JSONObject = [:], by deadline: MonotonicInstant
    ) throws(ClientError) -> JSONObject {
        guard awaited.isEmpty else { throw .unfinished(calls: awaited.count) }
        try send(method, parameters, .once, by: deadline)
        return try receive(by: deadline).parameters
    }

    /// Sends a call. Its replies come out of `receive`, in the order of the calls.
    public mutating func send(
        _ method: String, _ parameters: JSONObject = [:], _ mode: Mode = .once, by deadline: MonotonicInstant
    ) throws(ClientError) {
        guard !isBroken else { throw .hungUp }
        var message = CallMessage(method: method, parameters: parameters)
        message.isOneway = mode == .never
        message.wantsMore = mode == .more
        do throws(PortError) {
            try link.write(message.bytes.span, by: deadline)
        } catch {
            let parting = isNew ? partingWord(by: deadline) : nil
            isBroken = true
            throw parting ?? ClientError(error)
        }
        isNew = false
        if mode != .never { awaited.append(mode) }
    }

    /// What a service said that closed before it was asked anything: that it has no place.
    private mutating func partingWord(by deadline: MonotonicInstant) -> ClientError? {
        awaited = [.once]
        defer { awaited = [] }
        do throws(ClientError) {
            _ = try receive(by: deadline)
            return nil
        } catch {
            if case .refused = error { return error }
            return nil
        }
    }

    /// The next reply to the oldest call that has not had its last one.
    public mutating func receive(by deadline: MonotonicInstant) throws(ClientError) -> Reply {
        guard let mode = awaited.first else { throw .nothingAwaited }
        guard let message = ReplyMessage(try value(by: deadline)) else { throw spoiled(.notAReply) }
        switch message {
        case .error(let error):
            awaited.removeFirst()
            throw .refused(error)
        case .reply(let parameters, let continues):
            if continues, mode == .once { throw spoiled(.unexpectedMore) }
            if !continues { awaited.removeFirst() }
            return Reply(parameters: parameters, continues: continues)
        }
    }

    /// The service has lost its place, or we have: nothing that follows can be trusted.
    private mutating func spoiled(_ error: ClientError) -> ClientError {
        isBroken = true
        return error
    }

    private mutating func value(by deadline: MonotonicInstant) throws(ClientError) -> JSONValue {
        while true {
            guard !isBroken else { throw .hungUp }
            switch framer.next() {
            case .tooLarge: throw spoiled(.tooLarge(limit: limits.bytes))
            case .incomplete: try readMore(by: deadline)
            case .message(let bytes):
                do throws(JSONError) {
                    return try JSONValue(parsing: bytes, limits: limits)
                } catch {
                    throw spoiled(.notJSON(error))
                }
            }
        }
    }

    private mutating func readMore(by deadline: MonotonicInstant) throws(ClientError) {
        do throws(PortError) {
            let count = try Self.read(from: &link, into: &buffer, by: deadline)
            framer.append(buffer[..<count])
        } catch {
            throw ClientError(error)
        }
    }

    private static func read(
        from link: inout SocketLink, into buffer: inout [UInt8], by deadline: MonotonicInstant
    ) throws(PortError) -> Int {
        var room = buffer.mutableSpan
        return try link.read(into: &room, by: deadline)
    }
}

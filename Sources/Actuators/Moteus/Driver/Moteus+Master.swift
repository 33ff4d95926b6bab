public import Ports

extension Moteus {
    /// The number of one controller on its bus.
    ///
    /// 0x70 to 0x7E are the master's own: it asks under another one each time, and the answer comes back to it. So an
    /// answer that is late or comes twice is told from the one that is awaited.
    public struct ControllerID: Hashable, Sendable {
        public let rawValue: UInt8

        public init?(_ rawValue: UInt8) {
            guard (1..<0x70).contains(rawValue) else { return nil }
            self.rawValue = rawValue
        }
    }

    /// Asks controllers through an adapter that speaks lines of text, with bounded retries that are counted.
    public struct Master<Port: BytePort & ~Copyable>: ~Copyable, Sendable {
        var exchange: Exchange<Port>
        private var writer: LineWriter
        private(set) var parser: LineParser
        /// Lines that leave together.
        private var batch = WireBuffer()
        private var lines = 0
        private var hasSent = false
        /// How much of what was received the parser has.
        private var taken = 0
        private var source = Self.firstSource

        /// - Parameter rate: nil for USB, where it does not matter.
        /// - Parameter hasChecksum: over a plain serial line each line must have one. Over USB it may.
        public init(
            _ port: consuming Port, rate: BaudRate?, hasChecksum: Bool, patience: Duration = .milliseconds(20)
        ) {
            exchange = Exchange(port, rate: rate, patience: patience)
            writer = LineWriter(hasChecksum: hasChecksum)
            parser = LineParser(needsChecksum: hasChecksum)
        }

        public var now: MonotonicInstant { exchange.now }
        public var counters: BusCounters { exchange.counters }
        public var portCounters: PortCounters { exchange.portCounters }
        public var timing: BusTiming { exchange.timing }
        public var hasEcho: Bool { exchange.hasEcho }
        public var lineCounters: LineParser.Counters { parser.counters }

        /// Lets time pass on the port's clock.
        public mutating func sleep(until instant: MonotonicInstant) throws(PortError) {
            try exchange.sleep(until: instant)
        }

        public consuming func takePort() -> Port { exchange.takePort() }

        /// One request and two retries: what fails three times is no accident.
        public static var attempts: Int { 3 }

        /// Under which of its numbers it asked last.
        var rotation: UInt32 {
            get { UInt32(source) }
            set { source = min(max(UInt8(truncatingIfNeeded: newValue), Self.firstSource), Self.lastSource) }
        }

        private static var firstSource: UInt8 { 0x70 }
        private static var lastSource: UInt8 { 0x7E }
    }

    /// Why one controller did not do what it was asked.
    public enum MasterFailure: Error, Equatable, Sendable {
        case port(PortError)
        /// Nothing came, however often it was asked.
        case silent(ControllerID)
        /// Something came every time, and never intact.
        case garbled(ControllerID)
        /// It knows no such register, or takes no such number.
        case refused(ControllerID, register: UInt16, code: UInt32)
        case tooLong
    }
}

// Lines out, lines in.
extension Moteus.Master where Port: ~Copyable {
    public typealias ControllerID = Moteus.ControllerID
    public typealias MasterFailure = Moteus.MasterFailure

    /// What came next on the line.
    enum Heard: Equatable {
        /// A controller answers this request.
        case reply(ControllerID, Moteus.Payload)
        case acknowledged
        case rejected
        /// Intact, and not what was asked for.
        case unexpected
        case damaged
        case silence
    }

    /// Begins a request of one or more lines.
    mutating func begin(isRetry: Bool = false) {
        batch.removeAll()
        lines = 0
        hasSent = false
        source = source == Self.lastSource ? Self.firstSource : source + 1
        // Ends a line whose own end may have been lost; an empty one says nothing.
        if isRetry { batch.append(Moteus.Letter.newline) }
    }

    /// What was added since the beginning is said when the port is let go of.
    mutating func setLastWords() { exchange.setLastWords(LastWords(batch.bytes)) }

    mutating func add(
        _ payload: Moteus.Payload, to id: ControllerID, wantsReply: Bool, by deadline: MonotonicInstant
    ) throws(MasterFailure) {
        guard let address = Moteus.Address(source: source, destination: id.rawValue, wantsReply: wantsReply) else {
            preconditionFailure("both numbers have seven bits")
        }
        var padded = payload
        padded.pad()
        writer.send(Moteus.Frame(address: address, payload: padded))
        if batch.count + writer.bytes.count > WireBuffer.capacity { try flush(by: deadline) }
        batch.append(writer.bytes)
        lines += 1
    }

    /// Sends what is left of the request. Says how many lines it had in all.
    mutating func send(by deadline: MonotonicInstant) throws(MasterFailure) -> Int {
        try flush(by: deadline)
        return lines
    }

    private mutating func flush(by deadline: MonotonicInstant) throws(MasterFailure) {
        do throws(PortError) {
            if hasSent {
                try exchange.sendMore(batch.bytes, by: deadline)
            } else {
                _ = parser.forget()
                taken = 0
                try exchange.send(batch.bytes, by: deadline)
            }
        } catch { throw .port(error) }
        hasSent = true
        batch.removeAll()
    }

    /// Until when so many answers are worth waiting for.
    func answerDeadline(lines: Int, replies: Int, atMost deadline: MonotonicInstant) -> MonotonicInstant {
        let bytes = lines * Self.acknowledgementBytes + replies * Self.replyBytes
        return exchange.answerDeadline(bytes: bytes, delay: Self.replyDelay * replies, atMost: deadline)
    }

    private static var acknowledgementBytes: Int { 8 }
    private static var replyBytes: Int { 150 }
    /// What a controller and the CAN bus need at most.
    private static var replyDelay: Duration { .microseconds(500) }

    /// Waits for the next line.
    mutating func hear(by deadline: MonotonicInstant) throws(MasterFailure) -> Heard {
        while true {
            if let event = parser.next() { return heard(event) }
            if taken < exchange.received.count {
                taken += parser.take(exchange.received.extracting(taken...))
                continue
            }
            let isMore: Bool
            do throws(PortError) { isMore = try exchange.receive(by: deadline) } catch { throw .port(error) }
            taken = 0
            guard isMore else {
                guard parser.forget() else { return .silence }
                exchange.counters.damaged &+= 1
                return .damaged
            }
        }
    }

    private mutating func heard(_ event: Moteus.LineParser.Event) -> Heard {
        switch event {
        case .line(.received(let frame)):
            guard frame.address.destination == source, let id = ControllerID(frame.address.source) else {
                exchange.counters.unexpected &+= 1
                return .unexpected
            }
            return .reply(id, frame.payload)
        case .line(.acknowledged): return .acknowledged
        case .line(.rejected):
            exchange.counters.damaged &+= 1
            return .rejected
        case .line(.send):
            exchange.counters.echoes &+= 1
            return .unexpected
        case .refused:
            exchange.counters.damaged &+= 1
            return .damaged
        }
    }
}

public import Ports

extension Dynamixel {
    /// Asks servos by their numbers, one request at a time, with bounded retries that are counted.
    public struct Master<Port: BytePort & ~Copyable>: ~Copyable, Sendable {
        var exchange: Exchange<Port>
        var writer = Writer()
        private(set) var parser = Parser()
        /// The longest that a servo which is asked waits before it answers; 500 µs as delivered.
        var returnDelay = Duration.microseconds(510)

        /// - Parameter rate: of the line; nil where nothing limits the bytes, as on a socket.
        /// - Parameter patience: how much later than wire and servo need an answer may come. An adapter of FTDI's kind
        ///   holds a short answer back for 16 ms as delivered.
        public init(_ port: consuming Port, rate: BaudRate?, patience: Duration = .milliseconds(20)) {
            exchange = Exchange(port, rate: rate, patience: patience)
        }

        public var counters: BusCounters { exchange.counters }
        public var portCounters: PortCounters { exchange.portCounters }
        public var timing: BusTiming { exchange.timing }
        public var now: MonotonicInstant { exchange.now }
        public var hasEcho: Bool { exchange.hasEcho }
        public var wireCounters: Counters { parser.counters }

        /// Lets time pass on the port's clock.
        public mutating func sleep(until instant: MonotonicInstant) throws(PortError) {
            try exchange.sleep(until: instant)
        }

        public consuming func takePort() -> Port { exchange.takePort() }

        /// One request and two retries: what fails three times is no accident.
        public static var attempts: Int { 3 }
    }

    /// Why one servo did not do what it was asked.
    public enum ServoFailure: Error, Equatable, Sendable {
        case port(PortError)
        /// Nothing came, however often it was asked.
        case silent(ServoID)
        /// Something came every time, and never intact.
        case garbled(ServoID)
        case refused(ServoID, Failure)
        /// It answered with another number of bytes.
        case wrongWidth(ServoID, expected: Int, found: Int)
        /// It did what it was told, and its register says something else.
        case notTaken(ServoID, register: UInt16, wrote: Int64, found: Int64)
        case tooLong
    }

    /// What a servo says of itself when it is pinged.
    public struct PingAnswer: Equatable, Sendable {
        public let id: ServoID
        public let model: UInt16
        public let firmware: Firmware
        public let hasAlert: Bool
    }
}

// One exchange of packets.
extension Dynamixel.Master where Port: ~Copyable {
    public typealias ServoID = Dynamixel.ServoID
    public typealias ServoFailure = Dynamixel.ServoFailure

    /// What came next on the line.
    enum Heard: Equatable {
        /// The data is with the parser until it goes on.
        case status(ServoID, Dynamixel.StatusError)
        case shared(isIntact: Bool)
        case damaged
        /// A request: our own, repeated by an adapter, or that of another master.
        case request
        case silence
    }

    mutating func encode(_ write: (inout Dynamixel.Writer) throws(EncodingError) -> Void) throws(ServoFailure) {
        do throws(EncodingError) { try write(&writer) } catch { throw .tooLong }
    }

    /// Sends what the writer holds. What lies about is thrown away before an answer is awaited, and not before a request
    /// that nobody answers: the time between an answer and the goals that follow from it is the cycle's most precious.
    mutating func send(isAnswered: Bool = true, by deadline: MonotonicInstant) throws(ServoFailure) {
        parser.forget()
        do throws(PortError) {
            try exchange.send(writer.bytes, keepingInput: !isAnswered, by: deadline)
        } catch { throw .port(error) }
    }

    /// Waits for the next packet of the answer.
    mutating func hear(by deadline: MonotonicInstant) throws(ServoFailure) -> Heard {
        while true {
            if let event = parser.next() { return heard(event) }
            let isMore: Bool
            do throws(PortError) { isMore = try exchange.receive(by: deadline) } catch { throw .port(error) }
            guard isMore else { return parser.next(afterSilence: true).map { heard($0) } ?? .silence }
            // There is always room: an answer that fills the parser has been handed over or refused before.
            _ = parser.take(exchange.received)
        }
    }

    private mutating func heard(_ event: Dynamixel.Parser.Event) -> Heard {
        switch event {
        case .packet(let packet):
            if case .status(let error) = packet.kind, case .one(let id) = packet.target { return .status(id, error) }
            exchange.counters.echoes &+= 1
            return .request
        case .fastReply(let isIntact):
            if !isIntact { exchange.counters.damaged &+= 1 }
            return .shared(isIntact: isIntact)
        case .refused:
            exchange.counters.damaged &+= 1
            return .damaged
        }
    }
}

// One servo at a time.
extension Dynamixel.Master where Port: ~Copyable {
    /// Bytes of an answer that are not data.
    static var statusOverhead: Int { 11 }

    /// Sends what the writer holds until one servo has answered it intact.
    mutating func transact(
        with id: ServoID, expecting width: Int, by deadline: MonotonicInstant, attempts: Int = attempts
    ) throws(ServoFailure) -> Dynamixel.StatusError {
        var failure = ServoFailure.silent(id)
        for attempt in 0..<attempts where attempt == 0 || exchange.now < deadline {
            if attempt > 0 { exchange.counters.retries &+= 1 }
            do throws(ServoFailure) {
                return try askOnce(id, expecting: width, by: deadline)
            } catch {
                guard error.mayPass else { throw error }
                failure = error
            }
        }
        throw failure
    }

    private mutating func askOnce(
        _ id: ServoID, expecting width: Int, by deadline: MonotonicInstant
    ) throws(ServoFailure) -> Dynamixel.StatusError {
        try send(by: deadline)
        let end = exchange.answerDeadline(bytes: width + Self.statusOverhead, delay: returnDelay, atMost: deadline)
        var failure = ServoFailure.silent(id)
        while true {
            switch try hear(by: end) {
            case .status(id, let error):
                exchange.finish()
                if let reason = error.failure { throw .refused(id, reason) }
                let found = parser.parameters.count
                guard found == width else {
                    exchange.counters.unexpected &+= 1
                    throw .wrongWidth(id, expected: width, found: found)
                }
                return error
            case .status, .shared: exchange.counters.unexpected &+= 1
            case .damaged: failure = .garbled(id)
            case .request: break
            case .silence:
                exchange.counters.timeOuts &+= 1
                throw failure
            }
        }
    }
}

extension Dynamixel.ServoFailure {
    /// Whether the same request may be answered better the next time.
    var mayPass: Bool {
        switch self {
        // What the servo received damaged, it may receive intact.
        case .silent, .garbled, .wrongWidth, .refused(_, .checksum): true
        case .refused, .port, .tooLong, .notTaken: false
        }
    }
}

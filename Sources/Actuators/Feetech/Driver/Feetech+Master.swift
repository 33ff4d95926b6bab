public import Ports

extension Feetech {
    /// Asks servos by their numbers, one request at a time, with bounded retries that are counted.
    ///
    /// Nothing in an answer says which request it belongs to, and its sum of eight bits says little about its bytes. So
    /// the master asks for a few bytes more or less each time: an answer of another length was meant for another
    /// request, and one that comes late or twice is not taken for a new one.
    public struct Master<Port: BytePort & ~Copyable>: ~Copyable, Sendable {
        var exchange: Exchange<Port>
        var writer = Writer()
        var parser = Parser()
        /// The longest that a servo which is asked waits before it answers; 500 µs as delivered.
        var returnDelay = Duration.microseconds(520)
        private var recent: (UInt8, UInt8, UInt8) = (0, 0, 0)

        /// - Parameter rate: of the line; nil where nothing limits the bytes, as on a socket.
        /// - Parameter patience: how much later than wire and servo need an answer may come.
        public init(_ port: consuming Port, rate: BaudRate?, patience: Duration = .milliseconds(20)) {
            exchange = Exchange(port, rate: rate, patience: patience)
        }

        public var now: MonotonicInstant { exchange.now }
        public var counters: BusCounters { exchange.counters }
        public var portCounters: PortCounters { exchange.portCounters }
        public var timing: BusTiming { exchange.timing }
        public var hasEcho: Bool { exchange.hasEcho }
        public var wireCounters: Counters { parser.counters }

        /// Lets time pass on the port's clock.
        public mutating func sleep(until instant: MonotonicInstant) throws(PortError) {
            try exchange.sleep(until: instant)
        }

        public consuming func takePort() -> Port { exchange.takePort() }

        /// One request and two retries: what fails three times is no accident.
        public static var attempts: Int { 3 }

        /// How many bytes were asked for lately.
        var rotation: UInt32 {
            get { UInt32(recent.0) | UInt32(recent.1) << 8 | UInt32(recent.2) << 16 }
            set {
                recent = (
                    UInt8(truncatingIfNeeded: newValue), UInt8(truncatingIfNeeded: newValue >> 8),
                    UInt8(truncatingIfNeeded: newValue >> 16)
                )
            }
        }

        /// How many bytes more than needed the next answer shall have, so that no answer to the last three requests
        /// looks like it.
        ///
        /// Never so that they are two: the echo of a read, heard from an adapter that began to repeat, has two and is
        /// otherwise an intact answer.
        mutating func nextSurplus(on width: UInt8) -> UInt8 {
            var surplus: UInt8 = 0
            while width + surplus == 2 || isRecent(width + surplus) { surplus += 1 }
            recent = (width + surplus, recent.0, recent.1)
            return surplus
        }

        private func isRecent(_ width: UInt8) -> Bool { width == recent.0 || width == recent.1 || width == recent.2 }
    }

    /// Why one servo did not do what it was asked.
    public enum MasterFailure: Error, Equatable, Sendable {
        case port(PortError)
        /// Nothing came, however often it was asked.
        case silent(ServoID)
        /// Something came every time, and never intact.
        case garbled(ServoID)
        /// It did what it was told, and its register says something else.
        case notTaken(ServoID, register: UInt8, wrote: Int32, found: Int32)
        /// A number that the register cannot hold, or that is never written to it.
        case forbidden(ServoID, register: UInt8)
        /// The register outlives a power cut: it is written only while the servo is unlocked for that.
        case persistent(ServoID, register: UInt8)
        case tooLong
    }

    /// Part of a longer answer: the registers that were asked for.
    struct Cut: Equatable, Sendable {
        let region: Region
        /// Where what was wanted begins.
        let offset: Int

        /// Asks for so many bytes more, behind the region where the persistent registers are and before it elsewhere.
        init(_ wanted: Region, surplus: UInt8) {
            let isBefore = wanted.address >= Register.firstVolatile
            let address = isBefore ? wanted.address - surplus : wanted.address
            region = Region(address: address, count: wanted.count + surplus)
            offset = isBefore ? Int(surplus) : 0
        }
    }
}

// One exchange of packets.
extension Feetech.Master where Port: ~Copyable {
    public typealias ServoID = Feetech.ServoID
    public typealias MasterFailure = Feetech.MasterFailure

    /// What came next on the line.
    enum Heard: Equatable {
        /// The data is with the parser until it goes on.
        case status(ServoID, Feetech.ServoFaults)
        /// Intact as far as it goes, and not what was asked for.
        case unexpected
        case damaged
        case silence
    }

    mutating func encode(_ write: (inout Feetech.Writer) throws(EncodingError) -> Void) throws(MasterFailure) {
        do throws(EncodingError) { try write(&writer) } catch { throw .tooLong }
    }

    /// Sends what the writer holds; nil awaits no answer.
    mutating func send(
        expecting expectation: Feetech.Expectation?, by deadline: MonotonicInstant
    ) throws(MasterFailure) {
        parser.forget()
        parser.expectation = expectation
        do throws(PortError) { try exchange.send(writer.bytes, by: deadline) } catch { throw .port(error) }
    }

    /// Waits for the next packet of the answer.
    mutating func hear(by deadline: MonotonicInstant) throws(MasterFailure) -> Heard {
        while true {
            if let event = parser.next() { return heard(event) }
            let isMore: Bool
            do throws(PortError) { isMore = try exchange.receive(by: deadline) } catch { throw .port(error) }
            guard isMore else { return parser.next(afterSilence: true).map { heard($0) } ?? .silence }
            _ = parser.take(exchange.received)
        }
    }

    private mutating func heard(_ event: Feetech.Parser.Event) -> Heard {
        switch event {
        case .packet(let packet):
            if case .one(let id) = packet.target { return .status(id, packet.faults) }
            exchange.counters.unexpected &+= 1
            return .unexpected
        case .refused(.unexpected):
            exchange.counters.unexpected &+= 1
            return .unexpected
        case .refused(.length), .refused(.checksum), .refused(.truncated):
            exchange.counters.damaged &+= 1
            return .damaged
        }
    }
}

// One servo at a time.
extension Feetech.Master where Port: ~Copyable {
    /// Bytes of an answer that are not data.
    static var statusOverhead: Int { 6 }

    /// Sends what the writer holds until one servo has answered it intact.
    mutating func transact(
        with id: ServoID, expecting width: UInt8, by deadline: MonotonicInstant, attempts: Int = attempts
    ) throws(MasterFailure) {
        var failure = MasterFailure.silent(id)
        for attempt in 0..<attempts where attempt == 0 || exchange.now < deadline {
            if attempt > 0 { exchange.counters.retries &+= 1 }
            do throws(MasterFailure) {
                return try askOnce(id, expecting: width, by: deadline)
            } catch {
                guard error.mayPass else { throw error }
                failure = error
            }
        }
        throw failure
    }

    private mutating func askOnce(
        _ id: ServoID, expecting width: UInt8, by deadline: MonotonicInstant
    ) throws(MasterFailure) {
        try send(expecting: Feetech.Expectation(id: id, parameters: width), by: deadline)
        let bytes = Int(width) + Self.statusOverhead
        let end = exchange.answerDeadline(bytes: bytes, delay: returnDelay, atMost: deadline)
        var failure = MasterFailure.silent(id)
        while true {
            switch try hear(by: end) {
            case .status: return exchange.finish()
            case .unexpected, .damaged: failure = .garbled(id)
            case .silence:
                exchange.counters.timeOuts &+= 1
                throw failure
            }
        }
    }
}

extension Feetech.MasterFailure {
    /// Whether the same request may be answered better the next time.
    var mayPass: Bool {
        switch self {
        case .silent, .garbled: true
        case .port, .notTaken, .forbidden, .persistent, .tooLong: false
        }
    }
}

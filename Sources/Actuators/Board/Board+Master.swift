public import BoardLink
public import Ports
import Quantities

/// A board of ours at the other end of a line.
public enum Board {}

extension Board {
    /// Talks to one board: asks one thing at a time with bounded retries, and keeps what the board says by itself.
    public struct Master<Port: BytePort & ~Copyable>: ~Copyable, Sendable {
        var exchange: Exchange<Port>
        var sender = Sender()
        var receiver = Receiver()
        private var outgoing = WireBuffer()
        /// How much of what has arrived was taken apart.
        var taken = 0
        /// Whether a frame has begun and not ended.
        var isWithinFrame = false
        /// Its end belongs to a beginning that counts no more.
        var isSkipping = false
        /// When the bytes came that are being taken apart.
        private(set) var arrived = MonotonicInstant.past
        /// The newest state; a repeated or older one never takes its place.
        var newest: State?
        /// What the board has found since somebody asked.
        var reported: FaultReport?
        /// It said that it has started again: it knows nothing any more.
        var hasRestarted = false
        var clock = Clock()
        var askedTime = MonotonicInstant.past
        let layout = LinkLayout.ofThisBuild()

        /// - Parameter rate: nil where nothing limits the bytes, as over USB.
        public init(_ port: consuming Port, rate: BaudRate?, patience: Duration = .milliseconds(20)) {
            exchange = Exchange(port, rate: rate, patience: patience)
        }

        public var now: MonotonicInstant { exchange.now }
        public var counters: BusCounters { exchange.counters }
        public var portCounters: PortCounters { exchange.portCounters }
        public var timing: BusTiming { exchange.timing }
        public var linkCounters: LinkCounters { receiver.counters }
        /// Frames of the board that never arrived, and those that came twice or late.
        public var order: SequenceMonitor { receiver.order }

        /// Lets time pass on the port's clock.
        public mutating func sleep(until instant: MonotonicInstant) throws(PortError) {
            try exchange.sleep(until: instant)
        }

        public consuming func takePort() -> Port { exchange.takePort() }

        public static var attempts: Int { 3 }
    }

    /// Why the board did not do what it was asked.
    public enum MasterFailure: Error, Equatable, Sendable {
        case port(PortError)
        /// Nothing came, however often it was asked.
        case silent
        /// Something came, and never intact.
        case garbled
        case refused(Request, Outcome)
        case incompatible(LayoutRefusal)
        case tooLong
    }
}

extension Board.Master where Port: ~Copyable {
    public typealias MasterFailure = Board.MasterFailure

    /// Sends a message and says under which number. What arrives meanwhile is kept: a board speaks unasked.
    @discardableResult
    mutating func send(_ message: Message, by deadline: MonotonicInstant) throws(MasterFailure) -> UInt16 {
        let sequence = sender.nextSequence
        let frame = sender.frame(message)
        outgoing.removeAll()
        for position in 0..<frame.count { outgoing.append(frame[position]) }
        do throws(PortError) {
            try exchange.send(outgoing.bytes, keepingInput: true, by: deadline)
        } catch { throw .port(error) }
        return sequence
    }

    /// Whoever lets go of an armed board has met an error on the way; the motors do not stay on for it. Said twice: a
    /// board that misses it stops by itself a little later.
    mutating func disarmInTheEnd() {
        outgoing.removeAll()
        for _ in 0..<2 {
            let frame = sender.frame(.disarm)
            for position in 0..<frame.count { outgoing.append(frame[position]) }
        }
        exchange.setLastWords(LastWords(outgoing.bytes))
    }

    /// What came next.
    enum Heard {
        case packet(Packet)
        case damaged
        case silence
    }

    mutating func hear(by deadline: MonotonicInstant) throws(MasterFailure) -> Heard {
        while true {
            while taken < exchange.received.count {
                let byte = exchange.received[taken]
                taken += 1
                isWithinFrame = byte != 0
                if isSkipping {
                    isSkipping = isWithinFrame
                    continue
                }
                do throws(LinkError) {
                    guard let packet = try receiver.receive(byte) else { continue }
                    note(packet)
                    return .packet(packet)
                } catch {
                    exchange.counters.damaged &+= 1
                    return .damaged
                }
            }
            let isMore: Bool
            do throws(PortError) { isMore = try exchange.receive(by: deadline) } catch { throw .port(error) }
            taken = 0
            guard isMore else { return .silence }
            arrived = exchange.now
        }
    }

    /// Takes in what the board says by itself.
    private mutating func note(_ packet: Packet) {
        switch packet.message {
        case .state(let state): note(state)
        case .event(let event) where event.kind == .started:
            hasRestarted = true
            newest = nil
            clock = Board.Clock()
            receiver.peerRestarted()
        case .faultReport(let report): reported = report
        case .time(let time):
            let asked = MonotonicInstant(nanoseconds: Int64(bitPattern: time.stamp.rawValue.joined))
            clock.learn(time.tick, lasted: time.sinceTick, asked: asked, answered: arrived)
        case .event, .identification, .answer, .challenge, .echoed: break
        // Only a host says these: it is our own voice.
        case .identify, .configure, .askToArm, .arm, .disarm, .command, .clear, .echo, .askTime:
            exchange.counters.echoes &+= 1
        }
    }

    private mutating func note(_ state: State) {
        if let newest, (state.tick - newest.tick).rawValue <= 0 {
            exchange.counters.unexpected &+= 1
            return
        }
        newest = state
        // Only who has introduced himself since the start is told states: that news was older than our introduction.
        hasRestarted = false
    }
}

// Requests that the board answers.
extension Board.Master where Port: ~Copyable {
    /// Sends a request until the board has answered it. Each attempt has a number of its own.
    mutating func ask(
        _ message: Message, by deadline: MonotonicInstant, attempts: Int = attempts
    ) throws(MasterFailure) -> Message {
        var failure = MasterFailure.silent
        for attempt in 0..<attempts where attempt == 0 || exchange.now < deadline {
            if attempt > 0 { exchange.counters.retries &+= 1 }
            let sequence = try send(message, by: deadline)
            let end = exchange.answerDeadline(bytes: 2 * payloadCapacity, delay: .zero, atMost: deadline)
            waiting: while true {
                switch try hear(by: end) {
                case .packet(let packet):
                    guard packet.message.answers(message.kind, sequence) else { continue }
                    exchange.finish()
                    return packet.message
                case .damaged: failure = .garbled
                case .silence:
                    exchange.counters.timeOuts &+= 1
                    break waiting
                }
            }
        }
        throw failure
    }

    /// Asks for something that the board grants or refuses.
    mutating func request(_ message: Message, by deadline: MonotonicInstant) throws(MasterFailure) {
        guard case .answer(let answer) = try ask(message, by: deadline) else { throw .garbled }
        guard answer.outcome == .accepted else { throw .refused(answer.request, answer.outcome) }
    }

    mutating func identify(by deadline: MonotonicInstant) throws(MasterFailure) -> Identification {
        guard case .identification(let found) = try ask(.identify(Identify(layout: layout)), by: deadline) else {
            throw .garbled
        }
        return found
    }

    /// Asks for a challenge and answers it. One try: a challenge that was answered is used up, whoever heard of it.
    mutating func arm(under envelope: EnvelopeHash, by deadline: MonotonicInstant) throws(MasterFailure) {
        switch try ask(.askToArm, by: deadline) {
        case .challenge(let challenge):
            let reply = Message.arm(Arm(nonce: challenge.nonce, envelope: envelope))
            guard case .answer(let answer) = try ask(reply, by: deadline, attempts: 1) else { throw .garbled }
            guard answer.outcome == .accepted else { throw .refused(.arm, answer.outcome) }
        case .answer(let answer): throw .refused(.askToArm, answer.outcome)
        default: throw .garbled
        }
    }

    /// Waits for a state that the board made after this moment.
    mutating func freshState(by deadline: MonotonicInstant) throws(MasterFailure) -> State {
        // What lies about was sent before.
        while case .packet = try hear(by: .past) { continue }
        let before = newest?.tick
        let end = min(deadline, exchange.now + .milliseconds(100))
        while true {
            if let newest, newest.tick != before { return newest }
            if case .silence = try hear(by: end) { throw .silent }
        }
    }
}

extension Message {
    /// Whether this is what a request of that kind and number waits for.
    fileprivate func answers(_ kind: MessageKind, _ sequence: UInt16) -> Bool {
        switch (kind, self) {
        case (.identify, .identification), (.askToArm, .challenge): true
        case (.configure, .answer(let answer)): answer.request == .configure && answer.sequence == sequence
        case (.askToArm, .answer(let answer)): answer.request == .askToArm && answer.sequence == sequence
        case (.arm, .answer(let answer)): answer.request == .arm && answer.sequence == sequence
        case (.disarm, .answer(let answer)): answer.request == .disarm && answer.sequence == sequence
        case (.clear, .answer(let answer)): answer.request == .clear && answer.sequence == sequence
        default: false
        }
    }
}

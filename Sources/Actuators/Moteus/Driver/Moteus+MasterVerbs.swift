public import Ports

extension Moteus {
    /// Which controller this is, among all that were ever made.
    public struct UnitID: Hashable, Sendable {
        public let words: SIMD4<UInt32>

        public init(_ words: SIMD4<UInt32>) { self.words = words }
    }

    /// What a controller says of itself.
    public struct Identification: Equatable, Sendable {
        public let model: UInt32
        public let firmware: UInt32
        public let registerMap: UInt32
        public let unit: UnitID
    }
}

// What can be asked of one controller.
extension Moteus.Master where Port: ~Copyable {
    /// Sends one frame until the controller has answered it intact.
    mutating func transact(
        _ payload: Moteus.Payload, with id: ControllerID, by deadline: MonotonicInstant, attempts: Int = attempts
    ) throws(MasterFailure) -> Moteus.Payload {
        var failure = MasterFailure.silent(id)
        for attempt in 0..<attempts where attempt == 0 || exchange.now < deadline {
            if attempt > 0 { exchange.counters.retries &+= 1 }
            begin(isRetry: attempt > 0)
            try add(payload, to: id, wantsReply: true, by: deadline)
            do throws(MasterFailure) {
                return try askOnce(id, by: deadline)
            } catch {
                guard error.mayPass else { throw error }
                failure = error
            }
        }
        throw failure
    }

    private mutating func askOnce(
        _ id: ControllerID, by deadline: MonotonicInstant
    ) throws(MasterFailure) -> Moteus.Payload {
        let lines = try send(by: deadline)
        let end = answerDeadline(lines: lines, replies: 1, atMost: deadline)
        var failure = MasterFailure.silent(id)
        while true {
            switch try hear(by: end) {
            case .reply(id, let payload):
                exchange.finish()
                return payload
            case .reply:
                exchange.counters.unexpected &+= 1
                failure = .garbled(id)
            case .unexpected, .damaged: failure = .garbled(id)
            case .rejected: throw .garbled(id)
            case .acknowledged: break
            case .silence:
                exchange.counters.timeOuts &+= 1
                throw failure
            }
        }
    }

    /// Neighbouring registers that are whole numbers.
    public mutating func read(
        _ start: Moteus.Register, count: Int, of id: ControllerID, by deadline: MonotonicInstant,
        attempts: Int = attempts
    ) throws(MasterFailure) -> SIMD4<UInt32> {
        guard (1...4).contains(count) else { preconditionFailure("one to four registers at a time") }
        var payload = Moteus.Payload()
        do throws(EncodingError) { try payload.read(start, count: count, as: .int32) } catch { throw .tooLong }
        let reply = try transact(payload, with: id, by: deadline, attempts: attempts)
        return try Self.words(of: start, count: count, in: reply, from: id)
    }

    private static func words(
        of start: Moteus.Register, count: Int, in reply: Moteus.Payload, from id: ControllerID
    ) throws(MasterFailure) -> SIMD4<UInt32> {
        var reader = Moteus.SubframeReader(reply)
        while true {
            let subframe: Moteus.Subframe?
            do throws(Moteus.Malformation) { subframe = try reader.next() } catch { throw .garbled(id) }
            switch subframe {
            case .reply(let values) where values.start == start && values.count == count:
                return values.words(in: reply)
            case .readError(let register, let code): throw .refused(id, register: register.rawValue, code: code)
            case .reply, .write, .read, .writeError: break
            case nil: throw .garbled(id)
            }
        }
    }

    public mutating func identify(
        _ id: ControllerID, by deadline: MonotonicInstant
    ) throws(MasterFailure) -> Moteus.Identification {
        let kind = try read(.model, count: 3, of: id, by: deadline)
        let unit = try read(.unit, count: 4, of: id, by: deadline)
        return Moteus.Identification(
            model: kind[0], firmware: kind[1], registerMap: kind[2], unit: Moteus.UnitID(unit))
    }

    /// Off, and whatever waited to be acknowledged is. Believes the controller's answer.
    public mutating func stop(_ id: ControllerID, by deadline: MonotonicInstant) throws(MasterFailure) {
        _ = try transact(try Self.payload(.stopped), with: id, by: deadline)
    }

    public mutating func mode(
        of id: ControllerID, by deadline: MonotonicInstant
    ) throws(MasterFailure) -> Moteus.Mode? {
        let word = try read(.mode, count: 1, of: id, by: deadline)[0]
        return UInt8(exactly: word).flatMap(Moteus.Mode.init)
    }

    static func payload(_ mode: Moteus.Mode) throws(MasterFailure) -> Moteus.Payload {
        do throws(EncodingError) { return try Moteus.Payload(mode) } catch { throw .tooLong }
    }

    /// Finds out whether the adapter repeats what it sends, with an empty line, which nobody answers.
    public mutating func probeEcho(by deadline: MonotonicInstant) throws(MasterFailure) {
        let line: [1 of UInt8] = [Moteus.Letter.newline]
        do throws(PortError) { try exchange.probeEcho(with: line.span, by: deadline) } catch { throw .port(error) }
    }
}

extension Moteus.Values {
    /// The first four as they travelled.
    func words(in payload: Moteus.Payload) -> SIMD4<UInt32> {
        var words = SIMD4<UInt32>.zero
        for position in 0..<min(count, 4) { words[position] = word(at: position, in: payload).bits }
        return words
    }
}

extension Moteus.MasterFailure {
    /// Whether the same request may be answered better the next time.
    var mayPass: Bool {
        switch self {
        case .silent, .garbled: true
        case .port, .refused, .tooLong: false
        }
    }
}

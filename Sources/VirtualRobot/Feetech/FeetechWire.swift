public import Actuators
public import Simulator

/// A bus with Feetech servos on it; the place of a servo is that of its joint in the body.
public struct FeetechWire: VirtualWire {
    public private(set) var servos: [FeetechServo]
    /// What each receiver has heard of a packet that has not ended. They differ when servos listen at different rates.
    private var begun: [[UInt8]]
    private var troubles: [Set<SlaveFault>]
    private var now = BusInstant.start

    public init(_ identities: [FeetechServo.Identity]) {
        servos = identities.map(FeetechServo.init)
        begun = Array(repeating: [], count: identities.count)
        troubles = Array(repeating: [], count: identities.count)
    }

    public var slaveCount: Int { servos.count }

    /// What a servo's register says now, past the line.
    public func number(_ item: Feetech.Item, of slave: Int) -> Int { servos[slave].number(of: item) }

    public var drives: [MotorDrive] { servos.map(\.drive) }

    public func bitsPerSecond(of slave: Int) -> UInt32? { Feetech.bitsPerSecond(code: servos[slave].baudCode) }

    public mutating func hearSilence() {
        for slave in begun.indices { begun[slave] = [] }
    }

    public mutating func advance(to instant: BusInstant, body: some VirtualBody) {
        let time = Double(instant.nanoseconds - now.nanoseconds) * 1e-9
        now = max(now, instant)
        for joint in servos.indices where !isSilent(joint) {
            servos[joint].run(body.state(of: joint), over: max(time, 0))
        }
    }

    public mutating func delayCommands(of slave: Int, by milliseconds: Int) {
        servos[slave].delayCommands(by: milliseconds)
    }

    public mutating func suffer(_ fault: SlaveFault, slave: Int, isPresent: Bool, at instant: BusInstant) {
        let isNew = isPresent ? troubles[slave].insert(fault).inserted : troubles[slave].remove(fault) != nil
        guard isNew else { return }
        switch fault {
        case .powerLoss: restart(slave)
        case .overload where isPresent: servos[slave].guards.overload()
        case .overload, .hang, .wrongIdentity, .emergencyStop: break
        }
    }

    private func isSilent(_ slave: Int) -> Bool { !troubles[slave].isDisjoint(with: [.powerLoss, .hang]) }

    /// The power of one servo went and came back.
    public mutating func restart(_ slave: Int) {
        servos[slave].restart()
        begun[slave] = []
    }

    public mutating func hear(
        _ bytes: Span<UInt8>, at instant: BusInstant, listening: (Int) -> Bool
    ) -> [WireAnswer] {
        var turns: [Turn] = []
        for slave in servos.indices where listening(slave) && !isSilent(slave) {
            for (ordinal, packet) in packets(for: slave, bytes).enumerated() {
                if let turn = turn(of: slave, packet, ordinal) { turns.append(turn) }
            }
        }
        return turns.sorted { ($0.packet, $0.place) < ($1.packet, $1.place) }.map(\.answer)
    }
}

extension FeetechWire {
    /// An answer and whose turn it is.
    private struct Turn {
        let packet: Int
        let place: Int
        let answer: WireAnswer
    }

    private struct Heard {
        let packet: Feetech.Packet
        let parameters: [UInt8]
    }

    private mutating func packets(for slave: Int, _ bytes: Span<UInt8>) -> [Heard] {
        var parser = Feetech.Parser()
        var rest = begun[slave]
        for position in bytes.indices { rest.append(bytes[position]) }
        var heard: [Heard] = []
        var kept = 0
        while kept < rest.count {
            let chunk = rest[kept...]
            let taken = parser.take([UInt8](chunk).span)
            guard taken > 0 else { break }
            kept += taken
            while let event = parser.next() {
                guard case .packet(let packet) = event else { continue }
                heard.append(Heard(packet: packet, parameters: parser.parameters.indices.map { parser.parameters[$0] }))
            }
        }
        begun[slave] = Array(rest.suffix(unread(of: kept, parser, heard)))
        return heard
    }

    /// How many of the bytes neither belong to a packet nor were passed over.
    private func unread(of taken: Int, _ parser: borrowing Feetech.Parser, _ heard: [Heard]) -> Int {
        let inPackets = heard.reduce(0) { $0 + $1.parameters.count + 6 }
        return taken - inPackets - Int(parser.counters.skippedBytes)
    }

    private mutating func turn(of slave: Int, _ heard: Heard, _ ordinal: Int) -> Turn? {
        guard let id = Feetech.ServoID(servos[slave].id),
            let request = Feetech.Request(code: heard.packet.code, parameters: heard.parameters.span),
            heard.packet.target == .everyone || heard.packet.target == .one(id)
        else { return nil }
        guard let place = place(of: id, in: request, heard.parameters) else { return nil }
        let isAlone = heard.packet.target != .everyone
        let delay = Int64(servos[slave].number(of: .returnDelay)) * 2_000
        guard let bytes = servos[slave].carryOut(request, heard.parameters, isAlone: isAlone, as: alias(of: slave))
        else { return nil }
        return Turn(
            packet: ordinal, place: place, answer: WireAnswer(slave: slave, delayNanoseconds: delay, bytes: bytes))
    }

    /// The number of the next servo, or the next number.
    private func alias(of slave: Int) -> UInt8? {
        guard troubles[slave].contains(.wrongIdentity) else { return nil }
        return servos.count > 1 ? servos[(slave + 1) % servos.count].id : (servos[slave].id + 1) % 253
    }

    /// After how many others a servo speaks; nil when it is not meant. A ping of everyone is answered by number.
    private func place(of id: Feetech.ServoID, in request: Feetech.Request, _ parameters: [UInt8]) -> Int? {
        switch request {
        case .syncRead: request.share(of: id, in: parameters.span)?.place
        case .ping, .read, .write, .registerWrite, .action, .syncWrite: Int(id.rawValue)
        }
    }
}

import Actuators
public import Simulator

/// An adapter with moteus controllers behind it; the place of a controller is that of its joint in the body.
public struct MoteusWire: VirtualWire {
    /// What stands between the master and the controllers.
    public enum Adapter: Equatable, Sendable {
        /// An fdcanusb. The rate of its port does not matter.
        case usb
        /// The serial port of a controller. Every line that it says has a checksum.
        case serial
    }

    public private(set) var controllers: [MoteusController]
    private let adapter: Adapter
    private var begun: [UInt8] = []
    /// Once the master has used checksums, a line without one is refused.
    private var needsChecksum = false
    private var troubles: [Set<SlaveFault>]
    private var now = BusInstant.start

    public init(_ identities: [MoteusController.Identity], adapter: Adapter) {
        controllers = identities.map(MoteusController.init)
        self.adapter = adapter
        troubles = Array(repeating: [], count: identities.count)
    }

    public var slaveCount: Int { controllers.count }

    public var drives: [MotorDrive] { controllers.map(\.drive) }

    public func bitsPerSecond(of slave: Int) -> UInt32? { adapter == .usb ? nil : 921_600 }

    /// Text may pause; a line ends where it ends.
    public mutating func hearSilence() {}

    public mutating func advance(to instant: BusInstant, body: some VirtualBody) {
        let time = Double(instant.nanoseconds - now.nanoseconds) * 1e-9
        now = max(now, instant)
        for joint in controllers.indices where !isSilent(joint) {
            controllers[joint].run(body.state(of: joint), over: max(time, 0))
        }
    }

    public mutating func delayCommands(of slave: Int, by milliseconds: Int) {
        controllers[slave].delayCommands(by: milliseconds)
    }

    public mutating func suffer(_ fault: SlaveFault, slave: Int, isPresent: Bool, at instant: BusInstant) {
        let isNew = isPresent ? troubles[slave].insert(fault).inserted : troubles[slave].remove(fault) != nil
        guard isNew else { return }
        switch fault {
        case .powerLoss: controllers[slave].restart()
        case .overload where isPresent: controllers[slave].fail(.motorDriver)
        case .overload, .hang, .wrongIdentity, .emergencyStop: break
        }
    }

    private func isSilent(_ slave: Int) -> Bool { !troubles[slave].isDisjoint(with: [.powerLoss, .hang]) }

    public mutating func hear(
        _ bytes: Span<UInt8>, at instant: BusInstant, listening: (Int) -> Bool
    ) -> [WireAnswer] {
        var answers: [WireAnswer] = []
        for position in bytes.indices {
            begun.append(bytes[position])
            guard bytes[position] == Self.newline || begun.count > Moteus.LineParser.longestLine else { continue }
            let line = begun
            begun = []
            answers += carryOut(line, listening)
        }
        return answers
    }

    private static let newline: UInt8 = 0x0A
}

extension MoteusWire {
    /// How long a controller needs, and the bus for the longest frame.
    private static let delay: Int64 = 60_000

    private mutating func carryOut(_ line: [UInt8], _ listening: (Int) -> Bool) -> [WireAnswer] {
        if Self.hasChecksum(line) { needsChecksum = true }
        var parser = Moteus.LineParser(needsChecksum: needsChecksum)
        guard parser.take(line.span) == line.count, let event = parser.next() else { return [] }
        switch event {
        case .line(.send(let frame)):
            let taken = say { $0.acknowledged() }
            return [WireAnswer(slave: place(of: frame), delayNanoseconds: 0, bytes: taken)]
                + answers(to: frame, listening)
        case .line(.received), .line(.acknowledged), .line(.rejected), .refused(.word):
            return complain("unknown command")
        case .refused(.checksum): return complain("checksum mismatch")
        case .refused(.identifier), .refused(.data): return complain("invalid frame")
        case .refused(.tooLong): return complain("line too long")
        }
    }

    private func complain(_ reason: StaticString) -> [WireAnswer] {
        [WireAnswer(slave: 0, delayNanoseconds: 0, bytes: say { $0.rejected(reason) })]
    }

    /// ` *` and two digits at the end, right or wrong.
    private static func hasChecksum(_ line: [UInt8]) -> Bool {
        let text = line.filter { $0 != 0x0A && $0 != 0x0D }
        return text.count > 4 && text[text.count - 3] == 0x2A && text[text.count - 4] == 0x20
    }

    private func say(_ line: (inout Moteus.LineWriter) -> Void) -> [UInt8] {
        var writer = Moteus.LineWriter(hasChecksum: adapter == .serial || needsChecksum)
        line(&writer)
        return writer.bytes.indices.map { writer.bytes[$0] }
    }

    private func place(of frame: Moteus.Frame) -> Int {
        controllers.firstIndex { $0.id == frame.address.destination } ?? 0
    }

    private static let everyone: UInt8 = 0x7F

    /// The lower number wins the bus and answers first.
    private mutating func answers(to frame: Moteus.Frame, _ listening: (Int) -> Bool) -> [WireAnswer] {
        let destination = frame.address.destination
        let meant = controllers.indices.filter {
            listening($0) && !isSilent($0) && (destination == controllers[$0].id || destination == Self.everyone)
        }
        return meant.sorted { controllers[$0].id < controllers[$1].id }.compactMap { slave in
            let own = controllers[slave].id
            guard let payload = controllers[slave].answer(frame.payload), frame.address.wantsReply else { return nil }
            return answer(of: slave, numbered: own, to: frame.address.source, payload)
        }
    }

    private func answer(of slave: Int, numbered own: UInt8, to master: UInt8, _ payload: Moteus.Payload) -> WireAnswer?
    {
        let isWrong = troubles[slave].contains(.wrongIdentity)
        let number = isWrong ? controllers[(slave + 1) % controllers.count].id : own
        var padded = payload
        // A line without data would be no line; a byte that says nothing is.
        if payload.count == 0 {
            MoteusController.put(into: &padded) { (data) throws(EncodingError) in try data.append(0x50) }
        }
        padded.pad()
        guard let address = Moteus.Address(source: number, destination: master, wantsReply: false) else { return nil }
        let bytes = say { $0.received(Moteus.Frame(address: address, payload: padded)) }
        return WireAnswer(slave: slave, delayNanoseconds: Self.delay, bytes: bytes)
    }
}

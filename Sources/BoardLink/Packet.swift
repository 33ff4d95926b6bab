/// A message with its sequence number.
public struct Packet: Equatable, Sendable {
    public let sequence: UInt16
    public let message: Message

    public init(sequence: UInt16, message: Message) {
        self.sequence = sequence
        self.message = message
    }

    @_noAllocation @_noLocks
    public init(_ payload: Payload) throws(LinkError) {
        guard payload.count >= Header.length else { throw .truncated }
        var fields = Fields.reading(payload)
        let header = try Header(from: &fields)
        var message = Message.specimen(of: header.kind)
        message.visit(&fields)
        if let field = fields.refused { throw .illegalValue(field) }
        guard fields.hasRightLength else { throw .wrongLength(header.kind) }
        sequence = header.sequence
        self.message = message
    }

    /// The header and the fields. Numbers beyond a scale become the end of it.
    @_noAllocation @_noLocks
    public func payload() -> Payload {
        var fields = Fields.writing()
        Header(message.kind, sequence: sequence).write(to: &fields)
        var message = message
        message.visit(&fields)
        return fields.payload
    }
}

/// Numbers the messages of one sender.
public struct Sender: Sendable {
    public private(set) var nextSequence: UInt16

    public init(nextSequence: UInt16 = 0) { self.nextSequence = nextSequence }

    @_noAllocation @_noLocks
    public mutating func frame(_ message: Message) -> Frame {
        let packet = Packet(sequence: nextSequence, message: message)
        nextSequence &+= 1
        return BoardLink.frame(around: packet.payload())
    }
}

/// The receiving end of a link: bytes in, packets and counted errors out. No stream of bytes can stop it.
public struct Receiver: Sendable {
    public private(set) var counters = LinkCounters()
    /// The sequence numbers of the accepted packets.
    public private(set) var order = SequenceMonitor()
    private var frames = FrameReceiver()

    public init() {}

    /// How many frames have ended: the accepted ones and those with a counted error. Wraps around.
    public var framesEnded: UInt32 { frames.ended }

    /// The packet that this byte completes; nil in the middle of a frame. An error is already counted when thrown.
    @_noAllocation @_noLocks
    public mutating func receive(_ byte: UInt8) throws(LinkError) -> Packet? {
        do throws(LinkError) {
            guard let payload = try frames.receive(byte) else { return nil }
            let packet = try Packet(payload)
            counters.accepted &+= 1
            _ = order.observe(packet.sequence)
            return packet
        } catch {
            counters.count(error)
            throw error
        }
    }

    /// The other end said that it started again.
    public mutating func peerRestarted() { order.restart() }
}

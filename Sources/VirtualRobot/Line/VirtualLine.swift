public import Ports

/// The wire between a master and its slaves, as a value: bytes with their instants in, bytes with their instants out.
///
/// It paces both directions, lets slaves wait before they answer, keeps slaves at another rate deaf, destroys what two
/// send at the same time, and damages what its troubles say. Nothing here reads a clock.
public struct VirtualLine: Sendable {
    public let settings: LineSettings
    /// How fast the master sends from now on.
    public var masterRate: BaudRate?
    /// What the slaves were sent and what they sent, in bytes; for tests of masters.
    public private(set) var bytesToSlaves: UInt64 = 0
    public private(set) var bytesFromSlaves: UInt64 = 0
    /// How often two talked at the same time.
    public private(set) var collisions: UInt64 = 0

    private var underWay: [Transmission] = []
    private var masterIsDone = BusInstant.start
    /// Where slaves have a line of their own, they queue on it.
    private var slavesAreDone = BusInstant.start
    private var lastHeard = BusInstant.start
    private var adapter: Adapter
    private var deliveries: [Delivery] = []
    private var generator: SplitMix64
    private(set) var troubles = LineTroubles()

    public init(_ settings: LineSettings, seed: UInt64 = 0) {
        self.settings = settings
        masterRate = settings.rate
        adapter = Adapter(timer: settings.latencyTimer.nanoseconds)
        generator = SplitMix64(seed: seed)
    }

    /// When something happens next by itself.
    public var nextDue: BusInstant? {
        let next = min(underWay.first?.end ?? .never, adapter.due)
        return next == .never ? nil : next
    }

    /// The master's program hands bytes to the adapter, which sends them as soon as it has sent those before.
    public mutating func send(_ bytes: [UInt8], at instant: BusInstant) {
        guard !bytes.isEmpty else { return }
        let start = max(instant, masterIsDone)
        let packet = Transmission(bytes, from: .master, at: start, rate: masterRate)
        masterIsDone = packet.end
        put(packet)
    }

    /// Slaves speak without having been asked.
    mutating func report(_ reports: [WireAnswer], at instant: BusInstant) {
        say(reports, after: instant, rate: masterRate)
    }

    /// Lets everything happen that is due.
    public mutating func advance(to instant: BusInstant, wire: inout some VirtualWire) {
        while let due = nextDue, due <= instant {
            if let first = underWay.first, first.end == due {
                underWay.removeFirst()
                finish(first, wire: &wire)
            } else {
                deliver(adapter.release(at: due), at: due)
            }
        }
    }

    /// What has reached the master's program since the last time.
    public mutating func takeDeliveries() -> [Delivery] {
        defer { deliveries = [] }
        return deliveries
    }

    mutating func set(_ troubles: LineTroubles) {
        self.troubles = troubles
        adapter.timer = troubles.latencyTimer ?? settings.latencyTimer.nanoseconds
    }

    /// Nobody hears what was under way.
    mutating func unplug() {
        underWay = []
        adapter = Adapter(timer: adapter.timer)
        deliveries = []
    }
}

// What becomes of bytes that have left their sender.
extension VirtualLine {
    private mutating func put(_ packet: Transmission) {
        var packet = packet
        if settings.isShared {
            for other in underWay.indices where underWay[other].overlaps(packet) {
                collisions += 1
                packet.spoil(by: underWay[other])
                underWay[other].spoil(by: packet)
            }
        }
        let place = underWay.firstIndex { $0.end > packet.end } ?? underWay.endIndex
        underWay.insert(packet, at: place)
    }

    private mutating func finish(_ packet: Transmission, wire: inout some VirtualWire) {
        var packet = packet
        for place in packet.spoiled { packet.bytes[place] &= UInt8(generator.below(255)) }
        switch packet.sender {
        case .master: reachSlaves(packet, wire: &wire)
        case .slave(let slave): reachMaster(packet, from: slave, wire: &wire)
        }
    }

    private mutating func reachSlaves(_ packet: Transmission, wire: inout some VirtualWire) {
        // The adapter hears its own bytes as it sent them, whatever the wire does further on.
        if settings.hasEcho || troubles.hasEcho {
            deliver(adapter.receive(packet.bytes, at: packet.end), at: packet.end)
        }
        guard let bytes = troubles.damaged(packet.bytes, using: &generator) else { return }
        bytesToSlaves += UInt64(bytes.count)
        if packet.start - lastHeard > settings.packetPause.nanoseconds { wire.hearSilence() }
        lastHeard = packet.end
        let listening = listeners(at: packet.rate, wire: wire)
        say(wire.hear(bytes.span, at: packet.end) { listening[$0] }, after: packet.end, rate: packet.rate)
    }

    private mutating func say(_ answers: [WireAnswer], after instant: BusInstant, rate: BaudRate?) {
        var silent = instant
        for answer in answers where !answer.bytes.isEmpty {
            var start = silent + answer.delayNanoseconds
            if generator.happens(troubles.late) { start = start + troubles.lateness }
            if !settings.isShared { start = max(start, slavesAreDone) }
            let sent = Transmission(answer.bytes, from: .slave(answer.slave), at: start, rate: rate)
            silent = sent.end
            slavesAreDone = max(slavesAreDone, sent.end)
            put(sent)
        }
    }

    private mutating func reachMaster(_ packet: Transmission, from slave: Int, wire: inout some VirtualWire) {
        lastHeard = packet.end
        var listening = listeners(at: packet.rate, wire: wire)
        listening[slave] = false
        wire.overhear(packet.bytes.span, from: slave) { listening[$0] }
        guard !troubles.cutsOff(slave, using: &generator),
            let bytes = troubles.damaged(packet.bytes, using: &generator)
        else { return }
        bytesFromSlaves += UInt64(bytes.count)
        let copies = generator.happens(troubles.duplicate) ? bytes + bytes : bytes
        deliver(adapter.receive(copies, at: packet.end), at: packet.end)
    }

    /// Who understands bytes at a rate, and is reached by them.
    private mutating func listeners(at rate: BaudRate?, wire: some VirtualWire) -> [Bool] {
        (0..<wire.slaveCount).map { slave in
            if troubles.cutsOff(slave, using: &generator) { return false }
            guard let rate, let own = wire.bitsPerSecond(of: slave).flatMap(BaudRate.init) else { return true }
            return own.isNear(rate)
        }
    }

    private mutating func deliver(_ bytes: [UInt8], at instant: BusInstant) {
        guard !bytes.isEmpty else { return }
        deliveries.append(Delivery(instant: instant, bytes: bytes))
    }
}

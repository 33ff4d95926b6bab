public import Ports
internal import Synchronization
public import Simulator

/// A virtual bus whose time goes on only while its master waits: no thread, no clock of the machine, and the same run
/// every time, as fast as the processor can.
public final class Lockstep<Wire: VirtualWire, Body: VirtualBody>: SteppedLine {
    private let state: Mutex<SteppedBus<Wire, Body>>

    public init(_ bus: VirtualBus<Wire, Body>) { state = Mutex(SteppedBus(bus)) }

    /// A master's end. All of them are the same end: there is one adapter.
    public func port() -> SteppedLink { SteppedLink(self) }

    /// The bus as it is now, past its master.
    public var bus: VirtualBus<Wire, Body> { state.withLock { $0.bus } }

    public var now: MonotonicInstant { state.withLock { $0.now } }

    /// Lets time pass without a word from the master.
    public func advance(by time: Duration) { sleep(until: now + time) }

    public func sleep(until moment: MonotonicInstant) { state.withLock { $0.sleep(until: moment) } }

    /// Somebody meddles with the robot.
    public func obey(_ command: LiveCommand) { state.withLock { $0.bus.obey(command) } }

    /// What was written of the run since the last time.
    public func takeLog() -> [UInt8] { state.withLock { $0.bus.takeLog() } }
}

// What the port asks.
extension Lockstep {
    public func setBaudRate(_ rate: BaudRate) {
        state.withLock { if $0.bus.line.settings.heedsPort { $0.bus.line.masterRate = rate } }
    }

    public func send(_ bytes: [UInt8]) throws(PortError) {
        guard state.withLock({ $0.send(bytes) }) else { throw .hungUp(transferred: 0) }
    }

    /// Lets time pass until something is there. Says how much was put into the buffer; 0 at the deadline.
    public func receive(_ room: Int, by deadline: MonotonicInstant) throws(PortError) -> [UInt8] {
        let (bytes, isPlugged) = state.withLock { ($0.receive(room, by: deadline), $0.bus.isPlugged) }
        guard bytes.isEmpty else { return bytes }
        throw isPlugged ? .timedOut(transferred: 0) : .hungUp(transferred: 0)
    }

    public func discard() throws(PortError) -> Int {
        let (count, isPlugged) = state.withLock { ($0.discard(), $0.bus.isPlugged) }
        guard isPlugged else { throw .hungUp(transferred: 0) }
        return count
    }
}

/// A bus and the instant that its master is at.
struct SteppedBus<Wire: VirtualWire, Body: VirtualBody>: Sendable {
    var bus: VirtualBus<Wire, Body>
    private(set) var instant = BusInstant.start
    /// What has reached the master's side and was not read yet.
    private var arrived: [UInt8] = []

    init(_ bus: VirtualBus<Wire, Body>) { self.bus = bus }

    // The bus starts at one second, so that "before" is a moment too.
    static func moment(_ instant: BusInstant) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: instant.nanoseconds.addingReportingOverflow(nanosecondsPerSecond).partialValue)
    }

    static func instant(_ moment: MonotonicInstant) -> BusInstant {
        BusInstant(nanoseconds: max(moment.nanoseconds, nanosecondsPerSecond) - nanosecondsPerSecond)
    }

    var now: MonotonicInstant { Self.moment(instant) }
    /// How much has arrived and waits.
    var waiting: Int { arrived.count }

    /// Says whether there was an adapter that took it.
    mutating func send(_ bytes: [UInt8]) -> Bool {
        catchUp()
        bus.send(bytes, at: instant)
        return bus.isPlugged
    }

    /// Lets time pass until something is there; nothing at the deadline, or when the adapter is gone.
    mutating func receive(_ room: Int, by deadline: MonotonicInstant) -> [UInt8] {
        catchUp()
        while arrived.isEmpty, bus.isPlugged, now < deadline {
            let next = min(bus.nextDue ?? .never, bus.nextStep)
            instant = max(min(next, Self.instant(deadline)), instant)
            catchUp()
        }
        let bytes = Array(arrived.prefix(room))
        arrived.removeFirst(bytes.count)
        return bytes
    }

    mutating func sleep(until moment: MonotonicInstant) {
        instant = max(instant, Self.instant(moment))
        catchUp()
    }

    mutating func discard() -> Int {
        catchUp()
        defer { arrived.removeAll(keepingCapacity: true) }
        return arrived.count
    }

    private mutating func catchUp() {
        bus.advance(to: instant)
        for delivery in bus.takeDeliveries() { arrived += delivery.bytes }
    }
}

public import Ports
internal import Synchronization
public import Simulator

/// A virtual bus whose time goes on only while its master waits: no thread, no clock of the machine, and the same run
/// every time, as fast as the processor can.
public final class Lockstep<Wire: VirtualWire, Body: VirtualBody>: SteppedLine {
    private struct State {
        var bus: VirtualBus<Wire, Body>
        var instant = BusInstant.start
        /// What has reached the master's side and was not read yet.
        var arrived: [UInt8] = []
    }

    private let state: Mutex<State>

    public init(_ bus: VirtualBus<Wire, Body>) { state = Mutex(State(bus: bus)) }

    /// A master's end. All of them are the same end: there is one adapter.
    public func port() -> SteppedLink { SteppedLink(self) }

    /// The bus as it is now, past its master.
    public var bus: VirtualBus<Wire, Body> { state.withLock { $0.bus } }

    public var now: MonotonicInstant { state.withLock { Self.moment($0.instant) } }

    /// Lets time pass without a word from the master.
    public func advance(by time: Duration) {
        state.withLock { state in
            state.instant = state.instant + time.nanoseconds
            Self.catchUp(&state)
        }
    }

    public func sleep(until instant: MonotonicInstant) {
        state.withLock { state in
            state.instant = max(state.instant, Self.instant(instant))
            Self.catchUp(&state)
        }
    }

    // The bus starts at one second, so that "before" is a moment too.
    private static func moment(_ instant: BusInstant) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: instant.nanoseconds + nanosecondsPerSecond)
    }

    private static func instant(_ moment: MonotonicInstant) -> BusInstant {
        BusInstant(nanoseconds: moment.nanoseconds - nanosecondsPerSecond)
    }

    private static func catchUp(_ state: inout State) {
        state.bus.advance(to: state.instant)
        for delivery in state.bus.takeDeliveries() { state.arrived += delivery.bytes }
    }
}

// What the port asks.
extension Lockstep {
    public func setBaudRate(_ rate: BaudRate) {
        state.withLock { if $0.bus.line.settings.heedsPort { $0.bus.line.masterRate = rate } }
    }

    public func send(_ bytes: [UInt8]) throws(PortError) {
        let isPlugged = state.withLock { state in
            Self.catchUp(&state)
            state.bus.send(bytes, at: state.instant)
            return state.bus.isPlugged
        }
        guard isPlugged else { throw .hungUp(transferred: 0) }
    }

    /// Lets time pass until something is there. Says how much was put into the buffer; 0 at the deadline.
    public func receive(_ room: Int, by deadline: MonotonicInstant) throws(PortError) -> [UInt8] {
        let (bytes, isPlugged) = state.withLock { state in
            Self.catchUp(&state)
            while state.arrived.isEmpty, state.bus.isPlugged, Self.moment(state.instant) < deadline {
                let next = min(state.bus.nextDue ?? .never, state.bus.nextStep)
                state.instant = max(min(next, Self.instant(deadline)), state.instant)
                Self.catchUp(&state)
            }
            let bytes = Array(state.arrived.prefix(room))
            state.arrived.removeFirst(bytes.count)
            return (bytes, state.bus.isPlugged)
        }
        guard bytes.isEmpty else { return bytes }
        throw isPlugged ? .timedOut(transferred: 0) : .hungUp(transferred: 0)
    }

    public func discard() throws(PortError) -> Int {
        let (count, isPlugged) = state.withLock { state in
            Self.catchUp(&state)
            let count = state.arrived.count
            state.arrived = []
            return (count, state.bus.isPlugged)
        }
        guard isPlugged else { throw .hungUp(transferred: 0) }
        return count
    }
}

internal import Ports
public import Simulator
internal import Threads

/// Runs a virtual bus in real time on a thread of its own, behind a port that a master opens.
///
/// It ends when it is stopped or let go of.
public struct VirtualRobotHost<Wire: VirtualWire, Body: VirtualBody>: ~Copyable, Sendable {
    /// What a master opens; nil for a socket.
    public let path: String?
    private let stopRequest: StopRequest
    private var thread: HostThread<HostOutcome<Wire, Body>>?

    /// - Parameter conditions: without a speed it runs in real time.
    public init<Port: HostPort & ~Copyable>(
        _ bus: VirtualBus<Wire, Body>, on port: consuming Port, _ conditions: HostConditions = .init()
    ) throws(HostError) {
        let stopRequest = StopRequest()
        path = port.path
        let loop = HostLoop(bus, on: port, conditions, stopRequest)
        thread = HostThread { loop.run() }
        self.stopRequest = stopRequest
        switch thread {
        case .some: break
        case .none: throw .noThread
        }
    }

    /// Ends the thread and says what has become of the bus.
    public consuming func stop() -> HostOutcome<Wire, Body> {
        stopRequest.ask()
        guard let outcome = thread.take()?.join() else { preconditionFailure("a host is stopped once") }
        return outcome
    }

    deinit { stopRequest.ask() }
}

public enum HostError: Error, Equatable, Sendable {
    /// The system has no thread left.
    case noThread
}

/// What is left when a host has ended.
public struct HostOutcome<Wire: VirtualWire, Body: VirtualBody>: Sendable {
    public let bus: VirtualBus<Wire, Body>
    public let pacing: Pacing
    /// Why the log of the run is not whole; nil when it is, or when none was wanted.
    public let logTrouble: Int32?
}

/// How exactly a host has kept its instants.
public struct Pacing: Sendable {
    private var deliveriesLate = Lateness()
    private var stepsLate = Lateness()
    /// Bytes that the master did not take in time.
    public private(set) var bytesLost = 0
    private var standstillNanoseconds: Int64 = 0

    public var deliveries: Int { deliveriesLate.count }

    /// How late after its instant a delivery left, for this share of all deliveries; nil when there were none.
    public func lateness(share: Double) -> Duration? { deliveriesLate.quantile(share) }

    /// How late after its instant a step of the physics was done, for this share of all steps; nil without any.
    public func stepLateness(share: Double) -> Duration? { stepsLate.quantile(share) }

    /// How long the bus's time stood still because the machine did not keep up.
    public var standstill: Duration { .nanoseconds(standstillNanoseconds) }

    mutating func delivered(late nanoseconds: Int64) { deliveriesLate.note(nanoseconds) }
    mutating func stepped(late nanoseconds: Int64) { stepsLate.note(nanoseconds) }
    mutating func stoodStill(for nanoseconds: Int64) { standstillNanoseconds += nanoseconds }
    mutating func lost(_ count: Int) { bytesLost += count }
}

/// The first million of them: enough for any test, and a robot that runs for days must not fill its memory with this.
private struct Lateness: Sendable {
    private var nanoseconds: [Int64] = []

    var count: Int { nanoseconds.count }

    func quantile(_ share: Double) -> Duration? {
        guard !nanoseconds.isEmpty, (0...1).contains(share) else { return nil }
        return .nanoseconds(nanoseconds.sorted()[Int(Double(nanoseconds.count - 1) * share)])
    }

    mutating func note(_ late: Int64) { if nanoseconds.count < 1_000_000 { nanoseconds.append(late) } }
}

/// The thread's own: reads, lets time pass, waits for the instant, writes.
private final class HostLoop<Port: HostPort & ~Copyable, Wire: VirtualWire, Body: VirtualBody> {
    /// How long before an instant the thread stops to sleep: a sleep ends up to so much late.
    private let margin = Duration.microseconds(120)
    /// How long a look at the port takes at most.
    private let glance = Duration.microseconds(5)
    private var port: Port
    private var bus: VirtualBus<Wire, Body>
    private let stopRequest: StopRequest
    private let control: HostControl
    private var sink: (any RunSink)?
    private let speed: Double
    private var unkept = 0
    /// How far the bus may be behind the machine. Beyond that its time stands still: what is too slow for its physics
    /// would be later and later otherwise, until no master waits for it any more.
    private let mostLag: Int64 = 100 * nanosecondsPerMillisecond
    /// When the bus's time began, moved on by what it has stood still.
    private var switchedOn = MonotonicInstant.now()
    private var isPlugged = true
    private var hasLost = false
    private var pacing = Pacing()
    private var buffer = [UInt8](repeating: 0, count: 4_096)

    init(
        _ bus: VirtualBus<Wire, Body>, on port: consuming Port, _ conditions: HostConditions,
        _ stopRequest: StopRequest
    ) {
        self.bus = bus
        self.port = port
        self.stopRequest = stopRequest
        control = conditions.control
        sink = conditions.sink
        speed = conditions.speed ?? 1
    }

    func run() -> HostOutcome<Wire, Body> {
        while !stopRequest.isAsked { turn() }
        sink?.take(bus.takeLog())
        return HostOutcome(bus: bus, pacing: pacing, logTrouble: sink?.finish())
    }

    private func turn() {
        standStill()
        control.serve(&bus)
        let due = bus.nextStep
        bus.advance(to: here)
        if bus.now >= due { pacing.stepped(late: (MonotonicInstant.now() - moment(of: due)).nanoseconds) }
        replug()
        for delivery in bus.takeDeliveries() { deliver(delivery) }
        keepLog()
        waitForMaster()
    }

    private func keepLog() {
        guard sink != nil else { return }
        unkept += 1
        // Writing takes time: rarely, and not between a request and its answer.
        guard unkept >= 100, bus.nextDue == nil else { return }
        unkept = 0
        sink?.take(bus.takeLog())
    }

    private func standStill() {
        let lag = here.nanoseconds - bus.now.nanoseconds
        guard lag > mostLag else { return }
        // Not all of it: what was sent a moment ago must not be in the future.
        let excess = lag - nanosecondsPerMillisecond
        switchedOn = switchedOn + .nanoseconds(Int64(Double(excess) / speed))
        pacing.stoodStill(for: excess)
    }

    private var here: BusInstant {
        BusInstant(nanoseconds: Int64(Double((MonotonicInstant.now() - switchedOn).nanoseconds) * speed))
    }

    private func moment(of instant: BusInstant) -> MonotonicInstant {
        switchedOn + .nanoseconds(Int64((Double(instant.nanoseconds) / speed).rounded(.up)))
    }

    private func deliver(_ delivery: Delivery) {
        pacing.delivered(late: (MonotonicInstant.now() - moment(of: delivery.instant)).nanoseconds)
        // Long, because a loaded machine may take the thread away here; short for a master that has stopped reading.
        let patience = hasLost ? Duration.milliseconds(1) : .milliseconds(500)
        hasLost = !port.deliver(delivery.bytes.span, by: .now() + patience)
        if hasLost { pacing.lost(delivery.bytes.count) }
    }

    private func waitForMaster() {
        let step = moment(of: bus.nextStep)
        guard let due = bus.nextDue.map(moment) else {
            receive(by: step)
            return
        }
        if due - MonotonicInstant.now() > margin {
            receive(by: min(step, MonotonicInstant(nanoseconds: due.nanoseconds - margin.nanoseconds)))
            return
        }
        // Too short to sleep, and too long not to look: an adapter takes bytes at any time, and what waits for its turn
        // on the wire must not wait for this thread as well.
        var left = due - MonotonicInstant.now()
        while left > .zero {
            if left > glance, receive(by: .past) { return }
            left = due - MonotonicInstant.now()
        }
    }

    @discardableResult private func receive(by deadline: MonotonicInstant) -> Bool {
        var room = buffer.mutableSpan
        let count = port.receive(into: &room, by: deadline)
        guard count > 0 else { return false }
        if bus.line.settings.heedsPort, let rate = port.masterRate() { bus.line.masterRate = rate }
        bus.send(Array(buffer[..<count]), at: here)
        return true
    }

    private func replug() {
        guard bus.isPlugged != isPlugged else { return }
        isPlugged = bus.isPlugged
        if isPlugged { port.plug() } else { port.unplug() }
    }
}

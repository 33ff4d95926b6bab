public import Ports
public import Simulator
internal import Threads

/// Hosts a virtual bus in lockstep at a socket, for masters in other processes: one after the other, each of whom finds
/// the robot as the one before has left it. Its time stands still while no master waits for it.
public struct LockstepHost<Wire: VirtualWire, Body: VirtualBody>: ~Copyable, Sendable {
    public let path: String
    private let stopRequest: StopRequest
    private var thread: HostThread<LockstepOutcome<Wire, Body>>?

    /// - Parameter conditions: its speed counts while a master waits: time never passes faster than that.
    public init(
        _ bus: VirtualBus<Wire, Body>, on listener: consuming SocketListener, _ conditions: HostConditions = .init()
    ) throws(HostError) {
        let stopRequest = StopRequest()
        path = listener.path
        let loop = LockstepLoop(bus, on: listener, conditions, stopRequest)
        thread = HostThread { loop.run() }
        self.stopRequest = stopRequest
        switch thread {
        case .some: break
        case .none: throw .noThread
        }
    }

    /// Ends the thread and says what has become of the bus.
    public consuming func stop() -> LockstepOutcome<Wire, Body> {
        stopRequest.ask()
        guard let outcome = thread.take()?.join() else { preconditionFailure("a host is stopped once") }
        return outcome
    }

    deinit { stopRequest.ask() }
}

/// What is left when a lockstep host has ended.
public struct LockstepOutcome<Wire: VirtualWire, Body: VirtualBody>: Sendable {
    public let bus: VirtualBus<Wire, Body>
    /// How many masters have come, and what the last of them that was refused had said.
    public let masters: Int
    public let refusal: LockstepProblem?
    /// Why the log of the run is not whole; nil when it is, or when none was wanted.
    public let logTrouble: Int32?
}

/// Under which conditions a virtual robot runs.
public struct HostConditions: Sendable {
    /// How much faster than real time it goes; nil for as fast as it can.
    public var speed: Double?
    public var control: HostControl
    public var sink: (any RunSink)?

    public init(speed: Double? = nil, control: HostControl = HostControl(), sink: (any RunSink)? = nil) {
        self.speed = speed
        self.control = control
        self.sink = sink
    }
}

/// The thread's own: accepts, and does what masters ask until they are gone.
private final class LockstepLoop<Wire: VirtualWire, Body: VirtualBody> {
    /// Between two looks at the world outside, in virtual time: short enough for a person who watches.
    private static var stretch: Duration { .milliseconds(10) }
    private static var pause: Duration { .milliseconds(20) }

    private var stepped: SteppedBus<Wire, Body>
    private let listener: SocketListener
    private let conditions: HostConditions
    private var sink: (any RunSink)?
    private let stopRequest: StopRequest
    private var pace = VirtualPace()
    private var masters = 0
    private var refusal: LockstepProblem?

    init(
        _ bus: VirtualBus<Wire, Body>, on listener: consuming SocketListener, _ conditions: HostConditions,
        _ stopRequest: StopRequest
    ) {
        stepped = SteppedBus(bus)
        self.listener = listener
        self.conditions = conditions
        sink = conditions.sink
        self.stopRequest = stopRequest
    }

    func run() -> LockstepOutcome<Wire, Body> {
        while !stopRequest.isAsked {
            lookAround()
            guard let link = try? listener.accept(by: .now() + Self.pause) else { continue }
            masters += 1
            // An adapter that is opened anew does not hand out what its last owner left.
            _ = stepped.discard()
            do throws(LockstepProblem) { try serve(link) } catch { refusal = error }
        }
        sink?.take(stepped.bus.takeLog())
        return LockstepOutcome(
            bus: stepped.bus, masters: masters, refusal: refusal, logTrouble: sink?.finish())
    }

    /// Ends without an error when the master has left between two requests.
    private func serve(_ link: consuming SocketLink) throws(LockstepProblem) {
        var master = LockstepMaster(link)
        try master.greet(whileWaiting: keepWaiting)
        pace.restart(at: stepped.now)
        while let request = try master.next(whileWaiting: keepWaiting) {
            guard let answer = carryOut(request, of: &master) else { continue }
            guard master.say(answer.0, answer.1) else { return }
        }
    }

    /// Whether to wait on for a master who is silent.
    private func keepWaiting() -> Bool {
        lookAround()
        return !stopRequest.isAsked
    }

    private func carryOut(_ request: LockstepRequest, of master: inout LockstepMaster) -> (LockstepAnswer, [UInt8])? {
        var (bytes, pieces, discarded): ([UInt8], [LockstepPiece], Int) = ([], [], 0)
        switch request.kind {
        case .write:
            _ = stepped.send(master.payload)
            return nil
        case .rate:
            stepped.bus.line.masterRate = BaudRate(request.number)
            return nil
        case .read: (bytes, pieces) = receive(request, of: master)
        case .sleep: sleep(until: request.instant, of: master)
        case .discard: discarded = stepped.discard()
        }
        let answer = LockstepAnswer(
            to: request.kind, inputs, length: bytes.count, left: stepped.waiting, now: stepped.now,
            discarded: discarded, pieces: pieces.count > 1 ? pieces.count : 0)
        if pieces.count > 1 { bytes += Self.bytes(of: pieces) }
        return (answer, bytes)
    }

    private var inputs: LockstepAnswer.Inputs {
        var inputs: LockstepAnswer.Inputs = []
        if stepped.bus.isPlugged { inputs.insert(.plugged) }
        if stepped.bus.isDeadManHeld { inputs.insert(.deadManHeld) }
        if stepped.bus.isEmergencyStopped { inputs.insert(.emergencyStop) }
        return inputs
    }

    /// Everything that a read waits for, in the pieces in which it came.
    private func receive(
        _ request: LockstepRequest, of master: borrowing LockstepMaster
    ) -> ([UInt8], [LockstepPiece]) {
        var (bytes, pieces): ([UInt8], [LockstepPiece]) = ([], [])
        while true {
            let end = min(request.instant, stepped.now + Self.stretch)
            let piece = stepped.receive(request.room - bytes.count, by: end)
            lookAround()
            if !piece.isEmpty {
                bytes += piece
                pieces.append(LockstepPiece(stepped.now, piece.count))
            }
            let isEnough = bytes.count >= max(1, request.least) || pieces.count == LockstepFormat.mostPieces
            let isOver = isEnough || !stepped.bus.isPlugged || stepped.now >= request.instant
            if isOver || stopRequest.isAsked || piece.isEmpty && master.hasLeft { return (bytes, pieces) }
        }
    }

    private static func bytes(of pieces: [LockstepPiece]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: pieces.count * LockstepFormat.pieceSize)
        var room = bytes.mutableSpan
        for (place, piece) in pieces.enumerated() { piece.put(into: &room, at: place * LockstepFormat.pieceSize) }
        return bytes
    }

    private func sleep(until instant: MonotonicInstant, of master: borrowing LockstepMaster) {
        while stepped.now < instant, !stopRequest.isAsked, !master.hasLeft {
            stepped.sleep(until: min(instant, stepped.now + Self.stretch))
            lookAround()
        }
    }

    private func lookAround() {
        conditions.control.serve(&stepped.bus)
        if let speed = conditions.speed { pace.hold(stepped.now, speed: speed) }
        if sink != nil {
            let written = stepped.bus.takeLog()
            if !written.isEmpty { sink?.take(written) }
        }
    }
}

/// Keeps virtual time from running ahead of real time.
private struct VirtualPace {
    private var began = MonotonicInstant.now()
    private var from = MonotonicInstant(nanoseconds: 0)

    mutating func restart(at moment: MonotonicInstant) {
        began = .now()
        from = moment
    }

    func hold(_ moment: MonotonicInstant, speed: Double) {
        let ahead = Double((moment - from).nanoseconds) / speed
        sleep(until: began + .nanoseconds(Int64(min(ahead, 9e18))))
    }
}

public import BoardLink
public import Quantities
import Supervision

/// The program of our board between its sensors and its power stages: configured with bounds, armed by a challenge,
/// supervised on every tick, and quiet without a command.
///
/// A value without clock, device or heap. The same source runs on the microcontroller and in virtual robots; whoever
/// owns it calls `tick` once a millisecond, hands over the bytes that came and sends the frames that are given back.
///
/// Helpers of the tick are `mutating` or `static` even where they only read: to lend itself to a borrowing helper, a value
/// that is being mutated is moved as a whole, which took most of a tick (2026-11-27: 17,900 instructions).
public struct BoardController: ~Copyable, Sendable {
    public let settings: BoardSettings
    public private(set) var mode = BoardMode.unconfigured
    /// Why the board stopped, while it is stopping or latched.
    public internal(set) var fault: FaultNumber?
    public internal(set) var drives = StageDrives.off
    public internal(set) var tick = Tick(0)
    var supervisor: Supervisor
    var measured = BoardMeasurement()
    var configuration: Configure?
    /// How many envelopes and episodes there were: a serial number of either is never used twice.
    var serial: UInt64 = 0
    /// The newest command and when it came; nil once it has ended.
    var command: Command?
    var commandArrived = Tick(0)
    var lastCommand = Tick(0)
    var commandSequence: UInt16 = 0
    var flags = StateFlags.none.with(.restarted)
    var drivers = InlineArray<4, JointDriver>(repeating: JointDriver())
    /// The host switched the outputs off during a stop that latches.
    var isCutOff = false
    var isIntroduced = false
    var receiver = Receiver()
    var order = SequenceMonitor()
    var gate: ArmingGate
    private var sender = Sender()
    private var reports = ReportQueue()

    public init(_ settings: BoardSettings, start: BoardStart) {
        self.settings = settings
        gate = ArmingGate(salt: start.salt, patience: BoardSettings.patience)
        supervisor = Supervisor(.ofElectronics(settings), latestSerial: 0)
        report(.started, detail: UInt32(start.cause.rawValue))
        if start.cause.isCrash { raise(.deviceFault) }
    }

    /// How often a frame arrived damaged or was not understood.
    public var counters: LinkCounters { receiver.counters }

    /// How many reports found no room.
    public var lostReports: UInt32 { reports.lost }

    var envelope: EnvelopeHash { configuration?.envelope ?? EnvelopeHash(DoubleWord(high: 0, low: 0)) }

    /// The next frame that goes out unasked.
    public mutating func nextReport() -> Frame? {
        guard let message = reports.popFirst() else { return nil }
        return sender.frame(message)
    }

    mutating func framed(_ message: Message) -> Frame { sender.frame(message) }

    mutating func report(_ kind: EventKind, _ joint: BoardJoint? = nil, detail: UInt32 = 0) {
        reports.append(.event(Event(tick: tick, kind: kind, joint: joint, detail: detail)))
    }

    mutating func report(_ state: State) { reports.append(.state(state)) }

    /// The level of the emergency stop input between two ticks: it acts with the next one.
    public mutating func setStopPressed(_ isPressed: Bool) { measured.isStopPressed = isPressed }

    /// The power stage says that it is broken, or the processor that it cannot be trusted.
    public mutating func fail() { raise(.deviceFault) }

    /// Something outside of the supervisor's own judgement is wrong.
    mutating func raise(_ fault: Supervision.Fault) {
        _ = supervisor.handle(.fault(fault))
        settle(at: nil)
    }

    /// Takes over from the supervisor where the board stands, and says what has changed.
    mutating func settle(at joint: BoardJoint?) {
        noteCause(at: joint)
        let before = mode
        mode = currentMode()
        // A hold that has ended is no reason any more, and the next one says so again.
        if mode == .armed, before == .stopping { fault = nil }
        guard mode != before, mode != .armed, mode != .stopping, before != .unconfigured || mode == .latched else {
            return
        }
        switchOff()
        if mode != .latched { fault = nil }
        report(.stopped)
    }

    /// A stop has begun, or became worse.
    private mutating func noteCause(at joint: BoardJoint?) {
        guard let cause = supervisor.mode.stop?.cause, let number = FaultNumber(cause.rawValue) else { return }
        guard fault != number else { return }
        gate.void()
        command = nil
        fault = number
        reports.append(.faultReport(FaultReport(tick: tick, fault: number, joint: joint)))
    }

    private mutating func currentMode() -> BoardMode {
        switch supervisor.mode {
        case .unknown, .identified, .verified: configuration == nil ? .unconfigured : .disarmed
        case .observing, .permitted: .disarmed
        case .running: .armed
        case .held: .stopping
        case .latched(let stop): mode == .latched || isCutOff || stop.isOver ? .latched : .stopping
        }
    }

    /// Whoever changed the supervisor knows what it means: nothing is reported.
    mutating func adoptMode() { mode = currentMode() }

    mutating func switchOff() {
        command = nil
        drives = .off
        releaseDrivers()
    }

    private mutating func releaseDrivers() {
        var position: UInt8 = 0
        while let joint = settings.joints.joint(at: position) {
            drivers[Int(joint.rawValue)].release()
            position += 1
        }
    }
}

extension Supervision.Mode {
    var stop: Stop? {
        switch self {
        case .held(let stop), .latched(let stop): stop
        case .unknown, .identified, .verified, .observing, .permitted, .running: nil
        }
    }
}

extension Stop {
    /// What stops at once is over at once; what was to slow down first, when the joints have been read back as resting
    /// with the outputs off. Only then can it be cleared.
    fileprivate var isOver: Bool { rung == .limp && (isStopped || cause?.row.rung == .limp) }
}

extension Envelope {
    /// Before the first configuration: nothing can be armed, and only what makes the board doubtful counts.
    static func ofElectronics(_ settings: BoardSettings) -> Envelope {
        let most = settings.most
        guard
            let position = Limit(Radians(-120), Radians(120)),
            let supply = Limit(Volts(-1), most.supply),
            let bounds = JointBounds(
                joint: .first, position: position, speed: most.speed, effort: most.effort,
                temperature: most.temperature, current: most.current, braking: most.braking),
            let configuration = Configure(
                envelope: EnvelopeHash(DoubleWord(high: 0, low: 0)), supply: supply, silence: most.silence, bounds),
            let envelope = Envelope(configuration, identity: Digest(0, 0, 0, 0))
        else { preconditionFailure("the limits of the electronics make an envelope") }
        return envelope
    }
}

public import Quantities

/// The number of a fault, as the supervisor numbers them. Zero is not one.
public struct FaultNumber: Equatable, Sendable {
    public let rawValue: UInt8

    private init(known rawValue: UInt8) { self.rawValue = rawValue }

    fileprivate static var specimen: Self { Self(known: 1) }

    @_noAllocation @_noLocks
    public init?(_ rawValue: UInt8) {
        guard rawValue != 0 else { return nil }
        self.rawValue = rawValue
    }
}

/// What the board thought of a request.
public enum Outcome: UInt8, Equatable, Sendable {
    case accepted = 0
    /// The host was built from another layout.
    case otherLayout = 1
    /// The request does not fit the board's mode.
    case wrongMode = 2
    /// No challenge is open.
    case notChallenged = 3
    case wrongNonce = 4
    /// The challenge was answered after its time.
    case tooLate = 5
    /// The request names another envelope than the one in force.
    case otherEnvelope = 6
    /// A bound lies outside of what the hardware can keep.
    case beyondHardware = 7
    /// Another number of joints than the board has.
    case otherJointCount = 8
    /// The fault to be cleared is another one than the one that latched.
    case otherFault = 9
    /// What caused the fault is still there.
    case stillPresent = 10
}

/// The requests that are answered by `Answer`.
public enum Request: UInt8, Equatable, Sendable {
    case configure = 0
    case askToArm = 1
    case arm = 2
    case disarm = 3
    case clear = 4
}

/// Board to host: the answer to `configure`, `askToArm`, `arm`, `disarm` and `clear`.
public struct Answer: Equatable, Sendable {
    public internal(set) var request: Request
    /// The sequence number of the request.
    public internal(set) var sequence: UInt16
    public internal(set) var outcome: Outcome
    /// The envelope that is now in force; zero before the first configuration.
    public internal(set) var envelope: EnvelopeHash

    public init(request: Request, sequence: UInt16, outcome: Outcome, envelope: EnvelopeHash) {
        self.request = request
        self.sequence = sequence
        self.outcome = outcome
        self.envelope = envelope
    }
}

public enum EventKind: UInt8, Equatable, Sendable {
    case started = 0
    case configured = 1
    case armed = 2
    case disarmed = 3
    case commandEnded = 4
    case clamped = 5
    case stopped = 6
    case tickLate = 7
    case cleared = 8
}

/// Board to host: something happened.
public struct Event: Equatable, Sendable {
    public internal(set) var tick: Tick
    public internal(set) var kind: EventKind
    /// Nil when it concerns the whole board.
    public internal(set) var joint: BoardJoint?
    /// A number whose meaning belongs to the kind.
    public internal(set) var detail: UInt32

    public init(tick: Tick, kind: EventKind, joint: BoardJoint?, detail: UInt32) {
        self.tick = tick
        self.kind = kind
        self.joint = joint
        self.detail = detail
    }
}

/// Board to host: the board found a fault.
public struct FaultReport: Equatable, Sendable {
    public internal(set) var tick: Tick
    public internal(set) var fault: FaultNumber
    /// Nil when it concerns the whole board.
    public internal(set) var joint: BoardJoint?

    public init(tick: Tick, fault: FaultNumber, joint: BoardJoint?) {
        self.tick = tick
        self.fault = fault
        self.joint = joint
    }
}

/// Host to board: a person cleared this fault. Another fault stays. Answered by `Answer`.
public struct Clear: Equatable, Sendable {
    public internal(set) var fault: FaultNumber

    public init(fault: FaultNumber) { self.fault = fault }
}

extension Answer {
    @_noAllocation @_noLocks
    init() { self.init(request: .arm, sequence: 0, outcome: .accepted, envelope: EnvelopeHash()) }

    @_noAllocation @_noLocks
    mutating func visit(_ fields: inout Fields) {
        request.visit(&fields)
        fields.plain(&sequence)
        outcome.visit(&fields)
        envelope.visit(&fields)
    }
}

extension Event {
    @_noAllocation @_noLocks
    init() { self.init(tick: Tick(0), kind: .started, joint: nil, detail: 0) }

    @_noAllocation @_noLocks
    mutating func visit(_ fields: inout Fields) {
        fields.moment(&tick)
        kind.visit(&fields)
        fields.joint(&joint)
        fields.plain(&detail)
    }
}

extension FaultReport {
    @_noAllocation @_noLocks
    init() { self.init(tick: Tick(0), fault: .specimen, joint: nil) }

    @_noAllocation @_noLocks
    mutating func visit(_ fields: inout Fields) {
        fields.moment(&tick)
        fields.fault(&fault)
        fields.joint(&joint)
    }
}

extension Clear {
    @_noAllocation @_noLocks
    init() { self.init(fault: .specimen) }

    @_noAllocation @_noLocks
    mutating func visit(_ fields: inout Fields) {
        fields.fault(&fault)
    }
}

extension Request {
    fileprivate mutating func visit(_ fields: inout Fields) {
        var raw = rawValue
        fields.choice(&raw, below: 5, .request)
        self = Request(rawValue: raw) ?? self
    }
}

extension Outcome {
    fileprivate mutating func visit(_ fields: inout Fields) {
        var raw = rawValue
        fields.choice(&raw, below: 11, .outcome)
        self = Outcome(rawValue: raw) ?? self
    }
}

extension EventKind {
    fileprivate mutating func visit(_ fields: inout Fields) {
        var raw = rawValue
        fields.choice(&raw, below: 9, .event)
        self = EventKind(rawValue: raw) ?? self
    }
}

extension Fields {
    @_noAllocation @_noLocks
    mutating func fault(_ value: inout FaultNumber) {
        note(.fault, 1)
        var raw = value.rawValue
        byte(&raw)
        guard let read = FaultNumber(raw) else { return refuse(.fault) }
        value = read
    }

    /// Zero stands for no fault.
    @_noAllocation @_noLocks
    mutating func fault(_ value: inout FaultNumber?) {
        note(.fault, 0)
        var raw = value?.rawValue ?? 0
        byte(&raw)
        value = FaultNumber(raw)
    }
}

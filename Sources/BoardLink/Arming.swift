public import Quantities

/// A number that a board asks back for. It is never used twice.
public struct Nonce: Equatable, Sendable {
    public internal(set) var rawValue: DoubleWord

    @_noAllocation @_noLocks
    public init(_ rawValue: DoubleWord) { self.rawValue = rawValue }

    @_noAllocation @_noLocks
    public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
}

/// Board to host: return this number soon, and the board is armed.
public struct Challenge: Equatable, Sendable {
    public internal(set) var nonce: Nonce

    public init(nonce: Nonce) { self.nonce = nonce }
}

/// Host to board: arm, under the envelope that the board was configured with. Answered by `Answer`.
public struct Arm: Equatable, Sendable {
    public internal(set) var nonce: Nonce
    public internal(set) var envelope: EnvelopeHash

    public init(nonce: Nonce, envelope: EnvelopeHash) {
        self.nonce = nonce
        self.envelope = envelope
    }
}

/// The board's side of arming: each challenge can be answered once, soon, and under the envelope in force.
///
/// An arm frame that was recorded, delayed or sent twice meets another challenge or none, and does nothing.
public struct ArmingGate: Sendable {
    private let salt: UInt32
    private let patience: Ticks
    // Not private, so that a test can reach its end.
    var challenges: UInt32 = 0
    private var pending: (nonce: Nonce, since: Tick)?

    /// - Parameters:
    ///   - salt: Another number at each start of the board, from a counter that survives or a noise source.
    ///   - patience: How long a challenge can be answered.
    public init(salt: UInt32, patience: Ticks) {
        self.salt = salt
        self.patience = patience
    }

    /// A new challenge; an older one is void. After 2³² challenges the gate stays shut until the next start.
    @_noAllocation @_noLocks
    public mutating func challenge(at now: Tick) -> Challenge? {
        pending = nil
        guard challenges < .max else { return nil }
        challenges += 1
        let nonce = Nonce(DoubleWord(high: salt, low: challenges))
        pending = (nonce, now)
        return Challenge(nonce: nonce)
    }

    /// Judges an answer. Right or wrong, the challenge is used up.
    @_noAllocation @_noLocks
    public mutating func judge(_ arm: Arm, under envelope: EnvelopeHash, at now: Tick) -> Outcome {
        guard let asked = pending else { return .notChallenged }
        pending = nil
        guard arm.nonce == asked.nonce else { return .wrongNonce }
        let waited = now - asked.since
        guard .zero <= waited, waited <= patience else { return .tooLate }
        return arm.envelope == envelope ? .accepted : .otherEnvelope
    }

    /// Voids a challenge; called whenever the board is disarmed, configured or stopped.
    public mutating func void() { pending = nil }
}

extension Nonce {
    @_noAllocation @_noLocks
    init() { self.init(.zero) }

    @_noAllocation @_noLocks
    mutating func visit(_ fields: inout Fields) {
        fields.plain(&rawValue)
    }
}

extension Challenge {
    @_noAllocation @_noLocks
    init() { self.init(nonce: Nonce()) }

    @_noAllocation @_noLocks
    mutating func visit(_ fields: inout Fields) {
        nonce.visit(&fields)
    }
}

extension Arm {
    @_noAllocation @_noLocks
    init() { self.init(nonce: Nonce(), envelope: EnvelopeHash()) }

    @_noAllocation @_noLocks
    mutating func visit(_ fields: inout Fields) {
        nonce.visit(&fields)
        envelope.visit(&fields)
    }
}

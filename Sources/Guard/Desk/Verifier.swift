public import Ports
import Supervision

/// Brings a robot from unknown to observed, one look after the other, and looks again before each episode.
///
/// Decides only: what it wants done are orders, what came of them it is told. Nothing that it orders moves a joint.
public struct Verifier: Sendable {
    public enum Phase: Equatable, Sendable {
        case waiting(until: MonotonicInstant)
        case identifying
        case preparing
        /// Told to be observed, or observed already.
        case ready
        /// A latch has to be taken back first.
        case clearing
        /// A fault that only a person can clear stands in the ledger.
        case barred
    }

    public private(set) var phase = Phase.waiting(until: .past)
    public private(set) var devices: [SeatDevice]?
    public private(set) var identifiedAt: MonotonicInstant?
    /// What the robot did instead of what it was told.
    public private(set) var trouble: String?
    /// Counts verifications that came to an end, well or not: who waits for one waits for this to change.
    public private(set) var ended: UInt64 = 0
    private let rules: DeskRules

    public init(_ rules: DeskRules) { self.rules = rules }

    /// Begins from the start. False when one is under way and goes on.
    public mutating func restart() -> Bool {
        guard phase != .clearing, phase != .identifying, phase != .preparing else { return false }
        phase = .waiting(until: .past)
        return true
    }

    mutating func bar() { phase = .barred }

    mutating func awaitClearing() { phase = .clearing }

    mutating func cleared() {
        (devices, identifiedAt) = (nil, nil)
        phase = .waiting(until: .past)
    }

    /// Whether the devices were asked recently enough; asks them again when not.
    mutating func isFresh(at now: MonotonicInstant) -> Bool {
        if let identifiedAt, now - identifiedAt <= rules.identityAge { return true }
        if phase == .ready { phase = .waiting(until: .past) }
        return false
    }

    /// What to order next, if anything.
    mutating func next(_ mode: Mode, at now: MonotonicInstant) -> SeatOrder? {
        guard case .waiting(let until) = phase, until <= now, !mode.isPowered else { return nil }
        if case .latched = mode { return nil }
        phase = .identifying
        return .identify
    }

    /// The devices have answered. `passes` says whether they are the right ones.
    mutating func identified(
        _ found: [SeatDevice], passes: Bool, _ mode: Mode, at now: MonotonicInstant
    ) -> SeatOrder? {
        guard phase == .identifying else { return nil }
        (devices, identifiedAt, trouble) = (found, now, nil)
        guard passes else {
            end(.waiting(until: now + rules.retryPause))
            return nil
        }
        if mode.isWatched {
            end(.ready)
            return nil
        }
        phase = .preparing
        return .prepare
    }

    /// The actuators can be read. To watch a robot needs no calibration; what moves it asks for every check.
    mutating func prepared(at now: MonotonicInstant) -> SeatOrder? {
        guard phase == .preparing else { return nil }
        end(.ready)
        return .observe
    }

    mutating func failed(_ text: String, at now: MonotonicInstant) {
        trouble = text
        // What was ready may be well again soon: it is looked at after the same pause as one that never was.
        if phase == .ready { phase = .waiting(until: now + rules.retryPause) }
        guard phase == .identifying || phase == .preparing || phase == .clearing else { return }
        (devices, identifiedAt) = (nil, nil)
        end(.waiting(until: now + rules.retryPause))
    }

    private mutating func end(_ next: Phase) {
        phase = next
        ended += 1
    }
}

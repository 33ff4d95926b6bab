public import Supervision

/// Where the guard stands, in the words of its interface. The supervisor's mode decides; this only names it.
public enum GuardState: String, CaseIterable, Sendable {
    case unknown, identified, verified, observing, permitted, running, held, latched

    public init(_ mode: Mode) {
        switch mode {
        case .unknown: self = .unknown
        case .identified: self = .identified
        case .verified: self = .verified
        case .observing: self = .observing
        case .permitted: self = .permitted
        case .running: self = .running
        case .held: self = .held
        case .latched: self = .latched
        }
    }

    /// Where a new verification may be asked for: nothing drives and no fault is latched.
    public static let verifiable: [GuardState] = [.unknown, .identified, .verified, .observing]

    /// Where `Resume` means something: something was stopped that a person lets go on, or verification is due again.
    public static let resumable: [GuardState] = verifiable + [.held]
}

/// Where a plan stands, in the words of the interface.
public enum PlanState: String, CaseIterable, Sendable {
    case proposed, approved, running, denied, expired, finished, stopped, lost, failed

    public var isFinal: Bool {
        switch self {
        case .proposed, .approved, .running: false
        case .denied, .expired, .finished, .stopped, .lost, .failed: true
        }
    }

    /// Whether it may become `next`. A final state is left by nothing, and nothing runs that was not approved.
    public func mayBecome(_ next: PlanState) -> Bool {
        switch self {
        case .proposed: [.approved, .denied, .expired].contains(next)
        case .approved: [.running, .expired, .denied].contains(next)
        case .running: [.finished, .stopped, .lost, .failed].contains(next)
        case .denied, .expired, .finished, .stopped, .lost, .failed: false
        }
    }
}

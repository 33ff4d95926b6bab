public import Episodes
import Quantities
public import Supervision

/// How often one rule of the supervisor spoke up in one episode.
public struct VerdictSummary: Equatable, Sendable {
    public let rule: Rule
    public let clampedTicks: UInt32
    public let stops: UInt32

    public init(rule: Rule, clampedTicks: UInt32, stops: UInt32) {
        self.rule = rule
        self.clampedTicks = clampedTicks
        self.stops = stops
    }
}

/// What an episode left behind, written at once.
public struct EpisodeEnd: Equatable, Sendable {
    public let outcome: EpisodeOutcome
    public let recording: RecordingReference?
    public let spent: Cost
    public let verdicts: [VerdictSummary]

    public init(outcome: EpisodeOutcome, recording: RecordingReference?, spent: Cost, verdicts: [VerdictSummary]) {
        self.outcome = outcome
        self.recording = recording
        self.spent = spent
        self.verdicts = verdicts
    }
}

// Permits, by the number of their approval, and the episodes that they allow. Each function is one transaction.
extension Ledger {
    public mutating func issuePermit(_ approval: UInt64, at now: WallInstant) throws(LedgerError) {
        try transaction { ledger throws(LedgerError) in
            guard try ledger.history.plan(of: approval) != nil else { throw .refused(.noApproval(approval)) }
            let step = try ledger.history.permitStep(approval)
            guard step == nil else { throw .refused(.permit(approval, step, wanted: .issued)) }
            try ledger.append(.permit, [.serial(approval), .permit(.issued), .text("")], at: now)
            try ledger.append(.episode, [.serial(approval), .episode(.planned)], at: now)
        }
    }

    /// Uses a permit up. Once this has returned, the robot may move; when it throws, it may not.
    public mutating func usePermit(_ approval: UInt64, at now: WallInstant) throws(LedgerError) {
        try transaction { ledger throws(LedgerError) in
            let step = try ledger.history.permitStep(approval)
            guard step == .issued else { throw .refused(.permit(approval, step, wanted: .used)) }
            try ledger.append(.permit, [.serial(approval), .permit(.used), .text("")], at: now)
            try ledger.append(.episode, [.serial(approval), .episode(.started)], at: now)
        }
    }

    /// A permit that was not used in time, or withdrawn.
    public mutating func voidPermit(_ approval: UInt64, why: String, at now: WallInstant) throws(LedgerError) {
        try Ledger.check(reason: why)
        try transaction { ledger throws(LedgerError) in
            let step = try ledger.history.permitStep(approval)
            guard step == .issued else { throw .refused(.permit(approval, step, wanted: .void)) }
            try ledger.append(.permit, [.serial(approval), .permit(.void), .text(why)], at: now)
        }
    }

    /// How an episode ended, what it cost and what it left.
    public mutating func end(
        _ approval: UInt64, _ end: EpisodeEnd, at now: WallInstant
    ) throws(LedgerError) {
        if let path = end.recording?.path, !RecordingReference.isInside(path) {
            throw .refused(.recordingOutside(path))
        }
        try transaction { ledger throws(LedgerError) in
            guard try ledger.history.isRunning(approval) else { throw .refused(.episodeNotRunning(approval)) }
            if end.outcome == .lost {
                try ledger.append(.permit, [.serial(approval), .permit(.lost), .text("")], at: now)
            }
            try ledger.append(.episode, [.serial(approval)] + end.values, at: now)
            for verdict in end.verdicts {
                try ledger.append(
                    .verdict,
                    [
                        .serial(approval), .integer(Int64(verdict.rule.rawValue)),
                        .integer(Int64(verdict.clampedTicks)), .integer(Int64(verdict.stops)),
                    ], at: now)
            }
            try ledger.spend(end.spent, on: approval, why: "", at: now)
        }
    }

    mutating func spend(
        _ cost: Cost, on approval: UInt64, why: String, at now: WallInstant
    ) throws(LedgerError) {
        let guardItself = [SQLValue.integer(-1), .integer(-1), .text("guard"), .text("")]
        try append(
            .budget,
            [.text("episode"), .serial(approval)] + (Cost.zero - cost).values + guardItself + [.text(why)], at: now)
    }
}

extension EpisodeEnd {
    fileprivate var values: [SQLValue] {
        let file: [SQLValue] = [
            .optional(recording?.path), .optional(recording?.digest), .optional(recording?.size),
        ]
        return switch outcome {
        case .finished(let ticks): [.episode(.finished), .integer(Int64(ticks.rawValue)), .null] + file
        case .stopped(let fault, let ticks):
            [.episode(.stopped), .integer(Int64(ticks.rawValue)), .integer(Int64(fault.rawValue))] + file
        case .lost: [.episode(.lost), .null, .null] + file
        }
    }
}

extension RecordingReference {
    /// A path below the ledger's folder: nothing in it leads out.
    static func isInside(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return !path.isEmpty && parts.allSatisfy { !["", ".", ".."].contains($0) } && !path.utf8.contains(0)
    }
}

extension Cost {
    var values: [SQLValue] { [time.rawValue, wear.rawValue, heat.rawValue, attention.rawValue].map { .integer($0) } }
}

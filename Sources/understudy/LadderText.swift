import Supervision

extension LadderRow {
    /// The row as one line of a fault page, such as
    /// `Ladder: slowStop, then limp; cleared by a person and full verification.`
    var line: String {
        "Ladder: \(path.map { "\($0)" }.joined(separator: ", then ")); cleared by \(clearing.words)."
    }

    /// The rungs that the robot goes through when nobody clears the fault, the first one first.
    var path: [Rung] {
        [.hold, .slowStop, .park, .limp].filter { $0.rawValue >= rung.rawValue && (parks || $0 != .park) }
    }
}

extension Clearing {
    /// What stands behind "cleared by".
    var words: String {
        switch self {
        case .whenHealthy: "enough healthy ticks while it holds"
        case .byOperator: "an operator while it holds"
        case .byNewPermit: "a new permit"
        case .byPersonAndVerification: "a person and full verification"
        }
    }
}

/// What a finished command tells the shell that called it.
enum ExitStatus: Int32, CaseIterable, Sendable {
    case done = 0
    case failed = 1
    case usage = 2
    case invalidConfiguration = 3
    case refused = 4
    case deviceFault = 5
    case notReachable = 6
    case integrityFailure = 7

    var meaning: String {
        switch self {
        case .done: "Done, or asked for and shown."
        case .failed: "Something else went wrong, or a person ended it; doctor: this machine fails."
        case .usage: "The command line was not understood. Nothing was changed."
        case .invalidConfiguration: "A file is missing or says something that is not allowed. Nothing was changed."
        case .refused: "Refused: by the supervisor, for want of an approval or a budget, or because a joint could move."
        case .deviceFault:
            "A device reports a fault or does not answer, or its port is missing, busy, not permitted or gone."
        case .notReachable: "The service is not running or does not answer."
        case .integrityFailure: "A record does not match its hash, or the ledger's chain is broken."
        }
    }

    var name: String {
        switch self {
        case .done: "done"
        case .failed: "failed"
        case .usage: "usage"
        case .invalidConfiguration: "invalid configuration"
        case .refused: "refused"
        case .deviceFault: "device fault"
        case .notReachable: "service not reachable"
        case .integrityFailure: "integrity failure"
        }
    }
}

public import JSON
public import Ports

/// Why a call has no reply.
public enum ClientError: Error, Equatable, Sendable {
    /// Nobody serves at this path.
    case missing
    /// This user may not connect.
    case notPermitted
    case timedOut
    /// The service is gone, or has closed the connection.
    case hungUp
    /// The service answered with an error: what it says is part of its interface.
    case refused(VarlinkError)
    case notJSON(JSONError)
    case notAReply
    case tooLarge(limit: Int)
    /// The reply is not what the interface says.
    case mismatch(VarlinkMismatch)
    /// The service's description of itself cannot be read.
    case badInterface(InterfaceError)
    /// Several replies to a call that asked for one.
    case unexpectedMore
    /// Earlier calls have no reply yet: so many. Their replies come first.
    case unfinished(calls: Int)
    /// `receive` without a call that has a reply.
    case nothingAwaited
    case port(PortError)

    init(_ error: PortError) {
        switch error {
        case .missing: self = .missing
        case .notPermitted: self = .notPermitted
        case .timedOut, .busy: self = .timedOut
        case .hungUp: self = .hungUp
        default: self = .port(error)
        }
    }
}

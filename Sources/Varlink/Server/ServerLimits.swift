/// What callers may ask of a server. The defaults are for a service of one robot: a few people, one learner, a monitor.
public struct ServerLimits: Equatable, Sendable {
    /// A policy of 64 × 64 is some 30 kB; a megabyte leaves room for one of 256 × 256.
    public var messageBytes = 1 << 20
    public var depth = 32
    /// How many values one message may consist of.
    public var values = 200_000

    public var connections = 64
    /// Fewer than all, so that one user cannot keep the others out.
    public var connectionsPerUser = 32
    /// On one connection, in the long run. Who calls faster waits.
    public var callsPerSecond = 200.0
    /// How many calls may come at once after a pause.
    public var callsAtOnce = 50.0
    /// What all connections of one user may have sent without having been handled.
    public var heldBytesPerUser = 8 << 20

    /// A connection without a call is closed after so long.
    public var idleTime = Duration.seconds(600)
    /// From the first byte of a message to its last.
    public var messageTime = Duration.seconds(10)
    /// How much may wait for a client that does not read; then it is disconnected.
    public var unreadBytes = 4 << 20
    /// How long a client may read nothing at all while something waits for it.
    public var unreadTime = Duration.seconds(10)

    public init() {}
}

/// Why a connection ended.
public enum ConnectionEnd: Hashable, Sendable {
    case hungUp
    /// What came was not JSON, or not a call.
    case notJSON, notACall
    case tooLarge
    /// A message was begun and not ended in time.
    case unfinishedMessage
    case idle
    /// Replies were not read: too many bytes, or for too long.
    case tooMuchUnread, unreadForTooLong
    /// All of this user's connections together held too much.
    case heldTooMuch
    /// A newcomer needed the place of whoever was silent for longest.
    case gavePlace
    /// In the middle of a call: a newcomer who goes before it needed the place.
    case displaced
    /// There was no place, and nobody who could give one.
    case noPlace
    /// The handler let go of a call without an answer.
    case unanswered
    case failed
    case stopped
}

/// Counts since the server began.
public struct ServerStatistics: Equatable, Sendable {
    public internal(set) var connections = 0
    public internal(set) var accepted = 0
    public internal(set) var calls = 0
    /// Replies that were not what the service's own description says; each is a mistake in the handler.
    public internal(set) var driftedReplies = 0
    public internal(set) var ends: [ConnectionEnd: Int] = [:]
    /// The most that was held of messages and of replies at the end of any turn, over all connections.
    public internal(set) var mostHeldBytes = 0
}

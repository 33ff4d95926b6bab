public import Ports

/// What was found at one number of a bus.
public struct ServoSighting: Equatable, Sendable {
    public let id: UInt8
    /// nil on a line that has no rate.
    public let rate: BaudRate?
    /// nil when something answers there, and never intact.
    public let identity: ServoIdentity?
    /// What it says of itself, as far as it could be read.
    public internal(set) var values: [BenchRegister.Role: Int64]
    /// What its answers to these few questions looked like.
    public let evidence: BusEvidence.Device
    public let causes: [BusCause]
}

/// What a look at one rate brought.
public struct BenchScan: Sendable {
    public internal(set) var found: [ServoSighting] = []
    /// Why it ended early; nil when it did not.
    public internal(set) var end: End?

    public enum End: Equatable, Sendable {
        case failed(BenchFailure)
        /// By the person.
        case stopped
    }
}

/// How long answers are waited for.
public struct ScanPatience: Equatable, Sendable {
    /// Until an answer has shown how long answers take.
    public static let first = Duration.milliseconds(20)
    static let least = Duration.milliseconds(4)
    public static let most = Duration.milliseconds(200)

    /// Three times the longest wait that was seen.
    static func after(_ longestWait: Duration) -> Duration { min(max(longestWait * 3, least), most) }
}

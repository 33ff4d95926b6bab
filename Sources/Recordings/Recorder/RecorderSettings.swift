/// How a recorder writes.
public struct RecorderSettings: Sendable {
    /// What a death of the process may cost at most: 100 ms, of which the machine gets its share as well. A chunk is
    /// closed and handed to the system after half of it.
    public static let longestLoss = Duration.milliseconds(100)

    /// How long messages gather before they are handed to the system.
    public var interval: Duration
    public var syncing: Syncing
    public var layout: WriterSettings

    /// nil for an interval that would break the promise, or that is none.
    public init?(
        interval: Duration = .milliseconds(40), syncing: Syncing = .everyChunk,
        layout: WriterSettings = WriterSettings()
    ) {
        guard interval > .zero, interval <= Self.longestLoss / 2, layout.chunkSize != nil else { return nil }
        self.interval = interval
        self.syncing = syncing
        self.layout = layout
    }

    private init() {
        interval = .milliseconds(40)
        syncing = .everyChunk
        layout = WriterSettings()
    }

    public static let usual = RecorderSettings()
}

/// When a recorder waits until the disk has what the system has. Between two such moments a loss of power, not a death of
/// the process, can cost what was written since.
public enum Syncing: Equatable, Sendable {
    case everyChunk
    case every(Duration)
    /// Only when the recording is finished.
    case atEnd
}

/// What belongs to a recording besides its messages: robot, envelope, calibration, policy, plan, dossier.
public struct RecordingExtras: Sendable {
    public var metadata: [Metadata]
    public var attachments: [Attachment]

    public init(metadata: [Metadata] = [], attachments: [Attachment] = []) {
        self.metadata = metadata
        self.attachments = attachments
    }
}

/// What becomes of an entry.
public struct RecordingLayout<Entry: Sendable>: Sendable {
    public let channels: [JSONChannel<Entry>]
    public let logTime: @Sendable (Entry) -> Timestamp
    public let publishTime: @Sendable (Entry) -> Timestamp
    public let sequence: @Sendable (Entry) -> UInt32

    public init(
        channels: [JSONChannel<Entry>], logTime: @escaping @Sendable (Entry) -> Timestamp,
        publishTime: @escaping @Sendable (Entry) -> Timestamp, sequence: @escaping @Sendable (Entry) -> UInt32
    ) {
        guard channels.count < 1_000 else { preconditionFailure("too many channels") }
        self.channels = channels
        self.logTime = logTime
        self.publishTime = publishTime
        self.sequence = sequence
    }
}

/// What became of a recording.
public struct RecordingOutcome: Sendable {
    public let path: String
    /// In the file.
    public let messages: UInt64
    /// Entries that found the ring full.
    public let dropped: UInt64
    /// Entries that could not be written any more after a failure.
    public let lost: UInt64
    /// Why the recording is not complete, if something failed.
    public let failure: RecordingError?
    /// Whether the file has its end and its index.
    public let isFinished: Bool
    /// The longest time that an entry can have waited until the system had it.
    public let longestExposure: Duration
    /// Of the finished file, as it was read back.
    public let hash: FileHash?

    /// Whether everything that was handed over is in a finished file.
    public var isComplete: Bool { isFinished && failure == nil && dropped == 0 && lost == 0 }
}

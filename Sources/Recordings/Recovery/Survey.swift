/// What can be saved of a recording that was cut off or damaged.
///
/// A survey only reads. It goes through the file from the start; where bytes make no sense it looks for the next place
/// where they do. What a checksum contradicts is not believed: a changed number is worse than a missing one. A chunk that
/// the end of the file cuts off gives the messages in front of the cut.
public struct Survey: Sendable {
    /// A stretch of the file that is lost.
    public struct Damage: Equatable, Sendable {
        public internal(set) var bytes: Range<UInt64>
        /// How many messages were in it, where an index beside it tells.
        public internal(set) var messages: UInt64?
    }

    /// Whether the file has its end.
    public internal(set) var isFinished = false
    public internal(set) var damages: [Damage] = []
    /// Of what can be saved.
    public internal(set) var statistics = Statistics()
    /// Messages among them that no checksum vouches for: those in front of a cut.
    public internal(set) var unverified: UInt64 = 0
    /// Channels whose definition is lost; their messages are kept under a made-up topic.
    public internal(set) var nameless: Set<UInt16> = []
    public internal(set) var definitions = Definitions()
    public internal(set) var profile = ""
    public let size: UInt64
    var pieces: [Piece] = []

    /// What is to be copied, in the order of the file.
    enum Piece: Equatable, Sendable {
        case chunk(UInt64)
        /// Messages outside chunks.
        case message(UInt64)
        case attachment(UInt64)
        case metadata(UInt64)
        /// A chunk that the file's end cuts off.
        case cutChunk(UInt64)
    }

    /// Whether nothing of the file is missing.
    public var isWhole: Bool { isFinished && damages.isEmpty && unverified == 0 }

    public var bytesLost: UInt64 { damages.reduce(0) { $0 + UInt64($1.bytes.count) } }

    /// Throws what the system says, and `.foreign` for a file in which there is nothing of a recording.
    public init<Source: ByteSource & ~Copyable>(
        of source: borrowing Source, limits: ReadingLimits = ReadingLimits()
    ) throws(RecordingError) {
        size = source.size
        var walk = SurveyWalk(limits, definitions: try RecordedSummary.ifSound(of: source, limits))
        try walk.run(source)
        walk.drawUp(&self)
        guard walk.foundAnything else { throw .foreign }
    }
}

extension RecordedSummary {
    /// What the summary defines; nothing when it is not sound.
    fileprivate static func ifSound<Source: ByteSource & ~Copyable>(
        of source: borrowing Source, _ limits: ReadingLimits
    ) throws(RecordingError) -> Definitions {
        do throws(RecordingError) {
            return try RecordedSummary(of: source, limits).definitions
        } catch {
            if case .system = error { throw error }
            return Definitions()
        }
    }
}

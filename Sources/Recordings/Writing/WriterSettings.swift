/// How a recording is laid out.
public struct WriterSettings: Equatable, Sendable {
    /// Messages are packed into chunks of about so many bytes, unpacked; nil writes each by itself.
    public var chunkSize: Int?
    public var compression: Compression
    /// What the end of the file says besides what a reader cannot do without.
    public var parts: SummaryParts
    /// Writes schemas and channels in front of the first chunk as well as into it, so that damage there costs one chunk
    /// and not the meaning of all.
    public var definitionsAhead: Bool
    public var profile: String
    public var library: String

    public init(
        chunkSize: Int? = 256 << 10, compression: Compression = .zstd(level: 3), parts: SummaryParts = .all,
        definitionsAhead: Bool = true, profile: String = "", library: String = "understudy"
    ) {
        self.chunkSize = chunkSize
        self.compression = compression
        self.parts = parts
        self.definitionsAhead = definitionsAhead
        self.profile = profile
        self.library = library
    }
}

public enum Compression: Equatable, Sendable {
    case none
    /// From 1, fast, to 19, small.
    case zstd(level: Int)

    var name: String {
        switch self {
        case .none: ""
        case .zstd: "zstd"
        }
    }
}

/// The parts of the format that a writer may leave out.
public struct SummaryParts: OptionSet, Sendable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let messageIndexes = SummaryParts(rawValue: 1)
    public static let chunkIndexes = SummaryParts(rawValue: 2)
    public static let schemas = SummaryParts(rawValue: 4)
    public static let channels = SummaryParts(rawValue: 8)
    public static let statistics = SummaryParts(rawValue: 16)
    public static let attachmentIndexes = SummaryParts(rawValue: 32)
    public static let metadataIndexes = SummaryParts(rawValue: 64)
    public static let offsets = SummaryParts(rawValue: 128)

    public static let all = SummaryParts(rawValue: 255)
}

/// Why a recording could not be written or read. Offsets count from the start of the file.
public enum RecordingError: Error, Equatable, Sendable {
    /// The system said no; for writing, the file ends at `offset`, behind the last whole piece.
    case system(FileCall, errno: Int32, offset: UInt64)
    /// The system has no thread left.
    case noThread
    /// The file does not begin as a recording does.
    case foreign
    /// The file ends without the end of a recording: whoever wrote it did not finish.
    case unfinished(size: UInt64)
    /// A record claims more bytes than are there.
    case truncated(offset: UInt64)
    /// A record's content contradicts itself.
    case malformed(opcode: UInt8, offset: UInt64)
    /// A record claims more bytes than a reader is willing to hold.
    case tooLarge(bytes: UInt64, limit: UInt64, offset: UInt64)
    /// Bytes are not those that were written.
    case damaged(CheckedPart, offset: UInt64)
    /// A chunk is packed in a way that is not read here.
    case unknownCompression(String, offset: UInt64)
    /// A message belongs to a channel that nothing defines.
    case unknownChannel(UInt16, offset: UInt64)
    /// The same number stands for two different schemas or channels.
    case redefined(id: UInt16, offset: UInt64)
    /// What the summary says is not what the file holds.
    case contradiction(SummaryPart, offset: UInt64)
}

/// The calls of the system that recordings make.
public enum FileCall: Equatable, Sendable {
    case create, open, read, write, sync, close, remove
}

/// What a checksum is kept of.
public enum CheckedPart: Equatable, Sendable {
    case chunk, attachment, dataSection, summary
}

/// What a summary says.
public enum SummaryPart: Equatable, Sendable {
    case statistics, chunkIndex, messageIndex, attachmentIndex, metadataIndex, definitions
}

internal import Glibc

/// Where a recording comes from.
public protocol ByteSource: ~Copyable {
    var size: UInt64 { get }
    /// Exactly these bytes. Only asked for what lies below `size`.
    func read(_ range: Range<UInt64>) throws(RecordingError) -> [UInt8]
}

extension ByteSource where Self: ~Copyable {
    /// Whether it begins as recordings do.
    public func beginsAsRecording() throws(RecordingError) -> Bool {
        try read(0..<min(size, UInt64(MCAP.magic.count))) == MCAP.magic
    }
}

/// A recording in memory.
public struct MemorySource: ByteSource, Sendable {
    private let bytes: [UInt8]

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    public var size: UInt64 { UInt64(bytes.count) }

    public func read(_ range: Range<UInt64>) -> [UInt8] { Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)]) }
}

/// A file that is only read. What is appended to it meanwhile is not seen.
public struct FileSource: ByteSource, ~Copyable, Sendable {
    private let descriptor: Int32
    public let size: UInt64

    public init(opening path: String) throws(RecordingError) {
        (descriptor, size) = try Self.open(path)
    }

    private static func open(_ path: String) throws(RecordingError) -> (descriptor: Int32, size: UInt64) {
        // SAFETY: the path is only read during the call.
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system(.open, errno: errno, offset: 0) }
        var facts = stat()
        // SAFETY: the call only fills the structure that it is given.
        let code = unsafe fstat(descriptor, &facts) == 0 ? 0 : errno
        let kind = facts.st_mode & S_IFMT
        guard code == 0, kind == S_IFREG else {
            close(descriptor)
            throw .system(.open, errno: code != 0 ? code : kind == S_IFDIR ? EISDIR : EINVAL, offset: 0)
        }
        return (descriptor, UInt64(max(0, facts.st_size)))
    }

    deinit { close(descriptor) }

    public func read(_ range: Range<UInt64>) throws(RecordingError) -> [UInt8] {
        var failure: Int32?
        let wanted = Int(range.upperBound - range.lowerBound)
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: wanted) { room, filled in
            while filled < wanted {
                let place = off_t(range.lowerBound) + off_t(filled)
                // SAFETY: the call writes at most what is left of the buffer.
                let count = unsafe pread(
                    descriptor, room.baseAddress.map { unsafe $0 + filled }, wanted - filled, place)
                if count > 0 {
                    filled += count
                } else if count == 0 || errno != EINTR {
                    failure = count == 0 ? nil : errno
                    break
                }
            }
        }
        if let failure { throw .system(.read, errno: failure, offset: range.lowerBound) }
        // Somebody made the file shorter.
        guard bytes.count == wanted else { throw .truncated(offset: range.lowerBound) }
        return bytes
    }
}

/// What a reader is willing to hold, whatever a file says.
public struct ReadingLimits: Equatable, Sendable {
    /// The largest record, and so the largest attachment.
    public var record: UInt64
    /// The largest chunk, unpacked.
    public var chunk: UInt64

    public init(record: UInt64 = 256 << 20, chunk: UInt64 = 64 << 20) {
        self.record = record
        self.chunk = chunk
    }
}

internal import Glibc

/// A new file that belongs to one writer, closed by letting go of it.
public struct FileSink: ByteSink, ~Copyable, Sendable {
    private let descriptor: Int32
    public private(set) var offset: UInt64 = 0

    /// Makes the file, readable by its owner's group; one that is there already stays as it is.
    public init(creating path: String) throws(RecordingError) {
        // SAFETY: the path is only read during the call.
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw .system(.create, errno: errno, offset: 0) }
        FileSink.syncFolder(of: path)
    }

    deinit { close(descriptor) }

    public mutating func write(_ bytes: Span<UInt8>) throws(RecordingError) {
        var written = 0
        while written < bytes.count {
            let count = put(bytes.extracting(written..<bytes.count))
            if count > 0 {
                written += count
            } else if count == 0 || errno != EINTR {
                throw takeBack(count == 0 ? ENOSPC : errno)
            }
        }
        offset += UInt64(bytes.count)
    }

    private func put(_ bytes: Span<UInt8>) -> Int {
        // SAFETY: the call only reads the span's memory.
        unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }

    /// A piece that did not fit is taken away again, so that the file ends behind the last whole one.
    private func takeBack(_ code: Int32) -> RecordingError {
        _ = ftruncate(descriptor, off_t(offset))
        _ = lseek(descriptor, off_t(offset), SEEK_SET)
        return .system(.write, errno: code, offset: offset)
    }

    public mutating func sync() throws(RecordingError) {
        while fdatasync(descriptor) != 0 {
            // What can never reach a disk (a pipe, /dev/null) is as safe as it will be.
            if errno == EINVAL || errno == EROFS { return }
            guard errno == EINTR else { throw .system(.sync, errno: errno, offset: offset) }
        }
    }

    /// A new file is only there after a loss of power when its folder was written as well. Not every file system can.
    private static func syncFolder(of path: String) {
        let end = path.lastIndex(of: "/")
        let folder = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        // SAFETY: the path is only read during the call.
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        close(descriptor)
    }
}

import Glibc

/// Why the folder of a run cannot be used.
public enum FolderError: Error, Equatable, Sendable {
    /// Another learner has it.
    case inUse
    /// What could not be done, with which file, and the system's number for why.
    case system(String, String, errno: Int32)
    /// Cut off or changed after it was written.
    case damaged(String)
    /// Written in one version, while this program writes another.
    case otherVersion(String, UInt32, written: UInt32)
}

/// The few things that a run's folder does with files. All of them are on the disk when they return.
enum FolderFiles {
    static func make(_ folder: String) throws(FolderError) {
        var path = ""
        for part in folder.split(separator: "/", omittingEmptySubsequences: false) {
            path += "\(part)/"
            // SAFETY: the path is only read during the call.
            if path != "/", unsafe mkdir(path, 0o750) != 0, errno != EEXIST {
                throw .system("make", path, errno: errno)
            }
        }
    }

    /// Holds a file for this process, until the descriptor is closed.
    static func hold(_ path: String) throws(FolderError) -> Int32 {
        // SAFETY: the path is only read during the call.
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw .system("open", path, errno: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            throw code == EWOULDBLOCK ? .inUse : .system("lock", path, errno: code)
        }
        return descriptor
    }

    /// Nil when there is no such file.
    static func read(_ path: String) throws(FolderError) -> [UInt8]? {
        // SAFETY: the path is only read during the call.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .system("read", path, errno: errno)
        }
        defer { close(descriptor) }
        var (contents, chunk): ([UInt8], [UInt8]) = ([], [UInt8](repeating: 0, count: 1 << 16))
        while true {
            // SAFETY: `read` writes at most the bytes that the chunk has.
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { return contents }
            if count < 0, errno != EINTR { throw .system("read", path, errno: errno) }
            contents += chunk.prefix(max(0, count))
        }
    }

    /// Puts bytes in the place of a file in one step, so that a power cut leaves the old ones or the new ones.
    static func replace(_ name: String, in folder: String, with bytes: [UInt8]) throws(FolderError) {
        let (path, next) = ("\(folder)/\(name)", "\(folder)/\(name).next")
        // SAFETY: the path is only read during the call.
        let descriptor = unsafe open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw .system("write", next, errno: errno) }
        do throws(FolderError) { try write(bytes, to: descriptor, next) } catch {
            close(descriptor)
            throw error
        }
        close(descriptor)
        // SAFETY: the paths are only read during the call.
        guard unsafe rename(next, path) == 0 else { throw .system("rename", next, errno: errno) }
        try settle(folder)
    }

    /// All of it, and on the disk.
    static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(FolderError) {
        var written = 0
        while written < bytes.count {
            // SAFETY: the pointer stays inside the array and is used only during the call.
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress.map { unsafe $0 + written }, buffer.count - written)
            }
            if count < 0, errno != EINTR { throw .system("write", path, errno: errno) }
            written += max(0, count)
        }
        guard fsync(descriptor) == 0 else { throw .system("write", path, errno: errno) }
    }

    /// A new name in a folder is on the disk when the folder is.
    private static func settle(_ folder: String) throws(FolderError) {
        // SAFETY: the path is only read during the call.
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", folder, errno: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system("write", folder, errno: errno) }
    }
}

import Episodes
import Glibc
import Hashing
import Supervision
import VirtualRobot

/// The file that a run is written to; its last line is the hash of all lines before it.
struct RunFile: RunSink {
    private let descriptor: Int32
    private var hash = SHA256()
    private var trouble: Int32?

    /// Begins the file anew.
    init(_ path: String) throws(FileTrouble) {
        // SAFETY: the path is only read during the call.
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw FileTrouble(code: errno) }
    }

    mutating func take(_ bytes: [UInt8]) {
        hash.update(bytes.span)
        put(bytes)
    }

    mutating func finish() -> Int32? {
        let digest = Digest(words: hash.finish())
        hash = SHA256()
        put(Array("{\"sha256\":\"\(digest.text)\"}\n".utf8))
        if trouble == nil, fsync(descriptor) != 0, errno != EINVAL { trouble = errno }
        if close(descriptor) != 0, trouble == nil { trouble = errno }
        return trouble
    }

    /// After the first failure nothing more is written: a file with a hole would look whole.
    private mutating func put(_ bytes: [UInt8]) {
        var done = 0
        while done < bytes.count, trouble == nil {
            // SAFETY: the pointer stays inside the array and is used only during the call.
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe write(descriptor, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
            }
            if count > 0 { done += count } else if count == 0 || errno != EINTR { trouble = errno }
        }
    }
}

import Glibc

/// The few things that are done with a recording beside writing it.
enum ScribeFiles {
    /// Nil when there is no such file.
    static func size(of path: String) -> Int64? {
        var facts = stat()
        // SAFETY: the path is only read and the structure only filled during the call.
        return unsafe stat(path, &facts) == 0 ? Int64(facts.st_size) : nil
    }

    static func remove(_ path: String) {
        // SAFETY: the path is only read during the call.
        _ = unsafe unlink(path)
    }
}

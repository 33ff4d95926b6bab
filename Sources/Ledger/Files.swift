internal import Hashing
internal import Episodes
internal import Glibc
internal import Supervision

/// A file that is open for this process only; closed when its owner is gone.
struct OpenFile: ~Copyable {
    private let descriptor: Int32

    /// What is made is for nobody but its user: recordings are read by others, the ledger only through its guard.
    init(_ path: String, flags: Int32) throws(LedgerError) {
        // SAFETY: the path is only read during the call.
        descriptor = unsafe open(path, flags | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw OpenFile.error(errno) }
    }

    /// Makes an empty file where there is none. One that is there is not opened: to close it again would take away the
    /// locks that this process has on it.
    static func make(_ path: String) throws(LedgerError) {
        guard size(of: path) == nil else { return }
        let file = try OpenFile(path, flags: O_RDWR | O_CREAT | O_EXCL)
        _ = consume file
    }

    static func error(_ code: Int32) -> LedgerError {
        switch code {
        case ENOENT, ENOTDIR: .missing
        case EACCES, EPERM: .notPermitted
        case EROFS: .readOnly
        case ENOSPC, EDQUOT, EFBIG: .diskFull
        default: .failed(code: 0, errno: code)
        }
    }

    /// False when another process has it. The kernel gives it back when this process ends, however it ends.
    func lock() throws(LedgerError) -> Bool {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
        guard errno == EWOULDBLOCK else { throw OpenFile.error(errno) }
        return false
    }

    func read(at offset: Int, count: Int) throws(LedgerError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        // SAFETY: at most as many bytes are written as the array has.
        let got = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, offset) }
        guard got >= 0 else { throw OpenFile.error(errno) }
        return Array(bytes.prefix(got))
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(LedgerError) {
        // SAFETY: the call reads at most the bytes that the array has.
        let put = unsafe bytes.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, offset) }
        guard put == bytes.count else { throw put < 0 ? OpenFile.error(errno) : .diskFull }
    }

    func cut() { _ = ftruncate(descriptor, 0) }

    func synchronize() { _ = fsync(descriptor) }

    deinit { close(descriptor) }

    /// The hash and the size of a whole file, read in pieces.
    static func digest(of path: String) throws(LedgerError) -> (digest: Digest, size: Int64) {
        let file = try OpenFile(path, flags: O_RDONLY)
        var (hash, size) = (SHA256(), 0)
        while true {
            let piece = try file.read(at: size, count: 1 << 18)
            if piece.isEmpty { return (Digest(words: hash.finish()), Int64(size)) }
            hash.update(piece.span)
            size += piece.count
        }
    }

    /// The size; nil when there is no such file.
    static func size(of path: String) -> Int64? {
        var facts = stat()
        // SAFETY: the path is only read, and the structure only written, during the call.
        return unsafe stat(path, &facts) == 0 ? Int64(facts.st_size) : nil
    }

    static func isFolder(_ path: String) -> Bool {
        var facts = stat()
        // SAFETY: as above.
        return unsafe stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    }

    static var process: Int32 { getpid() }
}

/// The right to write to a ledger: one process at a time, however that process ends.
struct WriterLock: ~Copyable {
    private let file: OpenFile

    init(beside path: String) throws(LedgerError) {
        let file = try OpenFile("\(path).lock", flags: O_RDWR | O_CREAT)
        guard try file.lock() else {
            let words = String(decoding: (try? file.read(at: 0, count: 16)) ?? [], as: UTF8.self)
            throw .inUse(pid: words.split(separator: "\n").first.flatMap { Int32($0) })
        }
        file.cut()
        try file.write(Array("\(OpenFile.process)\n".utf8), at: 0)
        self.file = file
    }
}

/// The head of the chain in a small file beside the ledger, so that entries cut off at the end are missed.
///
/// It is written after every commit, so it never says more than the ledger holds; a kill between the two leaves it one
/// commit behind, a power cut perhaps more. Two places take turns: a torn write spoils only one of them.
struct Anchor: ~Copyable {
    private let file: OpenFile
    private var turn = 0

    private static let size = 128

    init(beside path: String) throws(LedgerError) {
        file = try OpenFile(Anchor.path(path), flags: O_RDWR | O_CREAT)
    }

    static func path(_ ledger: String) -> String { "\(ledger).head" }

    mutating func write(_ head: Head) throws(LedgerError) {
        try file.write(Anchor.line(head), at: turn * Anchor.size)
        turn = 1 - turn
    }

    func synchronize() { file.synchronize() }

    private static func line(_ head: Head) -> [UInt8] {
        let words = "\(head.serial) \(head.hash.text)"
        let checked = "\(words) \(Digest(of: words).text.prefix(16))"
        return Array((checked + String(repeating: " ", count: size - 1 - checked.utf8.count) + "\n").utf8)
    }

    private static func head(_ line: ArraySlice<UInt8>) -> Head? {
        let words = String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.count == 3, let serial = UInt64(words[0]), let hash = Digest(text: words[1]) else { return nil }
        let head = Head(serial: serial, hash: hash)
        return Array(line) == Anchor.line(head) ? head : nil
    }

    /// What the file beside a ledger says: nil when it is damaged.
    static func read(beside ledger: String) throws(LedgerError) -> Head? {
        let bytes = try OpenFile(path(ledger), flags: O_RDONLY).read(at: 0, count: 2 * size)
        let heads = [bytes.prefix(size), bytes.dropFirst(size)].compactMap { Anchor.head($0) }
        return heads.max { $0.serial < $1.serial }
    }
}

import Glibc
import Robots

// The door's few calls into the C library that have to do with text and files. Nothing else here is unsafe; what the
// doctor asks of the machine is in MachineFacts+*.swift.

/// Standard output or standard error.
enum Stream: Int32 { case output = 1, errors = 2 }

/// A pipe whose reader has gone away shall be an error of `write`, not the end of the process.
func ignoreBrokenPipes() { _ = signal(SIGPIPE, SIG_IGN) }

func end(_ status: ExitStatus) -> Never { exit(status.rawValue) }

/// Writes all of it. Nil also when the reader has gone away.
func write(_ text: String, to stream: Stream) -> FileTrouble? {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
        // SAFETY: the pointer stays inside the array and is used only during the call.
        let count = unsafe bytes.withUnsafeBytes { buffer in
            unsafe Glibc.write(stream.rawValue, buffer.baseAddress.map { unsafe $0 + written }, buffer.count - written)
        }
        if count > 0 {
            written += count
        } else if errno == EPIPE {
            return nil
        } else if errno != EINTR {
            return FileTrouble(code: errno)
        }
    }
    return nil
}

extension FileTrouble {
    init(code: Int32) {
        // SAFETY: the text that strerror returns is copied before anything else is called; the door has one thread.
        self.init(code: code, reason: unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)")
    }
}

/// The whole file, or one byte more than a reader would accept of it.
func readFile(_ path: String) -> Result<[UInt8], FileTrouble> {
    // SAFETY: the path is only read during the call.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return .failure(FileTrouble(code: errno)) }
    defer { close(descriptor) }
    var contents: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while contents.count <= JSON5.sizeLimit {
        // SAFETY: `read` writes at most the bytes that the chunk has.
        let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        if count == 0 { break }
        if count > 0 {
            contents += chunk[..<count]
        } else if errno != EINTR {
            return .failure(FileTrouble(code: errno))
        }
    }
    return .success(contents)
}

/// Puts a text in the place of a file in one step, so that a power cut leaves the old one or the new one.
func replaceFile(_ path: String, with text: String) -> FileTrouble? { replaceFile(path, Array(text.utf8)) }

/// The same for what is no text.
func replaceFile(_ path: String, _ bytes: [UInt8]) -> FileTrouble? {
    makeFolders(above: path)
    let next = path + ".next"
    // SAFETY: the path is only read during the call.
    let descriptor = unsafe open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return FileTrouble(code: errno) }
    // SAFETY: the call reads at most the bytes that the array has.
    let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
    let isWhole = count == bytes.count && fsync(descriptor) == 0
    let code = errno
    close(descriptor)
    guard isWhole else { return FileTrouble(code: count < 0 || count == bytes.count ? code : ENOSPC) }
    // SAFETY: the paths are only read during the call.
    return unsafe rename(next, path) == 0 ? nil : FileTrouble(code: errno)
}

/// Writes a file that must not be there yet: nothing of anybody's is ever overwritten.
func createFile(_ path: String, _ text: String) -> FileTrouble? { createFile(path, Array(text.utf8)) }

/// The same for what is no text.
func createFile(_ path: String, _ bytes: [UInt8]) -> FileTrouble? {
    makeFolders(above: path)
    // SAFETY: the path is only read during the call.
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return FileTrouble(code: errno) }
    // SAFETY: the call reads at most the bytes that the array has.
    let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
    let isWhole = count == bytes.count && fsync(descriptor) == 0
    let code = errno
    close(descriptor)
    return isWhole ? nil : FileTrouble(code: count < 0 || count == bytes.count ? code : ENOSPC)
}

/// Those that are there already stay as they are; what cannot be made shows when the file is opened.
private func makeFolders(above path: String) {
    var folder = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
        folder += "\(part)/"
        // SAFETY: the path is only read during the call.
        if folder != "/" { _ = unsafe mkdir(folder, 0o755) }
    }
}

/// Takes a file away that this program made a moment ago.
func removeFile(_ path: String) {
    // SAFETY: the path is only read during the call.
    _ = unsafe unlink(path)
}

func pause(milliseconds: UInt32) { usleep(milliseconds * 1_000) }

/// Whether this process may read a file, by the user that it runs as.
func mayRead(_ path: String) -> Bool {
    // SAFETY: the path is only read during the call.
    unsafe faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0
}

/// Whether there is anything of that name.
func isThere(_ path: String) -> Bool {
    // SAFETY: as above.
    unsafe access(path, F_OK) == 0
}

/// The names in a folder, without those that begin with a dot, in order; nil when it cannot be read.
func namesInFolder(_ path: String) -> [String]? {
    guard let folder = unsafe opendir(path) else { return nil }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    // SAFETY: the entry is valid until the next call of readdir, and its name is copied before that.
    while let entry = unsafe readdir(folder) {
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
            unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
        }
        if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
}

func isTerminal(_ stream: Stream) -> Bool { isatty(stream.rawValue) == 1 }

func environment(_ name: String) -> String? {
    // SAFETY: nothing in this process changes the environment, and the text is copied at once.
    unsafe getenv(name).map { unsafe String(cString: $0) }
}

extension Surroundings {
    static var ofThisProcess: Surroundings {
        Surroundings(
            output: .of(.output), errors: .of(.errors), read: readFile, list: namesInFolder,
            examine: { MachineFacts(looking: $0) }, user: { MachineFacts.userName }, devices: .ofThisProcess,
            say: { _ = write($0, to: .output) }, isScreen: isTerminal(.output) && environment("TERM") != "dumb",
            share: sharedFolder)
    }

    /// `share/understudy` beside the `bin` that this program is in.
    private static var sharedFolder: String? {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        // SAFETY: `readlink` writes at most the bytes that the buffer has.
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe bytes.bindMemory(to: CChar.self).baseAddress.map { start in
                unsafe readlink("/proc/self/exe", start, bytes.count)
            } ?? 0
        }
        guard count > 0 else { return nil }
        let parts = String(decoding: buffer[..<count], as: UTF8.self).split(separator: "/").dropLast()
        guard parts.last == "bin" else { return nil }
        return "/" + parts.dropLast().joined(separator: "/") + "/share/understudy"
    }
}

extension Style {
    fileprivate static func of(_ stream: Stream) -> Style {
        Style(
            isTerminal: understudy.isTerminal(stream), noColour: environment("NO_COLOR"), terminal: environment("TERM"))
    }
}

import Foundation
import Glibc

/// The probe as a process of its own; killed when its owner is gone.
struct ProbeRun: ~Copyable {
    enum Trouble: Error { case notStarted(Int32), silent }

    private(set) var process = pid_t()
    private let output: Int32
    private let pipe: String
    private var heard: [UInt8] = []
    private var hasEnded = false

    /// What it says comes through a named pipe: unlike the ends of `pipe`, no other process that the tests start at this
    /// moment can inherit it and keep it open.
    init(_ act: String, _ ledger: String, _ number: UInt64) throws {
        let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let path = folder.appending(path: "LedgerProbe").path
        let pipe = FileManager.default.temporaryDirectory.appending(path: "probe-\(UUID().uuidString)").path
        // SAFETY: the paths are only read during the calls.
        guard unsafe mkfifo(pipe, 0o600) == 0 else { throw Trouble.notStarted(errno) }
        let output = unsafe open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        var actions = unsafe posix_spawn_file_actions_t()
        // SAFETY: lists and actions live until the program has been started, and are freed once afterwards.
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 1, pipe, O_WRONLY, 0)
        let texts: [String] = [path, act, ledger, "\(number)"]
        let words = unsafe texts.map { unsafe strdup($0) } + [nil]
        let variables = unsafe [strdup("PATH=/usr/bin:/bin"), nil]
        defer { unsafe (words + variables).forEach { unsafe free($0) } }
        var process = pid_t()
        let code = unsafe posix_spawn(&process, path, &actions, nil, words, variables)
        guard code == 0 else { throw Trouble.notStarted(code) }
        (self.process, self.output, self.pipe) = (process, output, pipe)
    }

    /// The next line; throws when there is none any more.
    mutating func line() throws -> String {
        while true {
            if let end = heard.firstIndex(of: 10) {
                defer { heard.removeFirst(end + 1) }
                return String(decoding: heard[..<end], as: UTF8.self)
            }
            guard listen() else { throw Trouble.silent }
        }
    }

    /// Every whole line that is left.
    mutating func rest() -> [String] {
        while listen() {}
        let lines = heard.split(separator: 10, omittingEmptySubsequences: false).dropLast()
        heard = []
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }

    private mutating func listen() -> Bool {
        var entry = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        var bytes = [UInt8](repeating: 0, count: 4_096)
        // SAFETY: entry and buffer outlive the calls, which write no more than they hold.
        guard unsafe poll(&entry, 1, 60_000) > 0 else { return false }
        let count = unsafe read(output, &bytes, bytes.count)
        if count > 0 { heard += bytes.prefix(count) }
        return count > 0
    }

    /// As `kill -9`, and waits until it is gone.
    mutating func kill() {
        guard !hasEnded else { return }
        Glibc.kill(process, SIGKILL)
        _ = wait()
    }

    /// Its exit status, once it has ended by itself.
    mutating func finish() -> Int32 { (wait() >> 8) & 0xFF }

    private mutating func wait() -> Int32 {
        var status: Int32 = 0
        // SAFETY: the status is written to a variable that outlives the call.
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        hasEnded = true
        return status
    }

    deinit {
        close(output)
        // SAFETY: the path is only read during the call; the status is written to a variable that outlives the call.
        unsafe unlink(pipe)
        guard !hasEnded else { return }
        Glibc.kill(process, SIGKILL)
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    }
}

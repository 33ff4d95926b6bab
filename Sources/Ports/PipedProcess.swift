internal import Glibc

/// A program in a folder of its own, that is talked to through named pipes in it. It ends when it is let go of.
///
/// A program that waits at one of the pipes also ends when we do: nobody is left at the other side then.
public struct PipedProcess: ~Copyable, Sendable {
    private let process: pid_t
    private let folder: String
    private let names: [String]
    private let pipes: [Int32]
    /// Its number may be another program's by now.
    private var isReaped = false

    /// - Parameter program: a name on the path, or the path of a file.
    public init(_ program: String, _ words: [String], pipes names: [String]) throws(PortError) {
        let (folder, pipes) = try Self.lay(names)
        do throws(PortError) {
            process = try Self.start(program, words, in: folder)
        } catch {
            Self.remove(folder, names, pipes)
            throw error
        }
        self.folder = folder
        self.names = names
        self.pipes = pipes
    }

    /// As the program sees it from its own folder; unchanged where nothing is.
    public static func whole(_ path: String) -> String { Linux.resolved(path) ?? path }

    deinit {
        if !isReaped { Self.finish(process) }
        Self.remove(folder, names, pipes)
    }

    /// Ends the program now, as `kill -9` does. What it wrote before can still be read.
    public mutating func end() {
        guard !isReaped else { return }
        isReaped = true
        Self.finish(process)
    }

    private static func finish(_ process: pid_t) {
        kill(process, SIGKILL)
        var status: Int32 = 0
        // SAFETY: the status outlives the call.
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    }

    /// Whether the program has ended by itself.
    public var hasEnded: Bool {
        if isReaped { return true }
        var information = unsafe siginfo_t()
        // SAFETY: the information outlives the call, which leaves the program to be waited for.
        let status = unsafe waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT)
        return unsafe status != 0 || information.si_signo == SIGCHLD
    }

    /// All of it; pipes hold so much that the program need not be listening yet.
    public func write(_ bytes: Span<UInt8>, to pipe: Int) throws(PortError) {
        var done = 0
        while done < bytes.count {
            let count = Linux.write(pipes[pipe], bytes.extracting(done...), toSocket: false)
            if count <= 0, count != -Int(EINTR) { throw Linux.error(of: .write, code: Int32(-count)) }
            done += max(count, 0)
        }
    }

    /// Exactly so much; `.hungUp` when the program has ended without saying it, `.timedOut` at the deadline.
    public func read(_ count: Int, from pipe: Int, by deadline: MonotonicInstant) throws(PortError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let look = min(deadline, .now() + .milliseconds(200))
            if try Linux.wait(pipes[pipe], for: .readable, by: look).isEmpty {
                if hasEnded { throw .hungUp(transferred: done) }
                if look == deadline { throw .timedOut(transferred: done) }
                continue
            }
            var room = bytes.mutableSpan
            let more = Linux.read(pipes[pipe], into: &room, from: done)
            if more <= 0, more != -Int(EINTR) { throw Linux.error(of: .read, code: Int32(-more)) }
            done += max(more, 0)
        }
        return bytes
    }
}

extension PipedProcess {
    /// Both ends of each pipe are ours, so that to open and to write never waits for the program.
    private static func lay(_ names: [String]) throws(PortError) -> (folder: String, pipes: [Int32]) {
        var pattern = Array("/tmp/understudy-XXXXXX".utf8CString)
        // SAFETY: the pattern is ours, and ends with a zero as before.
        guard unsafe mkdtemp(&pattern) != nil else { throw Linux.error(of: .open, code: errno) }
        let folder = String(decoding: pattern.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var pipes: [Int32] = []
        for name in names {
            // SAFETY: the strings outlive the calls, which keep no pointer.
            let made = unsafe mkfifo("\(folder)/\(name)", 0o600)
            let pipe = made == 0 ? unsafe open("\(folder)/\(name)", O_RDWR | O_CLOEXEC) : -1
            guard pipe >= 0 else {
                let code = errno
                remove(folder, names, pipes)
                throw Linux.error(of: .open, code: code)
            }
            pipes.append(pipe)
        }
        return (folder, pipes)
    }

    private static func remove(_ folder: String, _ names: [String], _ pipes: [Int32]) {
        for pipe in pipes { close(pipe) }
        for name in names { Linux.remove("\(folder)/\(name)") }
        // SAFETY: the string outlives the call, which keeps no pointer.
        unsafe rmdir(folder)
    }

    /// It hears nothing and says nothing but through its pipes.
    private static func start(_ program: String, _ words: [String], in folder: String) throws(PortError) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        // SAFETY: lists and actions live until the program has been started, and are freed once afterwards.
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        // `env` goes to the folder and becomes the program.
        let list = unsafe (["env", "-C", folder, program] + words).map { unsafe strdup($0) } + [nil]
        defer { unsafe list.forEach { unsafe free($0) } }
        var process = pid_t()
        let code = unsafe posix_spawnp(&process, "env", &actions, nil, list, environ)
        guard code == 0 else { throw Linux.error(of: .open, code: code) }
        return process
    }
}

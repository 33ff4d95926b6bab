import CUSBEmulator
import Foundation
import Glibc

/// A program that runs beside the tests and talks with them line by line. It ends with its owner.
public struct Child: ~Copyable {
    public enum Trouble: Error, Equatable {
        case notStarted(Int32)
        /// It said nothing more; these were its last words.
        case silent(String)
    }

    private var process: pid_t
    private var input: Int32
    private let output: Int32
    private var heard: [UInt8] = []

    /// Starts one of the programs that were built with the tests.
    public init(_ program: String, environment: [String: String]) throws {
        let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let path = folder.appending(path: program).path
        let (toChild, fromChild) = try (Self.pipe(), Self.pipe())
        var actions = unsafe posix_spawn_file_actions_t()
        // SAFETY: lists and actions live until the program has been started, and are freed once afterwards.
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, toChild.reading, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, fromChild.writing, 1)
        let words = unsafe [strdup(path), nil]
        let variables = unsafe environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
        defer { unsafe (words + variables).forEach { unsafe free($0) } }
        var process = pid_t()
        let code = unsafe posix_spawn(&process, path, &actions, nil, words, variables)
        close(toChild.reading)
        close(fromChild.writing)
        guard code == 0 else { throw Trouble.notStarted(code) }
        (self.process, input, output) = (process, toChild.writing, fromChild.reading)
    }

    private static func pipe() throws -> (reading: Int32, writing: Int32) {
        var (reading, writing): (Int32, Int32) = (-1, -1)
        // SAFETY: two numbers are written to variables that outlive the call.
        let status = unsafe cusbemulator_pipe(&reading, &writing)
        guard status == 0 else { throw Trouble.notStarted(-status) }
        return (reading, writing)
    }

    deinit {
        if input >= 0 { close(input) }
        close(output)
        guard process > 0 else { return }
        kill(process, SIGKILL)
        _ = Self.wait(for: process)
    }

    /// Tells it that there is nothing more to do, and waits until it has ended; its exit status, or the negated signal.
    public mutating func finish() -> Int32 {
        close(input)
        input = -1
        let status = Self.wait(for: process)
        process = -1
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
    }

    private static func wait(for process: pid_t) -> Int32 {
        var status: Int32 = 0
        // SAFETY: the status is written to a variable that outlives the call.
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status
    }

    public func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        // SAFETY: the bytes are only read. Lines are far shorter than a pipe.
        _ = unsafe write(input, bytes, bytes.count)
    }

    /// The next line of the program. It waits for the program and not for a time; the limit is for programs that hang.
    public mutating func answer(within seconds: Int = 60) throws -> String {
        while true {
            if let end = heard.firstIndex(of: 10) {
                let line = String(decoding: heard[..<end], as: UTF8.self)
                heard.removeFirst(end + 1)
                return line
            }
            var entry = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            // SAFETY: entry and buffer outlive the calls, which write no more than they hold.
            guard unsafe poll(&entry, 1, Int32(seconds * 1_000)) > 0 else { throw Trouble.silent(lastWords) }
            var bytes = [UInt8](repeating: 0, count: 4_096)
            let count = unsafe read(output, &bytes, bytes.count)
            guard count > 0 else { throw Trouble.silent(lastWords) }
            heard += bytes.prefix(count)
        }
    }

    private var lastWords: String { String(decoding: heard, as: UTF8.self) }

    public mutating func ask(_ line: String) throws -> String {
        say(line)
        return try answer()
    }
}

/// Waits for something that another thread or program brings about; false when it does not come for a minute.
public func eventually(_ condition: () -> Bool) -> Bool {
    for _ in 0..<60_000 {
        if condition() { return true }
        usleep(1_000)
    }
    return false
}

import Foundation
import Glibc

/// What a program did when it ran as a process of its own.
public struct ProcessRun: Sendable {
    public let output: String
    public let errors: String
    public let status: Int32
}

/// A process could not be started, or did not end by itself.
public struct ProcessTrouble: Error {
    public let status: Int32
}

extension ProcessRun {
    /// The folder where the build put its programs: the one that the running tests are in.
    private static var products: URL {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    }

    /// Runs a shell command in the folder of the built programs and waits for it.
    ///
    /// Its output goes through files, so a program that writes much cannot block on a full pipe. What a sanitizer is told
    /// here it is told there too.
    public static func shell(_ command: String, environment: [String: String] = [:]) throws -> ProcessRun {
        let folder = FileManager.default.temporaryDirectory.appending(path: "run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = ["output", "errors"].map { folder.appending(path: $0) }
        let script = "cd \"$1\" && exec >\"$2\" 2>\"$3\" </dev/null && eval \"$4\""
        let words = ["bash", "-c", script, "bash", products.path, files[0].path, files[1].path, command]
        let inherited = ["ASAN_OPTIONS", "TSAN_OPTIONS"]
        let sanitizers = ProcessInfo.processInfo.environment.filter { inherited.contains($0.key) }
        let variables = ["PATH": "/usr/bin:/bin"].merging(sanitizers) { $1 }.merging(environment) { $1 }
        let status = try run("/bin/bash", words, variables.map { "\($0)=\($1)" })
        let texts = try files.map { file in
            // Not Data(contentsOf:), which leaks a page for every empty file (Swift 6.3.1).
            String(decoding: try FileHandle(forReadingFrom: file).readToEnd() ?? Data(), as: UTF8.self)
        }
        return ProcessRun(output: texts[0], errors: texts[1], status: status)
    }

    /// Not Foundation's Process, which the address sanitizer catches leaking (Swift 6.3.1).
    private static func run(_ program: String, _ words: [String], _ variables: [String]) throws -> Int32 {
        // SAFETY: both lists end with nil, live until the program has been started, and are freed once afterwards.
        let arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        let environment = unsafe variables.map { unsafe strdup($0) } + [nil]
        defer { unsafe (arguments + environment).forEach { unsafe free($0) } }
        var process = pid_t()
        let code = unsafe posix_spawn(&process, program, nil, nil, arguments, environment)
        guard code == 0 else { throw ProcessTrouble(status: code) }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { throw ProcessTrouble(status: errno) }
        }
        // The low seven bits are the signal that ended it, the next eight its exit status.
        guard status & 0x7F == 0 else { throw ProcessTrouble(status: status) }
        return (status >> 8) & 0xFF
    }
}

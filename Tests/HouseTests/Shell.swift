import Foundation

/// Runs a command of the machine and waits for it.
enum Shell {
    struct Answer {
        let status: Int32
        let output: String
        let errors: String
    }

    struct Failure: Error { let answer: Answer }

    /// `environment` is laid over that of the tests.
    static func run(_ words: String..., environment: [String: String] = [:]) throws -> Answer {
        try run(words, environment: environment)
    }

    static func run(_ words: [String], environment: [String: String] = [:]) throws -> Answer {
        let folder = FileManager.default.temporaryDirectory.appending(path: "shell-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        // The compiler leaves empty folders in the temporary folder; here they go with ours.
        let own = environment.merging(["TMPDIR": folder.path]) { given, _ in given }
        process.environment = ProcessInfo.processInfo.environment.merging(own) { $1 }
        process.standardInput = FileHandle.nullDevice
        // Files instead of pipes: a pipe that fills up while the other one is read would stop both processes.
        let output = try Sink(folder.appending(path: "output"))
        let errors = try Sink(folder.appending(path: "errors"))
        process.standardOutput = output.handle
        process.standardError = errors.handle
        try process.run()
        process.waitUntilExit()
        return Answer(status: process.terminationStatus, output: try output.text(), errors: try errors.text())
    }

    private struct Sink {
        let file: URL
        let handle: FileHandle

        init(_ file: URL) throws {
            self.file = file
            try Data().write(to: file)
            handle = try FileHandle(forWritingTo: file)
        }

        func text() throws -> String { try String(contentsOf: file, encoding: .utf8) }
    }
}

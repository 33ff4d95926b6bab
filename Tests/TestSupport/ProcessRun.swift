import Foundation

/// What a program did when it ran as a process of its own.
public struct ProcessRun: Sendable {
    public let output: String
    public let errors: String
    public let status: Int32
}

extension ProcessRun {
    /// The folder where the build put its programs: the one that the running tests are in.
    private static var products: URL {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    }

    /// Runs a shell command in the folder of the built programs and waits for it.
    ///
    /// Its output goes through files, so a program that writes much cannot block on a full pipe.
    public static func shell(_ command: String, environment: [String: String] = [:]) throws -> ProcessRun {
        let folder = FileManager.default.temporaryDirectory.appending(path: "run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (output, errors) = (folder.appending(path: "output"), folder.appending(path: "errors"))
        for file in [output, errors] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = products
        process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.waitUntilExit()
        let texts = try [output, errors].map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return ProcessRun(output: texts[0], errors: texts[1], status: process.terminationStatus)
    }
}

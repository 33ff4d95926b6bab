import Foundation

/// A file of the repository: its path from the root, and what is in it.
struct TextFile {
    let path: String
    let text: String
    /// The text with comments and the contents of strings blanked; every line and column stays where it was.
    let code: String
    let tokens: [Token]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        code = path.hasSuffix(".swift") ? SwiftMask.code(of: text) : text
        tokens = path.hasSuffix(".swift") ? Token.all(in: code) : []
    }

    var name: String { URL(filePath: path).lastPathComponent }
    /// The first folders of the path: `Sources/Quantities` for every file of that room.
    var home: String { path.split(separator: "/").prefix(2).joined(separator: "/") }
}

/// What a rule of the house found, in the form that editors turn into a link.
struct Finding: Equatable, CustomStringConvertible {
    let path: String
    let line: Int
    let message: String

    var description: String { "\(path):\(line): \(message)" }
}

/// The checkout that these tests were built from.
enum Tree {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The top level of the house. Whatever else lies in a checkout is nobody's business here.
    private static let top = [
        ".ci", ".gitignore", ".swift-format", "CHANGELOG.md", "Calibration", "Firmware", "LICENSE", "Makefile",
        "Package.swift", "README.md", "Sources", "Tests", "safety", "systemd",
    ]

    /// Every text file of the house, sorted by path.
    static let files: [TextFile] = top.flatMap(paths).sorted().compactMap { path in
        (try? text(path)).map { TextFile(path: path, text: $0) }
    }

    /// The Swift files that belong to a target.
    static let sources = files.filter { $0.path.hasSuffix(".swift") && $0.path.contains("/") }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    private static func paths(under entry: String) -> [String] {
        let below = FileManager.default.enumerator(atPath: root.appending(path: entry).path)
        let deep = (below?.compactMap { $0 as? String } ?? []).map { "\(entry)/\($0)" }
        return deep.isEmpty ? [entry] : deep.filter { !$0.contains("/.build") && !$0.contains("/__pycache__") }
    }
}

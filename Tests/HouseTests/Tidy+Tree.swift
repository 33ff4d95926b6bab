import Foundation

// The rules of tidiness about the whole tree.

enum TreeRules {
    /// Every room that has code of its own has a test module.
    static func testModules(_ manifest: Manifest, _ walls: Walls) -> [Finding] {
        let tested = manifest.targets.filter { $0.type == "test" }.compactMap { walls.room(testedBy: $0.name)?.room }
        return walls.rooms.filter { $0.untested == nil }.map(\.room).filter { !tested.contains($0) }.map {
            Finding(path: "Package.swift", line: 1, message: "\($0) has no test module; add \($0)Tests")
        }
    }

    /// A golden file that no test of its target names: it would never be compared again.
    static func orphanGoldens(_ files: [TextFile]) -> [Finding] {
        files.filter { $0.path.contains("/Golden/") }.compactMap { golden in
            let isNamed = files.contains {
                $0.home == golden.home && $0.path.hasSuffix(".swift") && $0.names(golden: golden.name)
            }
            if isNamed { return nil }
            return Finding(path: golden.path, line: 1, message: "no test names this golden file; delete it or use it")
        }
    }

    private static let sharing: Set<Substring> = [
        "Thread", "pthread_create", "Task", "TaskGroup", "actor", "async", "Atomic", "Mutex", "DispatchQueue",
    ]

    /// A room that shares memory between threads and does not say so would escape the thread sanitizer.
    static func threads(_ files: [TextFile], _ walls: Walls) -> [Finding] {
        walls.rooms.filter { !$0.threads }.flatMap { row in
            files.filter { $0.home == "Sources/\(row.room)" && $0.path.hasSuffix(".swift") }.flatMap { file in
                file.tokens.filter { sharing.contains($0.word) }.map {
                    let message =
                        "\($0.word): set \"threads\" of \(row.room) in \(Walls.path), for the thread sanitizer"
                    return Finding(path: file.path, line: $0.line, message: message)
                }
            }
        }
    }
}

extension TextFile {
    /// Whether a string of the file is the name, or has interpolations where the name has more letters.
    fileprivate func names(golden name: String) -> Bool {
        if text.contains("\"\(name)\"") { return true }
        return text.ranges(of: "Golden/").contains { range in
            let pattern = text[range.upperBound...].prefix { $0 != "\"" }
            guard let hole = pattern.firstRange(of: "\\(") else { return pattern == name }
            let start = pattern[..<hole.lowerBound]
            let end = pattern.lastIndex(of: ")").map { pattern[pattern.index(after: $0)...] } ?? ""
            return !start.isEmpty && name.hasPrefix(start) && name.hasSuffix(end)
        }
    }
}

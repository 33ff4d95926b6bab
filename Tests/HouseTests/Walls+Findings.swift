import Foundation

// The judgement of the walls: pure functions of table, manifest and files, so that a test can plant a violation.

extension Walls {
    /// The modules that a ring may ask of the system at all. The innermost rings get nothing.
    private static let systemOfRing: [Int: Set<String>] = [0: [], 1: []]

    func findings(manifest: Manifest, files: [TextFile]) -> [Finding] {
        tableFindings() + rowFindings(manifest) + dependencyFindings(manifest) + importFindings(manifest, files)
    }

    /// Rows that contradict the rings: arrows go down or stay in their ring, and the inner rings touch no system.
    private func tableFindings() -> [Finding] {
        rooms.flatMap { row in
            let up = row.rooms.filter { name in room(name).map { $0.ring > row.ring } ?? true }
            let system = row.system.filter { Self.systemOfRing[row.ring]?.contains($0) == false }
            return (up + system).map { inTable(row.room, "\(row.room) of ring \(row.ring) may not be given \($0)") }
        }
    }

    /// Rows without a target, and targets without a row.
    private func rowFindings(_ manifest: Manifest) -> [Finding] {
        let names = Set(manifest.targets.map(\.name))
        let idle = (rooms.map(\.room) + tests.map(\.target)).filter { !names.contains($0) }
        let unknown = manifest.targets.filter { allowed($0) == nil }
        return idle.map { inTable($0, "\($0) has a row and no target") }
            + unknown.map { inManifest($0.name, "\($0.name) is a target without a row in \(Self.path)") }
    }

    private func dependencyFindings(_ manifest: Manifest) -> [Finding] {
        manifest.targets.flatMap { target in
            target.dependencies.map(\.name).filter { allowed(target)?.contains($0) == false }.map {
                inManifest(
                    target.name, "\(target.name) may not depend on \($0); the table of the walls is \(Self.path)")
            }
        }
    }

    private func importFindings(_ manifest: Manifest, _ files: [TextFile]) -> [Finding] {
        files.filter { $0.path.hasSuffix(".swift") && $0.path.contains("/") }.flatMap { file -> [Finding] in
            if let target = manifest.target(holding: file.path) {
                return findings(in: file, of: target.name, allowed: allowed(target))
            }
            guard let script = scripts.first(where: { file.path.hasPrefix($0.folder + "/") }) else {
                return [Finding(path: file.path, line: 1, message: "the file belongs to no target")]
            }
            return findings(in: file, of: script.folder, allowed: Set(script.modules))
        }
    }

    /// A target without a row has its own finding; its imports are not judged.
    private func findings(in file: TextFile, of owner: String, allowed: Set<String>?) -> [Finding] {
        file.imports.filter { allowed?.contains($0.module) == false }.map {
            let message = "\(owner) may not import \($0.module); the table of the walls is \(Self.path)"
            return Finding(path: file.path, line: $0.line, message: message)
        }
    }

    private func inTable(_ name: String, _ message: String) -> Finding {
        Finding(path: Self.path, line: Self.line(of: name, in: Self.path), message: message)
    }

    private func inManifest(_ name: String, _ message: String) -> Finding {
        Finding(path: "Package.swift", line: Self.line(of: name, in: "Package.swift"), message: message)
    }

    /// The first line that names `name` in quotes; line 1 where none does.
    private static func line(of name: String, in path: String) -> Int {
        let lines = ((try? Tree.text(path)) ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        return (lines.firstIndex { $0.contains("\"\(name)\"") } ?? 0) + 1
    }
}

import Foundation

/// The table of the walls: which room may import what. DESIGN explains the rooms; this file is what the gate enforces.
struct Walls: Codable {
    /// One room, its ring, and what it may import: other rooms, and modules of the system.
    struct Room: Codable {
        let room: String
        let ring: Int
        let rooms: [String]
        let system: [String]
        /// Whether the room starts threads or tasks or shares memory between them; the thread sanitizer runs for these.
        let threads: Bool
        /// Why the room has no test module; nil for a room that must have one.
        let untested: String?
        let forbids: String
    }

    /// A target of `Tests` that is not simply the tests of one room: what it may import beyond the common modules.
    struct Support: Codable {
        let target: String
        let modules: [String]
    }

    /// A folder whose sources no target holds because a script compiles them, and what those may import.
    struct Script: Codable {
        let folder: String
        let modules: [String]
    }

    let rooms: [Room]
    /// What every target of `Tests` may import.
    let testCommon: [String]
    let tests: [Support]
    let scripts: [Script]

    static func table() throws -> Walls {
        try JSONDecoder().decode(Walls.self, from: Data(Tree.text(path).utf8))
    }

    static let path = "Tests/HouseTests/walls.json"

    func room(_ name: String) -> Room? { rooms.first { $0.room == name } }

    /// The room that a test target tests: `SupervisionTests` belongs to `Supervision`.
    func room(testedBy target: String) -> Room? {
        rooms.first { "\($0.room)Tests".lowercased() == target.lowercased() }
    }

    /// What a target may import or depend on; nil when the table does not know it.
    func allowed(_ target: Manifest.Target) -> Set<String>? {
        if let room = room(target.name) { return Set(room.rooms + room.system) }
        let extra = tests.first { $0.target == target.name }?.modules
        let tested = target.type == "test" ? room(testedBy: target.name) : nil
        guard extra != nil || tested != nil else { return nil }
        let inherited = tested.map { [$0.room] + $0.rooms + $0.system } ?? []
        return Set(testCommon + inherited + (extra ?? []))
    }
}

/// What `swift package dump-package` says about the targets.
struct Manifest: Decodable {
    struct Target: Decodable {
        let name: String
        let type: String
        let path: String?
        let dependencies: [Dependency]

        /// The folder with the target's sources.
        var folder: String { path ?? (type == "test" ? "Tests/\(name)" : "Sources/\(name)") }
    }

    /// `{"byName": ["Quantities", null]}`, `{"target": …}` or `{"product": …}`; the first string is the name.
    struct Dependency: Decodable {
        let name: String

        init(from decoder: any Decoder) throws {
            let kinds = try decoder.singleValueContainer().decode([String: [Part]].self)
            name = kinds.values.joined().lazy.compactMap(\.name).first ?? ""
        }
    }

    /// Names among conditions and nulls.
    struct Part: Decodable {
        let name: String?
        init(from decoder: any Decoder) throws { name = try? decoder.singleValueContainer().decode(String.self) }
    }

    let targets: [Target]

    func target(holding path: String) -> Target? { targets.first { path.hasPrefix($0.folder + "/") } }

    /// Reads the manifest of the checkout without waiting for the `swift test` that runs this.
    static func ofTheHouse() throws -> Manifest {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "house-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let answer = try Shell.run(
            "swift", "package", "dump-package", "--package-path", Tree.root.path, "--scratch-path", scratch)
        guard answer.status == 0 else { throw Shell.Failure(answer: answer) }
        return try JSONDecoder().decode(Manifest.self, from: Data(answer.output.utf8))
    }
}

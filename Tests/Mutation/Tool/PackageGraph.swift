import Foundation

/// The part of `swift package dump-package` that is needed to build one target and its tests.
struct PackageGraph {
    struct Target: Decodable {
        struct Setting: Decodable {
            let kind: [String: [String: String]]

            init(from decoder: any Decoder) throws {
                let values = try decoder.container(keyedBy: Key.self)
                // Other kinds of settings have values of other types; only features matter here.
                kind = (try? values.decode([String: [String: String]].self, forKey: .kind)) ?? [:]
            }

            enum Key: CodingKey { case kind }
        }

        struct Dependency: Decodable {
            let name: String?

            init(from decoder: any Decoder) throws {
                let kinds = try decoder.singleValueContainer().decode([String: [Part]].self)
                name = kinds["byName"]?.first?.text ?? kinds["target"]?.first?.text
            }
        }

        /// A name, or a condition that does not matter here.
        struct Part: Decodable {
            let text: String?
            init(from decoder: any Decoder) throws { text = try? decoder.singleValueContainer().decode(String.self) }
        }

        let name: String
        let type: String
        let path: String?
        let dependencies: [Dependency]
        let settings: [Setting]

        /// Relative to the package.
        var folder: String { path ?? (type == "test" ? "Tests/\(name)" : "Sources/\(name)") }

        /// The Swift features that the target is compiled with, as lines of a manifest.
        var features: [String] {
            settings.flatMap { setting in
                ["enableUpcomingFeature", "enableExperimentalFeature"].compactMap { kind in
                    setting.kind[kind]?["_0"].map { ".\(kind)(\"\($0)\")" }
                }
            }
        }
    }

    private struct Description: Decodable { let targets: [Target] }

    private let targets: [String: Target]

    init(of package: URL) throws {
        let command = ["swift", "package", "dump-package"]
        let result = try output(of: command, in: package)
        guard result.status == 0, let start = result.text.firstIndex(of: "{") else {
            throw ToolError.command(command.joined(separator: " "), output: result.text)
        }
        do {
            let description = try JSONDecoder().decode(Description.self, from: Data(result.text[start...].utf8))
            targets = Dictionary(description.targets.map { ($0.name, $0) }) { first, _ in first }
        } catch {
            throw ToolError.unusableDescription("\(error)")
        }
    }

    func target(_ name: String) throws -> Target {
        guard let target = targets[name] else { throw ToolError.unknownTarget(name, known: targets.keys.sorted()) }
        return target
    }

    /// A target and everything of this package that it needs, by name.
    func closure(of names: [String]) throws -> [Target] {
        var found: [String: Target] = [:]
        var waiting = names
        while let name = waiting.popLast() {
            guard found[name] == nil else { continue }
            let target = try target(name)
            found[name] = target
            waiting += target.dependencies.compactMap(\.name).filter { targets[$0] != nil }
        }
        return found.values.sorted { $0.name < $1.name }
    }
}

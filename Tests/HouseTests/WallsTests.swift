import Foundation
import Testing

/// The rooms of the house against the table of the walls.
@Suite struct WallsTests {
    @Test("no room reaches through a wall")
    func house() throws {
        let findings = try Walls.table().findings(manifest: .ofTheHouse(), files: Tree.files)
        for finding in findings { Issue.record("\(finding)") }
    }

    @Test("a planted violation is reported as exactly that", arguments: Plant.all)
    func planted(plant: Plant) throws {
        let findings = try plant.table().findings(manifest: plant.manifest(), files: plant.files)
        #expect(findings.map(\.message) == [plant.message])
        #expect(findings.map(\.path) == [plant.place])
    }

    @Test("the small house without a plant is clean")
    func control() throws {
        let plant = Plant(message: "", place: "")
        #expect(try plant.table().findings(manifest: plant.manifest(), files: plant.files) == [])
    }

    @Test("a finding names the file and the line of the import")
    func line() throws {
        let plant = Plant(message: "", place: "", code: "// why\n\npublic import Glibc\n")
        let findings = try plant.table().findings(manifest: plant.manifest(), files: plant.files)
        let expected = "Core may not import Glibc; the table of the walls is Tests/HouseTests/walls.json"
        #expect(findings.map(\.description) == ["Sources/Core/A.swift:3: \(expected)"])
    }

    @Test(
        "an import is found in every form",
        arguments: [
            "import Glibc", "public import Glibc", "@testable import Glibc", "import struct Glibc.timespec",
            "@_exported public import Glibc", "#if os(Linux)\nimport Glibc\n#endif", "let a = 1; import Glibc",
            "@_spi(Inner) import Glibc", "import /* here */ Glibc", "import\n    Glibc",
        ])
    func forms(code: String) {
        #expect(TextFile(path: "Sources/Core/A.swift", text: code).imports.map(\.module) == ["Glibc"])
    }

    @Test(
        "what only looks like an import is none",
        arguments: [
            "// import Glibc", "/* import Glibc */", "let text = \"import Glibc\"", "#if canImport(Glibc)\n#endif",
            "let text = \"\"\"\n    import Glibc\n    \"\"\"", "let text = #\"\\ \" import Glibc\"#",
        ])
    func disguises(code: String) {
        #expect(TextFile(path: "Sources/Core/A.swift", text: code).imports == [])
    }
}

/// A small house of two rooms with one thing wrong.
struct Plant: CustomTestStringConvertible {
    let message: String
    /// The file that the finding must name.
    let place: String
    /// What stands in `Sources/Core/A.swift`.
    var code = "import Base"
    var path = "Sources/Core/A.swift"
    var coreMay = #""Base""#
    var coreSystem = ""
    var coreNeeds = #"{"byName": ["Base", null]}"#
    var moreTargets = ""
    var moreRooms = ""

    var testDescription: String { message }
    var files: [TextFile] { [TextFile(path: path, text: code)] }

    func table() throws -> Walls {
        let json = """
            { "rooms": [
                { "room": "Base", "ring": 0, "rooms": [], "system": [], "threads": false, "forbids": "" }\(moreRooms),
                { "room": "Core", "ring": 0, "rooms": [\(coreMay)], "system": [\(coreSystem)], "threads": false,
                  "forbids": "" }],
              "testCommon": ["Testing"], "tests": [],
              "scripts": [{ "folder": "Tests/Script", "modules": ["Foundation"] }] }
            """
        return try JSONDecoder().decode(Walls.self, from: Data(json.utf8))
    }

    func manifest() throws -> Manifest {
        let json = """
            { "targets": [
                { "name": "Base", "type": "regular", "dependencies": [] },
                { "name": "Core", "type": "regular", "dependencies": [\(coreNeeds)] },
                { "name": "CoreTests", "type": "test", "dependencies": [{"byName": ["Core", null]}] }\(moreTargets)] }
            """
        return try JSONDecoder().decode(Manifest.self, from: Data(json.utf8))
    }

    static let table = "Tests/HouseTests/walls.json"

    static let all: [Plant] = [
        Plant(
            message: "Core may not import Foundation; the table of the walls is \(table)",
            place: "Sources/Core/A.swift",
            code: "import Base\nimport Foundation"),
        Plant(
            message: "CoreTests may not import Glibc; the table of the walls is \(table)",
            place: "Tests/CoreTests/A.swift", code: "import Core\nimport Base\nimport Glibc",
            path: "Tests/CoreTests/A.swift"),
        Plant(
            message: "Core may not depend on Extra; the table of the walls is \(table)", place: "Package.swift",
            coreNeeds: #"{"byName": ["Extra", null]}"#),
        Plant(
            message: "Core may not depend on Extra; the table of the walls is \(table)", place: "Package.swift",
            coreNeeds: #"{"target": ["Extra", null]}"#),
        Plant(
            message: "Core may not depend on Extra; the table of the walls is \(table)", place: "Package.swift",
            coreNeeds: #"{"product": ["Extra", "package", null, null]}"#),
        Plant(
            message: "Attic is a target without a row in \(table)", place: "Package.swift",
            moreTargets: #", { "name": "Attic", "type": "regular", "dependencies": [] }"#),
        Plant(
            message: "AtticTests is a target without a row in \(table)", place: "Package.swift",
            moreTargets: #", { "name": "AtticTests", "type": "test", "dependencies": [] }"#),
        Plant(
            message: "Attic has a row and no target", place: table,
            moreRooms:
                #", { "room": "Attic", "ring": 3, "rooms": [], "system": [], "threads": false, "forbids": "" }"#),
        Plant(
            message: "Core of ring 0 may not be given Glibc", place: table, coreSystem: #""Glibc""#),
        Plant(
            message: "Core of ring 0 may not be given Door", place: table, coreMay: #""Base", "Door""#,
            moreTargets: #", { "name": "Door", "type": "executable", "dependencies": [] }"#,
            moreRooms: #", { "room": "Door", "ring": 4, "rooms": [], "system": [], "threads": false, "forbids": "" }"#),
        Plant(
            message: "Tests/Script may not import Glibc; the table of the walls is \(table)",
            place: "Tests/Script/A.swift", code: "import Foundation\nimport Glibc", path: "Tests/Script/A.swift"),
        Plant(message: "the file belongs to no target", place: "Sources/Lost/A.swift", path: "Sources/Lost/A.swift"),
    ]
}

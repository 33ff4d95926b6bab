import Foundation
import Testing

/// How the house looks: each rule holds for every file, and each is shown to fire.
@Suite struct TidyTests {
    private func findings(in files: [TextFile], walls: Walls) -> [Finding] {
        files.flatMap { file in
            let place = Place.of(file, in: walls)
            return BannedWord.all.flatMap { $0.findings(in: file, at: place) } + Shape.rules.flatMap { $0(file) }
        }
    }

    @Test("no file breaks a rule of tidiness")
    func files() throws {
        for finding in findings(in: Tree.files, walls: try Walls.table()) { Issue.record("\(finding)") }
    }

    @Test("every room has a test module, every golden file a test, every room with threads says so")
    func tree() throws {
        let walls = try Walls.table()
        let findings =
            TreeRules.testModules(try Manifest.ofTheHouse(), walls) + TreeRules.orphanGoldens(Tree.files)
            + TreeRules.threads(Tree.files, walls)
        for finding in findings { Issue.record("\(finding)") }
    }

    @Test("the tree was read at all")
    func tooFew() {
        #expect(Tree.files.count > 20)
        #expect(Tree.sources.contains { $0.path == "Sources/Supervision/Fault.swift" })
    }

    @Test("a planted violation is reported once, at its line", arguments: Blot.all)
    func planted(blot: Blot) throws {
        let file = TextFile(path: blot.path, text: "// A remark.\n\(blot.text)\n")
        let found = findings(in: [file], walls: try Walls.table())
        #expect(found.map(\.description).count == 1)
        let finding = try #require(found.first)
        #expect(finding.path == blot.path)
        #expect(finding.line == blot.line)
        #expect(finding.message.contains(blot.message))
    }

    @Test("what is allowed is not reported", arguments: Blot.harmless)
    func harmless(blot: Blot) throws {
        #expect(findings(in: [TextFile(path: blot.path, text: "\(blot.text)\n")], walls: try Walls.table()) == [])
    }

    @Test("every banned word has a plant")
    func everyWord() {
        let planted = Set(Blot.all.map(\.message))
        let words = BannedWord.all.flatMap(\.words)
        #expect(words.filter { word in !planted.contains { $0.hasPrefix("\(word): ") } } == [])
    }

    @Test("a room without a test module, an orphan golden file and a silent thread are reported")
    func plantedTree() throws {
        let plant = Plant(message: "", place: "", code: "let worker = Thread()")
        let lonely = TreeRules.testModules(try plant.manifest(), try plant.table())
        #expect(lonely.map(\.message) == ["Base has no test module; add BaseTests"])
        let goldens = ["used.txt", "help-learn.txt", "orphan.txt", "help-learn.json"].map {
            TextFile(path: "Tests/CoreTests/Golden/\($0)", text: "a\n")
        }
        let test = TextFile(
            path: "Tests/CoreTests/A.swift",
            text: "let a = \"Golden/used.txt\"\nlet b = \"Golden/help-\\(verb(1)).txt\"\nlet c = \"Golden/\\(name)\"\n")
        let orphans = TreeRules.orphanGoldens(goldens + [test]).map(\.path)
        #expect(orphans == ["Tests/CoreTests/Golden/orphan.txt", "Tests/CoreTests/Golden/help-learn.json"])
        let silent = TreeRules.threads(plant.files, try plant.table())
        #expect(silent.map(\.line) == [1])
    }

    @Test("the length of a function counts from its first line to its closing brace")
    func lengths() {
        let code = """
            protocol P { func none(_ a: Int) -> Int }
            struct S {
                init() {}
                func two(_ action: () -> Void = { }) {
                }
                func where_<T>(_ value: T)
                    where T: P
                {
                    if true { }
                }
            }
            """
        let functions = TextFile(path: "Sources/Quantities/A.swift", text: code).functions
        #expect(functions.map { "\($0.name) \($0.line) \($0.lines)" } == ["init 3 1", "two 4 2", "where_ 6 5"])
    }
}

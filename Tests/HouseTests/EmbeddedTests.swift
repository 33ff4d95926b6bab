import Foundation
import Testing

/// The compiler as the gate calls it for the microcontroller. A toolset that lost its flags would accept everything.
@Suite struct EmbeddedTests {
    private struct Toolset: Decodable {
        struct Tool: Decodable { let extraCLIOptions: [String] }
        let swiftCompiler: Tool
    }

    private func errors(in program: String) throws -> String {
        let toolset = try JSONDecoder().decode(Toolset.self, from: Data(Tree.text("Firmware/toolset.json").utf8))
        let folder = FileManager.default.temporaryDirectory.appending(path: "embedded-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "Program.swift")
        try program.write(to: file, atomically: true, encoding: .utf8)
        let answer = try Shell.run(
            ["swiftc", "-target", "armv7em-none-none-eabi", "-parse-as-library", "-c", file.path]
                + ["-o", folder.appending(path: "Program.o").path] + toolset.swiftCompiler.extraCLIOptions)
        return answer.status == 0 ? "" : answer.errors
    }

    @Test("arithmetic on the stack compiles for the microcontroller")
    func control() throws {
        #expect(try errors(in: "public func twice(_ number: Float) -> Float { number * 2 }\n") == "")
    }

    @Test(
        "what needs a heap is refused",
        arguments: [
            "public func list(_ number: Int) -> [Int] { [number] }",
            "public func later(_ number: Int) -> () -> Int { { number } }",
            "public final class Box { public init() {} }\npublic func box() -> Box { Box() }",
        ])
    func heap(program: String) throws {
        #expect(try errors(in: "\(program)\n").contains("error: "))
    }
}

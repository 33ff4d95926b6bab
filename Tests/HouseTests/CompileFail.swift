import Foundation

/// A program that the types of the house refuse.
///
/// The first line of its file is `// error: ` and the words of the compiler; the lines that make it wrong end with
/// `// wrong`. Without them the same program must compile, so it is refused for these lines and nothing else.
struct RefusedProgram: CustomStringConvertible {
    let name: String
    let text: String

    var description: String { name }

    var diagnostic: String? {
        let first = text.prefix { !$0.isNewline }
        return first.hasPrefix("// error: ") ? String(first.dropFirst("// error: ".count)) : nil
    }

    /// The same program without what is wrong with it.
    var corrected: String {
        text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasSuffix("  // wrong") }
            .joined(separator: "\n")
    }

    private static let folder = "Tests/HouseTests/CompileFail/"

    static let all = Tree.files.filter { $0.path.hasPrefix(folder) }.map {
        RefusedProgram(name: String($0.path.dropFirst(folder.count).prefix { $0 != "." }), text: $0.text)
    }
}

/// The compiler, with the modules of the build that these tests belong to.
enum Compiler {
    /// The test binary lies beside the modules it was linked from.
    private static let modules = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "Modules").path

    /// The errors that the compiler has with a program. It goes as far as the ownership checks, further than types.
    static func errors(in program: String) throws -> [String] {
        let file = FileManager.default.temporaryDirectory.appending(path: "program-\(UUID().uuidString).swift")
        try program.write(to: file, atomically: true, encoding: .utf8)
        // Not /dev/null: a compiler that cleans up after itself as root may put a plain file in its place.
        let product = file.appendingPathExtension("sil")
        defer { for made in [file, product] { try? FileManager.default.removeItem(at: made) } }
        let answer = try Shell.run(
            "swiftc", "-emit-sil", "-o", product.path, "-parse-as-library", "-module-name", "Program", "-swift-version",
            "6", "-diagnostic-style", "llvm", "-I", modules, file.path)
        let errors = answer.errors.split(whereSeparator: \.isNewline).compactMap { line in
            line.range(of: " error: ").map { String(line[$0.upperBound...]) }
        }
        // A compiler that fails without a word, or complains and succeeds, is no judge.
        return (answer.status == 0) == errors.isEmpty ? errors : errors + ["the compiler ended with \(answer.status)"]
    }
}

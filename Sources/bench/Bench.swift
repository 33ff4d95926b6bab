import Glibc

/// One subcommand a claim. Every number is printed with how it was got.
@main
enum Bench {
    static let subjects: [(name: String, what: String, run: @Sendable () -> Void)] = [
        ("expressions", "compiled models against the same models by hand", ExpressionsBench.run),
        ("supervision", "one judged tick of a 6-joint robot", SupervisionBench.run),
    ]

    static func main() {
        let words = CommandLine.arguments.dropFirst()
        guard let word = words.first, words.count == 1, let subject = subjects.first(where: { $0.name == word }) else {
            let names = subjects.map { "  \($0.name)  \($0.what)" }.joined(separator: "\n")
            complain("usage: bench SUBJECT\n\nSubjects:\n\(names)")
            exit(2)
        }
        subject.run()
    }

    private static func complain(_ text: String) {
        let bytes = Array("\(text)\n".utf8)
        // SAFETY: the array outlives the call, and the count is its own.
        _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
    }
}

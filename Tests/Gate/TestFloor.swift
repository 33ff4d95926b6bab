/// The least number of tests of each step, kept in a file so that lowering it is a change under review.
struct TestFloor {
    private let floors: [String: Int]

    /// Lines of `step count`; what follows a `#` is a remark.
    init(_ text: String) {
        let rows = text.split(whereSeparator: \.isNewline).map { $0.prefix { $0 != "#" }.split(separator: " ") }
        floors = rows.reduce(into: [:]) { floors, words in
            if words.count == 2, let count = Int(words[1]) { floors[String(words[0])] = count }
        }
    }

    /// Nil when the file does not name the step, which is a failure of its own.
    subscript(step: String) -> Int? { floors[step] }
}

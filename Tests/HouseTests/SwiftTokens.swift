/// A word or a sign of masked Swift source, with the line it stands on.
struct Token: Equatable {
    let word: Substring
    let line: Int

    var isWord: Bool { word.first.map { $0.isLetter || $0 == "_" } ?? false }
}

extension Token {
    /// The words and signs of masked code; blanks and the contents of strings and comments are left out.
    static func all(in code: String) -> [Token] {
        var tokens: [Token] = []
        var line = 1
        let bytes = code.utf8
        var place = bytes.startIndex
        while place < bytes.endIndex {
            let (start, first) = (place, bytes[place])
            bytes.formIndex(after: &place)
            if isOfWord(first) {
                while place < bytes.endIndex, isOfWord(bytes[place]) { bytes.formIndex(after: &place) }
            }
            if first == UInt8(ascii: "\n") {
                line += 1
            } else if first > UInt8(ascii: " ") {
                tokens.append(Token(word: code[start..<place], line: line))
            }
        }
        return tokens
    }

    /// Letters, digits and `_`; what is not ASCII passes for a letter.
    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...: true
        default: false
        }
    }
}

/// A module that a file imports.
struct Import: Equatable {
    let module: String
    let line: Int
}

extension TextFile {
    private static let importKinds: Set<Substring> = [
        "struct", "class", "enum", "protocol", "typealias", "func", "let", "var",
    ]

    /// Every import of the file, also those behind `#if`, attributes and access levels.
    var imports: [Import] {
        let tokens = tokens
        return tokens.indices.compactMap { index in
            guard tokens[index].word == "import", index == 0 || tokens[index - 1].word != "." else { return nil }
            let module = tokens[(index + 1)...].first { !Self.importKinds.contains($0.word) }
            return module.flatMap { $0.isWord ? Import(module: String($0.word), line: $0.line) : nil }
        }
    }
}

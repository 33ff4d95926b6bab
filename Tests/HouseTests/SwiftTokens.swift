/// A word or a sign of masked Swift source, with the line it stands on.
struct Token: Equatable {
    let word: Substring
    let line: Int

    var isWord: Bool { word.first.map { $0.isLetter || $0 == "_" } ?? false }
}

extension TextFile {
    /// The words and signs of the code; blanks and the contents of strings and comments are left out.
    var tokens: [Token] {
        var tokens: [Token] = []
        var line = 1
        var rest = code[...]
        while let first = rest.first {
            let isWord = { (character: Character) in character.isLetter || character.isNumber || character == "_" }
            let word = isWord(first) ? rest.prefix(while: isWord) : rest.prefix(1)
            if first.isNewline {
                line += 1
            } else if !first.isWhitespace {
                tokens.append(Token(word: word, line: line))
            }
            rest = rest.dropFirst(word.count)
        }
        return tokens
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

// The rules of tidiness that are not about single words.

/// A rule that looks at one file.
typealias FileRule = @Sendable (TextFile) -> [Finding]

enum Shape {
    static let longestFunction = 70
    static let longestFile = 250
    /// Tables of cases make tests longer.
    static let longestTest = 500

    static let rules: [FileRule] = [randomWithoutGenerator, longFunctions, longFile, whitespace]

    /// `.random(in:)` that does not take the generator as an argument.
    static func randomWithoutGenerator(_ file: TextFile) -> [Finding] {
        guard file.path.hasSuffix(".swift") else { return [] }
        let tokens = file.tokens
        return tokens.indices.compactMap { index in
            guard tokens[index].word == "random", tokens[index...].dropFirst().first?.word == "(",
                tokens[index...].dropFirst(2).first?.word == "in"
            else { return nil }
            let arguments = tokens[(index + 1)...].balanced(open: "(", close: ")")
            if arguments.contains(where: { $0.word == "using" }) { return nil }
            let message = "random(in:) without using: chance is an argument; pass a seeded generator"
            return Finding(path: file.path, line: tokens[index].line, message: message)
        }
    }

    static func longFunctions(_ file: TextFile) -> [Finding] {
        file.functions.filter { $0.lines > longestFunction }.map {
            let message = "\($0.name) has \($0.lines) lines; a function has at most \(longestFunction)"
            return Finding(path: file.path, line: $0.line, message: message)
        }
    }

    static func longFile(_ file: TextFile) -> [Finding] {
        let lines = file.text.count { $0.isNewline }
        let longest = file.path.hasPrefix("Tests/") ? longestTest : longestFile
        guard file.path.hasSuffix(".swift"), lines > longest else { return [] }
        let message = "\(lines) lines; a file has at most \(longest), split it by concern"
        return [Finding(path: file.path, line: longest, message: message)]
    }

    /// Tabs, blanks at the end of a line, and a file that does not end with one newline. Golden files are as they are.
    static func whitespace(_ file: TextFile) -> [Finding] {
        guard !file.path.contains("/Golden/"), file.path != "LICENSE" else { return [] }
        let tabs = file.path == "Makefile" ? [] : file.linesWhere { $0.contains("\t") }
        let trailing = file.linesWhere { $0.last == " " || $0.last == "\t" || $0.last == "\r" }
        let ends = file.text.hasSuffix("\n") && !file.text.hasSuffix("\n\n")
        let last = file.text.split(separator: "\n", omittingEmptySubsequences: false).count
        return tabs.map { Finding(path: file.path, line: $0, message: "a tab: indent with spaces") }
            + trailing.map { Finding(path: file.path, line: $0, message: "blanks at the end of the line") }
            + (ends ? [] : [Finding(path: file.path, line: last, message: "end the file with one newline")])
    }
}

extension TextFile {
    fileprivate func linesWhere(_ condition: (Substring) -> Bool) -> [Int] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .compactMap { condition($1) ? $0 + 1 : nil }
    }

    struct Function: Equatable {
        let name: String
        let line: Int
        let lines: Int
    }

    /// Every function, initialiser and deinitialiser that has a body.
    var functions: [Function] {
        let tokens = tokens
        return tokens.indices.compactMap { index in
            let word = tokens[index].word
            guard ["func", "init", "deinit"].contains(word), index == 0 || tokens[index - 1].word != "." else {
                return nil
            }
            guard let body = tokens[(index + 1)...].bodyOfDeclaration, let end = body.last else { return nil }
            let name = word == "func" ? tokens[index + 1].word : word
            return Function(name: String(name), line: tokens[index].line, lines: end.line - tokens[index].line + 1)
        }
    }
}

extension ArraySlice<Token> {
    /// From the first `open` to the `close` that belongs to it.
    func balanced(open: Substring, close: Substring) -> ArraySlice<Token> {
        var depth = 0
        for index in indices {
            if self[index].word == open { depth += 1 }
            if self[index].word == close { depth -= 1 }
            if depth == 0, self[index].word == close { return self[...index] }
        }
        return self
    }

    /// The braces after a signature; nil for a requirement of a protocol, which has none.
    fileprivate var bodyOfDeclaration: ArraySlice<Token>? {
        var depth = 0
        for index in indices {
            switch self[index].word {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            case "{" where depth == 0: return self[index...].balanced(open: "{", close: "}")
            case "}" where depth == 0: return nil
            case "func", "init", "deinit", "var", "let", "case", "associatedtype": if depth == 0 { return nil }
            default: break
            }
            if depth < 0 { return nil }
        }
        return nil
    }
}

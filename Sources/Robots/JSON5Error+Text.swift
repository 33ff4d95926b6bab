extension JSON5Error.Problem {
    /// What is wrong, as one sentence without its end.
    public var text: String {
        switch self {
        case .tooLarge(let bytes, _): "the file has \(bytes) bytes"
        case .notUTF8: "this byte belongs to no character"
        case .expected(let wanted, let found): "found \(found.text) instead of \(wanted.text)"
        case .unterminatedComment: "this comment does not end"
        case .unterminatedText(let opened): "the text that began in line \(opened.line) does not end"
        case .lineBreakInText: "the line ends inside a text"
        case .badEscape(let found): "a backslash cannot stand before \(found.text) here"
        case .loneSurrogate: "this is half of a surrogate pair"
        case .leadingZero: "a number begins with a zero that means nothing"
        case .numberRunsOn(let found): "a number runs into \(found.text)"
        case .unknownWord(let word): "the word \(quoted(word)) stands without quotes"
        case .duplicateKey(let key, let first): "the key \(quoted(key)) is given again, as in line \(first.line)"
        case .tooDeep: "lists and objects are nested too deeply"
        }
    }

    /// What would have been right.
    public var expected: String {
        switch self {
        case .tooLarge(_, let limit): "at most \(limit) bytes"
        case .notUTF8: "text in UTF-8"
        case .expected(let wanted, _): wanted.text
        case .unterminatedComment: "'*/'"
        case .unterminatedText: "the quote that ends it"
        case .lineBreakInText: "the quote that ends it, or a backslash at the end of the line"
        case .badEscape: "an escape of JSON5, such as \\n or \\u00e9"
        case .loneSurrogate: "both halves, as in \\uD83D\\uDE00"
        case .leadingZero: "the number without it; JSON5 has no octal numbers"
        case .numberRunsOn: "a comma, a bracket or the end after the number"
        case .unknownWord: "quotes around it, or true, false, null, Infinity or NaN"
        case .duplicateKey: "each key once"
        case .tooDeep(let limit): "at most \(limit) levels"
        }
    }
}

extension JSON5Error.Expectation {
    fileprivate var text: String {
        switch self {
        case .value: "a value"
        case .key: "a key or '}'"
        case .colon: "':'"
        case .commaOrBrace: "',' or '}'"
        case .commaOrBracket: "',' or ']'"
        case .digit: "a digit"
        case .hexDigits(let count): count == 1 ? "a hexadecimal digit" : "\(count) hexadecimal digits"
        case .end: "the end of the file"
        }
    }
}

extension JSON5Error.Found {
    fileprivate var text: String {
        switch self {
        case .character(let scalar): "'\(printable(scalar))'"
        case .end: "the end of the file"
        }
    }
}

/// A place in a text file. Lines and columns count from one; a column is one Unicode scalar.
public struct TextPosition: Hashable, Comparable, Sendable {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public static func < (left: TextPosition, right: TextPosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A JSON5 value that knows where it was written.
public struct JSON5Value: Sendable {
    public enum Content: Sendable {
        case null
        case boolean(Bool)
        /// May be infinite or NaN: JSON5 can spell both. Whoever reads the number decides what it may be.
        case number(Double)
        case text(String)
        case list([JSON5Value])
        case object([JSON5Member])
    }

    public let position: TextPosition
    public let content: Content
    /// Where the characters of a text were written.
    var places = TextPlaces()
}

/// Where each character of a text value stands in the file. Escapes make that more than an addition.
struct TextPlaces: Sendable {
    /// From this character on, one column each.
    private var runs: [(start: Int, position: TextPosition)] = []

    mutating func note(_ index: Int, at position: TextPosition) {
        guard self.position(of: index) != position else { return }
        runs.append((index, position))
    }

    /// Nil in a value that is no text.
    func position(of index: Int) -> TextPosition? {
        guard let run = runs.last(where: { $0.start <= index }) else { return nil }
        return TextPosition(line: run.position.line, column: run.position.column + index - run.start)
    }
}

/// One `key: value` of an object, in the order of the file.
public struct JSON5Member: Sendable {
    public let key: String
    public let keyPosition: TextPosition
    public let value: JSON5Value
}

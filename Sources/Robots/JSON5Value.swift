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
}

/// One `key: value` of an object, in the order of the file.
public struct JSON5Member: Sendable {
    public let key: String
    public let keyPosition: TextPosition
    public let value: JSON5Value
}

/// A place in the source at which mutants are chosen: the smallest piece that can be repeated as a whole.
///
/// Every mutant of a root is a full copy of the root's text with one change, on lines of its own inside a `switch`. So
/// each copy is type-checked by itself, and a copy that does not compile is found by the line of the error.
struct Root {
    enum Shape: Equatable {
        /// A statement; repeated in a `switch` statement.
        case statement
        /// The value of a binding, a return or a branch; repeated in a `switch` expression.
        case value
        /// A Boolean where a `switch` may not stand.
        case condition
        /// Any other value where a `switch` may not stand.
        case inferred
        /// `case pattern = value` without bindings, in a list of conditions.
        case match
        /// In front of a list of conditions that cannot be forced to fail otherwise.
        case entry
        /// Around a statement that contains roots itself.
        case around
        /// In front of a case of a `switch`: `case pattern where …:` and the body of another case.
        case label(pattern: String, condition: String?)
    }

    /// Whether a name gets its type from the root. Where that fails, every later use of the name fails with it.
    enum Naming {
        case none
        case local
        case member
    }

    let shape: Shape
    let span: Range<Int>
    let line: Int
    let function: String
    let naming: Naming
    var sites: [Site]
    /// Which way of writing the shape is in use; see `Emission`. Counted up when one does not compile.
    var form = 0

    /// How many ways there are to write this shape.
    var formCount: Int {
        switch shape {
        case .condition, .value: 2
        case .statement, .inferred, .match, .entry, .around, .label: 1
        }
    }
}

/// A change to the source that has nothing to do with a mutant.
struct Edit {
    let span: Range<Int>
    let code: String
}

/// The source of one file, by byte offsets.
struct SourceText {
    let name: String
    let bytes: [UInt8]

    init(name: String, text: String) {
        self.name = name
        bytes = Array(text.utf8)
    }

    subscript(span: Range<Int>) -> String { String(decoding: bytes[span], as: UTF8.self) }

    /// The text of `span` with the part at `part` replaced.
    func text(of span: Range<Int>, replacing part: Range<Int>, by code: String) -> String {
        self[span.lowerBound..<part.lowerBound] + code + self[part.upperBound..<span.upperBound]
    }

    func line(at offset: Int) -> Int { 1 + bytes[..<offset].count { $0 == UInt8(ascii: "\n") } }
}

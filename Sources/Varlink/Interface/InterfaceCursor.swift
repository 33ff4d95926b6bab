/// Walks over the text of an interface byte by byte; everything that has a meaning in it is ASCII.
struct InterfaceCursor {
    private let bytes: [UInt8]
    private(set) var offset = 0
    /// The comments since the last member began.
    private var comment: [String] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    func error(_ problem: InterfaceError.Problem, at place: Int? = nil) -> InterfaceError {
        let before = bytes[..<min(place ?? offset, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
        return InterfaceError(line: line, column: column, problem: problem)
    }

    /// Passes over blanks and comments.
    mutating func skipBlanks() {
        while let byte = next {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            case UInt8(ascii: "#"): readComment()
            default: return
            }
        }
    }

    private mutating func readComment() {
        let end = bytes[offset...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
        let line = bytes[(offset + 1)..<end]
        comment.append(String(decoding: line.first == 0x20 ? line.dropFirst() : line, as: UTF8.self))
        offset = end
    }

    /// What the comments said, and forgets it.
    mutating func takeComment() -> String {
        defer { comment = [] }
        return comment.joined(separator: "\n")
    }

    /// Takes `text` when it comes next; a word must end there.
    mutating func take(_ text: StaticString) -> Bool {
        skipBlanks()
        let wanted = text.description.utf8
        guard bytes[offset...].starts(with: wanted) else { return false }
        let end = offset + wanted.count
        let isWord = wanted.last.map { $0.isLetter } ?? false
        if isWord, end < bytes.count, bytes[end].isLetter || bytes[end].isDigit || bytes[end] == UInt8(ascii: "_") {
            return false
        }
        offset = end
        return true
    }

    /// A word of letters, digits and single `separators` inside, if its first letter is as wanted.
    mutating func word(startsWith isStart: (UInt8) -> Bool, separator: UInt8? = nil) -> String? {
        skipBlanks()
        guard let first = next, isStart(first) else { return nil }
        let start = offset
        while let byte = next {
            let following = offset + 1 < bytes.count ? bytes[offset + 1] : 0
            guard byte.isLetter || byte.isDigit || byte == separator && (following.isLetter || following.isDigit) else {
                break
            }
            offset += 1
        }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    /// At least two parts with points between; letters, digits, and hyphens inside a part; the first begins with a letter.
    mutating func interfaceName() -> String? {
        skipBlanks()
        let start = offset
        while let byte = next, byte.isLetter || byte.isDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") {
            offset += 1
        }
        let name = bytes[start..<offset]
        let parts = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isGood = parts.allSatisfy { part in
            part.first.map { $0 != UInt8(ascii: "-") } ?? false && part.last != UInt8(ascii: "-")
        }
        guard parts.count > 1, isGood, name.first?.isLetter == true, name.count <= 255 else {
            offset = start
            return nil
        }
        return String(decoding: name, as: UTF8.self)
    }
}

extension UInt8 {
    var isCapital: Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) }
    var isLetter: Bool { isCapital || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

// Texts that are only compared: most of a recording are the same few names on every tick, and none of them is built.
extension FieldScanner {
    /// A text as its bytes, still those of the message where it has no escapes.
    struct Name: Equatable {
        let bytes: ArraySlice<UInt8>

        init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

        init(_ text: String) { bytes = Array(text.utf8)[...] }

        var text: String { String(decoding: bytes, as: UTF8.self) }

        /// The same without the rest of its message.
        var alone: Name { Name(Array(bytes)[...]) }

        static func == (one: Name, other: Name) -> Bool {
            let mine = one.bytes.span
            let others = other.bytes.span
            guard mine.count == others.count else { return false }
            for index in mine.indices where mine[index] != others[index] { return false }
            return true
        }

        /// Whether it has the bytes of a literal.
        @inline(__always)
        static func ~= (literal: StaticString, name: Name) -> Bool {
            let found = name.bytes.span
            guard literal.utf8CodeUnitCount == found.count else { return false }
            // SAFETY: a literal lasts as long as the program, and only its own bytes are read.
            for index in found.indices where unsafe literal.utf8Start[index] != found[index] { return false }
            return true
        }
    }
}

/// The words of a recording, as its scanner compares them.
struct EpisodeNames {
    let modes: WordList
    let rulings: WordList
    let rules: WordList
    let rungs: WordList
    let events: WordList

    init(_ words: EpisodeWords) {
        modes = WordList(words.modes)
        rulings = WordList(words.rulings)
        rules = WordList(words.rules)
        rungs = WordList(words.rungs)
        events = WordList(words.events)
    }
}

/// Words by their numbers, their bytes one behind the other: looking one up touches nothing else.
struct WordList {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    init(_ words: [String]) {
        for word in words {
            bytes += word.utf8
            ends.append(bytes.count)
        }
    }

    func number(of name: FieldScanner.Name) -> UInt8? {
        let (sought, known) = (name.bytes.span, bytes.span)
        var start = 0
        for (number, end) in ends.enumerated() {
            if end - start == sought.count, Self.are(sought, in: known, at: start) { return UInt8(clamping: number) }
            start = end
        }
        return nil
    }

    private static func are(_ sought: Span<UInt8>, in known: Span<UInt8>, at start: Int) -> Bool {
        for index in sought.indices where sought[index] != known[start + index] { return false }
        return true
    }
}

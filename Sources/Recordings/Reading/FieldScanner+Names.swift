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
    let modes: [FieldScanner.Name]
    let rulings: [FieldScanner.Name]
    let rules: [FieldScanner.Name]
    let rungs: [FieldScanner.Name]
    let events: [FieldScanner.Name]

    init(_ words: EpisodeWords) {
        modes = words.modes.map { FieldScanner.Name($0) }
        rulings = words.rulings.map { FieldScanner.Name($0) }
        rules = words.rules.map { FieldScanner.Name($0) }
        rungs = words.rungs.map { FieldScanner.Name($0) }
        events = words.events.map { FieldScanner.Name($0) }
    }
}

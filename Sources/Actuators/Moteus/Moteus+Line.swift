extension Moteus {
    /// One line that was understood.
    public enum Line: Equatable, Sendable {
        /// A master asks for a frame to be sent.
        case send(Frame)
        /// A frame came from the bus.
        case received(Frame)
        /// A line was carried out; the answers come in the order of the lines.
        case acknowledged
        /// A line was not carried out.
        case rejected
    }

    /// Why a line was not understood.
    public enum LineRefusal: UInt8, Error, CaseIterable, Sendable {
        /// It begins with nothing that is known.
        case word
        /// Not an address of moteus.
        case identifier
        /// Not pairs of hexadecimal digits, or more than a frame holds.
        case data
        /// Wrong, or missing where it must be.
        case checksum
        case tooLong
    }

    /// Goes through a line word by word.
    struct Words: ~Escapable {
        private let line: Span<UInt8>
        private var position = 0

        @_lifetime(copy line)
        init(_ line: Span<UInt8>) { self.line = line }

        /// Where the next word lies; empty at the end.
        mutating func next() -> Range<Int> {
            while position < line.count, line[position] == Letter.space { position += 1 }
            let start = position
            while position < line.count, line[position] != Letter.space { position += 1 }
            return start..<position
        }

        /// Whether the next word is this one. Goes past it.
        mutating func accept(_ word: StaticString) -> Bool {
            let range = next()
            guard range.count == word.utf8CodeUnitCount else { return false }
            return word.withUTF8Buffer { letters in
                for offset in 0..<range.count {
                    guard unsafe letters[offset] == line[range.lowerBound + offset] else { return false }
                }
                return true
            }
        }
    }
}

extension Moteus.Line {
    /// Reads a line without its end and without its checksum. Flags behind the data are of no concern here.
    init(_ line: Span<UInt8>) throws(Moteus.LineRefusal) {
        var words = Moteus.Words(line)
        if words.accept("rcv") {
            self = .received(try Self.frame(line, &words))
            return
        }
        words = Moteus.Words(line)
        if words.accept("can"), words.accept("send") {
            self = .send(try Self.frame(line, &words))
            return
        }
        words = Moteus.Words(line)
        if words.accept("OK") {
            self = .acknowledged
            return
        }
        words = Moteus.Words(line)
        guard words.accept("ERR") else { throw .word }
        self = .rejected
    }

    private static func frame(
        _ line: Span<UInt8>, _ words: inout Moteus.Words
    ) throws(Moteus.LineRefusal) -> Moteus.Frame {
        let address = try address(line.extracting(words.next()))
        return Moteus.Frame(address: address, payload: try payload(line.extracting(words.next())))
    }

    private static func address(_ word: Span<UInt8>) throws(Moteus.LineRefusal) -> Moteus.Address {
        guard !word.isEmpty, word.count <= 8 else { throw .identifier }
        var identifier: UInt32 = 0
        for position in word.indices {
            guard let digit = Moteus.Letter.number(ofHexDigit: word[position]) else { throw .identifier }
            identifier = identifier << 4 | UInt32(digit)
        }
        guard let address = Moteus.Address(identifier: identifier) else { throw .identifier }
        return address
    }

    private static func payload(_ word: Span<UInt8>) throws(Moteus.LineRefusal) -> Moteus.Payload {
        guard word.count.isMultiple(of: 2), word.count <= 2 * Moteus.Payload.capacity else { throw .data }
        var payload = Moteus.Payload()
        for pair in 0..<word.count / 2 {
            guard let byte = Moteus.Letter.byte(in: word, at: 2 * pair) else { throw .data }
            do throws(EncodingError) { try payload.append(byte) } catch { throw .data }
        }
        return payload
    }
}

extension Moteus.Letter {
    /// Two hexadecimal digits.
    static func byte(in letters: Span<UInt8>, at offset: Int) -> UInt8? {
        guard let high = number(ofHexDigit: letters[offset]), let low = number(ofHexDigit: letters[offset + 1]) else {
            return nil
        }
        return high << 4 | low
    }
}

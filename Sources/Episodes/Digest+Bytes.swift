internal import Hashing
public import Supervision

extension Digest {
    /// The SHA-256 of some bytes.
    public init(of bytes: Span<UInt8>) { self.init(words: SHA256.hash(bytes)) }

    /// The SHA-256 of a text.
    public init(of text: String) { self.init(of: Array(text.utf8).span) }

    public init(words: InlineArray<8, UInt32>) {
        self.init(
            Digest.join(words[0], words[1]), Digest.join(words[2], words[3]), Digest.join(words[4], words[5]),
            Digest.join(words[6], words[7]))
    }

    private static func join(_ high: UInt32, _ low: UInt32) -> UInt64 { UInt64(high) << 32 | UInt64(low) }

    /// What stands before the first row of a chain: no text is known to have this hash.
    public static var zero: Digest { Digest(0, 0, 0, 0) }

    private var words: [UInt64] { [first, second, third, fourth] }

    /// The 32 bytes, first byte first.
    public var bytes: [UInt8] {
        words.flatMap { word in stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> $0) } }
    }

    /// Nil when there are not 32 bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var words: [UInt64] = [0, 0, 0, 0]
        for (index, byte) in bytes.enumerated() { words[index / 8] = words[index / 8] << 8 | UInt64(byte) }
        self.init(words[0], words[1], words[2], words[3])
    }

    /// The 64 hexadecimal digits, as `sha256sum` prints them.
    public var text: String {
        words.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// Reads 64 hexadecimal digits, small letters; nil for anything else.
    public init?(text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 64, digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else {
            return nil
        }
        let words = stride(from: 0, to: 64, by: 16).compactMap { start in
            UInt64(String(decoding: digits[start..<start + 16], as: UTF8.self), radix: 16)
        }
        guard words.count == 4 else { return nil }
        self.init(words[0], words[1], words[2], words[3])
    }
}

/// Not in ring 0: the board has no tables that are looked up by a hash.
extension Digest: Hashable {
    public func hash(into hasher: inout Hasher) { hasher.combine(fourth) }
}

internal import Hashing
public import Supervision

extension Digest {
    /// The SHA-256 of a text.
    public init(of text: String) {
        let words = SHA256.hash(Array(text.utf8).span)
        self.init(
            Digest.join(words[0], words[1]), Digest.join(words[2], words[3]), Digest.join(words[4], words[5]),
            Digest.join(words[6], words[7]))
    }

    private static func join(_ high: UInt32, _ low: UInt32) -> UInt64 { UInt64(high) << 32 | UInt64(low) }

    /// The 64 hexadecimal digits, as `sha256sum` prints them.
    public var text: String {
        [first, second, third, fourth].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}

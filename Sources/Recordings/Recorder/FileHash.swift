internal import Hashing

/// The SHA-256 of a whole file: what a ledger keeps of a recording.
public struct FileHash: Equatable, Sendable {
    /// First word first.
    public let words: [UInt32]

    /// Reads the file from its start to its end.
    public init<Source: ByteSource & ~Copyable>(of source: borrowing Source) throws(RecordingError) {
        var hash = SHA256()
        var offset: UInt64 = 0
        while offset < source.size {
            let end = min(source.size, offset + (1 << 20))
            let bytes = try source.read(offset..<end)
            hash.update(bytes.span)
            offset = end
        }
        let result = hash.finish()
        words = result.indices.map { result[$0] }
    }

    /// The 64 hexadecimal digits, as `sha256sum` prints them.
    public var text: String {
        words.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }
}

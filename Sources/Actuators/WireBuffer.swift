/// Bytes on their way to a wire, without a heap.
///
/// What does not fit is not written, and `overflowed` stays true until the next `removeAll`: a packet that is too long
/// never leaves in part.
public struct WireBuffer: ~Copyable, Sendable {
    /// A read of the largest control table fits, stuffed at its worst.
    public static let capacity = 1_024

    private var storage = InlineArray<1_024, UInt8>(repeating: 0)
    public private(set) var count = 0
    public private(set) var overflowed = false

    public init() {}

    public var bytes: Span<UInt8> {
        @_lifetime(borrow self) get { storage.span.extracting(0..<count) }
    }

    public mutating func removeAll() {
        count = 0
        overflowed = false
    }

    public mutating func append(_ byte: UInt8) {
        guard count < Self.capacity else {
            overflowed = true
            return
        }
        storage[count] = byte
        count += 1
    }

    public mutating func append(_ bytes: Span<UInt8>) {
        for position in bytes.indices { append(bytes[position]) }
    }

    /// Writes over a byte that is already there.
    mutating func replace(_ position: Int, with byte: UInt8) {
        guard position < count else { preconditionFailure("a byte that was never written") }
        storage[position] = byte
    }
}

/// Why a packet could not be written.
public enum EncodingError: Error, Equatable, Sendable {
    /// The protocol or the buffer allows no more bytes.
    case tooLong
    /// Every servo of one packet gets the same number of bytes.
    case wrongWidth(expected: Int, found: Int)
}

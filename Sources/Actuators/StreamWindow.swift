/// The newest bytes of a stream, as far as they are not understood yet.
///
/// Bytes are copied in once. They move again only when the end of the storage is reached.
struct StreamWindow: ~Copyable, Sendable {
    static let capacity = WireBuffer.capacity

    private var storage = InlineArray<1_024, UInt8>(repeating: 0)
    private var start = 0
    private var end = 0

    var count: Int { end - start }

    subscript(offset: Int) -> UInt8 {
        get {
            guard offset < count else { preconditionFailure("a byte that has not arrived") }
            return storage[start + offset]
        }
        set {
            guard offset < count else { preconditionFailure("a byte that has not arrived") }
            storage[start + offset] = newValue
        }
    }

    var bytes: Span<UInt8> {
        @_lifetime(borrow self) get { storage.span.extracting(start..<end) }
    }

    /// Copies as much of the chunk as there is room for, and says how much that was.
    mutating func take(_ chunk: Span<UInt8>) -> Int {
        if end + chunk.count > Self.capacity { moveToFront() }
        let taken = min(chunk.count, Self.capacity - end)
        var position = 0
        while position < taken {
            storage[end + position] = chunk[position]
            position += 1
        }
        end += taken
        return taken
    }

    mutating func drop(_ dropped: Int) {
        guard dropped <= count else { preconditionFailure("bytes that have not arrived") }
        start += dropped
    }

    private mutating func moveToFront() {
        var position = 0
        while start + position < end {
            storage[position] = storage[start + position]
            position += 1
        }
        start = 0
        end = position
    }
}

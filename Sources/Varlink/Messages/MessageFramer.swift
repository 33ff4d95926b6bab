/// Cuts a stream of bytes at its zeros. It looks at every byte once, however small the pieces are that they come in.
public struct MessageFramer: Sendable {
    private let limit: Int
    private var bytes: [UInt8] = []
    /// How many bytes at the front belong to messages that were taken.
    private var start = 0
    /// Up to where there is no zero.
    private var searched = 0

    public init(limit: Int) { self.limit = limit }

    /// How much is held; what `append` was given and `next` has not yet handed out.
    var held: Int { bytes.count - start }

    /// Whether `next` has a message, so that more bytes are not needed yet.
    var hasMessage: Bool { end != nil }

    /// Whether something has come that is not yet a message.
    var isWithin: Bool { held > 0 && !hasMessage }

    /// Whether the next message is longer than allowed, as far as it has come.
    var isTooLarge: Bool { searched - start > limit }

    private var end: Int? {
        searched < bytes.count && bytes[searched] == 0 ? searched : nil
    }

    public mutating func append(_ more: ArraySlice<UInt8>) {
        bytes.append(contentsOf: more)
        search()
    }

    private mutating func search() { searched = bytes[searched...].firstIndex(of: 0) ?? bytes.count }

    public enum Outcome: Equatable, Sendable {
        case message([UInt8])
        case incomplete
        case tooLarge
    }

    /// The next message, without its zero.
    public mutating func next() -> Outcome {
        guard !isTooLarge else { return .tooLarge }
        guard let end else { return .incomplete }
        let message = Array(bytes[start..<end])
        start = end + 1
        searched = start
        // What is taken is moved away in large steps, so that many small messages cost no more than their bytes; memory
        // that one large message needed is given back.
        if start == bytes.count || start > 1 << 16 {
            bytes = Array(bytes[start...])
            searched -= start
            start = 0
        }
        search()
        return .message(message)
    }
}

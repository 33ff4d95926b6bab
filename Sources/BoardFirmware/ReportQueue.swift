import BoardLink

/// What a board says by itself, until the line takes it. Where the line is too slow the newest is lost and counted: a
/// host sees the hole in the sequence numbers only if one was given, so none is given before it leaves.
struct ReportQueue: Sendable {
    private var messages = InlineArray<12, Message>(repeating: .disarm)
    private var first = 0
    private var count = 0
    /// Wraps around.
    private(set) var lost: UInt32 = 0

    mutating func append(_ message: Message) {
        guard count < 12 else {
            lost &+= 1
            return
        }
        messages[(first + count) % 12] = message
        count += 1
    }

    mutating func popFirst() -> Message? {
        guard count > 0 else { return nil }
        let message = messages[first]
        first = (first + 1) % 12
        count -= 1
        return message
    }
}

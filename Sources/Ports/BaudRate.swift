/// How fast a serial line runs: bits per second, start and stop bits among them.
public struct BaudRate: Hashable, Sendable, CustomStringConvertible {
    public let bitsPerSecond: UInt32

    /// nil for 0, which Linux takes as "hang up".
    public init?(_ bitsPerSecond: UInt32) {
        guard bitsPerSecond > 0 else { return nil }
        self.bitsPerSecond = bitsPerSecond
    }

    /// Whether a line at this rate understands one at the other: at most 2 % apart.
    ///
    /// Over ten bits that is a fifth of a bit, and the other side may be off by as much.
    public func isNear(_ asked: BaudRate) -> Bool {
        let difference = (Int64(bitsPerSecond) - Int64(asked.bitsPerSecond)).magnitude
        return difference * 50 <= UInt64(asked.bitsPerSecond)
    }

    public var description: String { "\(bitsPerSecond) baud" }
}
